"""Rewriting what events and frozen versions tell, for a copy of the rows they tell of. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import md5
from typing import Any, Final

# By key: whose keys stand under it in the data of events and in frozen versions (names of tables).
KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("by", "saved_by", "entered_by", "mentions", "head", "head_id", "delegate"), "accounts_user"),
    **dict.fromkeys(("comment", "comments", "thread"), "survey_comment"),
    **dict.fromkeys(("assignment", "assignments"), "survey_assignment"),
    **dict.fromkeys(("contribution", "response"), "survey_response"),
    **dict.fromkeys(("id", "membership", "stands_in_for_id"), "accounts_membership"),
    "agency_id": "accounts_agency",
    "province_id": "accounts_province",
    "meeting": "survey_meeting",
    "order": "survey_committeeorder",
    "delegation": "survey_delegation",
}
RESPONSES: Final = "survey_response"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d.*)?\Z")
_PICK: Final = re.compile(r"from:(\d+)\Z")  # a choice of consolidation: from which contribution


@dataclass(frozen=True)
class Rewriting:
    """How a copy differs: keys move by `shifts` (by table), days by `days`, texts by `texts`, years by `years`.

    `tag` makes new public ids out of old ones.
    """

    tag: str
    shifts: Mapping[str, int]
    days: int = 0
    texts: Mapping[str, str] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)

    def rewrite(self, data: Any, key: str = "") -> Any:
        """The same data as the copy tells it; `key`: under which it stands."""
        if isinstance(data, dict):
            whose = {"id": "delegation"} if key == "delegation" or "delegate" in data else {}
            return {name: self.rewrite(value, whose.get(name, name)) for name, value in data.items()}
        if isinstance(data, list):
            return [self.rewrite(value, key) for value in data]
        if isinstance(data, str):
            return self._text(data)
        if isinstance(data, int) and not isinstance(data, bool):
            return self.years.get(data, data) if key == "year" else data + self.shifts.get(KEYS.get(key, ""), 0)
        return data

    def _text(self, text: str) -> str:
        if text in self.texts:
            return self.texts[text]
        if _UUID.match(text):
            return self.public_id(text)
        if self.days and (day := _DAY.match(text)):
            return f"{date.fromisoformat(day[1]) + timedelta(days=self.days)}{day[2] or ''}"
        if pick := _PICK.match(text):
            return f"from:{int(pick[1]) + self.shifts.get(RESPONSES, 0)}"
        return text

    def public_id(self, text: str) -> str:
        """The public id of the copy; PostgreSQL makes the same one (`tables.py`)."""
        digest = md5(f"{text}:{self.tag}".encode(), usedforsecurity=False).hexdigest()
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
