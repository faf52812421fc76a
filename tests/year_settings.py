"""Settings of the real processes of a test: as installed, but for a quick password hash; and the moved clock."""

from tests import clock

clock.install()

from dgready.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
