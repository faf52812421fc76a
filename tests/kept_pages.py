"""Pages as they were kept, and as they are made anew: without what differs each time."""

from __future__ import annotations

import gc
import re
from typing import Final

from django.test import Client

from dgready.lru_cache import LruCache

_EACH_TIME: Final[re.Pattern[str]] = re.compile(
    r'(name="csrfmiddlewaretoken" value|"X-CSRFToken": |nonce|data-now|name="csrf-token" content)="?[^" >]*'
)


def page_text(reader: Client, address: str) -> str:
    """A page as this person gets it, without what differs each time; empty where there is none."""
    answer = reader.get(address)
    return _EACH_TIME.sub("", answer.content.decode()) if answer.status_code == 200 else ""


def forget() -> None:
    """Empties what this process keeps."""
    for found in gc.get_objects():
        if type(found) is LruCache:  # an isinstance would wake the lazy objects of other tests
            found._results.clear()
