"""How far the followers of the log have got on each board.

A follower is known from its first start on; boards without a row of it were made later.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
CREATE TABLE known_followers (name text PRIMARY KEY);

CREATE TABLE followers (
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    name text NOT NULL,
    seq bigint NOT NULL CHECK (seq >= 0), -- the last event that was handled
    attempts integer NOT NULL DEFAULT 0, -- failed ones since then
    retry_at timestamptz, -- not before, after a failure
    error text, -- the kind of the last failure
    PRIMARY KEY (board_id, name)
);
"""
DOWN = """
DROP TABLE followers;
DROP TABLE known_followers;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes them."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes them away."""
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
