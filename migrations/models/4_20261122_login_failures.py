"""Count passwords that failed, to make whoever tries many wait.

Not logged: a failure costs no flush under attack; after a crash of PostgreSQL counting begins anew.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
CREATE UNLOGGED TABLE login_failures (
    source text NOT NULL,
    login text NOT NULL, -- a digest of it; empty: all logins together
    failures integer NOT NULL CHECK (failures > 0),
    last_at timestamptz NOT NULL,
    PRIMARY KEY (source, login)
);
CREATE INDEX login_failures_last_at_idx ON login_failures (last_at);
"""
DOWN = "DROP TABLE login_failures;"


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes the table."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it away."""
    return DOWN


MODELS_STATE = (
    "eJztXW1vEzkQ/itWPoEUUEkL5Y7TSWkpXA5ITjTcIRBanF038XVjh7W3peL472d739+SeLNNN6klXlJ7xus8s7Zn"
    "Ho/dH505dZDLHp8jxjAlnV/Bjw6BcyQ+5Ku6oAMXi6RCFnA4cZUsC4RUIZww7kGbi/IL6DIkihzEbA8vePCIzogg"
    "wPCUPMLkBeAzBDi9RATIBzOAeRcwKoohB4g4mExFkfzEEtHH8jkOtcWDRH1zTfoEf/ORxekUiQpPNPz5iyjGxEHf"
    "EYt+XFxaFxi5TgYt7MgGVLnFbxaq7MOHwctXSlJ2d2LZ1PXnJJFe3PAZJbG472PnsdSRdVNEkAc5clIwEt91Q8Sj"
    "oqDHooB7Poq76iQFDrqAviuN0fntwie2tAFQT5L/HP0edi0lZlnD0dg6PxtbVqdgO9mFHPZhkS3ML+yOCZdA/fgZ"
    "tJsAoko78gGnf/TfPzh89lBBQBmfeqpSwdX5qRQhh4GqAj1B2faQxMSCvIj2S1HD8RyVI57VzCHvhKqPow91LBAV"
    "JCZIXv8I3Ai+7QI+Hrw7Ox/33/0lm58z9s1VePXHZ7Kmp0pvcqUPAvtQMZKDIR43Av4ZjP8A8kfwaTQ8y1sxlht/"
    "6sg+QZ9Ti9BrCzppTKLiqEiIJmZG3xdYNFfDzFlNY+ZWm9lDV2LqrTOas5oNmDmcLY2Vm7eyz5BnQYF/iZXH6Dsv"
    "t3BWK2dhAdWeDd2zj+OMPYd/99+rdfJd/+PDjE3fjoavI/HEoMPTt6MTtXjmgNfzS1IqTTon7QV+hS8i3b2Ly1JX"
    "REJVhPYV9ZBwQ9+gGwXwQPQDEhuVABq61x/CZnYT0qQ0mUM9eB37x+kXSnx38Y0RV9/+tH9+2n951lEIT6B9eQ09"
    "x8pALWtoj+ZKYtli1bw3z5dAIqYQJ/wWss9p1EuCncga1ZGO/EJrhjl9sBCylHQB9QAEC49OPTgPwhChyABkgBJU"
    "DGZ0FE3I0oJporskZJEvjPqsufhFOmbpq7H06QJuwN4AbDSH2NVBO1YwcNeAewEZu6ZiBZxBNtOBvaBo4K8BP7wS"
    "M71n+Z7WK5/VMsDXAB4zEXXOMSnCfkKpiyCp8FtSajncJ0LvtoCPS7aL/Mlo9DaD/MkgD+2Hdydn7x88UWYQQjhw"
    "yAfDcQnewve6KllIVwIe620R8ch73FnAr4TTH+60ZOEekIpZJaWRAxoHvMlt4PzklkAWnRX/Peo9OTo+en747Oi5"
    "EFG9jEuOl9ihCKfZK6g1de8CvVigZapZhOR9iPYoWcl8Fqq+evMeuZCXD6nifuhuWr3A2WRGzYRKCBXLsSFQJ7Kl"
    "PaO3MlBxyC43BWks2tjZ7YnV8Fgi5MBTglATOPXDtvbpfbpNklMNwE4JyxlUdJfRnGoaWJvnVNIvwNevDH37+hXY"
    "1BffG2DxF10h8bErqtTrQPz5BHlCBAepFy5kHASFYCpcRgI4BRBI2TJa9NaeY1jUlrOoHHNXi9GLFUysXSPWTndT"
    "A/ScmoG+Hs2x8CcutvXD7kTPEB0acbfAkJZs5Va/5rFCrRe8nb7c1t7vS3Sjg3UobqaSGlALL6lkEsHTSj4pVNge"
    "l3RwS0iHXNIvvd7h4XHv4PDZ86dHx8dPnx/EpFKxahm7dDJ4LeeNDOLFiSTlemqQeDmtvQG/MSLP8KKNwml40VoT"
    "9C7wopl9Ss+eiUi3jp1zqia9tm12rsV/G2a3sy51GQyFTWE6DQbUnmK0RfZ7Z/Ex9Pdd099Vib6ZKWwFDW7VyPkF"
    "4g8M+Orq/N68UAkL/TnogqqVvf1iaOk20dIe1WOlI3lDZ9SgM/6lmNTyZzOKJmxpnTtbzD/Qm73SOubYkjkF1jSc"
    "S06BxavzhsfA4i353QR15Tmw9BAtPwiWf2cbAHXPQtQ8plVn64Yj0D8dD0bDuzpddxrNJAW3OwmJq33uMPhe198O"
    "xAG9iFxplR/CIfdZkP9xrY7NqVwPMEE2lTeCCJ8TEY684CqQMg+9qWZLffrAaMHcIZBMOfkeJJfGyW+Xk29yT7bq"
    "5qshoIF2JG/ArgG2yX3YJtqKE3TxHJeEsMv3h2OlWvuZLYO96R1NBY6FmTUrdcaXpk0VdE3qlEbqVOAQ6cwfiYaZ"
    "QPQnEJMK0ejEYcgmw460IZJfzY6ss8FvdmS3u8F47k8k5J2yS1PDqu7SS1MDobWZDsbRIiAkqs7HlEiU8g9R3wzb"
    "YNiGdo7kbR63sOl8ISdc3dAhr2oiB43IwbA8JmzY1bBBMTJ6q2FKxQQNy4OGyDnZMGbYM0+2mwsZUi9Umy7WHFc4"
    "xOOV3rCWKyyFX4AoT70rr/OfQQYIBXKdKHON19DQ3KoLj+yoQjve1zQudftcau0jWXdxGmuH+HYTopjD+PcD+q1G"
    "Kfd8b8MRa69+bm+iZY6ptTmvd+Fh6mGudfY/rWOmrzoXAGx7e/a+A27SaQyttbO0lrkY4F6sxP7CqWnmrKYxc6vN"
    "HG9N1RnPOV3jWrfZ0uamj3tiZ19YR/csX0ZpA+p4d+yqcTbS5P81DGgAkyaiGSUDqUmp3P6B02T/bkNY9+7Onzyu"
    "mcFadey0uGo1AO2ap3nbuVCtxDWzTusf501xfmFW6aa/5iLJYN2TN7mYwmNuZ7q75OkMZhUJI2lMlyeOJKZUsutf"
    "03Q9o+CaepcsuIspyBJxEbySR7jlbw5Q6whAxGEVB8XrN7Q0Ndvc9tS+PBITLjQcLphESnPVT7vgNHmpt5SXWhEd"
    "mJt+NrnppzSWNQxBUwzB3aRQ95GH7VmZTxzWLPWGYSKzyguuRrThX4dVuR1fuvCU7MSH5tvMA219gm2141mZ6HA6"
    "g55upsNuZvKI8fLdchGZcjk0ek+fLgE0Si0RUrntmijrpBfU5X6ztxhUGgiH4nuI7pODgzXQFVKV6Kq6/NYA4YiU"
    "7FD+eT4aVm0MxCr5nUlsc/AfcDHbxXz8JeBKMDL7kYU8qXxKVM6PlQ2clDmy21zMfv4PTyOjmw=="
)
