"""Texts of the consolidation pages (agreement, reasons, filters), and whether the answer may change."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dgready.arrival import deadline_now
from survey.instrument.queries import is_answered_by_each_agency
from survey.models import Response

AGREEMENT_LABELS: dict[str, str | Promise] = {
    "nobody": gettext_lazy("ยังไม่มีหน่วยงานตอบ"),
    "single": gettext_lazy("หน่วยงานเดียว"),
    "agree": gettext_lazy("ตรงกัน"),
    "partly": gettext_lazy("เติมกันได้"),
    "differ": gettext_lazy("ต่างกัน"),
}


REASON_LABELS: dict[str, str | Promise] = {
    "differ": gettext_lazy("หน่วยงานตอบต่างกัน"),
    "partly": gettext_lazy("แต่ละหน่วยงานตอบไม่ครบเท่ากัน ต้องรวม"),
    "drafts": gettext_lazy("ยังมีหน่วยงานที่กำลังตอบ"),
    "numbers": gettext_lazy("ตัวเลขเท่ากัน อาจเป็นยอดเดียวกันหรือต้องรวมยอด"),
    "unsure": gettext_lazy("มีหน่วยงานขอให้ตรวจอีกครั้ง"),
    "province": gettext_lazy("คำตอบที่รวมไว้ต่างออกไป"),
    "invalid": gettext_lazy("คำตอบที่รวมแล้วยังไม่ถูกต้อง"),
}


FILTER_LABELS: dict[str, str | Promise] = {
    "open": gettext_lazy("ต้องตัดสิน"),
    "agree": gettext_lazy("ตรงกัน"),
    "differ": gettext_lazy("ต่างกัน"),
    "news": gettext_lazy("เปลี่ยนหลังรวม"),
    "done": gettext_lazy("รวมแล้ว"),
    "nobody": gettext_lazy("ยังไม่มีหน่วยงานตอบ"),
}


def is_editable(response: Response) -> bool:
    """Whether the provincial answer may change now."""
    if is_answered_by_each_agency(response.round.instrument):
        return False
    return response.is_editable and not response.round.is_closed(deadline_now())
