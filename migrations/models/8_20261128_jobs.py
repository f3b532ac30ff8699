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
    "5Ttik7juwQKJqEnJHoZ/gyfGZIf2vNqId89vwKMYYpaf0EvrUInCHxS7nqCLTgfJ5VyAIO"
    "R76SZZGQKoQjxgPoclE+hj5DoshDzA3wnEevaA0IAgxPyI+YHAEaACr+hq4rngE4vUHkJ4"
    "CIh8kE8CkCAb2TfzJwN4Uc3aIAyAYygPlz+TaPuuJ1QnibD/6b/E0GYwBJQfsIXF+jr3Mc"
    "IOZAfn0NsBAmY0wwvwd4LBQBUc+JhVT7QoK/hMjhdILESwPRyk+fRTEmHvqKWPLn/MYZY+"
    "R7BQNgTz5AlTv8fq7KPn7svX2nJOVnHzku9cMZyaTn93xKSSoehth7LnVk3QQRFIiP6uUs"
    "Q0Lfj42YFEUtFgU8CFHaVC8r8NAYhr60b+vncUhcaVag3iT/O/1n3LScmOP0B0Pn6mLoOK"
    "2F7iCbUDJkXOSKHiW6EiZcAvXte/TcDBBV2pIvOP+1c/ns5NUPCgLK+CRQlQqu1nelCDmM"
    "VBXoGcpugCQmwqKLaL8VNRzPkB7xomYJeS9WfZ78UscCSUFmgmxEJeAm8O0W8GHvw8XVsP"
    "Ph3/LxM8a++AqvzvBC1rRV6X2p9FlkHyomh2jWSB8C/tMb/grkn+CvQf+ibMVUbvhXS7YJ"
    "hpw6hN450MtjkhQnRUI0M3M2cE3NXNS0Zm60mQN0K6bqOqO5qLkFM8ezpbXy9q0cMhQ4UO"
    "CvsfIQfeV6Cxe1ShYWUB3Y0L34Y1iwZ//3zqVaJz90/vihYNP3g/4viXhm0P75+0FXLZ4Z"
    "8MoPcqaQTReB72ICg3s99EW9EvSje47YQQ2orkQuj72Avtvrdy7/1IOfyOfHSffP4UWnBL"
    "/6adDjE/lafX1/4H6Qrs5cOjcCO1WwaJujPaIw8BzssUXEO0EAK6aVglYJdh8zflC4y73M"
    "p88l3HzIuCMWtjoeT1nX+jyN93nMKIGcyjZ5geYadQUNIJmW8Y2WBZBQLUL7jgYIT8hvKJ"
    "p/eqIdkLi6ST4myz7Gj9lPSLPSbCgH8C6lpvIdSnx28YkRV5/+vHN13nl70VIIj6B7cyfn"
    "5QLUsoa2aakklV2smrVn5RJIhPfuxZ9CtjmPuoa6TKxRzVvKD7QmadkBcyFLI2IRgnlAJw"
    "GcAT6FHAhFBiCTfOMbQMeiOsLGk/whDQkXNf69Yh3RbM7vFfeIGfDRWMNiPuibLB/ZgIno"
    "aAkfKbukqZ+f17Hep7n3afdVu8MazSD2TcBOFSza5mjPIWN3VCywes6mGvUFRYu+OfrwVs"
    "zygRMGRh2+qGVxN8cdM7GzmmGiISkp9REkFS5LTq3MUQq9h3Ls05Idk5SDwfsC8t1eGdqP"
    "H7oXl89eKDMIIRx5+73+UIO3cLtuNYvoSsBTvR0injiOewv4rdggxEkZRbh7pGJSyWmUgM"
    "ZkHZ6sFs4vHghk0Vjx48f2i9Oz09cnr05fCxHVyrTkbIkdFuG0OQC1pu59o9DirXINMxc1"
    "LVHaZCvPAzrGPnLcKSQTpAkoVM6RGs3dzZXHezJXlkByQsJ1+7nl46nyIXZoNW1oLZDm1R"
    "xvLnga54NqRl83Vn332yXyIdf7JIu5p/u5bC4w6pqgp+KgNwSqK590YMGHYuIJZDebgjQU"
    "z9jb+WM1PA5kMvcZoW3g1ImfdUj96SFDUGoAtjQxqKjiaFkQSk0Da0ehlPQbcH3N0Jfra6"
    "CCPjJpnQF0i8SvMktddQcSzkYoiNLUZTxIhvtBVAgmYs9NAKcAAimri0E92HtsBGoXvsUG"
    "ESiOuW8UDkkVbE5lDbIy30wD0EtqFvp6PPE8HPnYNectMz3LFBsQlwJDqkm0qe7mqYKNg5"
    "j37xt0b4J1LG6nkjrpwuiLZhLBk0qyKVY4GILpH+32yclZ+/jk1euXp2dnL18fp0zTYtUy"
    "yqnb+0XOGwXEFyeSnOtpwPCVtA4G/K2xezawtFU4bWCp1gS9D7xoIc8jcKdip1vHziVVy3"
    "83zc61+G/L7LbWpS6jobApTOfRgDpQjHbIfu8tPpb+fmz6u+oYRmEKW0GDOzVOZADxD0Z8"
    "dfVhirKQhoX+FDVB1crWfra0dJNo6YCasdKJvKUzatAZ/6WY1PJnC4p229I4d1Z36Npk9s"
    "rr2EOlpVFjz+g+5BnddHXe8JBuGpLfT1BXntLND1H9Md1yn90CqAe2RS1jWnXyuT8AnfNh"
    "b9B/rLPP58lMsuB2Z1viap873nyv629H4tG54yw/hEMesij/406dUVa5HmCEXCrvUxQ+Jy"
    "IcSTNoL23c3mO1Pn1ktGjuEEjmnPwAkhvr5DfLybe5Jzt189UQMEA7kbdg1wDb5j7sEm3F"
    "Cfp4hjVb2OXx4VSpVjyzYbBvO6KpwHEwc6ZaZ3xp2tSCrk2dMkidihwik/kj07ATiPkEYl"
    "MhtjpxWLLJsiNN2MmvZkfWCfDbiOxuA4xX4UhC3tJ9QUVcdbT0CyoiobWZDsbRPCIkqs7H"
    "aCS0/EPSNss2WLahmSN5l8ctXDqbq6sUDLcOZVW7czDYOViWx24b9nXboBgZs9Uwp2I3Dc"
    "s3DYlzsuGe4cA82aPSliHXoZp07fGwwiEervSGjVxhKfwGJHnqR/JrzqaQAUKBXCd0rvEa"
    "GoahuvjIjip007imdamb51IbH8l6jNNYe8S32y2KPYz/NKDf6S7licc2PLH21rgFMdWyx9"
    "SanNc7DzANMDc6+5/XsdNXnQsAdh2efeqA23QaS2vtLa1lLwZ4EitxOPdqmrmoac3caDOn"
    "oak647mka13rJlva3vTxROwcCuuYnuUrKG1AHe+PXQ3ORtr8vy0DGsFkiGhByUJqUyp3f+"
    "A0i99tCOvB3flTxrUwWKuOnS6uWluAds3TvM1cqFbiWlinzY/z5ji/OKt006+5yDJYD6Qn"
    "L6bw2NuZHi95uoBZRcJIHtPliSOZKZXs+tc03U0puKPBDYvuYoqyRHwEb+URbvnNAWodAY"
    "h4rOKgeP0HLU3Ntrc9NS+PxG4XtrxdsImU9qqfZsFp81IfKC+1Yndgb/rZ5KYf7V7WMgTb"
    "YggeJ4W6gwLsTnU+cVyz1BuGmcwqL7ga0S1/HVZlOF678Ggi8bH5NvNAG59gW+14ViY6nE"
    "9hYJrpsJ+ZPGK8fHV8RCZcDo32y5dLAE1SS4RUKVyTZJ20o7qi+yQHlQHCsfgBovvi+HgN"
    "dIVUJbqqrhwaIBwRTYTyX1eDflVgIFUpRyaxy8H/gI/ZPubjLwFXglGIRy7kSZVTokp+rH"
    "xAV+fI7nIx+/5/Fw70qg=="
)
