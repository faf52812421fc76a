"""Bilingual wordings of the data in the reader's language, and what origins of numbers are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dgready.language import reader_language
from survey.instrument.schema import LocalizedText

ORIGIN_NAMES: Mapping[str, Promise] = {
    "official": gettext_lazy("ประกาศแล้ว"),
    "recovered": gettext_lazy("คำนวณย้อนจากผลที่ประกาศ"),
    "assumed": gettext_lazy("ข้อสมมติ"),
    "estimated": gettext_lazy("ประมาณการ"),
    "external": gettext_lazy("จากภายนอก"),
}


def localize_text(text: LocalizedText) -> str:
    """A wording in the reader's language."""
    return text.to(reader_language())
