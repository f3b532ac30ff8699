"""The cookie that contains a session's token."""

from doska.settings import Settings


def cookie_header(settings: Settings, token: str) -> str:
    """Write the ``Set-Cookie`` header; an empty token deletes the cookie."""
    age = int(settings.token_lifetime.total_seconds()) if token else 0
    secure = "; Secure" if settings.is_https else ""
    # A name with __Host- must be valid for all paths.
    path = "/" if settings.is_https else settings.base_path or "/"
    flags = f"Path={path}; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"
    return f"{settings.session_cookie}={token}; {flags}"
