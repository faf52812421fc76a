"""The environment the settings are read from: what production needs, what is wrong with it, and the kept secret."""

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


class GivenVariables(Mapping[str, str]):
    """The environment without variables that hold nothing: `MFA_REQUIRED=` of an .env file is not set; off is `off`."""

    def __getitem__(self, name: str) -> str:
        value = os.environ[name]
        if not value.strip():
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name, value in os.environ.items() if value.strip())

    def __len__(self) -> int:
        return sum(1 for _ in self)


env = environ.Env()
env.ENVIRON = GivenVariables()

PRODUCTION_VARIABLES = (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "PUBLIC_URL",
    "DATABASE_URL",
    "REDIS_URL",
    "S3_ENDPOINT",
    "S3_BUCKET",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "EMAIL_URL",
    "EMAIL_FROM",
)
MIN_SECRET_KEY_LENGTH = 50  # characters, as Django's own deployment check asks


def in_production() -> bool:
    """Whether the environment says so."""
    return env.str("DGREADY_ENV", default="embedded") == "production"


def production_faults() -> list[str]:
    """Missing or wrong production settings, one line each; empty when the start is safe."""
    faults = [f"{name} is not set" for name in PRODUCTION_VARIABLES if not env.str(name, default="").strip()]
    secret = env.str("SECRET_KEY", default="")
    if secret and len(secret) < MIN_SECRET_KEY_LENGTH:
        faults.append(f"SECRET_KEY is shorter than {MIN_SECRET_KEY_LENGTH} characters")
    schemes = {
        "PUBLIC_URL": ("https",),
        "DATABASE_URL": ("postgres", "postgresql"),
        "REDIS_URL": ("redis", "rediss"),
        "S3_ENDPOINT": ("http", "https"),
        "EMAIL_URL": ("smtp", "smtp+tls", "smtp+ssl", "submission"),
    }
    for name, allowed in schemes.items():
        value = env.str(name, default="").strip()
        if value and urlsplit(value).scheme not in allowed:
            faults.append(f"{name} must start with {' or '.join(s + '://' for s in allowed)}")
    if env.bool("DGREADY_DEMO", default=False):
        faults.append("DGREADY_DEMO must be off: the password of the sample users is public")
    if issuer := env.str("OIDC_ISSUER", default=""):
        faults += [
            f"{name} is not set" for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not env.str(name, default="")
        ]
        if not issuer.startswith("https://"):
            faults.append("OIDC_ISSUER must start with https://")
    if "*" in env.list("ALLOWED_HOSTS", default=[]):
        faults.append("ALLOWED_HOSTS must name the hosts, not *")
    return faults


def one_of(name: str, value: str, *choices: str) -> str:
    """The value of a setting that has only these. Raises ImproperlyConfigured."""
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it can be {' or '.join(map(repr, choices))}")
    return value


def at_least(name: str, value: int, least: int) -> int:
    """The value of a setting that has a lower bound. Raises ImproperlyConfigured."""
    if value < least:
        raise ImproperlyConfigured(f"{name} is {value}; it must be at least {least}")
    return value


def make_private(*folders: Path) -> None:
    """Makes the folders; those of this account, but for what all may write to, are closed to others."""
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if found.st_uid == os.geteuid() and found.st_mode & 0o077 and not found.st_mode & stat.S_ISVTX:
            folder.chmod(0o700)


def load_or_create_secret(path: Path) -> str:
    """The secret key of the embedded installation: created at the first start, readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    key = secrets.token_urlsafe(60)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
