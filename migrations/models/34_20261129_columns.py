"""Let columns be archived: then they have no rank, as tasks.

Taken back, archived columns stand at the right end of their board again, in the order in which they
were archived: the rank of the last one, and a fraction that grows.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
ALTER TABLE columns
    ALTER COLUMN rank DROP NOT NULL,
    ADD COLUMN archived_at timestamptz,
    ADD CONSTRAINT columns_archived_without_rank
        CHECK ((archived_at IS NULL) = (rank IS NOT NULL));
-- For lists of tasks, which leave out those in archived columns: there are few.
CREATE INDEX columns_archived_idx ON columns (id) WHERE archived_at IS NOT NULL;
"""

DOWN = """
DROP INDEX columns_archived_idx;
ALTER TABLE columns DROP CONSTRAINT columns_archived_without_rank;
UPDATE columns c SET rank = p.rank
    FROM (SELECT x.id, coalesce(max(x.rank) OVER (PARTITION BY x.board_id), 'a0')
            || repeat('V', (row_number() OVER (
                PARTITION BY x.board_id, x.rank IS NULL ORDER BY x.archived_at, x.id))::int) AS rank
        FROM columns x) p
    WHERE c.id = p.id AND c.rank IS NULL;
ALTER TABLE columns
    DROP COLUMN archived_at,
    ALTER COLUMN rank SET NOT NULL;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that lets columns be without a rank."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that brings archived columns back to the right end."""
    return DOWN


MODELS_STATE = (
    "eJztXXtz2zYS/yoY/dN2xudx5DhOm5ubkVyndZvYN7Fy1+fQkAiJqClS4cOKru13PwB8k6"
    "AkUJRE0jvTNBGJhajfAst948/e3NaJ6Z7eE9elttX7Bv3Zs/CcsH/kb52gHl4skhv8gofH"
    "phjrBoPERTx2PQdPPHZ9ik2XsEs6cScOXXjBV/TuLIJCihNkO8hmn/Fkwq4gz34k1jeIWD"
    "q1ZsgzCHLsJf/ooqWBPfJEHOSQKXH4UES9U/6Nuj1hX8kI6p78N+s36y2bA1uZKU7QwwP5"
    "vKAOcTXsPTwg6iJqTalFvRWiU0aJLDFZOEg8pG/RTz7RPHtG2Dc77FF//Z1dppZOPhM3+r"
    "h41KaUmHqGE1TnE4jrmrdaiGsfP958+1aM5ACMtYlt+nMrGb1YeYZtxcN9n+qnnIbfmxGL"
    "OOz36ikWWb5phtyMLgVPzC54jk/iR9WTCzqZYt/kjO79c+pbE85fJL6J/+/lv8JHSw3TtN"
    "u7kXZ/PdK0XmFd8EfIcTO8NGFLi60pankcqD//DuZNABFXe/wLrr4ffPjy/NVXAgLb9WaO"
    "uCng6v0tCLGHA1IBeoLyxCEcE8bRItrfsjsenRM54lnKHPJ6SHoa/aMKB6ILCQuSrRWBG8"
    "F3WMBHN++v70eD9//m089d95Mp8BqMrvmdvri6yl39MuCPzaREID7iSdB/b0bfI/4R/XJ3"
    "e53nYjxu9EuPPxP2PVuz7KWG9TQm0eXoEhuasDnZuKpszlICmxvNZoc8MVFdZTdnKWtgcy"
    "gtgcv1c9l3iaNhhr+EyyPy2ZNzOEuV4zCDqmNb9/qnUYaft/8ZfBDvyfeDn77K8PTd3e13"
    "0fCEobdX7+6G4uWZAC/0IM3ArlEEfkgt7Kzk0GfpctCPVx5xO7Whhhy5NPYM+uHN7eDDz3"
    "Lwo/HpfTL8eXQ9yMEv/lZY8dH4Smu9PXDvZam7E3uhBHZMAGiroz22saNrVHeLiA8cB5eI"
    "lQxVDnaTul6ncOe2zK+/53Azsetp7MVWRePJ04LO03idR80lkCKp0y/QXKZucANwT8v0Ue"
    "oF4FAVoX1rO4TOrB9JIH9u2HNgayIT8qHX7GM4TTshTa4mW9nBy9g1lV5Q7LezX0w88euv"
    "BvdXg2+vewLhMZ48LrlczkDN79h9O3clHlu8Ne/P81ewxbR3PfwV/JnTqEt8mBE3yh2Y/A"
    "dt6b0coAUbG3oXMVo49szBc+QZ2EOM0EXY5U7HN8iestsBNjr3H9q+5bE75kq4Hsl84a2E"
    "A5K6yCRTiStzr98E/sgGCKKTNf5IviRV9fw0DWif6tpnhJ/2SFZVcI/oAPvdsNfsaVX4Q1"
    "LggDoHwKtwOKzJHFNTBeyYANBWR3uBXXdpM/VS7rEsR71ACOiro4+fmI7jaL6jtOCzVIC7"
    "Ou7U1bA+p5bERW/bJsFWicKeIst76Bndvsza+MqBXfR3d+8yyA9v8tB+fD+8/vDlC8EGNo"
    "gGtu7N7UiCNzM6niQv0Y2Ax3QHRDwym1oL+BMzj8PcpCzcN1aJUElR5ICm1jZe4ko4v9gT"
    "yOxh2V//6L94efny9fmrl6/ZEPGU8ZXLNXwowgkZMJVEd9scyIbNLKUoYqLiySkQ7uDUac"
    "+reaMLJ0E2dMFV2EBZSgjANHn/LBx7Sk2iTQxszYgkUFn69pFQHu4tdNaSt1AOJM23PJml"
    "vH4/lU4CW6tpW6sQjCuPHaWSMsKEc8nuG4akb3/8QEzsybW9YnJ7OxWSQqROkkwhYls7Aj"
    "XkM3UsqJnVfe35nDCCHXG6CqZprRTZCiSNafsiuFYTWh/C6bq6tjzsPu4K1YjN0dFVxeHR"
    "MBPEM4uQOnAahHN1dT1hz8MTow5xNYhn6tDa2meGiXgP9iQpJsGNk3U5JuJtvHWSiRj9Bj"
    "08uOTTwwMSOR0uouwPeeKc50VoYudY/nxMnKAKjad78Gw+FFxEM8rG8mI2jPhYWYrJ3r4H"
    "Ekwa4Z0oTzDxqGcqxXtjAiiZqBCNST+mAug5MoC+WiBs4Y9NOlEPzCR0EApTiMwwDG1JHm"
    "35Mo8JINCrvr4Vs9V2SVJ77qKEaUkSIUJnpT7fkKAzft6v+/3z88v+2fmr1xcvLy8vXp/F"
    "Dt/irXWe3+HNd1xuZBAvCpKU6qngaM9RdQb82pzsEDmvFU6InFcS0G0IT2QcL87EYJZuFT"
    "7nSCEM1TQ+VwpDQYClt33sgG+F3SMGYkN1FqMDB6HajBJEodRgYw/Pfu2OWL3jk3QVIdcf"
    "1xGquw+m6SpKB4xmthYfCGeqAlaLdOJodVpCHSny20qsxqY93lkrZ3O01hQ7QmS8rAFDxr"
    "rZECHXKvRiQOw/HISyy9so5AdJAtS/Bo8g7vKn/R0i1k2KWDu2WsA6Gg+RjgqRjj9salVy"
    "dWUIwaPZOE+XrN2aivSqqQKoRWxVKAGC7lz77M4Vv52z2Cq354qz9doJ6sb+XOktKm/QlV"
    "+zNYDaMe91HtOynme3d2hwNbq5uz1W17OrSJIU1O7EW16uc4d++W317WB40HEsTB1dGoQp"
    "1mF864SffmBgF1k2crD1eIKwpfOUUYPqOhu3pJ4hskuFG0mmrNf8DfwMh4cHtnY9302SV4"
    "PPYSs1MRIxK4C3U0PMJCb8aaLTJaRmQrAOAnHEmJOyG/gjgd3QLLsBMl0PajmILaCAdjQe"
    "Uv/UsYZEy0OiHbiq6ZxKjOL1yWgxUaXkqYbBXnf6lABHo65mSNX7tTnaBVrI01bI0w70IB"
    "X5kVCAAFEXIJB3WavggIQ8cFOCmxL8as3xq22TNQoZNIcNTUf5kFIPWZwquc5FFqRlbu8j"
    "E+ODeHNZ3XVxEPdU3YR+KzTHKzQmaGZb5BvusbKQZY9tfYVcQgIXVjjBCVoadGKEji2HID"
    "xjuAYuMz5MzMZucii39GeB86pRzituPqpBnSKBN19eZfQZII6m2us8Rwa2T5WjvXSlMtVo"
    "PPhgK4DNXw3RidxZwH+4v7uVA56mydtDdOKhv9CWZ6lVAj8lq8c+NT1quaf8+44hrjlG61"
    "mSRz8nePgEYPtDzWXzhE3bTH+i02pczhCCe6fJPA6VKzUlN0MEnajlx6iCwwwcZs12mBXl"
    "QA2wbpmK1sytvxHUjORTz0WDStp2VmG1ZLUewpUbr7Byl256EW507SY7YDsf7709J9w98Y"
    "WLIsqg+2U4X9HhuxWF1DU7SVzUUaIumdt/UPDTNstPGzClAPS6E/1CAnBwVfImgoZbq8kQ"
    "iUI1SLNUACqUA4EVdnQVLG8wqFlhKYVjR1y714goj2xW/JXZYlBs1Zliq6C9iMTsiPuOlB"
    "sbQY+T7SyMARKjM2VQoqiJV6ZE2SFkvvBWsuQSJVoocGq97QEFTl0uunnucB+0nuy5gw1Z"
    "Cr06sxTATQEmYBMU6voy16FV31EiH1FXUYnpkWo4Wm58RM1NtzU/XI8sAguiLINdMkJqSk"
    "TPBoYDGA7N3MkHU66oy6CcL8RZ7xL5ueEsqgwplDkrlDmDBQEWBFgQz9iCKDTxgIKqPRlk"
    "kba3oz3WsfrWk5w5llpQmwNyYOPu38bdp+k2KrHbRhuNNiWLjQ/e0CvvFN14vBhY9wkKOt"
    "/ROZtL1CDreMX+5SCLsNexzN6rfX7FwFN4np+4OIk7G4JV2TyrUvm8xmMc1bhHgVW3CghW"
    "+kENGDip+3mE+pqZUH+4Zc7evepllQkV1FQ2uaaS80kmvzh3yzkrFV0ZznaKq5xTuV2xcK"
    "jtUE+pU0WaBsR+lVPVD92G8rkDDm2DwSPeWo84dP54FhqMv9ArsjlLCWxuNJvjqHaV/Zyj"
    "BZOkyZyGbs3PhM/Qzgfa+TQb0AAm5VrnFBFAConZx6jNjeKeO8KaHA3XUVwzm3WbwlxoPr"
    "UVrrU1n4oS0ncsJEglv3dkJReT1bDrshVISB1FF4Nwrk4DBiUq20B1pD5mrcFq3zlh8VYs"
    "yQ1Lb9X1OWKJhBBjt0gWWxDHtfkxETZa2s6jm5xD8QaZBD/xA1D58RFCPUHE0t3oPNRcVl"
    "j1idYWC4k2GZDW1ai0LrBCIRO9yXBCsy1I7D+2eVSW2A/doHYAtawbFFRLdLRaorTLVsYm"
    "26ATV2m35RlB2QI/NM3AbnlvLdnAtQqtIAONFjTaZouNHVUwscoVAU3TAKBgIkCQqoW6Qn"
    "7NgqVQs6VgRlrPjqh2zaOdhzX9NmlW69iUk1yi2WZd6OWqbcppv61qO6Um4ZW3GJnUelzf"
    "1GntWImCC/psk/RZ35GIiPKk/nA4pPSrp/RDSe5B4Z4TneIAMwXMs1SwzCsUZtH/SRAf0l"
    "lp5UpEUalspWFoh4UrX/f75+eX/bPzV68vXl5eXrw+iytYirfWlbIMb77j1SwZ1IvlLUuq"
    "e0YR9FLE4/Edgry2WiGDaceGJN28FM2EAOAswhlmf4mPCoI4RwaSGGoIoYawjbodlKI8+1"
    "IU0x6rRkwSEkATCnv2XNhz1FMMO7lIIQYFMajjO/YhBnX0GNQxToZspkTdw8GQXEuqQwyE"
    "03QT1pQqCTV9Tanp22fQVCxnSbg0WublgVK+VBROu2ErQhfRzzdoSRkcvhcdnonoNEj3W2"
    "IXBdDop2hkkCBYytsf8wIXx15+4SKqI+yK0zb5A8uPzdnfV0GAtgG63smaAK1r4P7FKxXX"
    "aUIBgcPmB7CaBvdxIlhHi9Y2Df5Dr3YIHULosKlw8o6tSvIgJgBRUKXDaximGks6Ga9xhG"
    "aowBEKQcNnGDT0Ld9lvHJp6BJQYXSeFjoVNpnTRwy/tYer7QltNBPT6pEN9gDo9uO7d9s1"
    "1DpSO5+WgL7Xbj4D4tCJ0ZOVdQR3TtaWdCRjNrkqy2Go2fVXauRIBZ/EwAmXxW4uv8abN+"
    "WevtJ8vSsDO6oJe+00edh++ayZxJp5fGv0Ly7WABpZPGxUTh+IjKF+cC+Xj8o2lQLC4fAO"
    "ovvi7GwLdNmoUnTFvXwyjeVJ470/3N/dlmXSxCR51ZdOPPQXMqnbRkfqGnA5GOvN97ylnl"
    "Ok+ARDmSZ1yJDb3/8HS3m2Rg=="
)
