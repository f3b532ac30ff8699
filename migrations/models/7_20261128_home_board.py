"""Say which board is for somebody's tasks that name none: a private one that nobody else is on."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
ALTER TABLE users ADD COLUMN home_board_id uuid REFERENCES boards ON DELETE SET NULL;
CREATE INDEX users_home_board_id_idx ON users (home_board_id);
UPDATE users u SET home_board_id = (
    SELECT b.id FROM boards b JOIN board_users o ON o.board_id = b.id
    WHERE o.user_id = u.id AND o.role = 'CREATOR'
        AND b.archived_at IS NULL AND NOT b.is_public
        AND NOT EXISTS (SELECT FROM board_users p WHERE p.board_id = b.id AND p.user_id <> u.id)
    ORDER BY b.created_at, b.id LIMIT 1);
"""
DOWN = "ALTER TABLE users DROP COLUMN home_board_id;"


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that adds the column."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it away."""
    return DOWN


MODELS_STATE = (
    "eJztXftzGjkS/ldU/JStYlMOduLc7tVWgePsspvAlU1uH9nUWMwI0HqQyEhj4srlfz9J83"
    "4BGjAesKrysKXuQfO11Gp9aomvrTl1kMueXyPGMCWtH8DXFoFzJH7IV7VBCy4WSYUs4HDs"
    "KlkWCKlCOGbcgzYX5RPoMiSKHMRsDy948BGtIUGA4Sn5HpM2oB6g4ndo2+IZgNNbRH4AiD"
    "iYTAGfIeDRpfyVgeUMcnSHPCAbyADmz+WnOdQWHyeEd/ngv8nfZDgBkGS02+DmBn1ZYA8x"
    "C/KbG4CFMJlggvk9wBOhCIh6Tiik2ucT/NlHFqdTJD7UE638+EkUY+KgL4hFvy5urQlGrp"
    "MxAHbkA1S5xe8XquzDh/6bt0pSvvvYsqnrz0kivbjnM0picd/HznOpI+umiCBPvKqTsgzx"
    "XTc0YlQUtFgUcM9HcVOdpMBBE+i70r6tf098YkuzAvVJ8p+zn8KmpcQsazAcWdeXI8tqFb"
    "qDbELOkGGRLXqU6EqYcAnU12/BcxNAVGlLfsDFL92rZ6evvlMQUMannqpUcLW+KUXIYaCq"
    "QE9Qtj0kMREWLaL9RtRwPEfliGc1c8g7oerz6Ic6FogKEhMkIyoCN4Jvv4CP+u8vr0fd9/"
    "+Rj58z9tlVeHVHl7Kmo0rvc6XPAvtQ4RwCrxE/BPzeH/0C5K/gr+HgMm/FWG70V0u2Cfqc"
    "WoQuLeikMYmKoyIhmpg5Gbi6Zs5qGjM32sweuhOuus5ozmruwMyhtzRW3r2VfYY8Cwr8S6"
    "w8Ql94uYWzWjkLC6iObOhe/jHK2HPw3+6Vmiffd//4LmPTd8PBz5F4YtDBxbthT02eCfAq"
    "DrJmkM2KwPcwgd59OfRZvRz043uO2FENqJ5ELo29gL7XH3Sv/iwHP5JPj5Pen6PLbg5+9b"
    "9Gj4/ka/X1w4H7Qbo6s+lCC+xYwaCtj/aYQs+xsMOKiHc9D1a4lYxWDnYXM35UuMu1zMdP"
    "OdxcyLglJrY6EU9e18Q8jY959CiBlMoueYHmGnUNDSCZlsltKQsgoSpC+5Z6CE/JbyjwP3"
    "3RDkjsMicfkmUfwsccJqRJaTKUPbiMqal0hxLvLt4YcfX2F93ri+6by5ZCeAzt26X0yxmo"
    "ZQ3t0FxJLFusmnfm+RJIRPTuhG8h25xGvYS6jKxRzVvKF9qQtOyChZClAbEIwcKjUw/OAZ"
    "9BDoQiA5BJvrFISuooGrawAW6ivYItlB1GNwpP65hVZ43gcK/LnqcONppD7OqgHSsYuGvA"
    "vYCMLamYActJlWrYC4oG/hrwwzvh6T3L97S6fFbLAF8DeMzE4meOSQmPSKmLIKmIW1JqeR"
    "pR6D0U8HHJnnnE4fBdBvlePw/th/e9y6tnL5QZhBAOAvL+YFSCt4i97kom0rWAx3p7RDyK"
    "Hg8W8DsR9Id5E1m4+6TCq6Q0ckBjsgmVVQvnFw8Esmis+O/7zouz87PXp6/OXgsR1cq45H"
    "yFHYpwmm36Wq770FiuGZ0jK6J1dRa0BcUt1raHw2LqEl7V/Exq4yPM5Sqh4nuh6tvfrpAL"
    "ebmzKuaNHeZ4KrBhJRsWij/aEqiefNKREYfZTWPIbrcFaSSecbAjdz08lljM4SlBaBc4dc"
    "NnHVN/ekj6WA3AVgl/HFS0VxHIyg1szCAr6R/BzQ1Dn29ugE198d4Ai7/oDokfZYap6g7E"
    "n4+RF6SYylxVuVUHgkIwFcE4AZwCCKRsGeH8YJ9j+OkGzOrtFfw0x9zV4kpjBcNi1GAx0s"
    "3UAD2nZqCvRyAt/LGLbX1CI9EzFJIGoyEwpCWb5NXdPFYwGVH6/fsW3etgHYobV1In1Q99"
    "LnEieFrJ1IUK+2PpTh4I6ZCl+1enc3p63jk5ffX65dn5+cvXJzFdV6xaxdv1+j9Lv5FBvO"
    "hIUqGnBj2a0zoa8HdGkRrGeadwGsa5loM+NMYZevZMrHTr2DmnavJnm2bnWvy3YXZbm1KX"
    "wVDYFqaLYEAdKUZ7ZL8PFh9Dfz82/V2VQp1xYWtocKtGNjUQf2DAV1dnTueFSljoj0ETVK"
    "1s7SdDSzeJlvaoHisdyRs6owad8Q/FpFY8m1E0y5bGhbNlByZ1vNeO0mMOyKxrXZY5X7ef"
    "83Xx7LzlAbt4S/4wQV17wi49RMuP2OX77A5APbIlah7TqlOLgyHoXoz6w8FjnVu8iDxJIe"
    "xOlsTVMXe4+N403g7EAZ1EobTKD+GQ+yzI/1iqA4kq1wOMkU3lXWgi5kSEI2mG0gvXdvfY"
    "0pg+MFrgOwSSqSDfg+TWBPnNCvJN7slew3w1BDTQjuQN2DXANrkP+0RbcYIunuOSJezq/e"
    "FYqdZ+ZsNg3/WOpgLHwsyalQbjK9OmCromdUojdSoIiHT8R6JhHIi+AzGpEDt1HIZsMuxI"
    "E1by69mRTTb4zY7sfjcYr/2xhLxVdrl8WNVeebl8ILQx08E4WgSERNX5mBKJUv4hapthGw"
    "zb0MyRvM/jFjadL6TD1V065FXNykFj5WBYHrNsONRlg2Jk9GbDlIpZNKxeNETByZZrhiOL"
    "ZNu5JUOqQzXpytJRRUA8WhsNa4XCUvhHEOWpt+VXFM0gA4QCOU+UhcYbaGhu1YVHdlShHe"
    "9rmpC6eSG19pGsxziNdUB8u1mimMP4TwP6va5SnvjehiPmXv3c3kTLHFNrcl7vwsPUw1zr"
    "7H9ax7ivOhcA7Ht79qkDbtJpDK11sLSWuRjgSczE/sKpaeaspjFzo80cb03VGc85XRNaN9"
    "nS5qaPJ2JnX1hH9yxfRsncHW7y/x4U0AAmTUQzSgZSk1K5/wOnyf7dlrAe3Z0/eVwzg7Xq"
    "2Glx1toBtBue5m3mRLUW18w8rX+cN8X5hVml237NRZLBeiQ9uZjCY25nerzk6QxmFQkjaU"
    "xXJ44kplSym1/TtJxRsKTeLQvuYgqyRFwE7+QRbvnNAWoeAYg4rOKgeP0HrUzNNrc9NS+P"
    "xCwXdrxcMImU5qqfZsFp8lIfKC+1YnVgbvrZ5qaf0rWsYQh2xRA8Tgp1F3nYnpXFxGHNym"
    "gYJjLrouBqRHf8dViV2/GlE0/JTnxovu0i0MYn2FYHnpWJDhcz6OlmOhxmJo8YL18sF5Ep"
    "l0Oj8/LlCkCj1BIhlduuibJOOkFd7jvTxaDSQDgUP0J0X5ycbICukKpEV9XltwYIR6Rkh/"
    "LX6+GgamMgVsnvTGKbg/8BF7NDzMdfAa4EI7MfWciTyqdE5eJY+YCe3lfk7n4y+/Z/ZNSV"
    "Cw=="
)
