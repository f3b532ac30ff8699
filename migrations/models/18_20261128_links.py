"""Links that are used once: a new password from an administrator, an invitation to a board.

And who has left a board, for they come back by their own will only. Triggers void links and note
who leaves, whatever it is that does it: an undo, the command line, or a release before this one.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
CREATE TABLE password_links (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, -- one open at a time
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX password_links_created_by_idx ON password_links (created_by);

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('MODERATOR', 'MEMBER', 'OBSERVER')),
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX invitations_board_id_idx ON invitations (board_id, created_at, id);
CREATE INDEX invitations_created_by_idx ON invitations (created_by);

CREATE TABLE former_people (
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    place_id uuid NOT NULL, -- the row of board_users that they had last
    left_at timestamptz NOT NULL,
    PRIMARY KEY (board_id, user_id)
);
CREATE INDEX former_people_user_id_idx ON former_people (user_id);

CREATE FUNCTION void_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM password_links WHERE user_id = OLD.id OR created_by = OLD.id;
    DELETE FROM invitations WHERE created_by = OLD.id;
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM former_people WHERE user_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER users_void_links AFTER UPDATE ON users FOR EACH ROW
    WHEN (OLD.password_hash IS DISTINCT FROM NEW.password_hash
        OR OLD.is_active AND NOT NEW.is_active OR OLD.is_admin AND NOT NEW.is_admin)
    EXECUTE FUNCTION void_links();

CREATE FUNCTION note_leaving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM invitations
        WHERE board_id = OLD.board_id AND created_by = OLD.user_id AND NEW.role <> 'CREATOR'
            AND (NEW.role <> 'MODERATOR' OR role = 'MODERATOR');
        RETURN NULL;
    END IF;
    DELETE FROM invitations WHERE board_id = OLD.board_id AND created_by = OLD.user_id;
    INSERT INTO former_people AS f (board_id, user_id, place_id, left_at)
    SELECT b.id, x.id, OLD.id, clock_timestamp() FROM boards b, users x
    WHERE b.id = OLD.board_id AND x.id = OLD.user_id AND x.deleted_at IS NULL
    ON CONFLICT (board_id, user_id) DO UPDATE
        SET place_id = excluded.place_id, left_at = excluded.left_at;
    RETURN NULL;
END $$;
CREATE TRIGGER board_users_note_leaving AFTER DELETE ON board_users
    FOR EACH ROW EXECUTE FUNCTION note_leaving();
CREATE TRIGGER board_users_void_links AFTER UPDATE OF role ON board_users
    FOR EACH ROW WHEN (OLD.role <> NEW.role) EXECUTE FUNCTION note_leaving();

INSERT INTO former_people (board_id, user_id, place_id, left_at)
SELECT DISTINCT ON (t.board_id, x.id) t.board_id, x.id, t.row_id, e.at
FROM touched_rows t
    JOIN events e ON e.board_id = t.board_id AND e.seq = t.seq
    CROSS JOIN LATERAL jsonb_array_elements(e.changes) c
    JOIN users x ON x.id = (c #>> '{before,user_id}')::uuid AND x.deleted_at IS NULL
WHERE t.fields IS NULL AND t.name = 'board_users' AND t.gained < 0
    AND c ->> 'table' = 'board_users' AND (c ->> 'id')::uuid = t.row_id
ORDER BY t.board_id, x.id, t.seq DESC;
"""
DOWN = """
DROP TRIGGER users_void_links ON users;
DROP TRIGGER board_users_note_leaving ON board_users;
DROP TRIGGER board_users_void_links ON board_users;
DROP FUNCTION void_links;
DROP FUNCTION note_leaving;
DROP TABLE former_people;
DROP TABLE invitations;
DROP TABLE password_links;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes them."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes them away."""
    return DOWN


MODELS_STATE = (
    "eJztXW1v2zgS/iuEP3WBbJAm6cttFwfYabrr29Y+JO7e7nYLhZZomxeZdEUqqdHrfz+Sep"
    "cp25QdR3YIFE1CzlDyM3wZPjOkv7Wm1EM+O75GjGFKWj+Bby0Cp0j8Uq46Ai04m2UVsoDD"
    "oa9kWSSkCuGQ8QC6XJSPoM+QKPIQcwM849EjWn2CAMNj8iMmR4AGgIq/oeuKNgCnt4j8BB"
    "DxMBkDPkEgoPfyTwbuJ5CjOxQA+YIMYH4sn+ZRVzxOCG+z4b/J36Q/ApAUtI/AzQ36OsMB"
    "Yg7kNzcAC2EywgTzOcAjoQiIaicWUu8XEvwlRA6nYyQeGoi3/PRZFGPioa+IJX/Obp0RRr"
    "5XMAD2ZAOq3OHzmSr7+LH79p2SlJ996LjUD6ckk57N+YSSVDwMsXcsdWTdGBEUiI/q5SxD"
    "Qt+PjZgURW8sCngQovRVvazAQyMY+tK+rZ9HIXGlWYF6kvzv/J/xq+XEHKfXHzjXlwPHaS"
    "10B/kKJUPGRa7oUaIrYcIlUN++R+1mgKjSlnzAxa/tq2dnL39QEFDGx4GqVHC1vitFyGGk"
    "qkDPUHYDJDERFl1E+62o4XiK9IgXNUvIe7HqcfJLHQskBZkJshGVgJvAt1vAB90Pl9eD9o"
    "d/y+anjH3xFV7twaWsOVWl81Lps8g+VEwO0ayRNgL+0x38CuSf4K9+77JsxVRu8FdLvhMM"
    "OXUIvXegl8ckKU6KhGhm5mzgmpq5qGnN3GgzB+hOTNV1RnNRcwtmjmdLa+XtWzlkKHCgwF"
    "9j5QH6yvUWLmqVLCygOrChe/nHoGDP3u/tK7VOfmj/8UPBpu/7vV8S8cygvYv3/Y5aPDPg"
    "lR/kTCCbLALfwQQGcz30Rb0S9MM5R+ygBlRHIpfHXkDf6fbaV3/qwU/k8+Ok8+fgsl2CX/"
    "006PGJfK2+vj9wP0hXZy6dGYGdKli0zdEeUhh4DvbYIuLtIIAV00pBqwS7jxk/KNzlXubT"
    "5xJuPmTcEQtbHY+nrGt9nsb7PGaUQE5lm7xAc426ggaQTMvoVssCSKgWoX1HA4TH5DcUzT"
    "9d8R6QuLpJPibLPsbN7CekWWk2lAN4n1JT+Q4lPrv4xIirT3/Rvr5ov71sKYSH0L29l/Ny"
    "AWpZQ09pqSSVXayank7LJZAI792LP4V85zzqGuoysUY1byk/0JqkZRvMhCyNiEUIZgEdB3"
    "AK+ARyIBQZgEzyjW8AHYnqCBtP8oc0JFzU+HPFOqLpjM8V94gZ8NFIw2I+6JMsH9mAieho"
    "CR8pu6Spn5/Xsd6nufeZ4Ofconkd3BM9i/1m2Dt0VBf+WNVawNwCllXYHdZoCrFvAnaqYN"
    "E2R3sGGbunwr3UM5bVqC8oWvTN0Yd3wscJnDAw6vBFLYu7Oe6YOdCbYqKh6Cn1ESQVDntO"
    "rczQC72H2tamJTum6Pv99wXkO90ytB8/dC6vnj1XZhBCONrrdnsDDd5i03GnWURXAp7q7R"
    "DxZNu0t4Dfie1xnJJUhLtLKiaVnEYJaEzWYYlr4fz8gUAWLyt+/Hj6/PzV+euzl+evhYh6"
    "y7Tk1RI7LMJpM2BqTd37RiBPqNgpJRETEyZnQXEDUmd/luaVFE6GbEzB1RhARU0bgGny+J"
    "kFdIR95LgTSMZIE6isXH00mrtbhU72ZBUqgeSEhOt2ysvHU2Ujdmg1bWgtBOOqY0e5pIw4"
    "z1wz+jqx6rvfrpAPud7bW8xp30+HZCFSp0mmULGtDYHqyJYOLKhZTGiD7HZTkAaijb2dP1"
    "bD40Amz1QgtA2c2nFbh9SfHjK0rQZgSxPbjiqOlgW31TSwdnRbSb8BNzcMfbm5ASqYLA/D"
    "MIDukPhVnn5R3YGE0yEKouMvMs4s04hAVAjGWMgCTgEEUlYX236w59jIdiO2RdWRbY65bx"
    "RoShVsrnYNGjj/mgagl9Qs9PUY+Fk49LFrzghnepaDN6CEBYZUk8BX3c1TBRthMu/fhmky"
    "m2THPPWpRHhJmkkEjyvJpljhYAimf5yenp29Oj05e/n6xfmrVy9en6RM02LVMsqp0/1Fzh"
    "sFxBcnkpzracDwlbQOBvytsXs2ZLdVOG3IrtYEvQ+8aCGDJnAnYqdbx84lVct/N83Otfhv"
    "y+y21qUuo6GwKUwX0YA6UIx2yH7vLT6W/n5s+rvqeFdhCltBgzs1TnoB8Q9GfHX1Ia2ykI"
    "aF/hS9gqqVb/vZ0tJNoqUDasZKJ/KWzqhBZ/yXYlLLny0o2m1L49xZ3WUOJrPXlvIL98is"
    "BgmG9uz/Q579T1fnDQ//pyH5/QR15en//BDVH/8v99ktgHpgW9QyplU3KvT6oH0x6PZ7j3"
    "WnwkUykyy43dmWuNrnjjff6/rbkXh0n0GWH8IhD1mU/3Gv7j5QuR5giFwq72kVPiciHEkz"
    "aC+D3V6zWp8+Mlo0dwgkc05+AMmtdfKb5eTb3JOduvlqCBignchbsGuAbXMfdom24gR9PM"
    "WaLezy+HCqVCue2TDYtx3RVOA4mDkTrTO+NG1qQdemThmkTkUOkcn8kWnYCcR8ArGpEFud"
    "OCzZZNmRJuzkV7Mj6wT4bUR2twHG63AoIW/pvvgmrjpa+sU3kdDaTAfjaBYRElXnYzQSWv"
    "4heTfLNli2oZkjeZfHLVw6namrFAy3DmVVu3Mw2DlYlsduG/Z126AYGbPVMKdiNw3LNw2J"
    "c7LhnuHAPNmj0pYh16GadJ36oMIhHqz0ho1cYSn8BiR56kfy6xMnkAFCgVwnjkGXyxCdFy"
    "KggnRTOkWEH0X5dh6cq9vR1fct6rzo7TZuGACMDwKpQjeNllpHvXmOuvFBr8c447VHLL7d"
    "+Ngj/k8D+p3ufZ54xEQs03XuVky17OG3JmcLSzvp5i9p3WrLaqeugmUPyqrSUgsXJmIaYG"
    "50E0Nex077da5j2HWw/KkDbpObLMm4tySjvabhSXgw4cyraeaipjVzo82cBgrrjOeSrt2S"
    "NNnS9t6VJ2LnUFjH9GRlQcl+FYbNxnxQQCOYDBEtKFlIbYLr7o//ZnHPDWE9uBuYyrgWBm"
    "vVIeDFVWsL0K55trqZC9VKXAvrtPnh6hznF+f4bvqlI1k+8YH05MWEKntX1uOlshcwq0jf"
    "yWO6PI0nM6WSXf/SrPsJBfc0uGVRMk2UiOMjeCcP1MvvcVDrCEDEYxXH9us3tDRR3t691b"
    "z8G7td2PJ2waa12ouXmgWnzRJ+oCzhit2BvXdpHVCr7l3S7mUtQ7AthuBxEtrbKMDuROcT"
    "xzVLvWGYyazygqsR3fKXk1WG47ULjyYSH5tvMw+08YnJ1Y5nZaLDxQQGppkO+5nJI8bLV8"
    "dHZMzl0Dh98WIJoElqiZAqhWuSrJPTqK7oPslBZYBwLH6A6D4/OVkDXSFVia6qK4cGCEdE"
    "E6H813W/VxUYSFXKkUnscvA/4GO2j+cYloArwSjEIxfypMopUSU/VjbQ0Tmyu1zMvv8f15"
    "PbJA=="
)
