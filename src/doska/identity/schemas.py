"""People and their sign-ins, as requests and answers."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints

from doska.identity.credentials import PASSWORD_CHARS_MAX
from doska.schemas import Id, In, Line, Out, Time, Title, Version, absent, body_examples

# What browsers accept in <input type="email"> (the HTML standard), with a dot in the domain or not.
_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_NOT = r"\s\u0000-\u001f\u007f\u0085\u2028\u2029\\\"'<>"  # in no address: spaces, controls, quotes
_PICTURE = re.compile(rf"https://[^{_NOT}/?#@]+(?:[/?#][^{_NOT}]*)?")
# Below a path of its host, as it is shown there.
_IDENTICON = re.compile(r"(?:/[A-Za-z0-9._~-]+)*?(/users/[0-9a-f-]{36}/avatar\.svg)")
_USERNAME = re.compile(r"[\w.-]+")


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("should be an e-mail address")
    return value


def _username(value: str) -> str:
    if not _USERNAME.fullmatch(value):
        raise ValueError("should have letters, digits, '_', '-' and '.' only")
    return value


def _picture(value: str) -> str:
    if identicon := _IDENTICON.fullmatch(value):
        return identicon[1]
    if not _PICTURE.fullmatch(value):
        raise ValueError("should be an https address, or one's own identicon")
    return value


def _password(value: str) -> str:
    if "\x00" in value:
        raise ValueError("should not contain NUL")
    return value


Username = Annotated[
    Line,
    StringConstraints(min_length=2, max_length=40),
    AfterValidator(_username),
    Field(json_schema_extra={"pattern": f"^{_USERNAME.pattern}$"}, examples=["anna"]),
]
Email = Annotated[
    str,
    StringConstraints(min_length=3, max_length=254),
    AfterValidator(_email),
    Field(
        json_schema_extra={"format": "email", "pattern": f"^{_EMAIL.pattern}$"},
        examples=["anna@example.com"],
    ),
]
PictureUrl = Annotated[
    Line,
    StringConstraints(max_length=500),
    AfterValidator(_picture),
    Field(json_schema_extra={"pattern": f"^({_PICTURE.pattern}|{_IDENTICON.pattern})$"}),
]
Password = Annotated[
    str,
    StringConstraints(min_length=1, max_length=PASSWORD_CHARS_MAX, strip_whitespace=False),
    AfterValidator(_password),
    Field(
        json_schema_extra={"format": "password", "pattern": r"^[^\u0000]*$"},
        examples=["correct horse battery"],
    ),
]


class UserView(Out):
    """A person, as seen beside what they do."""

    id: Id
    username: str
    name: str
    avatar_url: str = Field(description="an https address, or a path on this API")


class UserOut(UserView):
    """A person, as anyone signed in sees them."""

    version: Version
    created_at: Time


class AccountOut(UserOut):
    """A person, as they themselves and administrators see them."""

    email: str
    is_admin: bool
    is_active: bool


class SessionOut(Out):
    """One sign-in of one's own."""

    id: Id
    created_at: Time
    expires_at: Time = Field(description="it cannot be renewed beyond")
    user_agent: str
    is_current: bool


class LoginIn(In):
    """A sign-in."""

    model_config = body_examples({"login": "anna", "password": "correct horse battery"})

    login: Annotated[Line, StringConstraints(max_length=254)] = Field(
        description="username or e-mail"
    )
    password: Password


class PasswordIn(In):
    """A new password."""

    model_config = body_examples(
        {"current_password": "correct horse battery", "new_password": "staple over the moon"}
    )

    current_password: Password
    new_password: Password


class UserNew(In):
    """A registration."""

    model_config = body_examples(
        {
            "username": "anna",
            "name": "Anna Petrova",
            "email": "anna@example.com",
            "password": "correct horse battery",
        }
    )

    id: Annotated[Id | None, Field(description="an id of the client's own making")] = None
    username: Username
    name: Title | None = Field(None, description="the username if left out")
    email: Email
    password: Password
    avatar_url: PictureUrl | None = Field(None, description="an identicon if left out")


class UserIn(In):
    """A person's profile."""

    model_config = body_examples(
        {"username": "anna", "name": "Anna P.", "email": "anna@example.com"}
    )

    username: Username
    name: Title | None = Field(None, description="the username if left out")
    email: Email
    avatar_url: PictureUrl | None = Field(None, description="the identicon if left out")
    is_admin: StrictBool = Field(default_factory=bool, description="administrators only")
    is_active: StrictBool = Field(
        default_factory=lambda: True, description="administrators only; false signs out at once"
    )


class UserPatch(In):
    """What to change of a profile."""

    model_config = body_examples({"name": "Anna P."})

    username: Username = absent()
    name: Title = absent()
    email: Email = absent()
    avatar_url: PictureUrl | None = absent()
    is_admin: StrictBool = absent()
    is_active: StrictBool = absent()
