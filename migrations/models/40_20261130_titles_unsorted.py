"""Sort titles when somebody asks for it: what keeps them in order costs every write of a task.

An index on what is changed most often is written anew with all others, each time (no HOT updates).
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False

UP = "DROP INDEX CONCURRENTLY IF EXISTS tasks_board_id_title_idx"
DOWN = """
CREATE INDEX tasks_board_id_title_idx ON tasks (board_id, (sort_key(title) COLLATE "C"), id);
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that drops the index; no writer waits for it."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes it again."""
    return DOWN


MODELS_STATE = (
    "eJztXXlz2zYW/yoY/bPpjDfj2EmcJjs7IzlOqzaxd2xlew8NiZCFmgJUHla0bb/7AuBNgb"
    "JAXST9ZpomIvEg6veAx3fjz86U28Txnt8Qz6Ocdd6iPzsMT4n4R/HWEerg2Sy9IS/4eOio"
    "sV44SF3EQ8938cgX18fY8Yi4ZBNv5NKZH35F54oRFFEcIe4iLj7j0UhcQT6/J+wtIsym7A"
    "75E4JcPpcfPTSfYJ88EBe5ZExcORRR/7n8RpuPxFcKgm1P/iv7lX0Qc2CWm+II3d6SLzPq"
    "Es/C/u0toh6ibEwZ9ReIjgUlYmqyaJB6yIDRPwJi+fyOiG92xaP+8pu4TJlNvhAv/ji7t8"
    "aUOHaOE9SWE6jrlr+YqWufP/fff1AjJQBDa8SdYMrS0bOFP+EsGR4E1H4uaeS9O8KIK36v"
    "nWERCxwn4mZ8KXxiccF3A5I8qp1esMkYB45kdOdf44CNJH+R+ib5v5f/jh4tM8yyLq8G1s"
    "3FwLI6S+tCPkKBm9GlkVhaYk1R5kug/vw7nDcFRF3tyC84/7Z7/ez09VcKAu75d666qeDq"
    "/K0IsY9DUgV6ivLIJRITwdFltN+LOz6dEj3iecoC8nZE+jz+RxUOxBdSFqRbKwY3hm+/gA"
    "/6ny5uBt1P/5HTTz3vD0fh1R1cyDsn6uqicPVZyB8upEQoPpJJ0A/9wbdIfkQ/X11eFLmY"
    "jBv83JHPhAOfW4zPLWxnMYkvx5fE0JTN6cY1ZXOeEthcaza75EGI6iq7OU+5BTZH0hK4vH"
    "0uBx5xLSzw13B5QL74eg7nqQocFlC1bOte/DjI8fPyv91r9Z781P3xqxxPP15dfhMPTxl6"
    "ef7xqqdeninwSg+yJtibLAPfowy7Cz30eboC9MOFT7xWbaieRC6LvYC+17/sXv+kBz8en9"
    "0nvZ8GF90C/OpvgxUfj6+01psD906WujfiMyOwEwJA2xztIceubVHbW0a867q4RKzkqAqw"
    "O9TzW4W7tGV++a2Am4M93xIvtioaT5EWdJ7a6zxmLoEMyTb9AvVl6iNuAOlpGd9rvQASqm"
    "VoP3CX0Dv2PQnlT188B2YjnZCPvGafo2maCWl6Nd3KLp4nrqnsghK/Xfxi4qtff969Oe++"
    "v+gohId4dD+XcjkHtbzDT3jhSjJ2+db0ZFq8gpnQ3u3oV8hnzqKu8WHG3Ch3YMoftKb3so"
    "tmYmzkXcRo5vI7F0+RP8E+EoQewp50Or5DfCxuh9jY0n/IA+aLO85CuR7JdOYvlAOSesgh"
    "Y40rc6ffBP7IGgiioxX+SLkkTfX8LA1on+baZ4yfdU8WVXCP6QD7zbC3+Lgq/BEpcMCcA+"
    "BV2B/WZIqpYwJ2QgBom6M9w54350K91Hssy1FfIgT0zdHHD0LHca3ANVrweSrA3Rx36lnY"
    "nlKmcdFz7hDMShT2DFnRQy/odmXWJlf27KK/uvqYQ77XL0L7+VPv4vrZC8UGMYiGtm7/cq"
    "DBWxgdD5qX6KOAJ3R7RDw2mxoL+IMwj6PcpDzcfVYiVDIUBaApW8dLXAnnFzsCWTys+Ouf"
    "Jy9enr18c/r65RsxRD1lcuVsBR+W4YQMmEqiu2kO5AkXllIcMTHx5CwRbuDUac6r+VEXTo"
    "ps5IKrsIHylBCAqfP+mbl8TB1ijSaY3RFNoLL07aOh3N9b6Lghb6ECSFbAfJ2lvHo/lU4C"
    "W6tuW2spGFceO8okZUQJ55rd14tIP3x/TRzs67W95eT2ZiokS5E6TTKFim1tCFRPztSyoG"
    "Ze9+XTKREEG+J0Hk7TWCmyFkiW0PZVcG1LaF1H07V1bfnYu98UqoGYo6WrSsJjYSGI7xgh"
    "28CpG83V1vWEfR+PJtsQV91kppauLTqdcXdjmPpqljYtp11m4ShdoaNJwwlvHK3Kw1Eay9"
    "qJOGr0O3R765E/bm+RynvxEBV/yIPcHbJQT0kXFkyHxA0r9WRKjMx4ROFFdEfFWFnwh5Ec"
    "q0vD2dn3QBJOLTw45Uk4PvUdo5h4QgBlJRUiVtnHNAC9QAbQVwsWzoKhQ0fmwauUDsKFBt"
    "ErgSHX5BqXL/OEAILh5uvbMKNvk0S+py5KhJakESL0rtQvHhG0xhf+9cnJ6enZyfHp6zev"
    "Xp6dvXpznDjFl2+t8o73+t9IuZFDfFmQZFRPg2BEgao14G8tEAHZBVuFE7ILKgnoJoRwcs"
    "4pdzQRlm4VPhdIIVRXNz5XCtVBEKqzfnxFboXNoypqQ7UWoz0H6pqMEkTqzGATDy9+7YZY"
    "fZSTtBUhLxhuI5x5E07TVpT2GPFtLD4Q8jUFbCvSSaLVagl1oOh4I7EaOny4sVYu5misKb"
    "YaHvJF3NsUnws5SZsW0M5zB8raeOTsv0dyCKwKHT2Q+A+Hwf7yZhzFQZoQ/i/hI6i78ml/"
    "g5h+nWL6LjcL6cfjIRZUIRb0O6eskjMwRwg+39r5AnVN+0yk15bqyBrEVoNCMujxtsseb8"
    "nbOY+tcZO3JJ+xmaA+2uUtu0X1bd6Ka3YLoLbMv1/EtKxz3uUV6p4P+leXh+qddx5LkiW1"
    "O40nlOvcUeRiXX07HB72rYuSa+cTIhTrKAJ4JM/QmGAPMY5czO6PEGa2TKqdUNsW4+bUn6"
    "j8W+Vo0ynrW/4GeRLI7a1Yu37gpem94eeoIZ8aiYQVIJvyIcJ8Ip8mPqNEayaE6yAUR4I5"
    "GbtBPhLYDfWyGyAXeK+Wg9oCBmjH4yE50hxrSEXdJ9qhM59OqcYoXp2ulxBVSi+rGezbTj"
    "BT4FjUsyZa9X5lFvsSLWSyG2Syh3qQifxIKUCAmAsQyEzdquCAlEVwU4KbEvxq9fGrrZNX"
    "CzlG+w1NxxmjWg9Zkky6ykUWJq6u7yNT48N4c1ll+vIg6anqR34rNMULNCTojjPyVnqsGG"
    "J8yO0F8ggJXVjRBEdoPqGjSeTYcgnCdwLX0GUmh6nZxE0J5Zr+LHBe1cp5Jc1HM6gzJPDm"
    "K6qMgQDEtUw75hfIwPapckCcbVTIG48HH2wFsOWrgUbnuucB/+7m6lIPeJamaA/RkY/+Qm"
    "ueyFcJ/IysHgbU8SnznsvvO4S4lhitZkkR/YLgkROA7Q9VqfUTNk0z/YlNq3E5RwjunTrz"
    "OFKuzJTcHBH0M9cfxgsOM3CY1dthtiwHtgDrmqlo9dz6j4Kak3zmuWhQa9zMOrWGrNZ9uH"
    "KTFVbu0s0uwkddu+kOWM/He8OnRLon/uGhmDLsDxrNt+zwXYtC65odpS7qOFGXTPnvFPy0"
    "9fLThkxZAnrVuZARATi4KnkTQcPdqskQi0IzSPNUACqUA4EVdnAVrGgwmFlhGYVjQ1zb16"
    "qpiGxe/JXZYlBs1Zpiq7ABi8bsSDqzlBsbYReY9SyMLlKjc2VQqqhJVqbE2SFkOvMXuuQS"
    "I1oocGq87QEFTm0uunnqcO+1nuypgw1ZCp1tZimAmwJMwDoo1NvLXIdmhgeJfMR9VzWmR6"
    "Yla7nxEbd/Xdf88HwyCy2Isgx2zQitKRE/GxgOYDjUcyfvTbminoByOpOy17TOuUgKZc4G"
    "Zc5gQYAFARbEE7Yglpp4QEHVjgyyWNvb0B5rWX3rUcEcyyyoxwNyYOPu3sbdpek2KLHbBo"
    "8abUYWmxz8SK+856jvy2JgOyAo7HxHp2IuVYNs44X4l4sYEa9jnb239fkNA0/RiYfq4ijp"
    "bAhWZf2sSuMTLQ9xmOUOBda2VUCw0vdqwMBZ5k8j1FfPhPr9LXPx7jUvq0ypoKayzjWVkk"
    "86+SW5W85ZrejKcbZVXJWcKuyKmUu5S32jThVZGhD7Vc6d33cbyqcOOLQNBo94Yz3i0Pnj"
    "SWgwwcyuyOY8JbC51mxOotpV9nOBFkySOnMaujU/ET5DOx9o51NvQEOYjGudM0QAKSRmH6"
    "I2N457bghrejRcS3HNbdZ1CnOh+dRauG6t+VSckL5hIUEm+b0lK3k5WQ17nliBhGyj6KIb"
    "zdVqwKBEZR2oDtTHrDFY7TonLNmKJblh2a26OkcslRBq7BrJYjPielweE8HRnLv3XnoOxT"
    "vkEPwgD0CVx0co9QQRZnvxeaiFrLDqE60sFlJtMiCtq1ZpXWCFQiZ6neGEZluQ2H9o86gs"
    "sR+6QW0Aalk3KKiWaGm1RGmXrZxN9ohOXKXdlj8JyxbkoWkT7JX31tINXKnQKjLQaEGjrb"
    "fY2FAFU6vcENAsDQAKJgIEqRqoKxTXLFgKW7YUnFjr2RDVtnm0i7Bm3yb1ah2bcZJrNNu8"
    "C71ctc047ddVbcfUIbLyFiOHsvvVTZ1WjtUouKDP1kmfDVyNiChP6o+GQ0q/eUo/lOTuFe"
    "4psSkOMTPAPE8Fy7xCYRb9nwbxHr0rrVyJKSqVrdQM7ahw5euTk9PTs5Pj09dvXr08O3v1"
    "5jipYFm+taqUpdf/Rlaz5FBfLm+ZU9ufLINeingyvkWQb61WaCK044km3bwUzZQA4FyGM8"
    "r+Uh8NBHGBDCQx1BBCDWETdTsoRXnypSgOH5pGTFISQBMKe3Zc2HPQUwxbuUghBgUxqMM7"
    "9iEGdfAY1CFOhqynRN3BwZBSS9qGGIimaSesGVUSavrqUtO3y6CpWs6acGm8zMsDpXKpGJ"
    "x2I1aEraKf79CcCjgCPz48E9FxmO43xx4KobGfo8GEhMFS2f5YFri4fP4PD1EbYU+dtikf"
    "WH9szu6+CgK0NdD1jlYEaL0JPnn12sR1mlJA4LD+Aay6wX2YCNbBorV1g3/fqx1ChxA6rC"
    "ucsmOrkTxICEAUVOnwGoWphppOxiscoTkqcIRC0PAJBg0DFniCVx6NXAImjC7SQqfCOnP6"
    "gOG35nC1OaGNemJaPbIhHgBdfv74cb2GWgdq59MQ0Hfazefii/iujsZNGd44WuWnJHLImo"
    "7KH6RvUHoAPR64I+kQtBFmNnrPvXscH8Q2c7C4Nebu27B8Qy0vdfSa/MgEx2VPHs60DX12"
    "8g0buCX58HcyMg3n54jASWnqpCTxos3j/d3N1aUe74SgqO3QkY/+Qg71mug7WwGuhGK1xV"
    "Y0zgpckBMULTbIBWqXNlJTUHNvxvgBGtEZpD+dcVdbPBndWfmepWqMYdEkU/G1OV4gysrL"
    "JZdGQRyuBqJg1SvOI57MjTeUtnkqkLeFF5hQCKc611i5izelAB8vHJtWf8BtzjQewdKAUD"
    "x8f6Hk4x0BvfUTjbmPNaXqpUgm4wHKIpTUs2x3YbmBpjasx7lDMCvRHXKEBWCHgrJdAqF3"
    "dfUxJxB6/eKO//ypd3H97IWSDmIQ9UvyG7h6Lo3gLTeRMyRgJG9gJEuF21Bry5CAv16D5n"
    "DhE53DeEWOVJ4OMqUqZ0opIM2TAgtkoMtVOWqexD6DdWV4SrGRCG+OJNmJBJ+5XOAwNQE+"
    "QwLIV0fex/eEWQHzqUb1Xp3WUCCFrIY6ZzVg3yfTma95p5e+0LMkYGJBs4gnuW/GlFFvUo"
    "nPBVKQj3XmM5wTssswKxxpsU7O16NHWhwmxNolLh1NOrr+tOGdo5W9adMxj0VYywHdcuy0"
    "VOXR7maNshNxb7OYae3rNMpDpaWNx84n2NVDW955rJmuCbFfvlgOYXe+3Bonr16tADS208"
    "Soop0W3ToJ7xUa64lNZYBwNLyF6L44Pl4DXTGqFF11r9gViPnaxhXlPocMCTjsDZ0OS9rB"
    "Pl9mf/8fDxozGA=="
)
