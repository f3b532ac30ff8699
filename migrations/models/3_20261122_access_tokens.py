"""Let scripts and agents sign in with tokens of their own, which are rows beside the sign-ins."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
ALTER TABLE sessions
    ADD COLUMN token_hash bytea CHECK (octet_length(token_hash) = 32),
    ADD COLUMN name text CHECK (name <> ''),
    ADD COLUMN scope text CHECK (scope IN ('read', 'write', 'admin')),
    ADD COLUMN board_ids uuid[] CHECK (cardinality(board_ids) > 0),
    ADD COLUMN last_used_at timestamptz,
    ADD CONSTRAINT sessions_token_check CHECK (CASE WHEN token_hash IS NULL
        THEN num_nonnulls(name, scope, board_ids, last_used_at) = 0
        ELSE num_nulls(name, scope) = 0 END);
"""
# Without its hash a token would be taken for a sign-in, without its scope for one that may do all.
DOWN = """
DELETE FROM sessions WHERE token_hash IS NOT NULL;
ALTER TABLE sessions
    DROP COLUMN token_hash, DROP COLUMN name, DROP COLUMN scope, DROP COLUMN board_ids,
    DROP COLUMN last_used_at;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that adds the columns."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes them away, with the tokens."""
    return DOWN


MODELS_STATE = (
    "eJztXftz2zYS/lcw+imdcTOO7cS59qYzkuO0ahPpxlaujzRDQyQsoaYAhQCteHL53w8A3yQoC5Qs"
    "UzJm8rCBXQr8Fo/dDwvoa2dGPeSz55eIMUxJ5wfwtUPgDIkfylUHoAPn86xCFnA49pUsi4RUIRwz"
    "HkCXi/Jr6DMkijzE3ADPefQRnSFBgOEJ+R6TA0ADQMXv0HXFMwCnN4j8ABDxMJkAPkUgoAv5KwOL"
    "KeToFgVANpABzJ/LT/OoKz5OCG/ywX+Tv8nwGkBS0D4AV1foyxwHiDmQX10BLITJNSaY3wF8LRQB"
    "Uc+JhVT7QoI/h8jhdILEhwailR8/iWJMPPQFseTX+Y1zjZHvFQyAPfkAVe7wu7kq+/Ch/+atkpTv"
    "PnZc6oczkknP7/iUklQ8DLH3XOrIugkiKBCv6uUsQ0Lfj42YFEUtFgU8CFHaVC8r8NA1DH1p386/"
    "r0PiSrMC9Unyn5Of4qblxBxnMBw5l+cjx+lUuoNsQsmQcZErepToSphwCdTXb9FzM0BUaUd+wNkv"
    "3Ytnx6++UxBQxieBqlRwdb4pRchhpKpAz1B2AyQxERatov1G1HA8Q3rEi5ol5L1Y9XnyQxMLJAWZ"
    "CbIRlYCbwLddwEf99+eXo+77/8jHzxj77Cu8uqNzWXOkSu9Kpc8i+1AxOUSzRvoQ8Ht/9AuQv4K/"
    "hoPzshVTudFfHdkmGHLqELpwoJfHJClOioRoZuZs4JqauahpzdxqMwfoVkzVTUZzUXMDZo5nS2vl"
    "zVs5ZChwoMBfY+UR+sL1Fi5qlSwsoNqzoXv+x6hgz8F/uxdqnXzf/eO7gk3fDQc/J+KZQQdn74Y9"
    "tXhmwCs/yJlCNq0C38MEBnd66It6JejHdxyxvRpQPYlcHnsBfa8/6F78qQc/kc+Pk96fo/NuCX71"
    "v0GPT+Qb9fXdgftBujpz6dwI7FTBom2O9pjCwHOwx6qId4MA1kwrBa0S7D5mfK9wl7HMx08l3HzI"
    "uCMWtiYeT1nX+jyt93nMKIGcyiZ5gfYa9R4aQDIt1zdaFkBCVYX2LQ0QnpDfUDT/9EU7IHF1k3xM"
    "ln2IH7ObkGal2VAO4CKlpvIdSry7eGPE1dufdS/Pum/OOwrhMXRvFnJeLkAta+gRLZWkstWq2dGs"
    "XAKJ8N69+C1km/Ooa6jLxBr1vKV8oRVJyy6YC1kaEYsQzAM6CeAM8CnkQCgyAJnkG6ukpImiZQtb"
    "ME0cLGELZYcx9cLzOjbqbOAcbjXseepgoxnEvgnaqYKFuwHcc8jYgooVUE+q1MNeUbTwN4Af3oqZ"
    "PnDCwKjLF7Us8A2Ax0wEPzNMNDwipT6CpMZvyamVaUSh91DApyVb5hGHw3cF5Hv9MrQf3vfOL569"
    "UGYQQjhyyPuDkQZv4XvdahbSewFP9baIeOI97izgt8Lpj/MminD3Sc2sktMoAY3JKlRWI5xfPBDI"
    "orHiv++PXpycnrw+fnXyWoioVqYlp0vsUIXTbtM3mrp3geWq0DL1LEKOno8zjjSEcS9WffvbBfIh"
    "1w+panbTblq9wtloaHXFcqwJVE8+ac/oreLWJmQ364I0Es/YWZb8fngcEXLgCUFoEzh142ftU396"
    "SJJTDcCOhuWMKg6W0ZxqGliZ51TSP4KrK4Y+X10Bl4bivQEWf9EtEj/KPEjVHUg4G6MgSoSUGZVy"
    "QwlEhWAiXEYCOAUQSFkdLfpgn2NZ1JazqBxz34jRSxVsrN0g1s430wD0kpqFvhnNMQ/HPnbNw+5M"
    "zxIdBnG3wJBqtnLru3mqYPN2zPv3DbozwToWt1NJk4Q09FkzieBJLZ8UK2yPSzp8IKRjLulfR0fH"
    "x6dHh8evXr88OT19+fowJZWqVcvYpV7/ZzlvFBCvTiQ519OAxCtp7Q34GyPyLC+6UTgtL9pogt4F"
    "XrSwTxm4UxHpNrFzSdVmebbNzo34b8vsdlalLqOhsC5MZ9GA2lOMtsh+7yw+lv5+bPq7LtG3MIXd"
    "Q4M7DXJ+gfgDI766Pr+3LKRhoT9GTVC1srWfLC3dJlo6oGasdCJv6YwGdMY/FJNG/mxB0YYtrXNn"
    "dcf6TGavvI49tlQaNfYU2EOeAktX5zWPgaVb8rsJ6r3nwPJDVH8QrNxnNwDqnoWoZUzrztYNhqB7"
    "NuoPB491uu4smUkqbncWEtf73HHwvaq/HYkDep240io/hEMesij/Y6GOzalcDzBGLpU3dgmfExGO"
    "pBm014Jt7rFanz4yWjR3CCRzTn4AyY118tvl5Nvck626+WoIGKCdyFuwG4Btcx+2ibbiBH08w5oQ"
    "dvn+cKrUaD+zZbBvekdTgeNg5ky1zvjStKmKrk2dMkidihwik/kj07ATiPkEYlMhNjpxWLLJsiNt"
    "iOTvZ0dW2eC3O7Lb3WC8DMcS8o7uCvS46mDpFeiR0MpMB+NoHhESdedjNBJa/iFpm2UbLNvQzpG8"
    "zeMWLp3N5YRrGjqUVW3kYBA5WJbHhg27GjYoRsZsNcyp2KBhedCQOCdrxgx75skelEKGXIdq08Wa"
    "oxqHeHSvN2zkCkvhH0GSp34gv0hnChkgFMh1Qucar6BhuFUXH9lRhW66r2ld6va51MZHsh7jNNYO"
    "8e02RLGH8Z8G9FuNUp743oYn1l7z3N5Myx5Ta3Ne7zzANMDc6Ox/XsdOX00uANj29uxTB9ym01ha"
    "a2dpLXsxwJNYicO519DMRU1r5labOd2aajKeS7rWtW6zpe1NH0/EzqGwjulZvoLSGtTx7tjV4Gyk"
    "zf/bMKARTIaIFpQspDalcvsHTrP9uzVh3bs7f8q4FgZr3bHT6qq1AWhXPM3bzoXqXlwL67T5cd4c"
    "5xdnla77NRdZBuue9ORqCo+9nenxkqcLmNUkjOQxXZ44kplSya5+TdNiSsGCBjcsuospyhLxEbyV"
    "R7jlNweodQQg4rGag+LNH7Q0Ndve9tS+PBIbLmw4XLCJlPaqn3bBafNSHygvtSY6sDf9rHPTjzaW"
    "tQzBphiCx0mh7qIAu1OdTxzXLPWGYSZznxdcj+iGvw6rdjteu/BoduJj863ngbY+wbbe8axNdDib"
    "wsA002E3M3nEePni+IhMuBwaRy9fLgE0SS0RUqXtmiTr5CiqK32ztxhUBgjH4nuI7ovDwxXQFVK1"
    "6Kq68tYA4Yhodih/vRwO6jYGUpXyziR2Ofgf8DHbxXz8JeBKMAr7kZU8qXJKVMmPlQ/o6RzZbS5m"
    "3/4Pal0lbQ=="
)
