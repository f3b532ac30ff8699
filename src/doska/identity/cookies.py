"""The cookie that holds a sign-in's token."""

from doska.settings import Settings

LOCAL_COOKIE = "doska_session"
HTTPS_COOKIE = "__Host-doska_session"


def cookie_name(settings: Settings) -> str:
    """Name the cookie; behind https the name itself forbids other hosts to set it."""
    return HTTPS_COOKIE if settings.is_https else LOCAL_COOKIE


def cookie_header(settings: Settings, token: str) -> str:
    """Write the ``Set-Cookie`` header; an empty token takes the cookie away."""
    age = int(settings.token_lifetime.total_seconds()) if token else 0
    secure = "; Secure" if settings.is_https else ""
    return f"{cookie_name(settings)}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"
