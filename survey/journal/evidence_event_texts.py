"""Texts of events about evidence: what is told beside the verb, and the words of a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# evidence.models.MarkState, which survey does not know.
MARK_STATES: dict[str, str | Promise] = {
    "exact": gettext_lazy("พบในหน้าที่ระบุ"),
    "normalised": gettext_lazy("พบในหน้าที่ระบุ"),
    "elsewhere": gettext_lazy("พบในหน้าอื่น"),
    "seen": gettext_lazy("ชี้ตำแหน่งหรือบอกสิ่งที่เห็นไว้"),
    "missing": gettext_lazy("ไม่พบข้อความนี้ในไฟล์"),
    "unread": gettext_lazy("หน้าเป็นภาพ ยังไม่ได้ชี้ตำแหน่ง"),
    "lost": gettext_lazy("ไม่พบข้อความนี้ในฉบับใหม่ของไฟล์"),
}
SHOWN_QUOTE = 80  # characters of a passage in a line of the journal


def mark_lines(data: Mapping[str, Any]) -> Iterator[str]:
    """What an event says of each mark: its pages, its passage, what became of it."""
    for mark in data.get("marks", ()):
        told = mark.get("quote") or mark.get("note") or ""
        if len(told) > SHOWN_QUOTE:
            told = told[:SHOWN_QUOTE] + "…"
        page = _("หน้า %(pages)s") % {"pages": mark.get("pages", "")}
        where = f"{page}: “{told}”" if told else page
        state = str(MARK_STATES.get(mark.get("state", ""), ""))
        yield f"{where} {state}".strip()


VERDICT_LABELS: dict[str, str | Promise] = {
    "accepted": gettext_lazy("ใช้ได้"),
    "insufficient": gettext_lazy("ยังไม่พอ"),
    "passage": gettext_lazy("ข้อความไม่ตรงกับคำตอบ"),
    "outdated": gettext_lazy("เก่าเกินไป"),
}
"""As evidence.models.Verdict names them; a test holds both together."""


def describe_evidence_event(place: str, data: Mapping[str, Any]) -> str:
    """The text of an event about evidence at a place, besides its verb."""
    text = f"{data.get('name', '')} ({place})" if place else data.get("name", "")
    return " · ".join([text, *_details(data)])


def _details(data: Mapping[str, Any]) -> Iterator[str]:
    if sent := data.get("converted"):
        yield _("แปลงเป็น JPEG จากภาพ HEIC “%(name)s”") % {"name": sent["name"]}
    yield from mark_lines(data)
    if reason := data.get("text"):
        yield _("เหตุผล: %(reason)s") % {"reason": reason}
    if data.get("changed"):
        yield _("ผลตรวจเดิมถูกนำออก เพราะหลักฐานเปลี่ยนไป รอตรวจอีกครั้ง")
    if data.get("with"):
        yield _("ตัดสินพร้อมกับหลักฐานเดียวกันในคำตอบอีกชุด")
    if data.get("undone"):
        yield _("เลิกทำการตัดสินครั้งก่อน")
