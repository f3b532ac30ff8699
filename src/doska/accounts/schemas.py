"""Links for a new password, as requests and responses."""

from pydantic import Field

from doska.identity.schemas import LinkToken, Password
from doska.schemas import In, Out, Time, body_examples


class PasswordLinkOut(Out):
    """A link for setting a new password."""

    url: str = Field(
        description="shown only once; whoever has it can set the password",
        examples=["https://doska.example.com/password#nmTHCq2Bqzv0QmTTNbV3dP1r2YkC8y3Wq5sN7LJ4XgA"],
    )
    expires_at: Time


class PasswordResetIn(In):
    """A new password, set with a link."""

    model_config = body_examples(
        {
            "token": "nmTHCq2Bqzv0QmTTNbV3dP1r2YkC8y3Wq5sN7LJ4XgA",
            "new_password": "staple over the moon",
        }
    )

    token: LinkToken
    new_password: Password
