"""The product's settings with a test's surroundings: own var folder and database file, fast hashing, nothing else.

What may differ, and why, is in tests/frame/shipped.py; tests/frame/test_settings_shipped.py compares.
`DGREADY_TEST_DATABASE_URL` and `DGREADY_TEST_REDIS_URL` move the same tests to PostgreSQL and Redis.
"""

import os
import re
import tempfile
from pathlib import Path

# Whatever the developer's own shell says to the product is no part of a test.
for _file in ("settings.py", "sign_in_settings.py"):
    _asked = (Path(__file__).parents[1] / "dgready" / _file).read_text(encoding="utf-8")
    for _name in re.findall(r'\benv\.\w+\(\s*"([A-Z0-9_]+)"', _asked):
        os.environ.pop(_name, None)
for _name in ("DATABASE_URL", "REDIS_URL"):
    if _value := os.environ.get(f"DGREADY_TEST_{_name}"):
        os.environ[_name] = _value
if "REDIS_URL" in os.environ:  # each xdist worker has a database of its own: clearing the cache empties it
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + f"/{_worker}"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's event loop runs in the test's own thread
os.environ["DGREADY_VAR"] = os.environ.get("DGREADY_TEST_VAR") or tempfile.mkdtemp(prefix="dgready-test-")
os.environ["SCHEME_DIRS"] = str(Path(__file__).parent / "instruments")  # scoring of the made-up year

from dgready.settings import *  # noqa: E402, F403
from dgready.settings import DATABASES, VAR_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of the live server then lock as they would in earnest.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
