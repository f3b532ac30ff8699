"""Remember every id that a board or a thing on one has had: none is ever given to anything else.

What is filled in: what there is, what the logs tell of that has gone, and which boards are still
named somewhere. Where two have had an id, it is the first one's.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
-- It outlives boards and their logs, and so has no foreign keys.
CREATE TABLE used_ids (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('board', 'column', 'task', 'subtask')),
    board_id uuid NOT NULL, -- that it belongs to
    owner_id uuid, -- of a board that is gone: its last CREATOR
    deleted_by uuid -- and who deleted it
);
INSERT INTO used_ids (id, kind, board_id)
SELECT DISTINCT ON (id) id, kind, board_id FROM (
    SELECT (c ->> 'id')::uuid AS id, left(c ->> 'table', -1) AS kind, e.board_id, e.at
    FROM events e CROSS JOIN jsonb_array_elements(e.changes) c
    WHERE e.type IN ('column.deleted', 'task.deleted', 'subtask.deleted', 'change.undone')
        AND c ->> 'table' IN ('columns', 'tasks', 'subtasks') AND c -> 'after' = 'null'
    UNION ALL SELECT id, 'board', id, 'infinity' FROM boards
    UNION ALL SELECT id, 'column', board_id, 'infinity' FROM columns
    UNION ALL SELECT id, 'task', board_id, 'infinity' FROM tasks
    UNION ALL SELECT k.id, 'subtask', t.board_id, 'infinity'
        FROM subtasks k JOIN tasks t ON t.id = k.task_id
    UNION ALL SELECT named, 'board', named, 'infinity'
        FROM sessions CROSS JOIN unnest(board_ids) AS named
    UNION ALL SELECT board_id, 'board', board_id, 'infinity'
        FROM idempotency_keys WHERE board_id IS NOT NULL
) known ORDER BY id, at;
"""
DOWN = "DROP TABLE used_ids;"


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes the table."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it away."""
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
