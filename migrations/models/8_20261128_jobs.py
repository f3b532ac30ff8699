"""Let an account leave an empty row, boards be told afterwards, and events hold ids of people only.

A deleted account keeps its row, blanked, so that its id belongs to nobody else: ``deleted_at`` tells.
``tellings`` are the boards that still show somebody as they were; ``jobs`` is what is worked off behind
the requests. Taken back, the empty rows become disabled accounts that nobody can sign in to: the
release before knows none without a name, and what waits is told by nobody.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
ALTER TABLE users
    ALTER COLUMN username DROP NOT NULL,
    ALTER COLUMN name DROP NOT NULL,
    ALTER COLUMN email DROP NOT NULL,
    ALTER COLUMN password_hash DROP NOT NULL,
    ALTER COLUMN avatar_url DROP NOT NULL,
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN profile_changes integer NOT NULL DEFAULT 0, -- within the present hour
    ADD COLUMN profile_changes_until timestamptz, -- the end of that hour
    ADD CONSTRAINT users_empty_when_deleted CHECK (CASE WHEN deleted_at IS NULL
        THEN num_nulls(username, name, email, password_hash, avatar_url) = 0
        ELSE num_nonnulls(username, name, email, password_hash, avatar_url) = 0
            AND NOT is_active AND NOT is_admin END);

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    key text NOT NULL, -- what it is about
    payload jsonb NOT NULL,
    run_at timestamptz NOT NULL, -- infinity: it has failed too often
    attempts integer NOT NULL DEFAULT 0,
    taken_until timestamptz, -- somebody is at it until then
    error text -- the kind of the last failure
);
CREATE UNIQUE INDEX jobs_unfinished ON jobs (name, key) WHERE run_at < 'infinity';
CREATE INDEX jobs_run_at_idx ON jobs (run_at);

-- No foreign keys: boards are not to be locked by it, and what is of none of them is thrown away.
CREATE TABLE tellings (
    board_id uuid NOT NULL,
    user_id uuid NOT NULL,
    actor_id uuid NOT NULL, -- who has changed or deleted the account
    PRIMARY KEY (board_id, user_id)
);
CREATE INDEX tellings_user_id_idx ON tellings (user_id, board_id);

-- So that the boards of an author are found without looking at each task.
CREATE INDEX tasks_author_id_board_id_idx ON tasks (author_id, board_id);
DROP INDEX tasks_author_id_idx;

CREATE FUNCTION face(user_id uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('id', x.id, 'username', x.username, 'name', x.name,
            'avatar_url', x.avatar_url)
        FROM users x WHERE x.id = user_id AND x.deleted_at IS NULL);
END $$;

-- Where somebody is named by id, puts in how they are shown today; the id alone for who is gone.
CREATE FUNCTION with_face(thing jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN thing || jsonb_build_object('user', coalesce(face((thing #>> '{user,id}')::uuid),
        jsonb_build_object('id', thing #> '{user,id}')));
END $$;

-- A task has no author and no assignees but those who are there.
CREATE FUNCTION with_faces_of_task(task jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF task ? 'author' THEN
        task := task || jsonb_build_object('author', face((task #>> '{author,id}')::uuid));
    END IF;
    IF task ? 'assignees' THEN
        task := task || jsonb_build_object('assignees', (
            SELECT coalesce(jsonb_agg(f.face ORDER BY a.place), '[]')
            FROM jsonb_array_elements(task -> 'assignees') WITH ORDINALITY a (person, place)
            CROSS JOIN LATERAL (SELECT face((a.person ->> 'id')::uuid)) f
            WHERE f.face IS NOT NULL));
    END IF;
    RETURN task;
END $$;

-- An event's payload as it is read: stored are the ids of people only.
CREATE FUNCTION with_faces(payload jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF payload ? 'user' THEN
        payload := with_face(payload);
    END IF;
    IF payload ? 'person' THEN
        payload := payload || jsonb_build_object('person', with_face(payload -> 'person'));
    END IF;
    IF payload ? 'people' THEN
        payload := payload || jsonb_build_object('people', (
            SELECT coalesce(jsonb_agg(with_face(person) ORDER BY place), '[]')
            FROM jsonb_array_elements(payload -> 'people') WITH ORDINALITY p (person, place)));
    END IF;
    IF payload -> 'task' ?| '{author,assignees}' THEN
        payload := payload || jsonb_build_object('task', with_faces_of_task(payload -> 'task'));
    END IF;
    IF jsonb_path_exists(payload, '$.tasks[*] ? (exists(@.author) || exists(@.assignees))') THEN
        payload := payload || jsonb_build_object('tasks', (
            SELECT jsonb_agg(with_faces_of_task(task) ORDER BY place)
            FROM jsonb_array_elements(payload -> 'tasks') WITH ORDINALITY t (task, place)));
    END IF;
    RETURN payload;
END $$;
"""
DOWN = """
DROP FUNCTION with_faces(jsonb);
DROP FUNCTION with_faces_of_task(jsonb);
DROP FUNCTION with_face(jsonb);
DROP FUNCTION face(uuid);
CREATE INDEX tasks_author_id_idx ON tasks (author_id);
DROP INDEX tasks_author_id_board_id_idx;
DROP TABLE tellings;
DROP TABLE jobs;
ALTER TABLE users DROP CONSTRAINT users_empty_when_deleted;
UPDATE users SET username = 'deleted-' || replace(id::text, '-', ''), name = 'deleted',
    email = 'deleted-' || id || '@invalid', password_hash = '',
    avatar_url = '/users/' || id || '/avatar.svg'
WHERE deleted_at IS NOT NULL;
ALTER TABLE users
    DROP COLUMN deleted_at,
    DROP COLUMN profile_changes,
    DROP COLUMN profile_changes_until,
    ALTER COLUMN username SET NOT NULL,
    ALTER COLUMN name SET NOT NULL,
    ALTER COLUMN email SET NOT NULL,
    ALTER COLUMN password_hash SET NOT NULL,
    ALTER COLUMN avatar_url SET NOT NULL;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes room for it."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it back."""
    return DOWN


MODELS_STATE = (
    "eJztXW1v2zgS/iuEP3WBbJE6adPbLg6w03TXt619SNy93e0WCi3RNi8y6YpU0qDX/34k9S"
    "5Ttik7juwQKJqE5Ej0M3wZPjNDf2vNqId89vwKMYYpaf0EvrUInCHxS7nqCLTgfJ5VyAIO"
    "R75qy6JGqhCOGA+gy0X5GPoMiSIPMTfAcx69ojUgCDA8IT9icgRoAKj4G7queAbg9AaRnw"
    "AiHiYTwKcIBPRO/snA3RRydIsCIDvIAObP5ds86orXicbbfPDf5G8yGANICtJH4PoafZ3j"
    "ADEH8utrgEVjMsYE83uAx0IQEPWcuJHqX0jwlxA5nE6QeGkgevnpsyjGxENfEUv+nN84Y4"
    "x8r6AA7MkHqHKH389V2cePvbfvVEv52UeOS/1wRrLW83s+pSRtHobYey5lZN0EERSIj+rl"
    "NENC34+VmBRFPRYFPAhR2lUvK/DQGIa+1G/r53FIXKlWoN4k/zv9Z9y1XDPH6Q+GztXF0H"
    "FaC8NBdqGkyLjIFSNKDCVMuATq2/fouRkgqrQlX3D+a+fy2cmrHxQElPFJoCoVXK3vShBy"
    "GIkq0DOU3QBJTIRGF9F+K2o4niE94kXJEvJeLPo8+aWOBpKCTAXZjErATeDbLeDD3oeLq2"
    "Hnw7/l42eMffEVXp3hhaxpq9L7UumzSD9ULA7RqpE+BPynN/wVyD/BX4P+RVmLabvhXy3Z"
    "Jxhy6hB650Avj0lSnBSJppmas4lrquaipFVzo9UcoFuxVNeZzUXJLag5Xi2tlrev5ZChwI"
    "ECf42Wh+gr12u4KFXSsIDqwKbuxR/Dgj77v3cu1T75ofPHDwWdvh/0f0maZwrtn78fdNXm"
    "mQGv7CBnCtl0EfguJjC410NflCtBP7rniB3UhOpK5PLYC+i7vX7n8k89+En7/Dzp/jm86J"
    "TgVz8NRnzSvtZY3x+4H2SoM5fOjcBOBSza5miPKAw8B3tsEfFOEMCKZaUgVYLdx4wfFO7y"
    "LPPpcwk3HzLuiI2tjsVTlrU2T+NtHjNKICeyTV6guUpdQQNIpmV8o2UBJFSL0L6jAcIT8h"
    "uK1p+e6Ackrm6Rj8myj/Fj9hPSrDSbygG8S6mp/IASn118YsTVpz/vXJ133l60FMIj6N7c"
    "yXW5ALWsoW1aKknbLlbN2rNyCSTCevfiTyH7nEddQ10m2qjmLeUHWpO07IC5aEsjYhGCeU"
    "AnAZwBPoUcCEEGIJN84xtAx6I6wsaT/CENCRc1/r1iHdFszu8V94gZ8NFYw2I+6JssH9mA"
    "hehoCR8ph6SpnZ+XsdanufWZ4OfcoPs6uCdyFvvNsHfouC78sajVgLkGLKuwO6zRDGLfBO"
    "xUwKJtjvYcMnZHhXmpZyyrUV8QtOibow9vhY0TOGFgNOCLUhZ3c9wxc6A3w0RD0VPqI0gq"
    "DPacWJmhF3IPdaxNS3ZM0Q8G7wvId3tlaD9+6F5cPnuh1CAa4eis2+sPNXiLQ8etZhNdCX"
    "gqt0PEk2PT3gJ+K47HcUhSEe4eqVhUchIloDFZhyWuhfOLBwJZdFb8+LH94vTs9PXJq9PX"
    "oonqZVpytkQPi3DaCJhaS/e+EcgxUVRDzUVJ6yZospbnAR1jHznuFJIJ0rjTKtdIjeTu1s"
    "rjPVkrSyA5IeG689zy+VT5EDu1mja1FlxG1R6OXOhAHA2tmX3dWPTdb5fIh1xvkyxGXu/n"
    "trngT9K4/JUHZkOguvJJB+Z6K4ZdQXazKUhD8Yy9XT9Ww+NAJiP/EdoGTp34WYc0nh7SAa"
    "smYEvjgY0qjpa5YNUysLYPVrV+A66vGfpyfQ2Uy1OmbDCAbpH4VeZoqOFAwtkIBVGShvSG"
    "ymAXEBWCiThzE8ApgEC21XlgH+w91v+6C9tiA/8rx9w3coekAjaiuAZZme+mAeglMQt9PZ"
    "54Ho587JrzlpmcZYoNiEuBIdWEmVUP81TA+kHMx7dhMMcmMRxPfSkRVpJmEcGTSrIpFjgY"
    "gukf7fbJyVn7+OTV65enZ2cvXx+nTNNi1TLKqdv7Ra4bBcQXF5Kc6WnA8JWkDgb8rbF71r"
    "G0VTitY6nWAr0PvGghziNwp+KkW0fPJVHLfzdNz7X4b8vsttalLqOpsClM59GEOlCMdsh+"
    "7y0+lv5+bPq7KgmpsIStoMGdGvlIQPyDEV9dnUpUbqRhoT9FXVC1srefLS3dJFo6oGasdN"
    "Le0hk16Iz/Ukxq2bMFQXtsaZw5q7tywGT1ysvYlGpNJpfNUH+oDPV0d94wRT11ye8nqCtz"
    "1PNTVJ+kXh6zWwD1wI6oZUyr8v77A9A5H/YG/cfK/D9PVpIFszs7Elfb3PHhe117O2oeZd"
    "1n8SEc8pBF8R93KkNfxXqAEXKpvE1U2JyIcCTVoL2ydHuP1dr0kdKitUMgmTPyA0hurJHf"
    "LCPfxp7s1MxXU8AA7aS9BbsG2Db2YZdoK07QxzOsOcIu9w+nQrX8mQ2DfdseTQWOg5kz1R"
    "rjS8OmFmRt6JRB6FRkEJmsH5mEXUDMFxAbCrHVhcOSTZYdacJJfjU7so6D33pkd+tgvApH"
    "EvKW7utZ4qqjpV/PEjVam+lgHM0jQqIqP0bTQss/JH2zbINlG5o5k3eZbuHS2VxdpWB4dC"
    "iL2pODwcnBsjz22LCvxwbFyJjthjkRe2hYfmhIjJMNzwwHZskelY4MuQHVpEu/hxUG8XCl"
    "NWxkCsvGb0ASp34kv+RvChkgFMh9QmcaryFh6KqLU3ZUoZv6Na1J3TyT2jgl6zGysfaIb7"
    "dHFJuM/zSg3+kp5Yn7Njyx99a4BTGVsmlqTY7rnQeYBpgb5f7nZezyVecCgF27Z5864Dac"
    "xtJae0tr2YsBnsROHM69mmouSlo1N1rNqWuqznwuyVrTusmatjd9PBE9h0I7prl8BaENqO"
    "P90atBbqSN/9syoBFMhogWhCykNqRy9wmnmf9uQ1gP7s6fMq6FyVqVdrq4a20B2jWzeZu5"
    "Ua3EtbBPm6fz5ji/OKp006+5yCJYD2QkL4bw2NuZHi94uoBZRcBIHtPlgSOZKlXb9a9pup"
    "tScEeDGxbdxRRFifgI3soUbvnNAWofAYh4rCJRvP6DloZm29uemhdHYo8LWz4u2EBKe9VP"
    "s+C0cakPFJdacTqwN/1sctOP9ixrGYJtMQSPE0LdQQF2pzqbOK5Zag3DrM0qK7ga0S1/HV"
    "alO1678Wg88bH6NrNAGx9gW214VgY6nE9hYBrpsJ+RPGK+fHV8RCZcTo32y5dLAE1CS0Sr"
    "krsmiTppR3VF80lOKgOE4+YHiO6L4+M10BWtKtFVdWXXAOGIaDyU/7oa9KscA6lI2TOJXQ"
    "7+B3zM9jEefwm4EoyCP3IhTqocElWyY+UDujpDdpeb2ff/Awau6a8="
)
