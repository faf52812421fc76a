"""The product's settings with a test's surroundings: own var folder, fast hashing, captured mail.

`DGREADY_TEST_DATABASE_URL` and `DGREADY_TEST_REDIS_URL` move the same tests to PostgreSQL and Redis.
"""

import os
import tempfile
from pathlib import Path

for _name in ("DGREADY_ENV", "DGREADY_DEBUG", "DGREADY_DEMO", "SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL"):
    os.environ.pop(_name, None)
for _name in ("S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY", "EMAIL_URL", "EMAIL_FROM"):
    os.environ.pop(_name, None)
for _name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(_name, None)
    if _value := os.environ.get(f"DGREADY_TEST_{_name}"):
        os.environ[_name] = _value
if "REDIS_URL" in os.environ:  # each xdist worker has a database of its own: clearing the cache empties it
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{_worker}"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's event loop runs in the test's own thread
os.environ["DGREADY_VAR"] = os.environ.get("DGREADY_TEST_VAR") or tempfile.mkdtemp(prefix="dgready-test-")
os.environ["SECRET_KEY"] = "only-for-tests-" * 4

from dgready.settings import *  # noqa: E402, F403
from dgready.settings import AUTHENTICATION_BACKENDS, BASE_DIR, DATABASES, STORAGES, VAR_DIR  # noqa: E402

SCHEME_DIRS = [BASE_DIR / "tests" / "instruments"]  # scoring of the made-up year
AUTHENTICATION_BACKENDS = [*AUTHENTICATION_BACKENDS, "django.contrib.auth.backends.ModelBackend"]  # force_login
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0  # a left-open connection keeps a test database from being dropped
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of the live server then lock as they would in earnest.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
