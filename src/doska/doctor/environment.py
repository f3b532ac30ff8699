"""The settings: whether they are valid, and what they imply."""

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from doska.addresses import is_loopback
from doska.doctor.findings import Finding, ok, warn, wrong
from doska.doctor.guessing import is_guessable
from doska.http.sources import Network
from doska.loading import SettingsError, find_mistakes, has_example_secrets
from doska.loading import read_settings as read
from doska.settings import Settings

DOTENV = Path(".env")
NEW_KEY = "DOSKA_SECRET_KEY=$(openssl rand -hex 32)"
PREFIX_MIN = {4: 8, 6: 7}
OTHERS = 0o007
BESIDE = {"pg_bin", "test_database_url"}  # read elsewhere
SIMILAR = 0.75  # DOKSA_, not DOCKER_
SHOWN = ".env.example lists all settings with their defaults"


def read_settings() -> tuple[Settings | None, list[Finding]]:
    """Read the settings as every command does; without them there is nothing more to check."""
    try:
        settings = read()
    except SettingsError as error:
        return None, [wrong("settings", line, SHOWN) for line in str(error).splitlines()]
    except (OSError, UnicodeError) as error:
        return None, [wrong("settings", f".env cannot be read: {error}", "chmod 600 .env")]
    return settings, [*_settings(settings), *_names(), *_file(settings)]


def judge(settings: Settings) -> Iterator[Finding]:
    """Report what the settings imply."""
    yield from _key(settings)
    yield from _address(settings)
    yield from _origins(settings)
    yield from _proxies(settings)
    yield from _log(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    mistakes = find_mistakes(settings)
    for mistake in mistakes:
        yield wrong("settings", mistake.rstrip("."), SHOWN)
    if not mistakes:
        yield ok("settings", f"valid, for {settings.environment}")


def _names() -> Iterator[Finding]:
    """Find names that nobody reads: otherwise a typo goes unnoticed."""
    text = DOTENV.read_text() if DOTENV.is_file() else ""
    written = re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", text, re.MULTILINE)
    known = [*Settings.model_fields, *BESIDE]
    for name in sorted({name.upper() for name in (*written, *os.environ)}):
        prefix, _, ours = name.partition("_")
        is_ours = get_close_matches(prefix, ["DOSKA"], 1, SIMILAR)
        if is_ours and not (prefix == "DOSKA" and ours.lower() in known):
            meant = get_close_matches(ours.lower(), known, 1)
            fix = f"DOSKA_{meant[0].upper()} was meant?" if meant else SHOWN
            yield warn("settings", f"{name} is not a setting", fix)


def _file(settings: Settings) -> Iterator[Finding]:
    is_secret = settings.secret_key is not None and not has_example_secrets(settings)
    if is_secret and DOTENV.is_file() and DOTENV.stat().st_mode & OTHERS:
        yield warn("settings", ".env can be read by every user of this machine", "chmod 600 .env")


def _key(settings: Settings) -> Iterator[Finding]:
    key = settings.secret_key
    if any("DOSKA_SECRET_KEY" in mistake for mistake in find_mistakes(settings)) or key is None:
        return  # reported already, or stored in the data folder
    if has_example_secrets(settings):
        yield warn("secrets", "they are the example's: only safe on this machine", NEW_KEY)
    elif is_guessable(key.get_secret_value()):
        yield warn("secrets", "the key is not random, and can be guessed", NEW_KEY)
    else:
        yield ok("secrets", "the key is your own")


def _address(settings: Settings) -> Iterator[Finding]:
    url, is_local = settings.public_url, is_loopback(settings.public_url)
    if settings.is_https:
        name = settings.session_cookie
        yield ok("public address", f"{url}; the cookie is {name}, Secure, HttpOnly")
    elif is_local and settings.environment == "production":
        fix = "DOSKA_PUBLIC_URL=https://… behind a proxy (docs/examples)"
        yield warn("public address", f"{url} can be reached from this machine only", fix)
    elif is_local and not is_loopback(f"http://{settings.host}"):
        text = f"DOSKA_HOST={settings.host} lets other machines connect by plain http"
        fix = "DOSKA_HOST=127.0.0.1, if this is not a container with a port of this machine"
        yield warn("public address", text, fix)
    elif is_local:
        yield ok("public address", f"{url}, for this machine; the cookie is not Secure")


def _origins(settings: Settings) -> Iterator[Finding]:
    names = settings.allowed_origins
    for origin in names if settings.is_https else ():
        if origin.startswith("http:"):
            where = "any program on a visitor's machine" if is_loopback(origin) else "any network"
            text = f"{origin} is plain http: {where} can impersonate it"
            yield warn("origins", text, "remove it from DOSKA_ALLOWED_ORIGINS")
    others = ", ".join(names)
    yield ok(
        "origins", f"browsers may send writes from the public address{others and ', '}{others}"
    )


def _proxies(settings: Settings) -> Iterator[Finding]:
    """Without the proxy's address all people are one source, and wait for each other's failures."""
    trusted = ", ".join(map(str, settings.trusted_proxies))
    if wide := [str(network) for network in settings.trusted_proxies if _is_wide(network)]:
        text = f"{', '.join(wide)}: this trusts more than proxies to name the client"
        yield warn("proxies", text, "set DOSKA_TRUSTED_PROXIES to the proxies' own addresses")
    elif trusted:
        yield ok("proxies", f"{trusted} may name the client (X-Forwarded-For)")
    elif settings.is_https:
        text = "none is trusted: all users behind a proxy wait for each other's failed sign-ins"
        yield warn("proxies", text, "DOSKA_TRUSTED_PROXIES=127.0.0.1, or the proxy's address")


def _is_wide(network: Network) -> bool:
    """Return whether a network is wider than the private networks (10.0.0.0/8, fc00::/7)."""
    return network.prefixlen < PREFIX_MIN[network.version]


def _log(settings: Settings) -> Iterator[Finding]:
    if settings.log_level in ("warning", "error"):
        text = f"at the level {settings.log_level} there is no audit log"
        yield warn("log", text, "DOSKA_LOG_LEVEL=info")
