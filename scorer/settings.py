"""Every setting in one place: read once, from `CREDENCE_*` variables and the flags of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from scorer.article import MAX_ARTICLE_SECONDS, CredenceError

MAX_SECONDS = 86_400
"""Longest wait that can be set; also the longest queue."""


MAX_JOB_HOURS = 8_760
"""Longest time that the results of an uploaded batch can be kept: a year."""

MIN_SECRET_CHARACTERS = 32
"""Shortest secret that cookies are signed with: a shorter one could be guessed from a cookie."""


class SettingError(CredenceError):
    """A setting has a value that cannot be used."""

    kind = "setting"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose. Each field is the variable `CREDENCE_<FIELD IN CAPITALS>`."""

    model: str | None = None
    """Model that scores unless a caller pins another: a shipped version, or a folder. None: the newest shipped one."""

    base_rate: float = 0.3
    """Share of unreliable articles where the scores are used, between 0 and 1."""

    host: str = "127.0.0.1"
    """Address the service listens on."""

    port: int = 8000
    """Port the service listens on."""

    workers: int = 2
    """Processes of the service."""

    threads: int = 2
    """Articles that each process of the service scores at once. Scoring holds the interpreter: more do not score
    faster, and keep it from requests that are to be refused."""

    timeout_seconds: int = 60
    """A process of the service that answers nothing for this long is replaced."""

    db: str = "credence.sqlite"
    """The ledger: path of an SQLite file, or an SQLAlchemy URL."""

    keep_text: bool = False
    """Whether the ledger keeps texts, titles and quoted words of what was scored."""

    max_body_bytes: int = 20_000_000
    """Largest request body that the service reads."""

    max_line_bytes: int = 50_000_000
    """Longest line of a batch; a longer one is answered with an error in its place."""

    article_seconds: float = float(MAX_ARTICLE_SECONDS)
    """Processor time that scoring one article may take; past it the article is answered with an error."""

    max_queue: int = 64
    """Articles that wait for a place in each process of the service; past it the answer is 503."""

    queue_seconds: float = 10.0
    """How long an article waits for a place before the answer is 503."""

    drain_seconds: float = 0.0
    """After SIGTERM, how long `/readyz` says no while requests are still served, for a load balancer to notice."""

    rate_limit: str = ""
    """Requests allowed each key, else each address: for example `600/minute`. Empty: no limit."""

    rate_store: str = "memory://"
    """Where requests are counted: in each process (`memory://`), or in Redis (`redis://host:6379/0`) for all."""

    fetch_urls: bool = False
    """Whether the service fetches the page at `url` of an article that came without text."""

    jobs: str = ""
    """Folder of batches uploaded to the page. Empty: `credence-jobs` beside the ledger's file, else where it runs."""

    job_hours: float = 24.0
    """How long an uploaded batch is kept once it has ended; then its results are removed."""

    max_job_bytes: int = 100_000_000
    """Largest file that the page takes as a batch."""

    secret: str = field(default="", repr=False)
    """Signs the cookies of who is signed in. Empty: made anew at each start, so that everybody signs in again."""

    trusted_hosts: tuple[str, ...] = ()
    """Host names the service answers to besides the address it listens on; `*` for any, behind a proxy that checks."""

    pure: bool = False
    """Whether scoring leaves the compiled kernel aside (`scorer.kernel`, which reads the variable when imported)."""

    @classmethod
    def read(cls, environ: Mapping[str, str], **flags: Any) -> Settings:
        """Settings from the environment; a flag that is not None wins. Raises `SettingError` naming the setting."""
        values: dict[str, Any] = {}
        for setting in fields(cls):
            variable = f"CREDENCE_{setting.name.upper()}"
            if flags.get(setting.name) is not None:
                values[setting.name] = flags[setting.name]
            elif environ.get(variable):
                values[setting.name] = _parse(variable, environ[variable], setting.default)
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Raise `SettingError` where a value is outside its range."""
        if not 0 < self.base_rate < 1:
            raise SettingError(f"base_rate must lie between 0 and 1 (neither included), got {self.base_rate}")
        if not 0 <= self.port <= 65535:
            raise SettingError(f"port must lie between 0 and 65535, got {self.port}")
        if self.secret and len(self.secret) < MIN_SECRET_CHARACTERS:
            raise SettingError(
                f"secret must have {MIN_SECRET_CHARACTERS} characters or more; one is made by "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        for name in ("max_queue", "queue_seconds", "drain_seconds"):
            if not 0 <= getattr(self, name) <= MAX_SECONDS:
                raise SettingError(f"{name} must lie between 0 and {MAX_SECONDS:,}, got {getattr(self, name)}")
        if not 0 < self.article_seconds <= MAX_SECONDS:
            raise SettingError(f"article_seconds must lie between 0 and {MAX_SECONDS:,}, got {self.article_seconds}")
        if not 0 < self.job_hours <= MAX_JOB_HOURS:
            raise SettingError(f"job_hours must lie between 0 and {MAX_JOB_HOURS:,}, got {self.job_hours}")
        for name in ("workers", "threads", "timeout_seconds", "max_body_bytes", "max_line_bytes", "max_job_bytes"):
            if getattr(self, name) < 1:
                raise SettingError(f"{name} must be at least 1, got {getattr(self, name)}")

    @property
    def db_url(self) -> str:
        """The ledger as an SQLAlchemy URL."""
        return self.db if "://" in self.db else f"sqlite:///{Path(self.db).absolute()}"

    @property
    def jobs_folder(self) -> Path:
        """Where uploaded batches lie."""
        if self.jobs:
            return Path(self.jobs).absolute()
        beside = Path() if "://" in self.db else Path(self.db).parent
        return (beside / "credence-jobs").absolute()


_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def _parse(variable: str, value: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            if value.lower() not in _TRUE + _FALSE:
                raise ValueError
            return value.lower() in _TRUE
        if isinstance(default, tuple):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        if isinstance(default, int | float):
            return type(default)(value)
    except ValueError:
        wanted = {bool: "yes or no", int: "a whole number", float: "a number"}[type(default)]
        raise SettingError(f"{variable} must be {wanted}, got {value!r}") from None
    return value
