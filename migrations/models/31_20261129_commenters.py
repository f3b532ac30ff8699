"""Let people on a board, and those who are invited, be commenters.

A release before this reads the role as OBSERVER. Taken back, commenters are observers, for the
check of that release refuses theirs; the log keeps what they were.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

_PLACES = "'CREATOR', 'MODERATOR', 'MEMBER'"
_INVITED = "'MODERATOR', 'MEMBER'"


def _checks(last: str) -> str:
    """Write the SQL that lets both tables have these roles, and no others."""
    return f"""
ALTER TABLE board_users DROP CONSTRAINT board_users_role_check;
ALTER TABLE board_users ADD CONSTRAINT board_users_role_check
    CHECK (role IN ({_PLACES}, {last}));
ALTER TABLE invitations DROP CONSTRAINT invitations_role_check;
ALTER TABLE invitations ADD CONSTRAINT invitations_role_check
    CHECK (role IN ({_INVITED}, {last}));
"""


UP = _checks("'COMMENTER', 'OBSERVER'")

DOWN = f"""
UPDATE board_users SET role = 'OBSERVER' WHERE role = 'COMMENTER';
UPDATE invitations SET role = 'OBSERVER' WHERE role = 'COMMENTER';
{_checks("'OBSERVER'")}"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that lets in the role."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes observers of commenters."""
    return DOWN


MODELS_STATE = (
    "eJztXXtv2zgS/yqE/+oC2aJN0sdtFwfYabrr2zY+NO7e7nYLhbZomxeZckUqqdHrdz+Ses"
    "uUbcqPys4ARZNQMxT9Gz7mxfHX1tR3iccfXxPOqc9aP6GvLYanRP5SfnSCWng2yx6oBoEH"
    "nqblEZFuxAMuAjwUsn2EPU5kk0v4MKAzEb2i1WMEcTpmP1J2gvwA+fJvPBzKPpDwbwn7CR"
    "HmUjZGYkJQ4N+rPzm6n2BB7kiA1AA5ouKxepvrD+XrJPE2O/6b/c16I4RZgfsE3dyQLzMa"
    "EO5gcXODqCRmI8qomCM6koyI6X5iIj2+kNHPIXGEPybypYEc5cdPspkyl3whPPlzduuMKP"
    "HcggCoqzrQ7Y6Yz3Tbhw/d1280pfrsA2foe+GUZdSzuZj4LCUPQ+o+Vjzq2ZgwEsiP6uYk"
    "w0LPi4WYNEUjlg0iCEk6VDdrcMkIh56Sb+vnUciGSqxIv0n9d/7PeGg5Mse56vWd68u+47"
    "QWpoMaQkmQcdNQzig5lSgTCqiv36J+M0B0a0u94OLX9vtHZ89/0BD4XIwD/VDD1fqmGbHA"
    "EasGPUN5GBCFiZToItqv5RNBp8SMeJGzhLwbsz5OfqkjgaQhE0G2ohJwE/j2C3i/++7yut"
    "9+92/V/ZTzz57Gq92/VE9Odeu81Pooko8vN4do10g7Qf/p9n9F6k/0V+/qsizFlK7/V0uN"
    "CYfCd5h/72A3j0nSnDRJ0kzM2cK1FXORE8TcaDEH5E5u1XVWc5FzC2KOd0uQ8valHHISOF"
    "jib5Byn3wRZgkXuUoSllAd2dK9/KNfkOfV7+33+px81/7jh4JM3/aufknIM4FeXbztdfTh"
    "mQGv9SBngvlkEfgOZTiYm6Ev8pWgH8wF4Ue1oDoKuTz2EvpO96r9/k8z+Al9fp10/uxftk"
    "vw658WMz6hrzXXDwfunUx1PvRnVmCnDIC2PdoDHweuQ12+iHg7CHDFtlLgKsHuUS6OCndl"
    "y3z8VMLNw1w48mCro/GUeUHnabzOY+cSyLFs0y/QXKGucAMoT8vo1ugFUFAtQvvGDwgds9"
    "9ItP905TgwG5o2+dhZ9iHu5jAhzVqzpRzg+9Q1lZ9Q8rPLT0yE/vQX7euL9uvLlkZ4gIe3"
    "92pfLkCtnvinfqklpV18ND2dllswk9q7G38KNeY86gbXZSKNar+l+kBrOi3baCZp/cixiN"
    "Es8McBniIxwQJJRo4wV/7GV8gfyccRNq7yH/ohE/KJN9deRzKdibn2PVKOPDIyeDF3+ibw"
    "RzZgIzpZ4o9UU9JWz8/zgPZpr30m+Dm3ZF4H94QPsN8Me8cf1YU/ZgUJ2EsAvAr7w5pMMf"
    "VswE4ZAG17tGeY83tfqpdmj2U16guMgL49+vhO6jiBEwZWE77IBbjb4065g90pZQYXve97"
    "BLMKhT3HVvbQS75dmbVpy55d9L3e2wLynW4Z2g/vOpfvHz3VYpBENLJ1u1d9A97S6LgzHK"
    "IrAU/59oh4YjYdLOB30jyOU5KKcHdZxaaS4ygBTdk6XuJaOD/dEchysPLHj6dPz1+cvzx7"
    "fv5SkuhRpi0vlshhEU7IgKm1dR+aA3niS0spiZjYeHIWGDdw6hzO0bzShZMhG7vgaiygIi"
    "cEYJq8fmaBP6IecYYTzMbEEKisPH0MnPs7hZ4cyClUAskJmTBZysvXU2UnsLSatrQWgnHV"
    "saNcUkacZ25YfZ2Y9c1v74mHhVnbW8xpP0yFZCFSZ0im0LGtDYHqqJ6OLKhZTGjD/HZTkP"
    "qyj4PdP1bD42Cu7lQQsg2c2nFfxzSfdhna1guwZYhtRw9OlgW39TawdnRbU79CNzecfL65"
    "QTqYrC7DcETuiPxV3X7R04GF0wEJousvKs6s0ohQ1IjGVNIi4SOMFK0ptr2z90BkuxFmUX"
    "VkW1DhWQWaUgbI1a7hBs4P0wL0EhtAX88DPwsHHh3ae4QzPvDBW7iEJYa+IYGvepqnDBBh"
    "sp/flmkym2THPPStRGpJhk2EjiudTTHD0TiY/nF6enb24vTJ2fOXz85fvHj28knqaVp8tM"
    "zl1On+ovaNAuKLG0lO9bTw8JW4jgb8rXn3IGS3VTghZFdrgz4Ev2ghgyYYTqSlW0fOJVbw"
    "fzdNzrX83+DZba3ruoyWwqYwXUQL6kgxkoOXH3JDiN6qTo4VIR4OthEiuI66OVaU9hhFOV"
    "h8IIxiC9hWdieF1tHtUDuPOFXdqCxoDSsiT06Ny5VI/sNRiKj6XmSZyBD4+RgNQT9Vo/0E"
    "kaAmRYIC3y4QlNCDB7GGB/G/PmW1TMgCI3gKGmdBmuqn2OxeW0rpPSCxWuT0QrmNXZbbSE"
    "/nIrbW9TbSLJjDBHVlwY38EjVX3CjP2S2AemReoTKmVUVMrnqofdHv9q6+VxmTi2QnWVC7"
    "My9Utc4d+7vW1bcj8qiESJaSJbAIeZRyda/Ljej0KjQgQ1+VRpY6J2GCKDEY6y9vr1ujTh"
    "8JLdo7JJI5JT/A7BaU/GYp+ZDutVc1Xy8BC7QTegC7BtiQbrRPtCNvIJ1Sgwm7PCUjZaqV"
    "QtAw2LedRKDBcSh3JkZlfGmm4gIvZCtaZCtGCpHN/pFxwAZiv4FA9tFWNw5wNoF3pAmW/G"
    "rvyDo5NRC83m+AMYrGGrwcaZi22skRhYTX9XFo6oIvQl0z02YmmuI5GsRFUk2ODCte8FaA"
    "twIM6AYb0A8dbnAOgbUB1gZYG2BtrK8En+zM2oDMxu9ieCRJ2AbTI5efveRLbuNc8HXNDy"
    "7ILLIgqmphGCiMpkQyNjAcwHBo5krem3JFuYRyOtNlEy1jFmVWCFlYhCzAggALAiyIB2xB"
    "LATk7fDMsQCcyw2yRNvb0B47spjESckcy02o1ZmxYOPu3sbdpenWr7Db+iuNNiuLTRG/Qk"
    "nphBNEBZpgjpiPlDrzGHWFSmF1Q4J0EuvUnxImTqL7aC6e6y/sY0SexSZjb7udW4ac4to0"
    "unGYZhODPdk8e9K69tD3KDt0QFluYJ/v1XSBqpMPI8j3wDMK5TFd5+s+Ui6ox9Tk27RKTq"
    "b9S0m3WrLGrasg2aOSqpLUwnd4UD+gwqo4aJ4Htv06FUL3nUz+0AGHyz/gCz9YXzhUDn0Q"
    "Gkw4c2uKucgJYm60mNN4dp31XOIFk6TJkoZSwA9EzqGUjm3loQITfDsrRP93CmgEkyWiBS"
    "aAFFKy918eK4t7bgjr0RUFL+NaWKxVRbIWT60tQLtm7bFmHlQrcS2c0/bFx6AsOZTdhrLb"
    "x3k5pTC9KjKd8tNvecZTNus17fr1t+8nPrr3g1se5R1FOUsewXeqNp/6FlZ95CLCXF5RAb"
    "B+R0uvvkAZ7+alKoFlBXnVTYYTajhDmvr3Vvmr0tQrDCko4bwOqFUlnCH3/0hz/ytrRhXs"
    "jBU6cZ3iUSJXrnqCeXWlKBPhUoVWs4FGCxpts7eNDVUwPcstAc3zAKBgIkDg5QB1hfKcBU"
    "thy5aCl2g9G6J6bF7aMqz506RZ3/fSJgEdTkxabfxkqUqLM5pV2mw1pgYNdROFtDIl13j6"
    "GLJxYwFupojucNJtJxu3Wv+sTHa+mODANtv5MLP55Xr54niEjYVaGqfPni0BNEkvl1SllK"
    "0k8/w0elbUodSiskA4Jj9CdJ8+ebIGupKqEl39rJwexARhhizFf133rqqSg1KWcnYiHQr0"
    "P+RRfoh3mZeAq8BQPVfflShfiygps6qDjkmb3edh9u3/B2rGIQ=="
)
