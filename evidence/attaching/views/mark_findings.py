"""What the panel says of each mark: what became of its passage, what to do, and what can be taken over in one press."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from evidence.attaching.areas import PARTS, Area, write_areas
from evidence.attaching.attachment_view import AttachmentView, MarkView
from evidence.attaching.mark_words import state_words
from evidence.checking.nearest import Offer, find_offers
from evidence.checking.queries import texts_by_hash
from evidence.checking.rule import KnownText
from evidence.models import FileKind, MarkState

OFFERING: Final = frozenset({MarkState.ELSEWHERE, MarkState.MISSING, MarkState.LOST})
FOUND: Final = frozenset({MarkState.EXACT, MarkState.NORMALISED})
SHOWN_QUOTE: Final = 160  # characters of a passage that is offered


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer as a form: what it says, what it sends. `shown`: the passage, where that is what is offered."""

    label: str
    pages: str
    quote: str
    areas: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class MarkFinding:
    """What became of the passage of a mark. `level`: ok, info or warning."""

    level: str
    text: str
    advice: str = ""
    offers: tuple[OfferRow, ...] = ()


def find_texts(files: Iterable[AttachmentView]) -> Mapping[str, KnownText]:
    """The texts, by hash, of the files with a mark for which something may be offered. One query, or none."""
    wanted = {file.sha256 for file in files if any(mark.state in OFFERING for mark in file.marks)}
    return texts_by_hash(wanted) if wanted else {}


def finding_of(mark: MarkView, file: AttachmentView, text: KnownText | None, *, editable: bool) -> MarkFinding | None:
    """What is said of a mark; None where nothing is to be said. Offers are made to those who can take them only."""
    words = state_words(mark.state)
    if mark.state in FOUND:
        return MarkFinding("ok", _("ตรวจแล้ว พบข้อความนี้ในหน้าที่ระบุ"))
    if mark.state == MarkState.UNCHECKED:
        return MarkFinding("info", _("กำลังตรวจข้อความ ระหว่างนี้นับเป็นหลักฐาน")) if editable else None
    if mark.state == MarkState.SEEN:
        return None
    if mark.state == MarkState.UNREAD:
        return MarkFinding("warning", words, _unread_advice(mark) if editable else "")
    offers = _offers(mark, file, text) if editable else ()
    if mark.state == MarkState.ELSEWHERE:
        advice = _("ยังนับเป็นหลักฐาน แก้เลขหน้าเพื่อให้ผู้ตรวจหาพบ") if editable else ""
        return MarkFinding("info", _("ไม่พบในหน้า %(pages)s แต่พบในหน้าอื่น") % {"pages": mark.pages}, advice, offers)
    return MarkFinding("warning", _missing_text(mark, file), _missing_advice(mark) if editable else "", offers)


def _missing_text(mark: MarkView, file: AttachmentView) -> str:
    values = {"pages": mark.pages, "name": file.name}
    if not mark.quote:
        return _("หน้า %(pages)s ของไฟล์ %(name)s มีข้อความ แต่ยังไม่ได้คัดมา") % values
    if mark.state == MarkState.LOST:
        return _("ไม่พบข้อความนี้ในฉบับใหม่ของไฟล์ %(name)s") % values
    return _("ไม่พบข้อความนี้ในหน้า %(pages)s ของไฟล์ %(name)s") % values


def _missing_advice(mark: MarkView) -> str:
    if not mark.quote:
        return _("คัดข้อความที่สนับสนุนคำตอบมาด้วย จึงจะนับเป็นหลักฐาน")
    return _("เครื่องหมายนี้ไม่นับเป็นหลักฐาน คัดข้อความตามเอกสารและใส่เลขหน้าให้ตรง แล้วบันทึกใหม่")


def _unread_advice(mark: MarkView) -> str:
    return _("หน้า %(pages)s เป็นภาพ จึงตรวจข้อความไม่ได้ วาดกรอบหรือบอกสิ่งที่เห็นในหน้านั้น จึงจะนับเป็นหลักฐาน") % {"pages": mark.pages}


def _offers(mark: MarkView, file: AttachmentView, text: KnownText | None) -> tuple[OfferRow, ...]:
    if text is None or text.document is None or not mark.quote:
        return ()
    found = find_offers(text.document, mark.quote, mark.pages)
    return tuple(_row(offer, file, with_areas=bool(mark.areas)) for offer in found)


def _row(offer: Offer, file: AttachmentView, *, with_areas: bool) -> OfferRow:
    page = str(offer.page)
    areas = write_areas(_areas(offer)) if with_areas else ""
    if not offer.is_same:
        return OfferRow(_("ใช้ข้อความนี้"), page, offer.quote, areas, _shown(offer, file))
    return OfferRow(_("ใช้%(place)s") % {"place": _place(offer.page, file)}, page, offer.quote, areas)


def _shown(offer: Offer, file: AttachmentView) -> str:
    quote = offer.quote if len(offer.quote) <= SHOWN_QUOTE else offer.quote[:SHOWN_QUOTE] + "…"
    return _("ข้อความที่ใกล้เคียงที่สุดอยู่ใน%(place)s: “%(quote)s”") % {"place": _place(offer.page, file), "quote": quote}


def _place(page: int, file: AttachmentView) -> str:
    if file.kind in (FileKind.XLSX, FileKind.ODS):
        return _("แผ่นงานที่ %(page)d") % {"page": page}
    if file.kind in (FileKind.PPTX, FileKind.ODP):
        return _("สไลด์ที่ %(page)d") % {"page": page}
    return _("หน้า %(page)d") % {"page": page}


def _areas(offer: Offer) -> list[Area]:
    scaled = (
        Area(offer.page, *(round(edge * PARTS) for edge in (box.left, box.top, box.right, box.bottom)))
        for box in offer.rectangles
    )
    return [area for area in scaled if area.left < area.right <= PARTS and area.top < area.bottom <= PARTS]
