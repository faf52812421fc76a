"""Settings as they ship and as tests have them, each read in a process of its own, and why some keys may differ.

Three reasons are good: where things are kept, how fast passwords hash, and that tasks run at once (no settings module
does the last: the fixture `eager` does). A key is written with the keys inside it: DATABASES.default.NAME; a reason
for DATABASES.default covers all that is inside.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.frame.test_settings import start

SHOW = """
import importlib, json, sys
module = importlib.import_module({module!r})
names = [name for name in dir(module) if name.isupper() and not name.startswith("_")]
print(json.dumps({{name: getattr(module, name) for name in names}}, default=repr))
"""
ABSENT = "(absent)"

# tests.settings, tests.year_settings
TEST_REASONS = {
    "PASSWORD_HASHERS": "how fast passwords hash: tests make hundreds of people",
    "DATABASES.default.TEST": "where things are kept: the test database is a file under the test's var folder",
}

_COMPLETED = "Django completes a connection so when it is first used, in production too"

# What Django's test runner and the fixtures of tests/conftest.py change once the settings are read.
RUN_REASONS = {
    **TEST_REASONS,
    "ALLOWED_HOSTS": "Django's test client calls the site testserver",
    "DATABASES.default.NAME": "where things are kept: the test database",
    "DATABASES.default.OPTIONS": _COMPLETED,
    "DATABASES.default.ATOMIC_REQUESTS": _COMPLETED,
    "DATABASES.default.AUTOCOMMIT": _COMPLETED,
    "DATABASES.default.TIME_ZONE": _COMPLETED,
    "EMAIL_BACKEND": "where letters are kept: in memory; tests/survey/test_letters.py talks to a real mail server",
    "STORAGES.default.OPTIONS.location": "where things are kept: each test has a folder of its own",
    "STORAGES.evidence.OPTIONS.location": "where things are kept: each test has a folder of its own",
    "STORAGES.anchors.OPTIONS.location": "where things are kept: each test has a folder of its own",
}

# A production start against the settings of tests: what the environment says there.
_PROXY = "set behind the proxy with https only; tests/frame/test_settings.py and scripts/check_deploy.py look at it"
_PLACE = "where things are kept: named by the environment"
_MAIL = "the mail server the environment names; tests/survey/test_letters.py has one of its own"
PRODUCTION_REASONS = {
    **TEST_REASONS,
    "ENVIRONMENT": "says that it is production",
    "PRODUCTION": "says that it is production",
    "SECRET_KEY": "named by the environment; embedded, kept under var/",
    "ALLOWED_HOSTS": "the host's own name",
    "PUBLIC_URL": "the host's own name",
    "CSRF_TRUSTED_ORIGINS": "the host's own name",
    "MFA_REQUIRED": "tests sign in with one password; tests/accounts/second_factor switches it on",
    "TRUSTED_PROXIES": "one proxy stands in front; tests/frame/test_pages.py tries several",
    "DATABASES.default": f"{_PLACE}; tests run on PostgreSQL too",
    "REDIS_URL": f"{_PLACE}; tests run on Redis too",
    "CACHES.default": f"{_PLACE}; tests run on Redis too",
    "CELERY_BROKER_URL": f"{_PLACE}; tests run on Redis too",
    "CELERY_BROKER_TRANSPORT_OPTIONS": "of the broker; tests run on Redis too",
    "EMBEDDED_WORKER": "no broker in the process; tests run on Redis too",
    "STORAGES.anchors": f"{_PLACE}; tests/reports/proof/test_anchor_store.py has a real object store",
    "STORAGES.default": f"{_PLACE}; tests/frame/test_store.py has a real object store",
    "STORAGES.evidence": f"{_PLACE}; tests/evidence/test_s3.py has a real object store",
    "BACKUP_TARGETS": f"{_PLACE}; tests/reports/backup has folders and buckets",
    "BACKUP_STORE": f"{_PLACE}; tests/reports/backup has a real object store",
    "EMAIL_BACKEND": _MAIL,
    "EMAIL_HOST": _MAIL,
    "EMAIL_HOST_USER": _MAIL,
    "EMAIL_HOST_PASSWORD": _MAIL,
    "EMAIL_PORT": _MAIL,
    "EMAIL_USE_TLS": _MAIL,
    "COOKIE_PREFIX": _PROXY,
    "SESSION_COOKIE_NAME": _PROXY,
    "CSRF_COOKIE_NAME": _PROXY,
    "LANGUAGE_COOKIE_NAME": _PROXY,
    "SESSION_COOKIE_SECURE": _PROXY,
    "CSRF_COOKIE_SECURE": _PROXY,
    "LANGUAGE_COOKIE_SECURE": _PROXY,
    "SECURE_PROXY_SSL_HEADER": _PROXY,
    "SECURE_SSL_REDIRECT": _PROXY,
    "SECURE_REDIRECT_EXEMPT": _PROXY,
    "SECURE_HSTS_SECONDS": _PROXY,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": _PROXY,
    "SECURE_HSTS_PRELOAD": _PROXY,
}


def read_settings(module: str, folder: Path, **variables: str) -> dict[str, Any]:
    """The settings of a module in a fresh process with one var folder and these variables."""
    done = start({"DGREADY_TEST_VAR": str(folder), **variables}, folder, SHOW.format(module=module))
    assert done.returncode == 0, done.stderr
    return flat(json.loads(done.stdout))


def current_settings(names: Mapping[str, Any]) -> dict[str, Any]:
    """What this process has for the settings of those (flat) names, and for all others that somebody has set."""
    wanted = {name.partition(".")[0] for name in names} | {n for n in dir(settings) if settings.is_overridden(n)}
    values = {name: getattr(settings, name) for name in wanted if name.isupper() and hasattr(settings, name)}
    values["CELERY_BEAT_SCHEDULE"] = {}  # Celery itself writes the tasks' times into it once it is used
    return flat(json.loads(json.dumps(values, default=repr)))


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dictionaries inside dictionaries as one, by dotted names."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        found |= flat(value, f"{name}.") if isinstance(value, dict) and value else {name: value}
    return found


def differences(shipped: Mapping[str, Any], tested: Mapping[str, Any]) -> Iterator[str]:
    """The names whose values are not the same."""
    for name in sorted({*shipped, *tested}):
        if shipped.get(name, ABSENT) != tested.get(name, ABSENT):
            yield name


def reason_of(name: str, reasons: Mapping[str, str]) -> str | None:
    """The key of the reason that covers a name, the nearest one."""
    parts = name.split(".")
    keys = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((key for key in keys if key in reasons), None)


def services() -> dict[str, str]:
    """The variables a real installation needs to use the database and the queue of this test run."""
    names = ("DATABASE_URL", "REDIS_URL")
    return {name: os.environ[name] for name in names if os.environ.get(f"DGREADY_TEST_{name}")}
