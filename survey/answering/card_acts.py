"""What was done to a card besides saving it: told in its status line, and undone by a button there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from dgready.thai import format_datetime

CLEARED, REMOVED_ROW, REPLACED, RESTORED = "clear", "remove", "replace", "restore"
_STATUS_TEXTS: Final[dict[str, str]] = {
    "": gettext_noop("บันทึกแล้ว %(when)s โดย %(who)s"),
    CLEARED: gettext_noop("ล้างแล้ว %(when)s โดย %(who)s"),
    REMOVED_ROW: gettext_noop("ลบรายการแล้ว %(when)s โดย %(who)s"),
    REPLACED: gettext_noop("บันทึกตามที่เลือกแล้ว %(when)s โดย %(who)s"),
    RESTORED: gettext_noop("นำค่ากลับแล้ว %(when)s โดย %(who)s"),
}


@dataclass(frozen=True, slots=True)
class CardAct:
    """An act on a question's card. `back`: the revision that undoing brings back; None where nothing is to undo."""

    question: str
    kind: str
    back: int | None = None

    @property
    def query(self) -> str:
        """The query string under which the filling page shows the act."""
        back = {} if self.back is None else {"back": str(self.back)}
        return "?" + urlencode({"done": self.kind, "item": self.question, **back})

    def shown_at(self, question: str, revision: int) -> bool:
        """Whether the card of a question is still as the act left it."""
        return self.question == question and (self.back is None or self.back == revision - 1)


def read_act(query: Mapping[str, str]) -> CardAct | None:
    """The act that a filling page is asked to show; None where the query names none."""
    kind, back = query.get("done", ""), query.get("back", "")
    if kind not in _STATUS_TEXTS or not kind:
        return None
    is_revision = back.isascii() and back.isdigit() and len(back) < 10
    return CardAct(query.get("item", ""), kind, int(back) if is_revision else None)


def status_text(at: datetime, who: str, language: str, kind: str = "") -> str:
    """Status line of a card: what was done, when and by whom."""
    return _status_text(at, who, language, kind, get_language())


@lru_cache(maxsize=4096)  # a page shows one for each of its cards, the same at each visit
def _status_text(at: datetime, who: str, language: str, kind: str, _active: str | None) -> str:
    moment = format_datetime(timezone.localtime(at), language, "short")
    return _(_STATUS_TEXTS.get(kind, _STATUS_TEXTS[""])) % {"when": moment, "who": who}
