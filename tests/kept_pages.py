"""Pages as they were kept, and as they are made anew: without what differs each time."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db import transaction
from django.test import Client

from dgready.lru_cache import LruCache
from survey.journal.actions import lock_response, record_event
from survey.models import Response

PRODUCT: Final = ("accounts", "dgready", "evidence", "nation", "reports", "scoring", "survey")
_EACH_TIME: Final[re.Pattern[str]] = re.compile(
    r'(name="csrfmiddlewaretoken" value|"X-CSRFToken": |nonce|data-now|name="csrf-token" content)="?[^" >]*'
)
_FUNCTION: Final[type] = type(lru_cache(lambda: None))


def page_text(reader: Client, address: str) -> str:
    """A page as this person gets it, without what differs each time; empty where there is none."""
    answer = reader.get(address)
    return _EACH_TIME.sub("", answer.content.decode()) if answer.status_code == 200 else ""


def forget() -> None:
    """Empties what this process keeps: every cache of the product, and what its functions have worked out.

    Found by the modules that hold them, for the collector of garbage no longer lists what was made before a freeze.
    """
    for found in _held():
        if type(found) is LruCache:  # an isinstance would wake the lazy objects of other tests
            found._results.clear()
        elif type(found) is _FUNCTION:
            found.cache_clear()


def _held() -> Iterator[Any]:
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] in PRODUCT:
            yield from [*vars(module).values()]


@dataclass(frozen=True, slots=True)
class Written:
    """A change of rows that the product never makes without an event of it in the journal of the response."""

    response: Response
    rows: Callable[[], object]

    def __call__(self) -> None:
        self.rows()
        self.tell()

    @transaction.atomic
    def tell(self) -> None:
        """Writes the event: what is kept by how far the journal has come is made anew."""
        record_event(by=None, response=lock_response(self.response.pk), verb="evidence.check")


def change_and_read(change: Callable[[], object], read: Callable[[], str]) -> str | None:
    """Makes a change. Of one with an event: what `read` says before it, when only the rows have changed."""
    if not isinstance(change, Written):
        change()
        return None
    change.rows()
    at_once = read()
    change.tell()
    return at_once
