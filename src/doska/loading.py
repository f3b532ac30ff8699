"""Settings are loaded, and refused if an instance must not be served like this: a line a mistake."""

import ipaddress
import re
from collections.abc import Sequence
from typing import Any

from pydantic import IPvAnyNetwork, ValidationError

from doska.addresses import is_loopback, origin_of, split
from doska.settings import Settings

KEY_BYTES_MIN = 32
EXAMPLE_MARK = "insecure-example"  # every secret in .env.example contains it

_HOST = r"(?:\[[^\]]*\]|[^:,/?#@\[\]]*)(?::\d{1,5})?"
_DATABASE_URL = re.compile(rf"postgres(?:ql)?://(?:[^/?#]*@)?{_HOST}(?:,{_HOST})*(?:[/?].*)?")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_HEADER = re.compile(r"[A-Za-z0-9-]+")


class SettingsError(Exception):
    """The settings cannot be used; each line of the message describes one mistake."""


def load_settings() -> Settings:
    """Read the environment and ``.env``; raise SettingsError with a line for each mistake."""
    settings = read_settings()
    if mistakes := list(find_mistakes(settings)):
        raise SettingsError("\n".join(mistakes))
    return settings


def read_settings() -> Settings:
    """Read the settings, valid or not; SettingsError if one cannot be parsed."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"DOSKA_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsError("\n".join(lines)) from None


def find_mistakes(settings: Settings) -> list[str]:
    """Return what must not be served like this, one sentence each."""
    return [*_wrong_addresses(settings), *_wrong_database(settings), *_weak_secrets(settings)]


def has_example_secrets(settings: Settings) -> bool:
    """Return whether a secret is one that everybody can read in .env.example."""
    secrets = (settings.secret_key, settings.database_url)
    return any(EXAMPLE_MARK in secret.get_secret_value() for secret in secrets if secret)


def _wrong_addresses(settings: Settings) -> list[str]:
    wrong = []
    public = split(settings.public_url)
    if not origin_of(settings.public_url) or not _PATH.fullmatch(public.path):
        wrong.append("DOSKA_PUBLIC_URL must be an http or https address.")
    elif public.scheme == "http" and not is_loopback(settings.public_url):
        wrong.append("DOSKA_PUBLIC_URL must be https: over plain http anyone can read the cookie.")
    for origin in settings.allowed_origins:
        if "*" in origin:
            wrong.append("DOSKA_ALLOWED_ORIGINS must name each origin: '*' would let any site in.")
        elif origin != origin_of(origin):
            wrong.append("DOSKA_ALLOWED_ORIGINS takes origins such as https://app.example.com.")
    if not all(_HEADER.fullmatch(name) for name in settings.allowed_headers):
        wrong.append("DOSKA_ALLOWED_HEADERS takes names such as X-Tenant, and no '*'.")
    if _is_everybody(settings.trusted_proxies):
        wrong.append(
            "DOSKA_TRUSTED_PROXIES must not include everybody: anyone could claim any address."
        )
    return wrong


def _is_everybody(networks: Sequence[IPvAnyNetwork]) -> bool:
    """Return whether all addresses of a version are included, also as two halves."""
    for version in (4, 6):
        together: Any = [network for network in networks if network.version == version]
        if any(network.prefixlen == 0 for network in ipaddress.collapse_addresses(together)):
            return True
    return False


def _wrong_database(settings: Settings) -> list[str]:
    """Check the address; a message shows no part of it, as that may be part of the password."""
    wrong = []
    urls = {"": settings.database_url, "DIRECT_": settings.direct_database_url}
    for kind, url in urls.items():
        if url is not None and not _DATABASE_URL.fullmatch(url.get_secret_value()):
            form = "must be like postgres://user:password@host:5432/name"
            escapes = "in a password, / is %2F, # is %23, ? is %3F."
            wrong.append(f"DOSKA_{kind}DATABASE_URL {form}; {escapes}")
    if settings.direct_database_url and not settings.database_url:
        wrong.append(
            "DOSKA_DIRECT_DATABASE_URL needs DOSKA_DATABASE_URL: it is the way past its pooler."
        )
    if settings.pool_min > settings.pool_max:
        wrong.append("DOSKA_POOL_MIN must not exceed DOSKA_POOL_MAX.")
    return wrong


def _weak_secrets(settings: Settings) -> list[str]:
    key = settings.secret_key.get_secret_value() if settings.secret_key else None
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    wrong = []
    if key is not None and len(key.encode()) < KEY_BYTES_MIN:
        wrong.append(f"DOSKA_SECRET_KEY must have at least {KEY_BYTES_MIN} bytes.")
    if key is None and url:
        wrong.append("DOSKA_SECRET_KEY is missing: openssl rand -hex 32 generates one.")
    if settings.is_production:
        if key is not None and EXAMPLE_MARK in key:
            wrong.append("DOSKA_SECRET_KEY is the example's: openssl rand -hex 32 generates one.")
        if EXAMPLE_MARK in url:
            wrong.append("DOSKA_DATABASE_URL has the example's password: choose your own.")
    return wrong
