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
    "eJztXW1v2zgS/iuEP3WBbJEmadPbLg6w03TXt619SNy93e0WCi3RNi8y6YpU3KDX/34k9S"
    "5Ttik7juwQKJqEnJHoZ/gyfGZIf2tNqYd89vwaMYYpaf0EvrUInCLxS7nqCLTgbJZVyAIO"
    "h76SZZGQKoRDxgPoclE+gj5DoshDzA3wjEevaPUJAgyPyY+YHAEaACr+hq4rngE4vUXkJ4"
    "CIh8kY8AkCAZ3LPxmYTyBHdygAsoEMYP5cvs2jrnidEN7mg/8mf5P+CEBS0D4CNzfo6wwH"
    "iDmQ39wALITJCBPM7wEeCUVA1HNiIdW+kOAvIXI4HSPx0kC08tNnUYyJh74ilvw5u3VGGP"
    "lewQDYkw9Q5Q6/n6myjx+7b98pSfnZh45L/XBKMunZPZ9QkoqHIfaeSx1ZN0YEBeKjejnL"
    "kND3YyMmRVGLRQEPQpQ21csKPDSCoS/t2/p5FBJXmhWoN8n/zv4ZNy0n5ji9/sC5vhw4Tm"
    "uhO8gmlAwZF7miR4muhAmXQH37Hj03A0SVtuQLLn5tXz07ffWDgoAyPg5UpYKr9V0pQg4j"
    "VQV6hrIbIImJsOgi2m9FDcdTpEe8qFlC3otVnye/1LFAUpCZIBtRCbgJfLsFfND9cHk9aH"
    "/4t3z8lLEvvsKrPbiUNSeq9L5U+iyyDxWTQzRrpA8B/+kOfgXyT/BXv3dZtmIqN/irJdsE"
    "Q04dQucO9PKYJMVJkRDNzJwNXFMzFzWtmRtt5gDdiam6zmguam7BzPFsaa28fSuHDAUOFP"
    "hrrDxAX7newkWtkoUFVAc2dC//GBTs2fu9faXWyQ/tP34o2PR9v/dLIp4ZtHfxvt9Ri2cG"
    "vPKDnAlkk0XgO5jA4F4PfVGvBP3wniN2UAOqI5HLYy+g73R77as/9eAn8vlx0vlzcNkuwa"
    "9+GvT4RL5WX98fuB+kqzOXzozAThUs2uZoDykMPAd7bBHxdhDAimmloFWC3ceMHxTuci/z"
    "6XMJNx8y7oiFrY7HU9a1Pk/jfR4zSiCnsk1eoLlGXUEDSKZldKtlASRUi9C+owHCY/Ibiu"
    "afrmgHJK5uko/Jso/xY/YT0qw0G8oBnKfUVL5Dic8uPjHi6tNftK8v2m8vWwrhIXRv53Je"
    "LkAta+gJLZWksotV05NpuQQS4b178aeQbc6jrqEuE2tU85byA61JWrbBTMjSiFiEYBbQcQ"
    "CngE8gB0KRAcgk3/gG0JGojrDxJH9IQ8JFjX+vWEc0nfF7xT1iBnw00rCYD/omy0c2YCI6"
    "WsJHyi5p6ufndaz3ae59Jvg5t+i+Du6JnsV+M+wdOqoLf6xqLWBuAcsq7A5rNIXYNwE7Vb"
    "Bom6M9g4zNqXAv9YxlNeoLihZ9c/ThnfBxAicMjDp8Ucvibo47Zg70pphoKHpKfQRJhcOe"
    "Uysz9ELvoba1acmOKfp+/30B+U63DO3HD53Lq2cvlBmEEI72ut3eQIO32HTcaRbRlYCnej"
    "tEPNk27S3gd2J7HKckFeHukopJJadRAhqTdVjiWji/eCCQRWPFjx9PXpydn70+fXX2Woio"
    "VqYl50vssAinzYCpNXXvG4E8oWKnlERMTJicBcUNSJ39WZpXUjgZsjEFV2MAFTVtAKbJ42"
    "cW0BH2keNOIBkjTaCycvXRaO5uFTrek1WoBJITEq7bKS8fT5UPsUOraUNrIRhXHTvKJWXE"
    "eeaa0deJVd/9doV8yPXe3mJO+346JAuROk0yhYptbQhURz7pwIKaxYQ2yG43BWkgnrG388"
    "dqeBzI5JkKhLaBUzt+1iH1p4cMbasB2NLEtqOKo2XBbTUNrB3dVtJvwM0NQ19uboAKJsvD"
    "MAygOyR+ladfVHcg4XSIguj4i4wzyzQiEBWCMRaygFMAgZTVxbYf7D02st2IbVF1ZJtj7h"
    "sFmlIFm6tdgwbON9MA9JKahb4eAz8Lhz52zRnhTM9y8AaUsMCQahL4qrt5qmAjTOb92zBN"
    "ZpPsmKc+lQgvSTOJ4HEl2RQrHAzB9I+Tk9PT85Pj01evX56dn798fZwyTYtVyyinTvcXOW"
    "8UEF+cSHKupwHDV9I6GPC3xu7ZkN1W4bQhu1oT9D7wooUMmsCdiJ1uHTuXVC3/3TQ71+K/"
    "LbPbWpe6jIbCpjBdRAPqQDHaIfu9t/hY+vux6e+q412FKWwFDe7UOOkFxD8Y8dXVh7TKQh"
    "oW+lPUBFUrW/vZ0tJNoqUDasZKJ/KWzqhBZ/yXYlLLny0o2m1L49xZ3WUOJrPXlvIL98is"
    "BgmG9uz/Q579T1fnDQ//pyH5/QR15en//BDVH/8v99ktgHpgW9QyplU3KvT6oH0x6PZ7j3"
    "WnwkUykyy43dmWuNrnjjff6/rbkXh0n0GWH8IhD1mU/zFXdx+oXA8wRC6V97QKnxMRjqQZ"
    "tJfBbu+xWp8+Mlo0dwgkc05+AMmtdfKb5eTb3JOduvlqCBignchbsGuAbXMfdom24gR9PM"
    "WaLezy+HCqVCue2TDYtx3RVOA4mDkTrTO+NG1qQdemThmkTkUOkcn8kWnYCcR8ArGpEFud"
    "OCzZZNmRJuzkV7Mj6wT4bUR2twHG63AoIW/pvvgmrjpa+sU3kdDaTAfjaBYRElXnYzQSWv"
    "4haZtlGyzb0MyRvMvjFi6dztRVCoZbh7Kq3TkY7Bwsy2O3Dfu6bVCMjNlqmFOxm4blm4bE"
    "Odlwz3BgnuxRacuQ61BNuk59UOEQD1Z6w0ausBR+A5I89SP59YkTyAChQK4TOtd4DQ3DUF"
    "18ZEcVumlc07rUzXOpjY9kPcZprD3i2+0WxR7GfxrQ73SX8sRjG55Ye2vcgphq2WNqTc7r"
    "nQWYBpgbnf3P69jpq84FALsOzz51wG06jaW19pbWshcDPImVOJx5Nc1c1LRmbrSZ09BUnf"
    "Fc0rWudZMtbW/6eCJ2DoV1TM/yFZTsly/Y/L8HBTSCyRDRgpKF1KZU7v7AaRa/2xDWg7vz"
    "p4xrYbBWHTtdXLW2AO2ap3mbuVCtxLWwTpsf581xfnFW6aZfc5FlsB5IT15M4bG3Mz1e8n"
    "QBs4qEkTymyxNHMlMq2fWvaZpPKJjT4JZFdzFFWSI+gnfyCLf85gC1jgBEPFZxULz+g5am"
    "ZtvbnpqXR2K3C1veLthESnvVT7PgtHmpD5SXWrE7sDf9bHLTj3YvaxmCbTEEj5NC3UYBdi"
    "c6nziuWeoNw0xmlRdcjeiWvw6rMhyvXXg0kfjYfJt5oI1PsK12PCsTHS4mMDDNdNjPTB4x"
    "Xr46PiJjLofGycuXSwBNUkuEVClck2SdnER1RfdJDioDhGPxA0T3xfHxGugKqUp0VV05NE"
    "A4IpoI5b+u+72qwECqUo5MYpeD/wEfs33Mx18CrgSjEI9cyJMqp0SV/Fj5gI7Okd3lYvb9"
    "/x6OWVw="
)
