"""The cookie that holds a sign-in's token."""

from doska.settings import Settings


def cookie_header(settings: Settings, token: str) -> str:
    """Write the ``Set-Cookie`` header; an empty token takes the cookie away."""
    age = int(settings.token_lifetime.total_seconds()) if token else 0
    secure = "; Secure" if settings.is_https else ""
    # What is called __Host- has to be good for all paths.
    path = "/" if settings.is_https else settings.base_path or "/"
    flags = f"Path={path}; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"
    return f"{settings.session_cookie}={token}; {flags}"
