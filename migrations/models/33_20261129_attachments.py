"""Let tasks have attachments: files, and links.

What is stored of a file is a row of ``blobs``, which no log has; its name is that row's id.
Taken back, attachments and their ids are gone; the files themselves stay where they are.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
CREATE TABLE blobs (
    id uuid PRIMARY KEY,
    board_id uuid REFERENCES boards (id) ON DELETE SET NULL, -- null: to be unlinked at once
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL CHECK (size >= 0),
    media_type text NOT NULL,
    width integer,
    height integer,
    state text NOT NULL CHECK (state IN ('KEPT', 'GONE')),
    created_by uuid REFERENCES users (id),
    created_at timestamptz NOT NULL,
    unused_since timestamptz
);
-- For the bytes of a board and of a person, which are summed up for every file.
CREATE INDEX blobs_board_id_idx ON blobs (board_id) INCLUDE (size, state);
CREATE INDEX blobs_created_by_idx ON blobs (created_by) INCLUDE (size, state);
CREATE INDEX blobs_unused_idx ON blobs (unused_since) WHERE unused_since IS NOT NULL;

CREATE TABLE attachments (
    id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    task_id uuid NOT NULL,
    blob_id uuid REFERENCES blobs (id),
    url text,
    title text NOT NULL,
    media_type text, -- this and what follows as in blobs: it never changes
    size bigint,
    width integer,
    height integer,
    author_id uuid REFERENCES users (id),
    author_name text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CHECK ((blob_id IS NULL) <> (url IS NULL)),
    FOREIGN KEY (task_id, board_id) REFERENCES tasks (id, board_id)
);
CREATE INDEX attachments_task_id_idx ON attachments (task_id, created_at, id);
CREATE INDEX attachments_board_id_idx ON attachments (board_id, task_id);
CREATE INDEX attachments_blob_id_idx ON attachments (blob_id) WHERE blob_id IS NOT NULL;
CREATE INDEX attachments_author_id_idx ON attachments (author_id, board_id) WHERE author_id IS NOT NULL;
"""

DOWN = """
DROP TABLE attachments;
DROP TABLE blobs;
DELETE FROM used_ids WHERE kind = 'attachment';
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes the tables."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that drops them."""
    return DOWN


MODELS_STATE = (
    "eJztXW1z2zYS/isYfbl0xudxZDt2m5ubkRwn1dWxb2Llrm2aoSERknCmSIUgrbhp/vsB4D"
    "sJSgL1YlLemaaJQCxEPQuAu88ult9aU8ckFju8JYxRx279hL61bDwl/B/5SweohWez5IJo"
    "8PDAkn1Z0Ek24gHzXDz0ePsIW4zwJpOwoUtnXvAVrRuboFDiADkucvhnPBzyFuQ598T+CR"
    "HbpPYYeROCXGcuPjI0n2CPPBAXuWREXNEVUe9QfKPpDPlXcoFND/6H/Yf9lo+B7cwQB+ju"
    "jnydUZcwA3t3d4gyRO0Rtan3iOiISyJbDhZ2kjfp2/SLTwzPGRP+zS6/1U+feTO1TfKVsO"
    "jj7N4YUWKZGU1QUwwg2w3vcSbbPn7svXkrewoABsbQsfypnfSePXoTx467+z41D4WMuDYm"
    "NnH57zVTKrJ9ywq1GTUFd8wbPNcn8a2aSYNJRti3hKJb/xj59lDoF8lvEv87+Wd4a6luhn"
    "F90zduL/uG0SrMC3ELOW2GTUM+tficorYngPr2PRg3AUS2tsQXXPzc+fDi+NUPEgKHeWNX"
    "XpRwtb5LQezhQFSCnqA8dInAhGu0iPYbfsWjU6JGPCuZQ94MRQ+jf1TRQNSQqCBZWhG4EX"
    "y7Bbzfe3952++8/7cYfsrYF0vi1elfiitt2fqYa30R6Mfhu0SwfcSDoP/2+j8j8RH9fnN9"
    "mddi3K//e0vcE/Y9x7CduYHNNCZRc9TEuyZqThaurpqzkqDmWqvZJQ98q66ymrOSG1BzuF"
    "uCljevZZ8R18Acf4WW++Srp9ZwViqnYQ7Vni3dy1/7GX1e/6fzQT4n33d+/SGj06ub63dR"
    "90Sh1xdXN1358EyAl3aQMcFsUgS+S23sPqqhz8rloB88eoTt1YLqCuTS2HPou73rzoff1O"
    "BH/dPrpPtb/7KTg1/+rTHjo/6V5npz4N7KVGdDZ6YFdiwAaOujPXCwaxrUZEXEO66LS7aV"
    "jFQOdosyb69wF77Mp8853CzMPIM/2KpYPHlZsHlqb/PoUQIpkU3yAvVV6hIaQDAto3slCy"
    "CgKkL71nEJHdu/kGD/6fH7wPZQtcmHrNnHcJhmQpq0JkvZxfOYmkpPKP7b+S8mnvz1F53b"
    "i86by5ZEeICH93OxL2egFlectpNrifsWL03b03wLtrn1boa/QtxzGnUFhxlpo5zAFD9oRf"
    "ayg2a8b8guYjRznbGLp8ibYA9xQYYwE6Tja+SM+OUAG1Pwh45ve/yK9SipRzKdeY+SgKQM"
    "WWSkoDK3+k3AR9ZgIzpYwEeKKalr56dlwPrUtz4j/Ix78lgF90gOsF8Pe8MZVYU/FAUN6G"
    "sAWIXdYU2mmFo6YMcCgLY+2jPM2Nzh5qWasSxHvSAI6Oujjx+4jeMavqs14bNSgLs+7pQZ"
    "2JxSW0HRO45FsF1isKfE8gw9l9uWWxu37Jiiv7m5yiDf7eWh/fi+e/nhxUupBt6JBr5u77"
    "qvwJs7HQ+Kh+hSwGO5HSIeuU2NBfyBu8dhblIW7p5dsqmkJHJAU3sVlrgSzi+3BDK/Wf7X"
    "39svT85Ozo9fnZzzLvIu45azBXoowgkZMJW27qYRyBOHe0pRxESHySkIrkHqNOfRvJTCSZ"
    "ANKbgKCygrCQGYOq+fmeuMqEWM4QTbY6IIVJY+fRSSu3sKHTXkKZQDyfBtT+UpL15PpYPA"
    "0qrb0ioE48pjR6mkjDDhXLH6uqHo218+EAt7amuvmNzeTIOkEKlTJFPI2NaaQHXFSHsW1M"
    "wmtGF2vy5IfT5GY/eP5fAYmC+WsU3IJnDqhGPt63zCnoeHkynhMmui1YlH2qO5tc0sALlX"
    "tRRpAMGFg0V5AHLHXDkRQPZ+je7uGPlyd4dk3J0hyv+QB6F5cVBIrhzbnw6IG5wUEiF5kX"
    "GFgkY0pryvOHCEkeirSgPY2vdAEkAtPMjyJACPepZWTC4WgLT2Cox5+jY1QM+JAfTVghUz"
    "f2DRoT55nshBuEKDPecYOopcx/JpHgtAME5/fmtmFK2TSPTctxJuJSk2ETou5eVCgb3h4n"
    "5st4+Pz9pHx6/OT0/Ozk7Pj2JSrnhpETvX7b0T+0YG8eJGkjI9NcjQnNTegL8xIhSimxuF"
    "E6KblTboJlDIGeLFHU64p1tFzzlRCBXUTc+VQgVAgrdWJS2DpbAuTBfBgtpTjPjN8x+5Jk"
    "RXYpB9RYj5g01EU26DYfYVpR0GnBqLD0ScdAHbyO4k0NrrHeqJgnONxGpgOYO1DSc+RmOt"
    "5ScIXpadY84YoEuCmEaFI82I/4eDaGP5aeR8J0UM8VNwC/KquNvPEFSsU1DRdfRiilF/IK"
    "MrkNH/c6hdiY3ICALpVDsyQlW1SGf32lAifYPUqpFJD0VutlnkJn46Z7HVrnITJ1Q1E9Sl"
    "ZW7SS1Rd5yY/ZzcA6p4RjHlMy0oHXd+gzkW/d3P9VMWDLqKdpGB2J4Rmuc0dUqer2ttB96"
    "BwT5Ld52HPZ0n2XvA5rPcjk/YQt7FFzR/EHU4i1KEsgb754ZU2fqDEYC/hyKaMfhfb92D0"
    "18voh0zCnZr9cglooB31B7ArgA2ZbLtEOyCa6ZQqXNrF2T6xUKXslJrBvun8FAmOQZkxUR"
    "rnC5NgC7KQCKuRCBsYQjr7RyIBG4j+BgKJbRvdOIB8ArakDp79crZklXQtyIvYbcAxCPQr"
    "WI84A6Cc9AiyDVblPGTvDCchTjBKNxNN8SMahKWKVYSGliywFcBWgANdYwf6ucMN5BB4G+"
    "BtgLcB3sbqRvDB1rwNSJp9Escjyu9XuB6p1P8F75wOjxms6n4wj8wCD6KszIqih9KViO4N"
    "HAdwHOq5kndmXFHGoZzOZPFSzZhFXhRCFhohC/AgwIMAD+IZexCFgLwenikRgHOxQxZZe2"
    "v6Y3sWkzjIuWOpCbU8UxZ83O37uNt03folflt/qdOm5bGJzq/RfEJsFJXmOEDUQxPMkO0g"
    "YdMcop4n8llNn6AgjZVO+VjyiJqJH+WbM23CH8cqf2/j42sGnsLiR7JxGOcYg1dZP69Su7"
    "jVU9S1alCuG3jpO3VgoKzp8wj1PfO8Qv6QrvLqnVgKCn7V+Yyt0JNq/xLaLdescuvKaHav"
    "tCo0VXifDnVc6mlVn03LwLZfpQTtrlPKnzvgcAQIGPHGMuJQmvZZWDD+zKyo5qwkqLnWao"
    "6j2lXWc04WXJI6axpqTT8TPftcO7r1iDJC8KZkyAHYKqABTJqIZoQAUkjM3n3RrCTuuSas"
    "e1d1Po9rZrGWlc4qPrU2AO2KFcnq+aBaimvmOa1fkgzq3kNd9+0DBkdUVoEK6ro/3XGezF"
    "IsyQ1LL9XFOWLJDiH7rl7BfD5x0Nxx71mQoxWkeFkEP4hqhqLqoTRPELFNVlI7sfpACw8L"
    "QSH0+qV1gRcKmeh1hhOqYENi/1O7R2WJ/SVOJxTBXgXUsiLYcFpiT09LlFbZyvhkS2ziKu"
    "W20tW9J5iV19ZSdVxo0EoxsGjBoq33trGmCSZnuSagaRkAFFwECFI10FbIz1nwFDbsKViR"
    "1bMmqvvGaOdhTT9N6vXGnBRJrrBssxR6uWmbIu1XNW1H1CLi5C1GFrXvFxd1WthXYeCCPV"
    "sne9Z3FVtEeVJ/2B1S+iu81QOO5O4S7ikxKQ4w08A8KwXTvMLBLPqnAvEuHZeeXIkk9uid"
    "NT+228fHZ+2j41fnpydnZ6fnR/EJluKlRUdZur134jRLBvXi8ZY5Nb1JEfRSxOP+ewT5xs"
    "4KTbh1PNF581IiAHAW4Qyzv+RHjY04JwY7MZwhhDOETbTt4CjKsz+KYjkD3YhJIgJowsEe"
    "iJfUG06IlywDFeIl9Y+XiIfOJmZqOEwjH07L52nyZIYjUnU5IrXNGJSczoroUzTNy+NOYq"
    "povDyEzwhTBpNeoznlcPhe9C5CREdB9tQcMxRAYx6i/oQEsSdRTVacF3Cd+d8YoibCTL68"
    "UNyw+i0k2/sqiHfVwBw5WBDvYhPcPn2lw0QlEhCHqX88oG5wP01A4MmCX3WDf9ezHSIxEI"
    "mpK5yiAKbWfhALwFZQpWBmyPoPFIVhF1SMyUgB+QkxmGcYg/Ftn3FdMRpSAjqKzstC4bc6"
    "a/oJoxnN0Wpz2Pd6YlqdfOc3gK4/Xl2tVp/oiaqjNAT0rRZH6RCXDictVZZ8cOVgYYZ80m"
    "cZVVkOw4apv1InR7nxKRyccFqsR/nV3r0pZ/pK058uJtjVzX9qpsvD18tXwyL22BNLo316"
    "ugDQyOPhvXL2QOQMtYNrufQ+vqg0EA677yG6L4+OVkCX9ypFV17LFx21vfAhkEX4X7c31y"
    "WOTiKSN33p0EN/IYuyJhKpC8AVYCx23/Oees6QEgN0VZbULkNu3/8PyNFxqA=="
)
