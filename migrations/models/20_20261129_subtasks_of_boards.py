"""Let subtasks name their board, as all else that is on one does.

A release before this one still writes beside it, and names none: a trigger does it for that one,
and goes with the next release. Rows that there are already are filled in steps, and no lock is
held for long. What is broken off is begun again.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False

MADE = """
ALTER TABLE subtasks ADD COLUMN IF NOT EXISTS board_id uuid;
CREATE OR REPLACE FUNCTION name_board_of_subtask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.board_id := (SELECT board_id FROM tasks WHERE id = NEW.task_id);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER subtasks_name_board BEFORE INSERT ON subtasks
    FOR EACH ROW WHEN (NEW.board_id IS NULL) EXECUTE FUNCTION name_board_of_subtask();
"""
STEP = """
    WITH step AS MATERIALIZED (
        SELECT k.id, t.board_id FROM subtasks k JOIN tasks t ON t.id = k.task_id
        WHERE k.id > $1::uuid ORDER BY k.id LIMIT 5000),
    filled AS (
        UPDATE subtasks k SET board_id = s.board_id FROM step s
        WHERE k.id = s.id AND k.board_id IS NULL)
    SELECT id FROM step ORDER BY id DESC LIMIT 1"""
# One statement each, so that none waits for the lock of another.
BOUND = (
    "DROP INDEX CONCURRENTLY IF EXISTS subtasks_board_id_idx",
    "CREATE INDEX CONCURRENTLY subtasks_board_id_idx ON subtasks (board_id, task_id)",
    """ALTER TABLE subtasks DROP CONSTRAINT IF EXISTS subtasks_board_id_known,
        ADD CONSTRAINT subtasks_board_id_known CHECK (board_id IS NOT NULL) NOT VALID""",
    "ALTER TABLE subtasks VALIDATE CONSTRAINT subtasks_board_id_known",
    "ALTER TABLE subtasks ALTER board_id SET NOT NULL, DROP CONSTRAINT subtasks_board_id_known",
    """ALTER TABLE subtasks DROP CONSTRAINT IF EXISTS subtasks_task_id_board_id_fkey,
        ADD CONSTRAINT subtasks_task_id_board_id_fkey FOREIGN KEY (task_id, board_id)
            REFERENCES tasks (id, board_id) ON DELETE CASCADE NOT VALID""",
    "ALTER TABLE subtasks VALIDATE CONSTRAINT subtasks_task_id_board_id_fkey",
)
LAST = "ALTER TABLE subtasks DROP CONSTRAINT IF EXISTS subtasks_task_id_fkey;"
DOWN = """
ALTER TABLE subtasks ADD CONSTRAINT subtasks_task_id_fkey FOREIGN KEY (task_id)
    REFERENCES tasks (id) ON DELETE CASCADE;
DROP TRIGGER subtasks_name_board ON subtasks;
DROP FUNCTION name_board_of_subtask;
ALTER TABLE subtasks DROP COLUMN board_id;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Add the column, fill it, and let it be bound; gives the SQL that ends the older key."""
    await db.execute_script(MADE)
    place = "00000000-0000-0000-0000-000000000000"
    while found := await db.execute_query_dict(STEP, [place]):
        place = str(found[0]["id"])
    for statement in BOUND:
        await db.execute_script(statement)
    return LAST


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it away."""
    return DOWN


MODELS_STATE = (
    "eJztXW1v2zgS/iuEP3WBbJAm6cttDwfYabrr29Y+JO7d7nYLhZFomxeZdEUqqdHrfz+Sep"
    "co21Rsr+wQKJqE5FD0MyI588yQ/taZUQ/57PgaMYYp6fwEvnUInCHxS7nqCHTgfJ5VyAIO"
    "b33VlkWNVCG8ZTyALhflY+gzJIo8xNwAz3n0iM6QIMDwhPyIyRGgAaDib+i6og/A6R0iPw"
    "FEPEwmgE8RCOiD/JOBhynk6B4FQA6QAcyP5dM86orHicab7PhP8icZjgEkBekjcHODvs5x"
    "gJgD+c0NwKIxGWOC+QLgsRAERPUTN1LjCwn+EiKH0wkSDw3EKD99FsWYeOgrYsmf8ztnjJ"
    "HvFRSAPdmBKnf4Yq7KPn7sv32nWsrPfuu41A9nJGs9X/ApJWnzMMTesZSRdRNEUCA+qpfT"
    "DAl9P1ZiUhSNWBTwIETpUL2swENjGPpSv52/j0PiSrUC9ST53/k/4qHlmjnOYDhyri9Hjt"
    "OpvA5yCCVFxkWueKPEq4QJl0B9+x71mwGiSjvyARe/dK+enb38QUFAGZ8EqlLB1fmuBCGH"
    "kagCPUPZDZDERGi0ivZbUcPxDOkRL0qWkPdi0ePklyYaSAoyFWQzKgE3gW+3gI/6Hy6vR9"
    "0P/5Ldzxj74iu8uqNLWXOqShel0meRfqhYHKJVI+0E/Kc/+gXIP8Efw8FlWYtpu9EfHTkm"
    "GHLqEPrgQC+PSVKcFImmmZqziWuq5qKkVXOr1Ryge7FUN5nNRckNqDleLa2WN6/lkKHAgQ"
    "J/jZZH6CvXa7goVdKwgOrApu7lb6OCPgf/7l6pffJD97cfCjp9Pxz8nDTPFDq4eD/sqc0z"
    "A17ZQc4UsmkV+B4mMFjooS/KlaC/XXDEDmpC9SRyeewF9L3+oHv1ux78pH1+nvR+H112S/"
    "CrnwZvfNK+0bu+P3Bv5VVnLp0bgZ0KWLTN0b6lMPAc7LEq4t0ggDXLSkGqBLuPGT8o3KUv"
    "8+lzCTcfMu6Ija2JxVOWtTZP620eM0ogJ7JJXqC9Sl1BA0imZXynZQEkVFVo39EA4Qn5FU"
    "XrT1+MAxJXt8jHZNnHuJv9hDQrzaZyAB9Sair/QonPLj4x4urTX3SvL7pvLzsK4Vvo3j3I"
    "dbkAtayhp7RUkratVs1OZ/kSOcQ8yBqmMgG/nqaU41+To+yCuWhLIx4RgnlAJwGcAT6FHA"
    "hBBiCT9OIbQMeiOoLCk3QhDQkXNf5CkYxoNucLRTViBnw01pCWW32SpR9bsO4cLaEf5Stp"
    "atbnZayxaW5sJvg5d2jRBPdEzmL/OOwdOm4KfyxqNWCuAUsi7A5rNIPYNwE7FbBom6M9h4"
    "w9UGFN6gnKetQrghZ9c/ThvbBxAicMjF74opTF3Rx3zBzozTDRMPKU+giSGoM9J1Ym5IXc"
    "trzYtGTHjPxw+L6AfK9fhvbjh97l1bPnSg2iEY5c2/5gpMFbOB33mk10JeCp3A4RT9ymvQ"
    "X8XrjHcQZSEe4+qVlUchIloDFZhxRuhPPzLYEsBit+/Hj6/PzV+euzl+evRRM1yrTk1RI9"
    "VOG0CS+Nlu5944unVHhKSYDEhMmpCD6C1NmfrXklhZMhG1NwDSZQUdLGW9o8f+YBHWMfOe"
    "4UkgnSxCVrdx+N5O52oZM92YVKIDkh4TpPefl8qu3ETq22Ta1K7K0+VJTLwYjTyjWzrxeL"
    "vvv1CvmQ6629agr7fhoklcCcJndCxbYeCVRP9nRgMcxi/hpkd48FaST62Nv1YzU8DmTyCA"
    "VCm8CpG/d1SO/TBiPZar51NKHsqOJoWSxbzfq1g9mq9Rtwc8PQl5sboGLH8qgLA+geiV/l"
    "2RalfRLOblEQHW6RYWWZJASiQjDBoi3gFEAg2+pC2Vt7jg1kt8ILqg9kc8x9o7hSKmAzsR"
    "uwvvlhGoBeErPQNyPc5+Gtj11zAjiTs5S7AQMsMKSa9Lz61zwVsAEl8/fbMCvmMckwT30p"
    "EVaSZhHBk1puKRY4GD7pb6enZ2evTk/OXr5+cf7q1YvXJymxVK1axjD1+j/LdaOAeHUhyZ"
    "meBoReSepgwN8YmWcjdBuF00boGi3Q+0CDFhJmAncqPN0mei6JWrq7bXpuRHdbIrezLlMZ"
    "TYXHwnQRTagDxYiFt5vgu6+jbg4VpR2GBPYWHxsT2HFMoO6IW2FdXxEbcBqcdgPiH4xI/P"
    "qDauVGGmr+UzQEVStH+9ly9W3i6gNqRtUn7S3H04Dj+S/FpJGRXxC0vlzrbHzd/RUmq9eG"
    "ciz3SK0GSZb2uoNtXneQ7s5FbI3vO0jzFPYT1JUXHuSnqP7Gg/I7uwFQD8xvL2Nad4nEYA"
    "i6F6P+cLCjayQukoWjYmVntEC9iR0TEOua11Hz6AqHLEeGQx6yKAfmQV33oPJdwC1yqbyJ"
    "VpiYiHAkUdded7u5brUmfKSjaKkQUOZs+gCSO2vTt8umt/k3O7Xq1RQwQDtpb8FuALbN/9"
    "gl2orx8/EMazzW5THyVKhRTLdlsG86qqvAcTBzplrbe2nqWEXWpo8ZpI9FBpHJ+pFJ2AXE"
    "fAGx6SAbXTgst2TJkDY47qvJkHWSHGy8davhwyRar/smnyyQv+SbfOKkgXWJDcbRPOIf6o"
    "4EaVpo6YZkbJZcsORCOyfuLk+YuHQ2V5dFGHoKZVHrKBg4CpbUsV6C9RKesJdQocHM8MyJ"
    "WDiXO12JtfdIn+vAPIGjksuVe6FWh5+tH7t9P3aDntqoxk0brfTRjBw02fgNSA6MHMlvKZ"
    "1CBggF0no5Bn0u48ReiICKFM/oDBF+FOV4enChvpVAfa2pzrfbbOeGUej4RJ4qdNOQvXUf"
    "2+c+Gp+4/CsOW+5RKMm64/aujacB/U498icethPbdJM7TVMpewq1zRnqUk+69Utqt16z2q"
    "WroNmD0qrUVOWiUkwDzI2uRMnL2GW/yb0ou87YeOqA2ww7S33vLfVt70t5EhZMOPcaqrko"
    "adXcajWn4esm87kka12SNmvaXoD0RPQcCu2YnuYtCNmvoLHB/q0CGsFkiGhByEJqs6x3f+"
    "Q8i3s+EtaDuwqtjGthstYdPK/uWhuAds3z/O3cqFbiWtinzQ/02+vq7HVsbT5PUYCoJlsn"
    "D+HyrJ1Mc6rt+veyPUwpeKDBHYtyZ6K8Gx/Be3mJg/z+FLVtAEQ8VnNVRPOOlp7WsNe7tS"
    "/dxnoHNhW4zXDau71sZvVfbbbWZVbXOAP2aq91QK272sumq+9/unoXBdid6kzguGap8Quz"
    "NquM3noAN/wdgLXBdu0+o4mzx9p6nMHZ+rTjejuzNo3hYgoD0zyG/czT6czgV8dHZMLl1D"
    "h98WIJoEniiGhVCsYkOSWnUV3RWpKTygDhuPkBovv85GQNdEWrWnRVXZn4JxwRTfzxn9fD"
    "QR3tn4qU447Y5eB/wMdsH08pLAFXglGINlayoMoJTyWzVXbQ09mtW9y7vv8fZcPpWA=="
)
