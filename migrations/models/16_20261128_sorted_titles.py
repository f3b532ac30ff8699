"""Keep tasks and people in the order of their titles and names, for lists that are read so."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
CREATE INDEX tasks_board_id_title_idx ON tasks (board_id, (sort_key(title) COLLATE "C"), id);
CREATE INDEX users_username_idx ON users ((sort_key(username) COLLATE "C"), id);
"""
DOWN = """
DROP INDEX tasks_board_id_title_idx;
DROP INDEX users_username_idx;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes them."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes them away."""
    return DOWN


MODELS_STATE = (
    "eJztXftzGjkS/ldU/JStYlMOduLc7tVWgePsspvAlU1uH9nUWMwI0HqQyEhj4srlfz9J83"
    "4BGjAesKrysDXdg/haj+6vWzNfW3PqIJc9v0aMYUpaP4CvLQLnSPyQv9QGLbhYJBdkA4dj"
    "V8myQEg1wjHjHrS5aJ9AlyHR5CBme3jBg49oDQkCDE/J95i0AfUAFb9D2xb3AJzeIvIDQM"
    "TBZAr4DAGPLuWvDCxnkKM75AHZQQYwfy4/zaG2+DghvMsb/03+JsMJgCSj3QY3N+jLAnuI"
    "WZDf3AAshMkEE8zvAZ4IRUDUfUIh1T+f4M8+sjidIvGhnujlx0+iGRMHfUEs+nVxa00wcp"
    "2MAbAjb6DaLX6/UG0fPvTfvFWS8ruPLZu6/pwk0ot7PqMkFvd97DyXOvLaFBHkia/qpCxD"
    "fNcNjRg1BT0WDdzzUdxVJ2lw0AT6rrRv698Tn9jSrEB9kvzn7KewaykxyxoMR9b15ciyWo"
    "XhILuQM2TYZIsRJYYSJlwC9fVbcN8EENXakh9w8Uv36tnpq+8UBJTxqacuKrha35Qi5DBQ"
    "VaAnKNsekpgIixbRfiOucDxH5YhnNXPIO6Hq8+iHOhaIGhITJDMqAjeCb7+Aj/rvL69H3f"
    "f/kbefM/bZVXh1R5fySke13udanwX2oWJxCFaN+Cbg9/7oFyB/BX8NB5d5K8Zyo79ask/Q"
    "59QidGlBJ41J1Bw1CdHEzMnE1TVzVtOYudFm9tCdWKrrzOas5g7MHK6Wxsq7t7LPkGdBgX"
    "+JlUfoCy+3cFYrZ2EB1ZFN3cs/Rhl7Dv7bvVL75PvuH99lbPpuOPg5Ek8MOrh4N+ypzTMB"
    "XvlB1gyyWRH4HibQuy+HPquXg358zxE7qgnVk8ilsRfQ9/qD7tWf5eBH8ul50vtzdNnNwa"
    "/+1xjxkXytsX44cD/IUGc2XWiBHSsYtPXRHlPoORZ2WBHxrufBimUlo5WD3cWMHxXuMpb5"
    "+CmHmwsZt8TGVsfjyesan6fxPo8eJZBS2SUv0FyjrqEBJNMyuS1lASRURWjfUg/hKfkNBe"
    "tPX/QDErtskQ/Jsg/hbQ4T0qQ1mcoeXMbUVHpAie8uvjHi6ttfdK8vum8uWwrhMbRvl3Jd"
    "zkAtr9AOzbXEssVL88483wKJ8N6d8FvIPqdRL6EuI2tU85byC21IWnbBQsjSgFiEYOHRqQ"
    "fngM8gB0KRAcgk31gkJXUUDVvYgGWivYItlANG1wtP65ios4ZzGAFo3aL7OsBHesYx3w57"
    "i07qwh+qGgvoW2CvQf9TX2rQHGJXB+1YwcBdA+4FZGxJhf9XTilWw15QNPDXgB/eCT/Hs3"
    "xPa8hntQzwNYDHTIT+c0xKWHRKXQRJhdeeUsuT6ELvoYCPW/bMog+H7zLI9/p5aD+8711e"
    "PXuhzCCEcBCO9gejErxF5HFXspGuBTzW2yPiUex0sIDfiZA3rBrKwt0nFatKSiMHNCabEL"
    "m1cH7xQCCLzor/vu+8ODs/e3366uy1EFG9jFvOV9ihCKcpUqm1dB8axzujIlqKkho6dE5B"
    "cQtm53DCLV26t5qdTKX9wkrGkkRUL1R9+9sVciEvX6yKVZOHOZ8KXHBJuk6xp1sC1ZN3Oj"
    "LaPFsyAdnttiCNxD0Oduauh8cSwRyeEoR2gVM3vNcxjaeHTJ6oCdgqyZ4EF9qr0idqGdg4"
    "f6KkfwQ3Nwx9vrkBNvXF9wZY/EV3SPwo66vVcCD+fIy8oMBaVmrLRDUIGsFUOOMEcAogkL"
    "Jl6ZYH+xyTnWnArt5ekZ3hmLtaXGmsYFiMGixGupsaoOfUDPT1CKSFP3axrU9oJHqGQtJg"
    "NASGtKREpHqYxwom6aU/vjUzvdskeJ/6UiK8pJJFBE8rmbpQYX8s3ckDIR2ydP/qdE5Pzz"
    "snp69evzw7P3/5+iSm64qXVvF2vf7Pct3IIF5cSFKupwY9mtM6GvB3RpEaxnmncBrGudYC"
    "fWiMM/TsmYh069g5p2qqx5tm51r8t2F2W5tSl8FU2Bami2BCHSlGe2S/DxYfQ38/Nv1ddY"
    "Ags4StocGtGmcJgPgDA766+txAXqiEhf4YdEFdlb39ZGjpJtHSHtVjpSN5Q2fUoDP+oZjU"
    "8mcziiZsaZw7W3ZcWGf12lF5zAGZde2SZU6X7ud0abw7b3m8NE7JHyaoa8+Xpqdo+QHT/J"
    "jdAahHFqLmMa06szsYgu7FqD8cPNap3YtoJSm43UlIXO1zh8H3pv52IA7oJHKlVX0Ih9xn"
    "Qf3HUh3HVbUeYIxsKp8EKHxORDiSZih93ODublvq0wdGC9YOgWTKyfcguTVOfrOcfFN7sl"
    "c3X00BDbQjeQN2DbBN7cM+0VacoIvnuCSEXZ0fjpVq5TMbBvuuM5oKHAsza1bqjK8smyro"
    "mtIpjdKpwCHSWT8SDbOA6C8gphRipwuHIZsMO9KESH49O7JJgt9kZPebYLz2xxLyVtmrFc"
    "JL7ZWvVgiENmY6GEeLgJCoOh9TIlHKP0R9M2yDYRuaOZP3edzCpvOFXHB1Q4e8qokcNCIH"
    "w/KYsOFQwwbFyOjthikVEzSsDhoi52TLmOHIPNl2LmRIDagmPbB3VOEQj9Z6w1qusBT+EU"
    "R16m35gq4ZZIBQIPeJMtd4Aw3NVF14ZEc12nFe07jUzXOptY9kPcZprAPi202IYg7jPw3o"
    "9xqlPPHchiP2Xv3a3kTLHFNrcl3vwsPUw1zr7H9axyxfdR4AsO/07FMH3JTTGFrrYGkt82"
    "CAJ7ET+wunppmzmsbMjTZznJqqM59zusa1brKlzZM+noidfWEd3bN8GSXz7HBT//eggAYw"
    "aSKaUTKQmpLK/R84TfJ3W8J6dM/8yeOamaxVx06Lu9YOoN3wNG8zN6q1uGb2af3jvCnOL6"
    "wq3fY1F0kF65GM5GIJj3k60+MVT2cwqygYSWO6unAkMaWS3fwxTcsZBUvq3bLgWUxBlYiL"
    "4J08wi3fHKD2EYCIwyoOite/0crSbPO0p+bVkZhwYcfhgimkNI/6aRacpi71gepSK6ID86"
    "SfbZ70UxrLGoZgVwzB45RQd5GH7VmZTxxeWekNw0RmnRdcjeiOX4dVmY4v3XhKMvGh+bbz"
    "QBtfYFvteFYWOlzMoKdb6XCYlTxivnyxXESmXE6NzsuXKwCNSkuEVC5dE1WddIJruXemi0"
    "mlgXAofoTovjg52QBdIVWJrrqWTw0QjkhJhvLX6+GgKjEQq+Qzk9jm4H/AxewQ6/FXgCvB"
    "yOQjC3VS+ZKonB8rb9DTe0Xu7jezb/8HAPSKEA=="
)
