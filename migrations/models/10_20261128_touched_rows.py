"""Keep in a table of its own which rows each event touches, and how, beside what it made of them.

Whoever asks what became of a row finds it there by an index, and opens no event that is not about
it. A trigger fills it, so that releases before this one, which know nothing of it, fill it too.

Not one transaction: the log that there is already is read in steps, while others go on writing to
it. What is broken off is begun again, and finds what it has done.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False

STEP = 200  # events that are read at once: some can be of megabytes

MADE = """
BEGIN;

CREATE TABLE IF NOT EXISTS touched_rows (
    board_id uuid NOT NULL,
    row_id uuid NOT NULL,
    seq bigint NOT NULL, -- of the event
    name text NOT NULL, -- the row's table
    fields text[], -- what was changed, but for what only counts changes; null: it came or went
    gained smallint NOT NULL, -- 1: the row came, -1: it went
    left_id uuid, -- the column in which a task stood and stands no more
    entered_id uuid,
    PRIMARY KEY (board_id, row_id, seq, name)
);
CREATE INDEX IF NOT EXISTS touched_rows_lives_idx ON touched_rows (board_id, seq)
    INCLUDE (row_id, name, gained) WHERE fields IS NULL;
CREATE INDEX IF NOT EXISTS touched_rows_left_idx ON touched_rows (board_id, left_id, seq)
    WHERE left_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS touched_rows_entered_idx ON touched_rows (board_id, entered_id, seq)
    WHERE entered_id IS NOT NULL;

CREATE OR REPLACE FUNCTION rows_touched(changes jsonb) RETURNS TABLE (
    row_id uuid, name text, fields text[], gained smallint, left_id uuid, entered_id uuid)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (c ->> 'id')::uuid, c ->> 'table',
        CASE WHEN c -> 'before' <> 'null' AND c -> 'after' <> 'null' THEN ARRAY(
            SELECT a.key FROM jsonb_each(c -> 'after') a
            WHERE a.value <> coalesce(c -> 'before' -> a.key, 'null')
              AND a.key NOT IN ('version', 'updated_at')) END,
        ((c -> 'after' <> 'null')::integer - (c -> 'before' <> 'null')::integer)::smallint,
        nullif(stood, stands)::uuid, nullif(stands, stood)::uuid
    FROM jsonb_array_elements(changes) c CROSS JOIN LATERAL (SELECT
        CASE WHEN c #>> '{before,rank}' IS NOT NULL THEN c #>> '{before,column_id}' END AS stood,
        CASE WHEN c #>> '{after,rank}' IS NOT NULL THEN c #>> '{after,column_id}' END AS stands) p
$$;

CREATE OR REPLACE FUNCTION note_touched_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO touched_rows
        (board_id, row_id, seq, name, fields, gained, left_id, entered_id)
    SELECT e.board_id, r.row_id, e.seq, r.name, r.fields, r.gained,
        r.left_id, r.entered_id
    FROM added e CROSS JOIN LATERAL rows_touched(e.changes) r;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER events_touch_rows AFTER INSERT ON events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_touched_rows();

CREATE OR REPLACE FUNCTION forget_touched_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM touched_rows WHERE board_id = OLD.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER boards_forget_touched_rows AFTER DELETE ON boards
    FOR EACH ROW EXECUTE FUNCTION forget_touched_rows();

COMMIT;
"""
INDEXES = {
    "events_actor_id_idx": "(board_id, actor_id, seq) WHERE actor_id IS NOT NULL",
    "events_made_public_idx": """(board_id, seq)
        WHERE payload -> 'board' ->> 'is_public' = 'true' AND type <> 'board.created'""",
}
# After the event of this board ($1) and number ($2).
NEXT = f"""
    WITH step AS MATERIALIZED (
        SELECT board_id, seq, changes FROM events WHERE (board_id, seq) > ($1::uuid, $2::bigint)
        ORDER BY board_id, seq LIMIT {STEP}),
    noted AS (
        INSERT INTO touched_rows
            (board_id, row_id, seq, name, fields, gained, left_id, entered_id)
        SELECT e.board_id, r.row_id, e.seq, r.name, r.fields, r.gained,
        r.left_id, r.entered_id
        FROM step e CROSS JOIN LATERAL rows_touched(e.changes) r
        ON CONFLICT DO NOTHING)
    SELECT board_id, seq FROM step ORDER BY board_id DESC, seq DESC LIMIT 1"""
DOWN = """
DROP TRIGGER events_touch_rows ON events;
DROP TRIGGER boards_forget_touched_rows ON boards;
DROP FUNCTION note_touched_rows;
DROP FUNCTION forget_touched_rows;
DROP FUNCTION rows_touched;
DROP TABLE touched_rows;
DROP INDEX events_actor_id_idx;
DROP INDEX events_made_public_idx;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Make the table, fill it from the log that there is, and give the SQL that counts it."""
    await db.execute_script(MADE)
    for name, columns in INDEXES.items():  # half of one may be there
        await db.execute_script(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        await db.execute_script(f"CREATE INDEX CONCURRENTLY {name} ON events {columns}")
    place = ["00000000-0000-0000-0000-000000000000", 0]
    while found := await db.execute_query_dict(NEXT, place):
        place = [str(found[0]["board_id"]), found[0]["seq"]]
    return "ANALYZE touched_rows;"


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it all away."""
    return DOWN


MODELS_STATE = (
    "eJztXftz2zYS/lcw+imdcTOO7cS59qYzkuO0ahPpxlaujzRDQyQsoaYAhQCteHL53w8A3y"
    "QoC5QsUzJm8rCBXQr8Fo/dDwvoa2dGPeSz55eIMUxJ5wfwtUPgDIkfylUHoAPn86xCFnA4"
    "9pUsi4RUIRwzHkCXi/Jr6DMkijzE3ADPefQRnSFBgOEJ+R6TA0ADQMXv0HXFMwCnN4j8AB"
    "DxMJkAPkUgoAv5KwOLKeToFgVANpABzJ/LT/OoKz5OCG/ywX+Tv8nwGkBS0D4AV1foyxwH"
    "iDmQX10BLITJNSaY3wF8LRQBUc+JhVT7QoI/h8jhdILEhwailR8/iWJMPPQFseTX+Y1zjZ"
    "HvFQyAPfkAVe7wu7kq+/Ch/+atkpTvPnZc6oczkknP7/iUklQ8DLH3XOrIugkiKBCv6uUs"
    "Q0Lfj42YFEUtFgU8CFHaVC8r8NA1DH1p386/r0PiSrMC9Unyn5Of4qblxBxnMBw5l+cjx+"
    "lUuoNsQsmQcZErepToSphwCdTXb9FzM0BUaUd+wNkv3Ytnx6++UxBQxieBqlRwdb4pRchh"
    "pKpAz1B2AyQxERatov1G1HA8Q3rEi5ol5L1Y9XnyQxMLJAWZCbIRlYCbwLddwEf99+eXo+"
    "77/8jHzxj77Cu8uqNzWXOkSu9Kpc8i+1AxOUSzRvoQ8Ht/9AuQv4K/hoPzshVTudFfHdkm"
    "GHLqELpwoJfHJClOioRoZuZs4JqauahpzdxqMwfoVkzVTUZzUXMDZo5nS2vlzVs5ZChwoM"
    "BfY+UR+sL1Fi5qlSwsoNqzoXv+x6hgz8F/uxdqnXzf/eO7gk3fDQc/J+KZQQdn74Y9tXhm"
    "wCs/yJlCNq0C38MEBnd66It6JejHdxyxvRpQPYlcHnsBfa8/6F78qQc/kc+Pk96fo/NuCX"
    "71v0GPT+Qb9fXdgftBujpz6dwI7FTBom2O9pjCwHOwx6qId4MA1kwrBa0S7D5mfK9wl7HM"
    "x08l3HzIuCMWtiYeT1nX+jyt93nMKIGcyiZ5gfYa9R4aQDIt1zdaFkBCVYX2LQ0QnpDfUD"
    "T/9EU7IHF1k3xMln2IH7ObkGal2VAO4CKlpvIdSry7eGPE1dufdS/Pum/OOwrhMXRvFnJe"
    "LkAta+gRLZWkstWq2dGsXAKJ8N69+C1km/Ooa6jLxBr1vKV8oRVJyy6YC1kaEYsQzAM6Ce"
    "AM8CnkQCgyAJnkG6ukpImiZQtbME0cLGELZYcx9cLzOjbqbOAcbjXseepgoxnEvgnaqYKF"
    "uwHcc8jYgooVUE+q1MNeUbTwN4Af3oqZPnDCwKjLF7Us8A2Ax0wEPzNMNDwipT6CpMZvya"
    "mVaUSh91DApyVb5hGHw3cF5Hv9MrQf3vfOL569UGYQQjhyyPuDkQZv4XvdahbSewFP9baI"
    "eOI97izgt8Lpj/MminD3Sc2sktMoAY3JKlRWI5xfPBDIorHiv++PXpycnrw+fnXyWoioVq"
    "Ylp0vsUIXTbtM3mrp3geWq0DL1LEKOno8zjjSEcS9WffvbBfIh1w+panbTblq9wtloaHXF"
    "cqwJVE8+ac/oreLWJmQ364I0Es/YWZb8fngcEXLgCUFoEzh142ftU396SJJTDcCOhuWMKg"
    "6W0ZxqGliZ51TSP4KrK4Y+X10Bl4bivQEWf9EtEj/KPEjVHUg4G6MgSoSUGZVyQwlEhWAi"
    "XEYCOAUQSFkdLfpgn2NZ1JazqBxz34jRSxVsrN0g1s430wD0kpqFvhnNMQ/HPnbNw+5Mzx"
    "IdBnG3wJBqtnLru3mqYPN2zPv3DbozwToWt1NJk4Q09FkzieBJLZ8UK2yPSzp8IKRjLulf"
    "R0fHx6dHh8evXr88OT19+fowJZWqVcvYpV7/ZzlvFBCvTiQ519OAxCtp7Q34GyPyLC+6UT"
    "gtL9pogt4FXrSwTxm4UxHpNrFzSdVmebbNzo34b8vsdlalLqOhsC5MZ9GA2lOMtsh+7yw+"
    "lv5+bPq7LtG3MIXdQ4M7DXJ+gfgDI766Pr+3LKRhoT9GTVC1srWfLC3dJlo6oGasdCJv6Y"
    "wGdMY/FJNG/mxB0YYtrXNndcf6TGavvI49tlQaNfYU2EOeAktX5zWPgaVb8rsJ6r3nwPJD"
    "VH8QrNxnNwDqnoWoZUzrztYNhqB7NuoPB491uu4smUkqbncWEtf73HHwvaq/HYkDep240i"
    "o/hEMesij/Y6GOzalcDzBGLpU3dgmfExGOpBm014Jt7rFanz4yWjR3CCRzTn4AyY118tvl"
    "5Nvck626+WoIGKCdyFuwG4Btcx+2ibbiBH08w5oQdvn+cKrUaD+zZbBvekdTgeNg5ky1zv"
    "jStKmKrk2dMkidihwik/kj07ATiPkEYlMhNjpxWLLJsiNtiOTvZ0dW2eC3O7Lb3WC8DMcS"
    "8o7uCvS46mDpFeiR0MpMB+NoHhESdedjNBJa/iFpm2UbLNvQzpG8zeMWLp3N5YRrGjqUVW"
    "3kYBA5WJbHhg27GjYoRsZsNcyp2KBhedCQOCdrxgx75skelEKGXIdq08WaoxqHeHSvN2zk"
    "CkvhH0GSp34gv0hnChkgFMh1Qucar6BhuFUXH9lRhW66r2ld6va51MZHsh7jNNYO8e02RL"
    "GH8Z8G9FuNUp743oYn1l7z3N5Myx5Ta3Ne7zzANMDc6Ox/XsdOX00uANj29uxTB9ym01ha"
    "a2dpLXsxwJNYicO519DMRU1r5labOd2aajKeS7rWtW6zpe1NH0/EzqGwjulZvoLSGtTx7t"
    "jV4Gykzf/bMKARTIaIFpQspDalcvsHTrP9uzVh3bs7f8q4FgZr3bHT6qq1AWhXPM3bzoXq"
    "XlwL67T5cd4c5xdnla77NRdZBuue9ORqCo+9nenxkqcLmNUkjOQxXZ44kplSya5+TdNiSs"
    "GCBjcsuospyhLxEbyVR7jlNweodQQg4rGag+LNH7Q0Ndve9tS+PBIbLmw4XLCJlPaqn3bB"
    "afNSHygvtSY6sDf9rHPTjzaWtQzBphiCx0mh7qIAu1OdTxzXLPWGYSZznxdcj+iGvw6rdj"
    "teu/BoduJj863ngbY+wbbe8axNdDibwsA002E3M3nEePni+IhMuBwaRy9fLgE0SS0RUqXt"
    "miTr5CiqK32ztxhUBgjH4nuI7ovDwxXQFVK16Kq68tYA4Yhodih/vRwO6jYGUpXyziR2Of"
    "gf8DHbxXz8JeBKMAr7kZU8qXJKVMmPlQ/o6RzZbS5m3/4Pal0lbQ=="
)
