"""Let people comment on tasks, and react to comments.

A comment names its task without a foreign key: it outlives the task, unseen, and is there again
when the deletion of the task is taken back. So a task with a thousand long comments is deleted
without a word of them in the log, and also by a release that knows nothing of comments. Taken back,
comments and their ids are gone.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

TABLES = """
CREATE TABLE comments (
    id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    task_id uuid NOT NULL, -- which may be gone
    author_id uuid REFERENCES users (id),
    author_name text, -- of an imported comment
    body text NOT NULL,
    mentions jsonb NOT NULL DEFAULT '[]',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    UNIQUE (id, board_id)
);
CREATE INDEX comments_task_id_idx ON comments (task_id, created_at, id);
CREATE INDEX comments_board_id_idx ON comments (board_id, created_at, id);
CREATE INDEX comments_author_id_idx ON comments (author_id, board_id);

CREATE TABLE comment_reactions (
    id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    comment_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    emoji text NOT NULL CHECK (char_length(emoji) BETWEEN 1 AND 8),
    FOREIGN KEY (comment_id, board_id) REFERENCES comments (id, board_id),
    UNIQUE (comment_id, user_id, emoji)
);
CREATE INDEX comment_reactions_board_id_idx ON comment_reactions (board_id, comment_id);
CREATE INDEX comment_reactions_user_id_idx ON comment_reactions (user_id, board_id);

-- How many bytes of text a board has in its comments, so that nobody has to add them up.
CREATE TABLE comment_sizes (
    board_id uuid PRIMARY KEY REFERENCES boards (id) ON DELETE CASCADE,
    bytes bigint NOT NULL
);
CREATE FUNCTION note_added_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO comment_sizes AS s (board_id, bytes)
        SELECT board_id, sum(octet_length(body)) FROM added GROUP BY board_id
        ON CONFLICT (board_id) DO UPDATE SET bytes = s.bytes + excluded.bytes;
    RETURN NULL;
END $$;
CREATE FUNCTION note_removed_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE comment_sizes s SET bytes = s.bytes - r.bytes
        FROM (SELECT board_id, sum(octet_length(body)) AS bytes FROM removed GROUP BY board_id) r
        WHERE s.board_id = r.board_id;
    RETURN NULL;
END $$;
CREATE FUNCTION note_changed_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE comment_sizes s SET bytes = s.bytes + c.bytes
        FROM (SELECT board_id, sum(bytes) AS bytes FROM (
                SELECT board_id, octet_length(body) AS bytes FROM added
                UNION ALL SELECT board_id, -octet_length(body) FROM removed) b
            GROUP BY board_id) c
        WHERE s.board_id = c.board_id;
    RETURN NULL;
END $$;
CREATE TRIGGER comments_note_added AFTER INSERT ON comments REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION note_added_comments();
CREATE TRIGGER comments_note_removed AFTER DELETE ON comments REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION note_removed_comments();
CREATE TRIGGER comments_note_changed AFTER UPDATE ON comments
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_comments();

CREATE FUNCTION with_faces_of_comment(comment jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF comment ? 'author' THEN
        comment := comment
            || jsonb_build_object('author', face((comment #>> '{author,id}')::uuid));
    END IF;
    IF comment ? 'mentions' THEN
        comment := comment || jsonb_build_object('mentions', (
            SELECT coalesce(jsonb_agg(m.one
                || jsonb_build_object('user', face((m.one #>> '{user,id}')::uuid))
                ORDER BY m.place), '[]')
            FROM jsonb_array_elements(comment -> 'mentions') WITH ORDINALITY m (one, place)));
    END IF;
    RETURN comment;
END $$;
"""


def _with_faces(more: str = "") -> str:
    """Write the function that puts people's faces into what an event tells, as it was, or more."""
    return f"""
CREATE OR REPLACE FUNCTION with_faces(payload jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
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
    IF payload -> 'task' ?| '{{author,assignees}}' THEN
        payload := payload || jsonb_build_object('task', with_faces_of_task(payload -> 'task'));
    END IF;
    IF jsonb_path_exists(payload, '$.tasks[*] ? (exists(@.author) || exists(@.assignees))') THEN
        payload := payload || jsonb_build_object('tasks', (
            SELECT jsonb_agg(with_faces_of_task(task) ORDER BY place)
            FROM jsonb_array_elements(payload -> 'tasks') WITH ORDINALITY t (task, place)));
    END IF;{more}
    RETURN payload;
END $$;
"""


_OF_COMMENTS = """
    IF payload -> 'comment' ?| '{author,mentions}' THEN
        payload := payload
            || jsonb_build_object('comment', with_faces_of_comment(payload -> 'comment'));
    END IF;
    IF jsonb_path_exists(payload, '$.comments[*] ? (exists(@.author) || exists(@.mentions))') THEN
        payload := payload || jsonb_build_object('comments', (
            SELECT jsonb_agg(with_faces_of_comment(comment) ORDER BY place)
            FROM jsonb_array_elements(payload -> 'comments') WITH ORDINALITY c (comment, place)));
    END IF;"""

UP = TABLES + _with_faces(_OF_COMMENTS)
DOWN = f"""
{_with_faces()}
DROP FUNCTION with_faces_of_comment;
DROP TABLE comment_sizes;
DROP TABLE comment_reactions;
DROP TABLE comments;
DROP FUNCTION note_added_comments;
DROP FUNCTION note_removed_comments;
DROP FUNCTION note_changed_comments;
DELETE FROM used_ids WHERE kind = 'comment';
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes the tables."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that drops them."""
    return DOWN


MODELS_STATE = (
    "eJztXetu2zgWfhXCf7YDZIM2bafddrGAk6YznmmTRePuzkynUGiLtjmRKVeikhrdvvuS1F"
    "2ibFOWHVk5QC8JyUPL3yGpc+e33ty1ieMfXxHfpy7rvULfegzPifih2HWEenixSDtkA8cj"
    "R431w0GqEY987uExF+0T7PhENNnEH3t0wcOP6F0ygiKKI+R6yBW/4/FYtCDu3hD2ChFmUz"
    "ZFfEaQ597JX310N8Oc3BIPeWRCPDkUUX4sP9F2x+IjBUHTk//J/mRvxRyY5aY4QtfX5OuC"
    "esS3ML++RtRHlE0oo3yJ6ERQIqYmiwaphwwY/RIQi7tTIj7ZE4/66bNopswmX4kf/7q4sS"
    "aUOHaOE9SWE6h2iy8Xqu3jx8Gbt2qkBGBkjV0nmLN09GLJZy5LhgcBtY8ljeybEkY88X3t"
    "DItY4DgRN+Om8IlFA/cCkjyqnTbYZIIDRzK6989JwMaSv0h9kvzn2b+iR8sMs6yLy6F1dT"
    "60rF5pXchHKHAzahqLpSXWFGVcAvXtezhvCohq7ckPOPu5/+HR0x9/UBC4Pp96qlPB1fuu"
    "CDHHIakCPUV57BGJieBoGe03oofTOdEjnqcsIG9HpMfxD3U4EDekLEi3VgxuDN9+AR8O3p"
    "9fDfvv/y2nn/v+F0fh1R+ey54T1bostD4K+eOKUyI8PpJJ0H8Hw5+R/BX9cXlxXuRiMm74"
    "R08+Ew64azH3zsJ2FpO4OW4SQ1M2pxvXlM15SmBzq9nskVtxVNfZzXnKBtgcnZbA5ea5HP"
    "jEs7DAX8PlIfnK9RzOUxU4LKDq2NY9/22Y4+fFf/of1Hvyff+3H3I8fXd58VM8PGXoxdm7"
    "y1P18kyBV3KQNcP+rAz8KWXYW+qhz9MVoB8tOfE7taFOJXJZ7AX0p4OL/off9eDH47P75P"
    "T34Xm/AL/632DFx+NrrfXDgXsnS90fuwsjsBMCQNsc7ZGLPduitl9GvO95uOJYyVEVYHeo"
    "zzuFu9RlPn0u4OZgn1vixVZH4inSgszTepnHzCSQIWnSLtBepq4xA0hLy+RGawWQUJWhfe"
    "t6hE7ZryQ8fwbiOTAb6w75yGr2MZrmMCFNW9Ot7OG7xDSVXVDiu4tvTLj69mf9q7P+m/Oe"
    "QniExzd38lzOQS173BO30JKMLXfNT+bFFsyE9G5H30I+cxZ1jQ0z5ka1AVN+oQ2tl320EG"
    "Mj6yJGC8+deniO+AxzJAh9hH1pdHyN3InoDrGxpf3QDRgXPc5SmR7JfMGXygBJfeSQicaU"
    "udNPAntkCw6ioxX2SLkkTeX8LA1In+bSZ4yfdUOWdXCP6QD77bC33Eld+CNS4IA5B8CqsD"
    "+syRxTxwTshADQNkd7gX3/zhXipd5iWY16iRDQN0cf3woZx7MCz2jB56kAd3PcqW9he06Z"
    "xkTvug7BrEJgz5AVLfSCbldqbdKyZxP95eW7HPKngyK0H9+fnn949ESxQQyioa47uBhq8B"
    "ZKx63mJboW8IRuj4jHatPBAn4r1OMoNikP94BVHCoZigLQlG1iJa6F85MdgSweVvz395Mn"
    "z148e/n0x2cvxRD1lEnLixV8KMMJETC1ju5DMyDPXKEpxR4TE0tOiXALo87hvJrXmnBSZC"
    "MTXI0NlKcEB0yb98/CcyfUIdZ4htmUaByVlW8fDeX+3kKPD+QtVADJChjXacqr91PlJLC1"
    "2ra1Ss64at9RJigjCjjX7L7TiPTtrx+Ig7le2isHtx+mQFLy1GmCKZRva0ugTuVMHXNq5m"
    "Vfdz4ngmBLnM7CaQ72FNkIJEtI+8q51hBaH6Lpurq2OPZvtoVqKObo6KqS8FhYHMRTRkgT"
    "OPWjubq0nnYZNqEO954mbiLsOFoVOKFeMRtHTqjRr9H1tU++XF8jFajgIyr+klt5+srMKr"
    "UcWDAfES9MrZIxDDJEDYWNaErFWJmhhZEcq4ub2NnnQNREK1Tu6qgJTrlj5MRMCCAPoIaL"
    "IfuYBqAXyAD6et6dRTBy6Njc25DSgX/HwN0gMHQ1waHVyzwhAO+l+fo2DMHaJvLqoR8lQk"
    "rSHCJ0WmnIjAg6Y7z8x8nJ06cvTh4//fHl82cvXjx/+TixYpa7VpkzTwc/yXMjh3j5IMmI"
    "ngbW4wJVZ8BvzHIM7uBG4QR3cK0D+hBs7rnoLG88E5puHT4XSMG30jY+1/KtgNegt7lBXG"
    "6F7c3gakN1FqM9e1YOGSVwrZjBJh5efNstsXonJ+kqQn4wasL/dBVO01WU9uiiO1h8wEdn"
    "Clgjp5NEq3Mn1M7dmVWp4DmRdI1b06qRFY7EHxz6H6sTuouDNF7FT+EjqF75tJ/BzdgmN6"
    "PnmnkZ4/Fgnq5hnv7LpayWfSJHCGao1pkndIWfTE6vhnIRDoitBskIUCdol3WCkrdzHlvj"
    "QkFJiNVhgrq2UlB2i+pLBRXXbAOgdszkWMS0qvrSxSXqnw0Hlxf3VX/pLD5JSmJ3auKslr"
    "kjY+qm8nY4PKx9lMb7ccwDP43nC3+PSiapMD4kZGxZNgkRxolkh7aKfPPTa2X8kInhWSKQ"
    "zQj9HmY3IPS3S+iH2MK9iv1qCxigHY8HsGuADbFt+0Q7tA7SOdWotKvjfxKiWvEqLYO96Y"
    "gVBY5FfWumFc5XhsWWaCE01iA0NhSETM6PlAIOEPMDBELdGj04wPgE1pI2aPbrrSWbBHCB"
    "M3u/Dsc4NElr90iillYZPsIIqc0tH2p86EWsSoEsD5K32Q24H5op5niJRgRNXUZeSVMGQ8"
    "wdufYS+YSEto1ogiN0N6PjWWTx8AjCU4GraJS5kWKYmk10Sig3NHSAVaNVVg2pVphBnSGB"
    "N1+x2GUgAPEs01q6BTKQietcHWMbZYzF48FeVANs+WqIb3zNA/7L1eWFHvAsTdEbT8cc/Q"
    "9teFdPLfAzZ/UooA6nzD+Wn3cfx7XEaDVLiugXDh45AeiEkP7UvsPm0OJOiE3rcTlHCKlP"
    "beZxJFyZCbk5Iqh0CgYzMJjdvx3naKvwonBLNwDrhgFG7dz6a0HNnXzmEUaQ1NZO+2QCW7"
    "WdMovsWntlytbNDJdX7pxInftvPoopw+pq0XxlK+ZGFFp74zi1u8YxhWTu/kXB+Ngu42PI"
    "lBLQq65BigjAarPF7cogtjUkB8dHoRmkeSoAFTIXQLW4dxGsKAWbqRYZgWNLXLtX6KKIbP"
    "74q1IwIC+kM3khYfq6Ru1I8tqrlY0wh34zDaOP1Ohc0oYs+qzi8OOQB3Udti5iwogW0jkO"
    "XveAdI4uZxg8dLghewbCsQ/V9Q5mClAB2yBQNxeODaWg7sXzEVet06gemYJ21cpHXDxvU/"
    "XD52QRahBVYdmaEVpVIn42UBxAcWjnTt6bcEV9AeV8oS7I1Zyfa+46yZFCTqdBTidoEKBB"
    "gAbxgDWIUsUCyBLakUIWS3tb6mMdS9o8KqhjmQW13iEHOu7uddxdqm7DCr1tuFZpM9LY5O"
    "DXYTZrfJvJEaIczbCPmIukTHOMBlxmuNoBQWGdLzoXc6nEWhsvxU8eYkS8jnX6XuPzGzqe"
    "ovuiVOM4KcIGWmX7tErj+8Du4yqwHR5YTYuAoKXvVYGBm2AfhquvnTkN+1vm4t1rniuYUk"
    "GiYJsTBSWfdOeX5G41Z7VHV46zneKq5FRhVyw86nqUG5VfyNLAsV/n1t5919x76IBDjVSw"
    "iB+sRRzKWTwICSZY2DXZnKcENreazYlXu85+LtCCStJmTsP13A+Ez1CjBmrUtBvQECbjXO"
    "cMEUAKgdn3kZsb+z23hDW9xaqjuOY26yaJuVBRaSNcG6uoBLe5VyBeDlaD28oNAYMUlSqo"
    "dh3nlCyvinin7PJbHfeUrno1dvNry+9mLrpzvRs/vTDgNXIIvpVXGMo6/+qViwiz/YoLE+"
    "tPtDIBBm4/b1+oEmhWEF3dZjihgBQEq9+3yF8VrA4VjrYAtarCEWQAdDQDoLJyVE7PWCMT"
    "1ykhlb3Se4b96npRuoErBVpFBhItSLTtPja2FMHUKjcENEsDgIKKAI6XA5QVimsWNIWGNQ"
    "Unlnq2RLVrVtoirNm3SbvKofaJR8cznVQb9awUaXE6Zp00W42pRkLdRiCtDMnVvn000bgR"
    "A7cTRHe46JqJxq2WPyuDnc9m2DONdj7MaH6xX75aDmFTLrfGyfPnKwCNw8vFqOJtiVHXSd"
    "hXuJtVbCoDhKPhHUT3yePHG6ArRlWiq/qK4UGMa0ugV98ImiHZ/4Wg9yOjNnb1Z0ma3efL"
    "7Pv/AYe0Hm0="
)
