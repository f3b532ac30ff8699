"""The tables of Doska, written by hand: what the database can hold, it holds.

Foreign keys that lead from a board downwards delete with it; all others refuse, so that nothing
vanishes without an event that says so.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
DO $$ BEGIN
    IF lower('ЖЁ') <> 'жё' THEN
        RAISE EXCEPTION 'The database needs a UTF-8 locale, so that names are compared rightly.'
            USING HINT = 'createdb --template template0 --encoding UTF8 --locale C.UTF-8 doska';
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS aerich (
    id serial PRIMARY KEY,
    version varchar(255) NOT NULL,
    app varchar(100) NOT NULL,
    content jsonb NOT NULL
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL CHECK (username <> '' AND position('@' in username) = 0),
    name text NOT NULL CHECK (name <> ''),
    email text NOT NULL CHECK (position('@' in email) > 0),
    password_hash text NOT NULL,
    avatar_url text NOT NULL,
    is_admin boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    user_agent text NOT NULL
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id, created_at);

CREATE TABLE boards (
    id uuid PRIMARY KEY,
    title text NOT NULL CHECK (title <> ''),
    description text NOT NULL,
    is_public boolean NOT NULL DEFAULT false,
    color text CHECK (color ~ '^#[0-9a-f]{6}$'),
    key text NOT NULL CHECK (key ~ '^[A-Z][A-Z0-9]{0,9}$'),
    seq bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
    task_number integer NOT NULL DEFAULT 0 CHECK (task_number >= 0),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    archived_at timestamptz
);
CREATE INDEX boards_created_at_idx ON boards (created_at, id);
CREATE INDEX boards_public_idx ON boards (id) WHERE is_public;

CREATE TABLE board_users (
    id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE NO ACTION,
    role text NOT NULL CHECK (role IN ('CREATOR', 'MODERATOR', 'MEMBER', 'OBSERVER')),
    joined_at timestamptz NOT NULL,
    CONSTRAINT board_users_board_id_user_id_key UNIQUE (board_id, user_id),
    -- A partial unique index that is checked when the statement ends: handing a board over moves
    -- the role in one statement, whatever the order of its rows.
    CONSTRAINT board_users_one_creator EXCLUDE USING btree (board_id WITH =)
        WHERE (role = 'CREATOR') DEFERRABLE INITIALLY IMMEDIATE
);
CREATE INDEX board_users_user_id_idx ON board_users (user_id, board_id);

-- No board is left without its CREATOR; judged when the transaction commits.
CREATE FUNCTION check_board_has_creator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE board uuid := coalesce(to_jsonb(OLD) ->> 'board_id', to_jsonb(NEW) ->> 'id');
BEGIN
    IF EXISTS (SELECT FROM boards WHERE id = board)
       AND NOT EXISTS (SELECT FROM board_users WHERE board_id = board AND role = 'CREATOR') THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'board_has_creator', MESSAGE = 'a board needs a CREATOR';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER board_has_creator AFTER INSERT ON boards
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_board_has_creator();
CREATE CONSTRAINT TRIGGER board_keeps_creator AFTER UPDATE OR DELETE ON board_users
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.role = 'CREATOR')
    EXECUTE FUNCTION check_board_has_creator();

CREATE TABLE columns (
    id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards ON DELETE CASCADE,
    title text NOT NULL CHECK (title <> ''),
    rank text COLLATE "C" NOT NULL CHECK (rank <> ''),
    color text CHECK (color ~ '^#[0-9a-f]{6}$'),
    task_limit integer CHECK (task_limit > 0),
    limit_is_hard boolean NOT NULL DEFAULT false,
    status text CHECK (status IN ('TODO', 'IN_PROGRESS', 'DONE', 'REJECTED')),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT columns_id_board_id_key UNIQUE (id, board_id),
    CONSTRAINT columns_board_id_rank_key UNIQUE (board_id, rank) DEFERRABLE INITIALLY IMMEDIATE
);

CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards ON DELETE CASCADE,
    column_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    title text NOT NULL CHECK (title <> ''),
    description text NOT NULL,
    rank text COLLATE "C" CHECK (rank <> ''),
    due_at timestamptz,
    priority text NOT NULL CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH')),
    status text NOT NULL CHECK (status IN ('TODO', 'IN_PROGRESS', 'DONE', 'REJECTED')),
    color text CHECK (color ~ '^#[0-9a-f]{6}$'),
    author_id uuid REFERENCES users ON DELETE NO ACTION,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    completed_at timestamptz,
    archived_at timestamptz,
    CONSTRAINT tasks_column_id_board_id_fkey FOREIGN KEY (column_id, board_id)
        REFERENCES columns (id, board_id) ON DELETE NO ACTION,
    CONSTRAINT tasks_id_board_id_key UNIQUE (id, board_id),
    CONSTRAINT tasks_board_id_number_key UNIQUE (board_id, number),
    CONSTRAINT tasks_column_id_rank_key UNIQUE (column_id, rank) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT tasks_archived_without_rank CHECK ((archived_at IS NULL) = (rank IS NOT NULL)),
    CONSTRAINT tasks_completed_when_done CHECK ((status = 'DONE') = (completed_at IS NOT NULL))
);
CREATE INDEX tasks_author_id_idx ON tasks (author_id);
CREATE INDEX tasks_board_id_created_at_idx ON tasks (board_id, created_at, id);

CREATE TABLE task_assignees (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL,
    user_id uuid NOT NULL,
    board_id uuid NOT NULL,
    CONSTRAINT task_assignees_task_id_user_id_key UNIQUE (task_id, user_id),
    CONSTRAINT task_assignees_task_id_board_id_fkey FOREIGN KEY (task_id, board_id)
        REFERENCES tasks (id, board_id) ON DELETE NO ACTION,
    CONSTRAINT task_assignees_board_id_user_id_fkey FOREIGN KEY (board_id, user_id)
        REFERENCES board_users (board_id, user_id) ON DELETE CASCADE
);
CREATE INDEX task_assignees_board_id_user_id_idx ON task_assignees (board_id, user_id);
CREATE INDEX task_assignees_user_id_idx ON task_assignees (user_id);

CREATE TABLE subtasks (
    id uuid PRIMARY KEY,
    task_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
    title text NOT NULL CHECK (title <> ''),
    is_completed boolean NOT NULL DEFAULT false,
    rank text COLLATE "C" NOT NULL CHECK (rank <> ''),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT subtasks_task_id_rank_key UNIQUE (task_id, rank) DEFERRABLE INITIALLY IMMEDIATE
);

-- The board's log: actor and task are names without a key, for it outlives both.
CREATE TABLE events (
    board_id uuid NOT NULL REFERENCES boards ON DELETE CASCADE,
    seq bigint NOT NULL CHECK (seq > 0),
    type text NOT NULL,
    actor_id uuid,
    task_id uuid,
    payload jsonb NOT NULL,
    changes jsonb NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (board_id, seq)
);
CREATE INDEX events_task_id_idx ON events (board_id, task_id, seq) WHERE task_id IS NOT NULL;

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint,
    headers jsonb,
    body text,
    at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_at_idx ON idempotency_keys (at);
"""

DOWN = """
DROP TABLE idempotency_keys, events, subtasks, task_assignees, tasks, columns, board_users, boards,
    sessions, users;
DROP FUNCTION check_board_has_creator();
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes the tables."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes the tables away, all data with them."""
    return DOWN


# The models as of this migration, by which `aerich migrate --offline` finds what has changed since.
MODELS_STATE = (
    "eJztXW1vEzkQ/itWPoEUUEkL5Y7TSWkpXA5ITjTcIRBanF038XVjh7W3peL472d739+SeLNNN6klXlJ7xus8s7Zn"
    "Ho/dH505dZDLHp8jxjAlnV/Bjw6BcyQ+5Ku6oAMXi6RCFnA4cZUsC4RUIZww7kGbi/IL6DIkihzEbA8vePCIzogg"
    "wPCUPMLkBeAzBDi9RATIBzOAeRcwKoohB4g4mExFkfzEEtHH8jkOtcWDRH1zTfoEf/ORxekUiQpPNPz5iyjGxEHf"
    "EYt+XFxaFxi5TgYt7MgGVLnFbxaq7MOHwctXSlJ2d2LZ1PXnJJFe3PAZJbG472PnsdSRdVNEkAc5clIwEt91Q8Sj"
    "oqDHooB7Poq76iQFDrqAviuN0fntwie2tAFQT5L/HP0edi0lZlnD0dg6PxtbVqdgO9mFHPZhkS3ML+yOCZdA/fgZ"
    "tJsAoko78gGnf/TfPzh89lBBQBmfeqpSwdX5qRQhh4GqAj1B2faQxMSCvIj2S1HD8RyVI57VzCHvhKqPow91LBAV"
    "JCZIXv8I3Ai+7QI+Hrw7Ox/33/0lm58z9s1VePXHZ7Kmp0pvcqUPAvtQMZKDIR43Av4ZjP8A8kfwaTQ8y1sxlht/"
    "6sg+QZ9Ti9BrCzppTKLiqEiIJmZG3xdYNFfDzFlNY+ZWm9lDV2LqrTOas5oNmDmcLY2Vm7eyz5BnQYF/iZXH6Dsv"
    "t3BWK2dhAdWeDd2zj+OMPYd/99+rdfJd/+PDjE3fjoavI/HEoMPTt6MTtXjmgNfzS1IqTTon7QV+hS8i3b2Ly1JX"
    "REJVhPYV9ZBwQ9+gGwXwQPQDEhuVABq61x/CZnYT0qQ0mUM9eB37x+kXSnx38Y0RV9/+tH9+2n951lEIT6B9eQ09"
    "x8pALWtoj+ZKYtli1bw3z5dAIqYQJ/wWss9p1EuCncga1ZGO/EJrhjl9sBCylHQB9QAEC49OPTgPwhChyABkgBJU"
    "DGZ0FE3I0oJporskZJEvjPqsufhFOmbpq7H06QJuwN4AbDSH2NVBO1YwcNeAewEZu6ZiBZxBNtOBvaBo4K8BP7wS"
    "M71n+Z7WK5/VMsDXAB4zEXXOMSnCfkKpiyCp8FtSajncJ0LvtoCPS7aL/Mlo9DaD/MkgD+2Hdydn7x88UWYQQjhw"
    "yAfDcQnewve6KllIVwIe620R8ch73FnAr4TTH+60ZOEekIpZJaWRAxoHvMlt4PzklkAWnRX/Peo9OTo+en747Oi5"
    "EFG9jEuOl9ihCKfZK6g1de8CvVigZapZhOR9iPYoWcl8Fqq+evMeuZCXD6nifuhuWr3A2WRGzYRKCBXLsSFQJ7Kl"
    "PaO3MlBxyC43BWks2tjZ7YnV8Fgi5MBTglATOPXDtvbpfbpNklMNwE4JyxlUdJfRnGoaWJvnVNIvwNevDH37+hXY"
    "1BffG2DxF10h8bErqtTrQPz5BHlCBAepFy5kHASFYCpcRgI4BRBI2TJa9NaeY1jUlrOoHHNXi9GLFUysXSPWTndT"
    "A/ScmoG+Hs2x8CcutvXD7kTPEB0acbfAkJZs5Va/5rFCrRe8nb7c1t7vS3Sjg3UobqaSGlALL6lkEsHTSj4pVNge"
    "l3RwS0iHXNIvvd7h4XHv4PDZ86dHx8dPnx/EpFKxahm7dDJ4LeeNDOLFiSTlemqQeDmtvQG/MSLP8KKNwml40VoT"
    "9C7wopl9Ss+eiUi3jp1zqia9tm12rsV/G2a3sy51GQyFTWE6DQbUnmK0RfZ7Z/Ex9Pdd099Vib6ZKWwFDW7VyPkF"
    "4g8M+Orq/N68UAkL/TnogqqVvf1iaOk20dIe1WOlI3lDZ9SgM/6lmNTyZzOKJmxpnTtbzD/Qm73SOubYkjkF1jSc"
    "S06BxavzhsfA4i353QR15Tmw9BAtPwiWf2cbAHXPQtQ8plVn64Yj0D8dD0bDuzpddxrNJAW3OwmJq33uMPhe198O"
    "xAG9iFxplR/CIfdZkP9xrY7NqVwPMEE2lTeCCJ8TEY684CqQMg+9qWZLffrAaMHcIZBMOfkeJJfGyW+Xk29yT7bq"
    "5qshoIF2JG/ArgG2yX3YJtqKE3TxHJeEsMv3h2OlWvuZLYO96R1NBY6FmTUrdcaXpk0VdE3qlEbqVOAQ6cwfiYaZ"
    "QPQnEJMK0ejEYcgmw460IZJfzY6ss8FvdmS3u8F47k8k5J2yS1PDqu7SS1MDobWZDsbRIiAkqs7HlEiU8g9R3wzb"
    "YNiGdo7kbR63sOl8ISdc3dAhr2oiB43IwbA8JmzY1bBBMTJ6q2FKxQQNy4OGyDnZMGbYM0+2mwsZUi9Umy7WHFc4"
    "xOOV3rCWKyyFX4AoT70rr/OfQQYIBXKdKHON19DQ3KoLj+yoQjve1zQudftcau0jWXdxGmuH+HYTopjD+PcD+q1G"
    "Kfd8b8MRa69+bm+iZY6ptTmvd+Fh6mGudfY/rWOmrzoXAGx7e/a+A27SaQyttbO0lrkY4F6sxP7CqWnmrKYxc6vN"
    "HG9N1RnPOV3jWrfZ0uamj3tiZ19YR/csX0ZpA+p4d+yqcTbS5P81DGgAkyaiGSUDqUmp3P6B02T/bkNY9+7Onzyu"
    "mcFadey0uGo1AO2ap3nbuVCtxDWzTusf501xfmFW6aa/5iLJYN2TN7mYwmNuZ7q75OkMZhUJI2lMlyeOJKZUsutf"
    "03Q9o+CaepcsuIspyBJxEbySR7jlbw5Q6whAxGEVB8XrN7Q0Ndvc9tS+PBITLjQcLphESnPVT7vgNHmpt5SXWhEd"
    "mJt+NrnppzSWNQxBUwzB3aRQ95GH7VmZTxzWLPWGYSKzyguuRrThX4dVuR1fuvCU7MSH5tvMA219gm2141mZ6HA6"
    "g55upsNuZvKI8fLdchGZcjk0ek+fLgE0Si0RUrntmijrpBfU5X6ztxhUGgiH4nuI7pODgzXQFVKV6Kq6/NYA4YiU"
    "7FD+eT4aVm0MxCr5nUlsc/AfcDHbxXz8JeBKMDL7kYU8qXxKVM6PlQ2clDmy21zMfv4PTyOjmw=="
)
