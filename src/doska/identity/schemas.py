"""People and their sessions, as requests and responses."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError, PydanticKnownError

from doska.identity.credentials import PASSWORD_CHARS_MAX
from doska.preparing import prepared_password
from doska.schemas import Id, In, Line, Out, Time, Title, Version, absent, body_examples

# What browsers accept in <input type="email"> (the HTML standard), with or without a dot in the
# domain.
_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_NOT = (
    r"""\s\u0000-\u001f\u007f\u0085\u2028\u2029\\"'<>"""  # in no address: spaces, controls, quotes
)
_PICTURE = re.compile(rf"https://[^{_NOT}/?#@]+(?:[/?#][^{_NOT}]*)?")
# Below a path of its host, as it is shown there.
_IDENTICON = re.compile(r"(?:/[A-Za-z0-9._~-]+)*?(/users/[0-9a-f-]{36}/avatar\.svg)")
# Letters, marks and digits of all scripts, and more: `\w` is only ASCII in JavaScript, and Python
# has no class for marks.
_IN_NAME = (
    r"\u0000-,/:-@\[-\^`\{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u2000-\u206f\u20a0-\u20cf\u2190-\u245f\u2500-\u2775\u2794-\u2bff\u3000-\u3004\u3008-\u3020"
)
_OTHER_SIGNS = "_-."
USERNAME_CHARS_MAX = 40
_USERNAME = f"^[^{_IN_NAME}]+$"
_NEW_USERNAME = rf"^\.?[^.{_IN_NAME}]+(\.[^.{_IN_NAME}]+)*\.?$"  # no two dots


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("should be an e-mail address")
    return value


def is_in_username(sign: str) -> bool:
    """Return whether a character can be part of a username."""
    return unicodedata.category(sign)[0] in "LMN" or sign in _OTHER_SIGNS


def _username(value: str) -> str:
    if not all(map(is_in_username, value)):
        raise PydanticCustomError("username", "should have letters, digits, '_', '-' and '.' only")
    return value


def _picture(value: str) -> str:
    if identicon := _IDENTICON.fullmatch(value):
        return identicon[1]
    if not _PICTURE.fullmatch(value):
        raise ValueError("should be an https address, or your own identicon")
    return value


def _password(value: str) -> str:
    if "\x00" in value:
        raise ValueError("should not contain NUL")
    if len(prepared_password(value)) > PASSWORD_CHARS_MAX:
        raise PydanticKnownError("string_too_long", {"max_length": PASSWORD_CHARS_MAX})
    return value


Username = Annotated[
    Line,
    StringConstraints(min_length=2, max_length=USERNAME_CHARS_MAX),
    AfterValidator(_username),
    Field(json_schema_extra={"pattern": _USERNAME}, examples=["anna"]),
]
NewUsername = Annotated[
    Username,
    Field(
        description="compared without case (RFC 8265); in one script, such as Latin or Cyrillic",
        json_schema_extra={"pattern": _NEW_USERNAME},
        examples=["anna"],
    ),
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
    str,
    StringConstraints(max_length=500),
    AfterValidator(_picture),
    Field(json_schema_extra={"pattern": f"^({_PICTURE.pattern}|{_IDENTICON.pattern})$"}),
]
Password = Annotated[
    str,
    StringConstraints(min_length=1, strip_whitespace=False),
    AfterValidator(_password),
    Field(
        description="normalized by RFC 8265 before it is compared: letters composed, spaces plain",
        json_schema_extra={
            "format": "password",
            "maxLength": PASSWORD_CHARS_MAX,
            "pattern": r"^[^\u0000]*$",
        },
        examples=["correct horse battery"],
    ),
]

LinkToken = Annotated[
    Line,
    StringConstraints(min_length=1, max_length=200),
    Field(
        description="the part after the `#` of a link",
        examples=["nmTHCq2Bqzv0QmTTNbV3dP1r2YkC8y3Wq5sN7LJ4XgA"],
    ),
]


class UserView(Out):
    """A person, as shown next to what they do."""

    id: Id
    username: str
    name: str
    avatar_url: str = Field(description="an https address, or a path on this API")


class UserOut(UserView):
    """A person, as signed-in users see them."""

    version: Version
    created_at: Time


class AccountOut(UserOut):
    """A person, as they themselves and administrators see them."""

    email: str
    is_admin: bool
    is_active: bool


class SessionOut(Out):
    """One of your sessions."""

    id: Id
    created_at: Time
    expires_at: Time = Field(description="it cannot be renewed beyond")
    user_agent: str
    is_current: bool


class LoginIn(In):
    """Credentials for signing in."""

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

    username: NewUsername
    name: Title | None = Field(None, description="if left out, the username")
    email: Email
    password: Password
    avatar_url: PictureUrl | None = Field(None, description="if left out, an identicon")
    invitation: LinkToken | None = Field(
        None,
        description="to a board, accepted with the registration: the part after the `#` of its link",
    )


class UserIn(In):
    """A person's profile."""

    model_config = body_examples(
        {"username": "anna", "name": "Anna P.", "email": "anna@example.com"}
    )

    username: Username
    name: Title | None = Field(None, description="if left out, the username")
    email: Email
    avatar_url: PictureUrl | None = Field(None, description="if left out, the identicon")
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
