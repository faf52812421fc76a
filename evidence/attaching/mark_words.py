"""Marks in words: the passage, or what stands for one, and what became of it."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.journal.evidence_event_texts import MARK_STATES

# By evidence.attaching.proving.UNPROVEN; of an attachment without any mark: "".
LACKING: Final[dict[str, str | Promise]] = {
    "": gettext_lazy("ยังไม่ทำเครื่องหมาย"),
    "missing": gettext_lazy("ไม่พบข้อความที่คัดไว้"),
    "unread": gettext_lazy("หน้าเป็นภาพ ยังไม่ได้ชี้ตำแหน่ง"),
    "lost": gettext_lazy("ไม่พบข้อความในฉบับใหม่"),
}
_TOLD_IN_LISTS: Final = frozenset({"missing", "unread", "lost", "elsewhere"})


def passage_words(quote: str, note: str = "", most: int = 0) -> str:
    """The passage in quotation marks; where there is none what is to be seen, or that a rectangle is drawn.

    `most`: characters shown.
    """
    text = quote or note
    if most and len(text) > most:
        text = text[: most - 1] + "…"
    if quote:
        return f"“{text}”"
    return text or _("กรอบที่วาดไว้บนหน้า")


def lacking_words(lacking: str) -> str:
    """What an attachment lacks that does not count."""
    return str(LACKING.get(lacking, LACKING[""]))


def state_words(state: str) -> str:
    """What became of a passage, where a list should say so; "" where it stands as it is said to."""
    return str(MARK_STATES[state]) if state in _TOLD_IN_LISTS else ""
