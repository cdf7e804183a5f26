"""Every environment name the portal reads, in one place; each is documented in `.env.example`.

A file `.env` beside `manage.py` is read when it exists; the real environment wins over it.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

# Documents in Word brought lxml, which openpyxl would read workbooks with in place of defusedxml. It looks once, when
# it is first imported, and settings come before that.
os.environ.setdefault("OPENPYXL_LXML", "False")

_env = environ.Env()
_env.read_env(BASE_DIR / ".env", overwrite=False)

DEBUG: bool = _env.bool("DEBUG", default=False)
VAR_DIR = Path(_env.str("PORTAL_VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
BUILD_DIR = Path(_env.str("PORTAL_BUILD_DIR", default=str(BASE_DIR / "var"))).resolve()
ALLOWED_HOSTS: list[str] = _env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = _env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS: bool = _env.bool("PORTAL_HTTPS", default=False)
TRUSTED_PROXIES: list[str] = _env.list("PORTAL_TRUSTED_PROXIES", default=["127.0.0.1", "::1"])
STATIC_MANIFEST: bool = _env.bool("PORTAL_STATIC_MANIFEST", default=not DEBUG)


def certain(url: str) -> str:
    """Return a broker's address that insists on its certificate: of `rediss://` kombu would take any by default.

    Several addresses, of which the next is taken when one does not answer, stand with `;` between them.
    """
    return ";".join(_certain(one) for one in url.split(";"))


def _certain(url: str) -> str:
    if not url.startswith("rediss:") or "ssl_cert_reqs=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}ssl_cert_reqs=required&ssl_check_hostname=true"


BROKER_URL: str = certain(_env.str("CELERY_BROKER_URL", default="") or "filesystem://")
QUEUE: str = _env.str("PORTAL_QUEUE", default="portal")
EMAIL_URL: str = _env.str("EMAIL_URL", default="")
BREACHED_PASSWORDS: str = _env.str("PORTAL_BREACHED_PASSWORDS", default="")
DEMO_PASSWORD: str = _env.str("PORTAL_DEMO_PASSWORD", default="")
EVALUATION_LEASE: int = _env.int("PORTAL_EVALUATION_LEASE", default=30)
JOB_LEASE: int = _env.int("PORTAL_JOB_LEASE", default=60)
JOBS_KEPT_DAYS: int = _env.int("PORTAL_JOBS_KEPT_DAYS", default=30)
EVIDENCE_MAX_MB: int = _env.int("PORTAL_EVIDENCE_MAX_MB", default=10)
EVIDENCE_MAX_FILES: int = _env.int("PORTAL_EVIDENCE_MAX_FILES", default=10)
HOUSEHOLD_RETENTION_YEARS: str = _env.str("PORTAL_HOUSEHOLD_RETENTION_YEARS", default="").strip()
HOUSEHOLD_RETENTION_SOURCE: str = _env.str("PORTAL_HOUSEHOLD_RETENTION_SOURCE", default="")
DATA_KEYS: tuple[str, ...] = tuple(_env.list("PORTAL_DATA_KEYS", default=[]))
PORT: int = _env.int("PORT", default=8000)
BIND: str = _env.str("PORTAL_BIND", default="") or f"127.0.0.1:{PORT}"
WEB_PROCESSES: int = _env.int("PORTAL_WEB_PROCESSES", default=4)
WEB_THREADS: int = _env.int("PORTAL_WEB_THREADS", default=4)
URL: str = _env.str("PORTAL_URL", default="") or f"http://127.0.0.1:{PORT}"
MAIL_FROM: str = _env.str("PORTAL_MAIL_FROM", default="") or "portal@localhost"


def rate(text: str) -> tuple[int, int]:
    """Read `1200/minute` as (times, seconds)."""
    times, _, period = text.partition("/")
    seconds = {"second": 1, "minute": 60, "hour": 3600}.get(period.strip())
    if seconds is None or not times.strip().isdecimal() or int(times) < 1:
        raise environ.ImproperlyConfigured(f"A rate is written 1200/minute (or second, hour), not {text!r}")
    return int(times), seconds


API_RATE = rate(_env.str("PORTAL_API_RATE", default="") or "1200/minute")
TOKEN_RATE = rate(_env.str("PORTAL_TOKEN_RATE", default="") or "10/minute")


def database() -> dict[str, Any]:
    """Settings of the one database: SQLite under `var/` unless DATABASE_URL names another.

    SQLite runs in WAL mode with immediate transactions and a 30 s busy timeout, so that a writer waits for its turn
    at the start of a transaction instead of failing in the middle of it.
    """
    url = _env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"
    config: dict[str, Any] = dict(_env.db_url_config(url))
    config["ATOMIC_REQUESTS"] = False
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000",
        }
    # A connection stays with its thread: opening one costs a tenth of saving a cell, and loses SQLite's page cache.
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    return config


def email() -> dict[str, Any]:
    """Django's EMAIL_* settings; without EMAIL_URL letters are written as files under `var/mail`."""
    if EMAIL_URL:
        return dict(_env.email_url("EMAIL_URL"))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(VAR_DIR / "mail"),
    }


def secret_key_file() -> Path | None:
    """Where the key is kept; None when it is given from outside."""
    return None if _env.str("SECRET_KEY", default="") else VAR_DIR / "secret_key"


def secret_key() -> str:
    """SECRET_KEY, or one generated once and kept in `var/secret_key`, readable by its owner only."""
    path = secret_key_file()
    if path is None:
        return str(_env.str("SECRET_KEY"))
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret_key.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            path.hardlink_to(draft)  # two processes starting together agree on the first one's key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
