"""All settings from the environment; names have the prefix ``DOSKA_``."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    IPvAnyNetwork,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from doska.addresses import DEFAULT_PORTS, is_loopback, origin_of, port_of, spelled, split

COOKIE = "doska_session"
USUAL_PORT = 8000


class Settings(BaseSettings):
    """How this instance of Doska runs."""

    model_config = SettingsConfigDict(
        env_prefix="DOSKA_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    host: str = "127.0.0.1"
    port: int = Field(USUAL_PORT, ge=0, le=65535)
    workers: int = Field(1, ge=1, le=64)
    data_dir: Path | None = Field(None, description="where the embedded database lives")
    database_url: SecretStr | None = Field(None, description="without it: embedded PostgreSQL")
    direct_database_url: SecretStr | None = Field(
        None, description="past a pooler: to listen, notify and migrate"
    )
    secret_key: SecretStr | None = Field(None, description="signs the tokens, 32 bytes or more")
    public_url: str = "http://localhost:8000"
    allowed_origins: Annotated[list[str], NoDecode] = Field(default_factory=list)
    allowed_headers: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="that browsers of other origins may send beside ours"
    )
    trusted_proxies: Annotated[list[IPvAnyNetwork], NoDecode] = Field(default_factory=list)
    cookie_name: str | None = Field(None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")
    environment: Literal["development", "production"] = "development"
    registration: Literal["open", "closed"] = "open"
    migrate_on_start: bool = True
    docs: bool = True
    background: bool = True  # jobs and followers run here; else in `doska work`
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    history_days: int = Field(
        0, ge=0, le=36_500, description="older events are removed; 0: all are kept"
    )
    token_hours: float = Field(12, gt=0)
    session_days: float = Field(30, gt=0)
    sessions_per_user_max: int = Field(100, ge=1, description="beyond it the oldest ends")
    tokens_per_user_max: int = Field(50, ge=0, description="personal access tokens")
    password_min_length: int = Field(8, ge=8, le=128)
    hashing_threads: int = Field(2, ge=1, le=64)
    hashing_queue: int = Field(20, ge=0)
    sign_in_attempts_a_minute: int = Field(30, ge=1, description="of a source, in each process")
    sign_in_failures_max: int = Field(5, ge=1, description="at a login from a source")
    sign_in_failures_per_source_max: int = Field(20, ge=1)
    sign_in_wait_seconds_max: float = Field(900, gt=0)

    pool_min: int = Field(2, ge=1)
    pool_max: int = Field(8, ge=1)
    acquire_timeout_seconds: float = Field(2, gt=0)
    statement_timeout_seconds: float = Field(5, gt=0)
    lock_timeout_seconds: float = Field(2, gt=0)
    requests_in_flight_max: int = Field(128, ge=1, description="a process; more get 503 at once")
    snapshot_cache_mb: int = Field(32, ge=0, description="0: ask the database every time")
    streams_max: int = Field(5000, ge=0, description="live streams a process")
    streams_per_user_max: int = Field(100, ge=0)
    stream_minutes: float = Field(60, gt=0)
    stream_heartbeat_seconds: float = Field(15, gt=0)
    stream_send_seconds: float = Field(15, gt=0)
    requests_a_minute: int = Field(600, ge=0, le=10**9, description="of a user; 0: without limit")
    boards_per_user_max: int = Field(1000, ge=1, description="whose CREATOR somebody is")
    people_per_board_max: int = Field(1000, ge=1)
    columns_per_board_max: int = Field(100, ge=3, description="a new user's board has 3")
    labels_per_board_max: int = Field(200, ge=1)
    tasks_per_board_max: int = Field(10_000, ge=1, description="archived ones too")
    subtasks_per_task_max: int = Field(200, ge=1)
    comments_per_task_max: int = Field(2000, ge=1)
    comments_per_board_mb_max: int = Field(64, ge=1, description="their text")
    attachments_per_task_max: int = Field(100, ge=1)
    attachments_per_board_mb_max: int = Field(1024, ge=1, description="files, deleted ones too")
    attachment_mb_max: int = Field(25, ge=1, le=1024)
    attachment_kept_days: float = Field(30, ge=0, description="of a deleted file, for undo")
    files_dir: Path | None = Field(None, description="where files are; else in the data folder")
    files_s3_url: str | None = Field(None, pattern=r"^s3://[^/]+", description="a bucket instead")
    files_s3_endpoint: str | None = Field(None, pattern=r"^https?://")
    files_s3_region: str | None = None
    files_s3_access_key: str | None = None
    files_s3_secret_key: SecretStr | None = None
    files_per_user_gb_max: int = Field(5, ge=1)
    files_gb_max: int = Field(0, ge=0, description="of this server; 0: without limit")
    files_free_gb_min: float = Field(2, ge=0, description="with less free space, no more files")
    uploads_in_flight_max: int = Field(8, ge=1, description="a process; more get 503 at once")
    uploads_per_user_max: int = Field(2, ge=1, description="at once, in each process")
    export_mb_max: int = Field(2048, ge=1, description="of a temporary file, while it is sent")
    upload_seconds_max: float = Field(600, gt=0)
    imports_at_once_max: int = Field(1, ge=1, description="a server; others wait their turn")
    imports_per_user_max: int = Field(2, ge=1, description="at once")
    import_mb_max: int = Field(128, ge=1, le=1024)
    import_seconds_max: float = Field(300, gt=0, description="for a file to arrive")
    imports_kept_mb_max: int = Field(1024, ge=1, description="files of imports, on this server")
    import_unpacked_mb_max: int = Field(512, ge=1)
    import_times_packed_max: int = Field(100, ge=1, description="of an archive when unpacked")
    import_entries_max: int = Field(10_000, ge=1, description="of an archive")
    import_depth_max: int = Field(64, ge=10, le=128, description="of JSON in a file")
    import_rows_max: int = Field(100_000, ge=1, description="of a table")
    import_boards_max: int = Field(100, ge=1, description="of a file")
    max_json_depth: int = Field(20, ge=10, le=100)
    max_body_bytes: int = Field(1 << 20, ge=1024)
    max_body_seconds: float = Field(30, gt=0)

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def split_origins(cls, value: object) -> object:
        """Take a comma-separated list."""
        if isinstance(value, str):
            return [spelled(origin.strip()) for origin in value.split(",") if origin.strip()]
        return value

    @field_validator("allowed_headers", "trusted_proxies", mode="before")
    @classmethod
    def split_list(cls, value: object) -> object:
        """Take a comma-separated list."""
        if isinstance(value, str):
            return [item.strip() for item in value.split(",") if item.strip()]
        return value

    @field_validator("public_url")
    @classmethod
    def trim_url(cls, value: str) -> str:
        """Remove a slash at the end of the address."""
        return value.rstrip("/")

    @model_validator(mode="after")
    def name_own_port(self) -> Self:
        """Without a public address, people use the port that is listened on."""
        if "public_url" not in self.model_fields_set and self.port:
            self.__dict__["public_url"] = f"http://localhost:{self.port}"
        return self

    @property
    def base_path(self) -> str:
        """The path below which people find this instance; empty if it has the host to itself."""
        return split(self.public_url).path

    @cached_property
    def session_cookie(self) -> str:
        """Return the cookie's name: browsers send a cookie to all ports of a host, and all paths.

        With https the name itself forbids other hosts to set it.
        """
        name = self.cookie_name or "_".join([COOKIE, *self._place()])
        return f"__Host-{name}" if self.is_https else name

    def _place(self) -> Iterator[str]:
        """Return what distinguishes this instance from others on the same host."""
        usual = DEFAULT_PORTS["https"] if self.is_https else USUAL_PORT
        ports = (port_of(self.public_url), usual if self.is_https else self.port or usual)
        yield from (str(port) for port in [p for p in ports if p != usual][:1])
        yield from self.base_path.split("/")[1:]

    @property
    def is_https(self) -> bool:
        """Return whether browsers reach this instance by https."""
        return self.public_url.startswith("https://")

    @property
    def direct_url(self) -> str:
        """The database's address past any pooler; the driver's defaults if none is known."""
        url = self.direct_database_url or self.database_url
        return url.get_secret_value() if url else ""

    @property
    def is_production(self) -> bool:
        """Return whether this is in production: by the setting, or by the public address."""
        return self.environment == "production" or not is_loopback(self.public_url)

    @property
    def file_kept_days(self) -> float:
        """How long a deleted file can be needed: while the log knows of it, undo restores it."""
        return min(self.attachment_kept_days, self.history_days or self.attachment_kept_days)

    @property
    def token_lifetime(self) -> timedelta:
        """How long a token is valid."""
        return timedelta(hours=self.token_hours)

    @property
    def session_lifetime(self) -> timedelta:
        """How long a session can be renewed."""
        return timedelta(days=self.session_days)

    @property
    def origins(self) -> frozenset[str]:
        """The origins that browsers may call from, including our own."""
        return frozenset({*self.allowed_origins, origin_of(self.public_url)})
