"""A clock that a test moves for whole processes: it goes on as the real one does, from where it was set.

The product takes the time from `django.utils.timezone.now` alone. Processes started with tests.year_settings read it
through the file that DGREADY_TEST_CLOCK names; the test moves all of them by writing that file.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

VARIABLE = "DGREADY_TEST_CLOCK"


class Clock:
    """The moved clock, by its file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        """The moved moment."""
        return datetime.now(tz=UTC) + self._offset()

    def _offset(self) -> timedelta:
        try:
            return timedelta(seconds=float(self.path.read_text(encoding="ascii")))
        except FileNotFoundError:
            return timedelta()

    def set(self, when: datetime) -> None:
        """From now on it is `when`, everywhere."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str((when - datetime.now(tz=UTC)).total_seconds()), encoding="ascii")
        fresh.replace(self.path)

    def forward(self, **by: float) -> None:
        """Moves on, by words of timedelta."""
        self.set(self.now() + timedelta(**by))


def install() -> None:
    """This process takes its time from the moved clock from now on."""
    if name := os.environ.get(VARIABLE):
        timezone.now = Clock(Path(name)).now
