"""Keep of each username what it is compared by (RFC 8265), beside what people see.

Only the application can prepare it, and fills it in after the migrations (``doska.postgres.backfill``). An
older release that runs beside this one knows nothing of it: then the spelling that a key was made
of is not the username, and the key counts for nothing.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
ALTER TABLE users
    ADD COLUMN username_key text, -- null: an older account has it, or none has been made
    ADD COLUMN username_key_of text, -- the spelling that it was made of
    ADD CONSTRAINT users_key_of_a_name CHECK (
        username IS NOT NULL OR num_nonnulls(username_key, username_key_of) = 0);
CREATE UNIQUE INDEX users_username_key_key ON users (username_key) WHERE username_key_of = username;
-- By which sign-ins are found; the unique one depends on the database's locale.
CREATE INDEX users_email_ascii_idx ON users (lower(email COLLATE "C"));
"""
DOWN = """
DROP INDEX users_email_ascii_idx, users_username_key_key;
ALTER TABLE users DROP CONSTRAINT users_key_of_a_name, DROP COLUMN username_key_of,
    DROP COLUMN username_key;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that adds what usernames are compared by."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it away."""
    return DOWN


MODELS_STATE = (
    "eJztXW1z2zYS/isYfUpn3IxjO3GuvemM5Dit2kS6sZXrS5qhIRKSUFOAQoB2PLn89wPAdx"
    "KUBUqWKRkzebGBXQp8FgB3n11QXztz6iGfPb9EjGFKOj+Arx0C50j8UO46AB24WGQdsoHD"
    "sa9kWSSkGuGY8QC6XLRPoM+QaPIQcwO84NFHdIYEAYan5HtMDgANABW/Q9cV1wCcXiPyA0"
    "DEw2QK+AyBgN7KXxm4nUGOblAA5AAZwPy5/DSPuuLjhPAmL/w3+ZsMJwCSgvYBuLpCXxY4"
    "QMyB/OoKYCFMJphgfgfwRCgCoq4TC6nxhQR/DpHD6RSJDw3EKD9+Es2YeOgLYsmvi2tngp"
    "HvFQyAPXkB1e7wu4Vq+/Ch/+atkpT3PnZc6odzkkkv7viMklQ8DLH3XOrIvikiKBC36uUs"
    "Q0Lfj42YNEUjFg08CFE6VC9r8NAEhr60b+ffk5C40qxAfZL85+SneGg5MccZDEfO5fnIcT"
    "qV6SCHUDJk3OSKGSWmEiZcAvX1W3TdDBDV2pEfcPZL9+LZ8avvFASU8WmgOhVcnW9KEXIY"
    "qSrQM5TdAElMhEWraL8RPRzPkR7xomYJeS9WfZ780MQCSUNmgmxFJeAm8G0X8FH//fnlqP"
    "v+P/Lyc8Y++wqv7uhc9hyp1rtS67PIPlRsDtGukV4E/N4f/QLkr+Cv4eC8bMVUbvRXR44J"
    "hpw6hN460MtjkjQnTUI0M3O2cE3NXNS0Zm61mQN0I7bqJqu5qLkBM8e7pbXy5q0cMhQ4UO"
    "CvsfIIfeF6Cxe1ShYWUO3Z0j3/Y1Sw5+C/3Qv1nHzf/eO7gk3fDQc/J+KZQQdn74Y99fDM"
    "gFd+kDODbFYFvocJDO700Bf1StCP7zhie7WgehK5PPYC+l5/0L34Uw9+Ip9fJ70/R+fdEv"
    "zqf4MZn8g3muu7A/eDTHXm0oUR2KmCRdsc7TGFgedgj1UR7wYBrNlWClol2H3M+F7hLmOZ"
    "j59KuPmQcUc82Jp4PGVd6/O03ucxowRyKpvkBdpr1HtoAMm0TK61LICEqgrtWxogPCW/oW"
    "j/6YtxQOLqNvmYLPsQX2Y3Ic1as6UcwNuUmspPKHHv4o4RV3d/1r0867457yiEx9C9vpX7"
    "cgFq2UOPaKklla12zY/m5RZIhPfuxXchx5xHXUNdJtao5y3lDa1IWnbBQsjSiFiEYBHQaQ"
    "DngM8gB0KRAcgk31glJU0ULVvYgm3iYAlbKCeMqRee17FRZwPnMAHQuUZ3TYBP9Kxjvh72"
    "Dp00hT9WtRYwt8BWg/6nvtWgOcS+CdqpgoW7AdwLyNgtFf6fnlKsh72iaOFvAD+8EX5O4I"
    "SB0ZQvalngGwCPmQj955hoWHRKfQRJjdeeUyuT6ELvoYBPW7bMog+H7wrI9/plaD+8751f"
    "PHuhzCCEcBSO9gcjDd4i8rjRPEjvBTzV2yLiSey0s4DfiJA3rhoqwt0nNbtKTqMENCarEL"
    "mNcH7xQCCLwYr/vj96cXJ68vr41clrIaJGmbacLrFDFU5bpNJo694FjrdCStZzaLnkVFxv"
    "p0mX9GLVt79dIB9y/ZKq1vbtptUrjKUmqaQ4vjWB6skr7Rm5W0zsQ3a9LkgjcY2dDefvh8"
    "cRIQeeEoQ2gVM3vtY+zaeHpPjVAuxoOP6o42AZya+2gZVZfiX9I7i6Yujz1RVwaSjuG2Dx"
    "F90g8aOsAlbTgYTzMQqiMmBZTyzTqSBqBFPhMhLAKYBAyuqSAg/2OTaH0PIcAsfcN2L0Ug"
    "UbazeItfPDNAC9pGahb0ZzLMKxj13zsDvTs0SHQdwtMKSaQob6aZ4q2NSM+fw2zEeuk4Z8"
    "6luJ8JI0mwie1vJJscL2uKTDB0I65pL+dXR0fHx6dHj86vXLk9PTl68PU1Kp2rWMXer1f5"
    "b7RgHx6kaScz0NSLyS1t6AvzEiz/KiG4XT8qKNNuhd4EULecrAnYlIt4mdS6q2xrltdm7E"
    "f1tmt7MqdRkthXVhOosW1J5itEX2e2fxsfT3Y9PfdWXuhS3sHhrcaVDxDsQfGPHV9dXtZS"
    "ENC/0xGoLqlaP9ZGnpNtHSATVjpRN5S2c0oDP+oZg08mcLijZsaZ07qzvUarJ75XXsoT3N"
    "YQR7BvKhzkCmT+c1D0GmKfndBPXeU5D5Jao/BlmesxsAdc9C1DKmdSdLB0PQPRv1h4PHOl"
    "t6luwkFbc7C4nrfe44+F7V347EAZ0krrSqD+GQhyyq/7hVh0ZVrQcYI5fK99UJnxMRjqQZ"
    "tC/F29xltT59ZLRo7xBI5pz8AJJr6+S3y8m3tSdbdfPVEjBAO5G3YDcA29Y+bBNtxQn6eI"
    "41Iezy/HCq1Cif2TLYN53RVOA4mDkzrTO+tGyqomtLpwxKpyKHyGT/yDTsBmK+gdhSiI1u"
    "HJZssuxIGyL5+9mRVRL8NiO73QTjZTiWkHd0XwAQdx0s/QKASGhlpoNxtIgIibrzMRoJLf"
    "+QjM2yDZZtaOdK3uZxC5fOF3LDNQ0dyqo2cjCIHCzLY8OGXQ0bFCNj9jTMqdigYXnQkDgn"
    "a8YMe+bJHpRChtyEatNrZUc1DvHoXm/YyBWWwj+CpE79QH6N1AwyQCiQzwmda7yChmGqLj"
    "6yoxrdNK9pXer2udTGR7Ie4zTWDvHtNkSxh/GfBvRbjVKeeG7DE89e89reTMseU2tzXe8i"
    "wDTA3Ojsf17Hbl9NXgCw7fTsUwfcltNYWmtnaS37YoAn8SQOF15DMxc1rZlbbeY0NdVkPZ"
    "d0rWvdZkvbN308ETuHwjqmZ/kKSmtQx7tjV4Ozkbb+b8OARjAZIlpQspDaksrtHzjN8ndr"
    "wrp37/wp41pYrHXHTqtPrQ1Au+Jp3nY+qO7FtfCcNj/Om+P84qrSdb/mIqtg3ZOZXC3hsW"
    "9nerzi6QJmNQUjeUyXF45kplSyq7+m6XZGwS0Nrln0LqaoSsRH8EYe4ZbfHKCeIwARj9Uc"
    "FG9+oaWl2fZtT+2rI7HhwobDBVtIaV/10y44bV3qA9Wl1kQH9k0/67zpRxvLWoZgUwzB45"
    "RQd1GA3ZnOJ457lnrDMJO5zwuuR3TDX4dVm47XPng0mfjYfOt5oK0vsK13PGsLHc5mMDCt"
    "dNjNSh6xXr44PiJTLpfG0cuXSwBNSkuEVCldk1SdHEV9pW/2FovKAOFYfA/RfXF4uAK6Qq"
    "oWXdVXTg0QjogmQ/nr5XBQlxhIVcqZSexy8D/gY7aL9fhLwJVgFPKRlTqpcklUyY+VF+jp"
    "HNltPsy+/R/ejRpy"
)
