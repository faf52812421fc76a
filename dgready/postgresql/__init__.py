"""The database backend of settings for PostgreSQL: Django's, with a health check that costs no query each time."""

from __future__ import annotations

from typing import Any, Final

ENGINE: Final = "dgready.postgresql"
_DJANGOS: Final = "django.db.backends.postgresql"


def with_own_engine(database: dict[str, Any]) -> dict[str, Any]:
    """The settings of a database, with this backend in the place of Django's for PostgreSQL."""
    return {**database, "ENGINE": ENGINE} if database["ENGINE"] == _DJANGOS else database
