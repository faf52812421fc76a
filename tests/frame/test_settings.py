"""Settings, each time in a process of its own: embedded without a variable, production only when complete."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bare_environment import bare_environment

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "DGREADY_ENV": "production",
    "SECRET_KEY": "k3y-" * 20,
    "ALLOWED_HOSTS": "dgready.example.org",
    "PUBLIC_URL": "https://dgready.example.org",
    "DATABASE_URL": "postgres://dgready:secret@database:5432/dgready",
    "REDIS_URL": "redis://queue:6379/0",
    "S3_ENDPOINT": "http://store:9000",
    "S3_BUCKET": "dgready",
    "S3_ACCESS_KEY": "dgready",
    "S3_SECRET_KEY": "secret",
    "EMAIL_URL": "smtp+tls://dgready:secret@mail.example.org:587",
    "EMAIL_FROM": "dgready@example.org",
}
SHOW = """
import json
from dgready import settings as s
names = "DEBUG DEMO EMBEDDED_WORKER EMAIL_HOST EMAIL_PORT EMAIL_USE_TLS ALLOWED_HOSTS".split()
shown = {name: getattr(s, name) for name in names}
shown["engine"] = s.DATABASES["default"]["ENGINE"]
shown["stores"] = [s.STORAGES[name]["BACKEND"] for name in ("default", "evidence")]
shown["secure"] = getattr(s, "SESSION_COOKIE_SECURE", False)
shown["key"] = s.SECRET_KEY
print(json.dumps(shown, default=str))
"""


def start(variables: dict[str, str], folder: Path, script: str = SHOW) -> subprocess.CompletedProcess[str]:
    """Import the settings in a fresh process that knows only these variables."""
    surroundings = bare_environment(DGREADY_VAR=str(folder), **variables)
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False)


def test_embedded_needs_no_variable(tmp_path: Path) -> None:
    first, second = (json.loads(start({}, tmp_path).stdout) for _ in range(2))
    assert first["engine"] == "django.db.backends.sqlite3"
    assert first["EMBEDDED_WORKER"] is True
    assert first["DEBUG"] is first["DEMO"] is False
    assert first["stores"] == ["django.core.files.storage.FileSystemStorage"] * 2
    assert first["key"] == second["key"]
    assert len(first["key"]) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_complete_production_starts(tmp_path: Path) -> None:
    shown = json.loads(start(COMPLETE, tmp_path).stdout)
    assert shown["engine"] == "dgready.postgresql"  # Django's with a cheaper health check
    assert shown["EMBEDDED_WORKER"] is False
    assert shown["secure"] is True
    assert shown["stores"] == ["dgready.s3.LimitedS3Storage"] * 2
    assert (shown["EMAIL_HOST"], shown["EMAIL_PORT"], shown["EMAIL_USE_TLS"]) == (
        "mail.example.org",
        587,
        True,
    )
    assert not (tmp_path / "secret_key").exists()


def test_production_names_everything_that_is_missing(tmp_path: Path) -> None:
    done = start({"DGREADY_ENV": "production", "EMAIL_FROM": "dgready@example.org"}, tmp_path)
    assert done.returncode != 0
    missing = set(COMPLETE) - {"DGREADY_ENV", "EMAIL_FROM"}
    assert all(f"{name} is not set" in done.stderr for name in missing)
    assert "EMAIL_FROM is not set" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("REDIS_URL", "memory://"),
        ("PUBLIC_URL", "http://dgready.example.org"),
        ("EMAIL_URL", "consolemail://"),
        ("ALLOWED_HOSTS", "*"),
        ("S3_BUCKET", " "),
        ("DGREADY_DEMO", "1"),
        ("OIDC_ISSUER", "http://sso.example.org"),
    ],
)
def test_production_refuses_what_is_unsafe(name: str, value: str, tmp_path: Path) -> None:
    done = start({**COMPLETE, name: value}, tmp_path)
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_debug_is_never_on_in_production(tmp_path: Path) -> None:
    assert json.loads(start({**COMPLETE, "DGREADY_DEBUG": "1"}, tmp_path).stdout)["DEBUG"] is False


def test_unknown_environment_is_refused(tmp_path: Path) -> None:
    assert "DGREADY_ENV" in start({"DGREADY_ENV": "staging"}, tmp_path).stderr


def test_a_variable_that_holds_nothing_is_not_set(tmp_path: Path) -> None:
    """`.env` files are full of them: an empty MFA_REQUIRED once switched the second factor off."""
    script = (
        "from dgready import settings as s\n"
        "print(s.MFA_REQUIRED, s.TASK_SECONDS, s.SECURE_HSTS_SECONDS, s.BACKUP_TARGETS, s.EMAIL_HOST, s.SIGNING_LEVEL)"
    )
    names = ("MFA_REQUIRED", "TASK_SECONDS", "HSTS_SECONDS", "BACKUP_TARGETS", "SIGNING_LEVEL", "SECRET_KEY_FALLBACKS")
    shown = start(COMPLETE | dict.fromkeys(names, "") | {"TRUSTED_PROXIES": " "}, tmp_path, script)
    assert shown.stdout.strip() == "True 900 31536000 [] mail.example.org B-B", shown.stderr
    off = start(COMPLETE | {"MFA_REQUIRED": "off", "HSTS_SECONDS": "0"}, tmp_path, script)
    assert off.stdout.startswith("False 900 0 ")


@pytest.mark.slow
def test_browsers_are_bound_to_https_as_the_operator_says(tmp_path: Path) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.http import HttpResponse\n"
        "from django.middleware.security import SecurityMiddleware\n"
        "from django.test import RequestFactory\n"
        "request = RequestFactory().get('/', HTTP_HOST='dgready.example.org', HTTP_X_FORWARDED_PROTO='https')\n"
        "print(SecurityMiddleware(lambda _: HttpResponse())(request).headers.get('Strict-Transport-Security'))"
    )
    production = {**COMPLETE, "DJANGO_SETTINGS_MODULE": "dgready.settings"}
    told = {
        "max-age=31536000; includeSubDomains": {},
        "max-age=3600": {"HSTS_SECONDS": "3600", "HSTS_SUBDOMAINS": "off"},
        "max-age=31536000; includeSubDomains; preload": {"HSTS_PRELOAD": "on"},
        "None": {"HSTS_SECONDS": "0"},
    }
    for header, chosen in told.items():
        done = start(production | chosen, tmp_path, script)
        assert done.stdout.strip() == header, done.stderr
