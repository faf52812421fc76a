"""Settings of the real processes of a test: as installed, but for a quick password hash, static files and the clock."""

import os
from pathlib import Path

from tests import clock

clock.install()

from dgready.settings import *  # noqa: E402, F403
from dgready.settings import STORAGES  # noqa: E402

SCHEME_DIRS = [Path(os.environ["DGREADY_TEST_SCHEMES"])]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
EMAIL_TIMEOUT = 120  # a held conversation is no dead one
