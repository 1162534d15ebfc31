"""Settings: typed, read from the environment once, with defaults that run."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_KEY = "development-only"
LANGUAGES = ("zh", "en")
GEOCODERS = ("", "baidu", "tianditu")
TILE_DATUMS = ("wgs84", "gcj02")
TILES_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/(?:[^\s{}\"'<>\\]|\{[zxy]\})*")


class BadSettings(Exception):
    """The environment asks for something that cannot run; the text says what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation may choose. Every field has an environment variable ``BRANCHNET_<NAME>``."""

    env: str = "development"
    database_url: str = field(default_factory=lambda: f"sqlite:///{ROOT / 'var' / 'branchnet.sqlite3'}")
    redis_url: str = ""
    secret_key: str = field(default=DEVELOPMENT_KEY, repr=False)
    link_key: str = field(default=DEVELOPMENT_KEY, repr=False)
    base_url: str = "http://127.0.0.1:8000"
    language: str = "zh"
    behind_proxy: bool = False
    geocoder: str = ""
    """Empty: no address ever leaves this service."""
    geocoder_key: str = field(default="", repr=False)
    geocoder_host: str = ""
    tiles_url: str = ""
    """Where the map's background comes from, with ``{z}``, ``{x}`` and ``{y}``; empty for outlines alone."""
    tiles_attribution: str = ""
    """Whose tiles these are: shown under the map."""
    tiles_datum: str = "wgs84"
    map_review_number: str = ""
    """审图号 of the background, shown under the map and on every picture of it."""

    @property
    def tiles_origin(self) -> str:
        """The one server, beside our own, from which a page may load pictures; empty without tiles."""
        parts = urlsplit(self.tiles_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def production(self) -> bool:
        return self.env == "production"

    def check(self) -> None:
        """Raise BadSettings where a start would be unsafe or impossible."""
        if self.env not in ("development", "testing", "production"):
            raise BadSettings("BRANCHNET_ENV must be development, testing or production.")
        if self.language not in LANGUAGES:
            raise BadSettings("BRANCHNET_LANGUAGE must be zh or en.")
        self._check_geocoder()
        self._check_tiles()
        if self.production:
            self._check_secrets()

    def _check_geocoder(self) -> None:
        if self.geocoder not in GEOCODERS:
            raise BadSettings("BRANCHNET_GEOCODER must be baidu or tianditu, or not set.")
        if self.geocoder and not self.geocoder_key:
            raise BadSettings("BRANCHNET_GEOCODER_KEY must be set where BRANCHNET_GEOCODER is.")

    def _check_secrets(self) -> None:
        for name, value in (("SECRET_KEY", self.secret_key), ("LINK_KEY", self.link_key)):
            if value == DEVELOPMENT_KEY or len(value) < 32:
                raise BadSettings(f"BRANCHNET_{name} must be a secret of at least 32 characters in production.")
        if self.secret_key == self.link_key:
            raise BadSettings("BRANCHNET_SECRET_KEY and BRANCHNET_LINK_KEY must differ.")

    def _check_tiles(self) -> None:
        if self.tiles_datum not in TILE_DATUMS:
            raise BadSettings(
                "BRANCHNET_TILES_DATUM must be wgs84 or gcj02. Tiles of Baidu (bd09) are cut in a way of their own and"
                " cannot be used."
            )
        if not self.tiles_url:
            return
        if not TILES_URL.fullmatch(self.tiles_url) or not all(part in self.tiles_url for part in ("{z}", "{x}", "{y}")):
            raise BadSettings(
                "BRANCHNET_TILES_URL must begin with http:// or https:// and one host, and hold {z}, {x} and {y}"
                " ({s} is not known: name one host)."
            )
        if not self.tiles_attribution:
            raise BadSettings("BRANCHNET_TILES_URL needs BRANCHNET_TILES_ATTRIBUTION: whose tiles these are.")

    def flask(self) -> dict[str, Any]:
        """The same settings under the names that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": driver_url(self.database_url),
            "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True},
            "SESSION_COOKIE_SECURE": self.production,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "BABEL_DEFAULT_LOCALE": self.language,
            "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
            "TESTING": self.env == "testing",
            "WTF_CSRF_TIME_LIMIT": None,
            # Over HTTPS it would ask for a referrer, which our own pages forbid the browser to send.
            "WTF_CSRF_SSL_STRICT": False,
            "RATELIMIT_STORAGE_URI": self.redis_url or "memory://",
            "RATELIMIT_ENABLED": self.env != "testing",
            "BOOTSTRAP_SERVE_LOCAL": True,
            "API_TITLE": "BranchNet",
            "API_VERSION": "v1",
            "OPENAPI_VERSION": "3.1.0",
            "OPENAPI_URL_PREFIX": "/api",
            "OPENAPI_JSON_PATH": "openapi.json",
        }


def driver_url(url: str) -> str:
    """Name the PostgreSQL driver that is installed, whichever of the usual forms the operator wrote."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read ``BRANCHNET_*``; an empty variable counts as not set."""
    given: dict[str, Any] = {}
    for name in Settings.__dataclass_fields__:
        value = environ.get(f"BRANCHNET_{name.upper()}", "")
        if value:
            given[name] = value.lower() in ("1", "true", "yes") if name == "behind_proxy" else value
    settings = Settings(**given)
    settings.check()
    return settings
