"""Texts of journal events, and of the answer addresses and values they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.respondents import RespondentKind, respondent_words
from dgready import thai
from survey.instrument import addresses
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.instrument.values import format_value, item_or_column_at
from survey.journal.assignment_event_texts import ASSIGNMENT_VERB_LABELS, describe_assignment_event
from survey.journal.evidence_event_texts import MARK_STATES, VERDICT_LABELS, describe_evidence_event
from survey.journal.meeting_event_texts import (
    MEETING_FIELD_LABELS,
    MEETING_VERB_LABELS,
    describe_meeting_event,
    meeting_value,
)
from survey.models import Channel, Event, SubmissionGuard

AnswerValues = Mapping[str, AnswerValue]

VERB_LABELS: dict[str, str | Promise] = {
    "answer.clear": pgettext_lazy("event", "ล้างคำตอบ"),
    "answer.move": pgettext_lazy("event", "ปรับคำตอบตามแบบสำรวจฉบับใหม่"),
    "answer.restore": pgettext_lazy("event", "นำค่าเดิมกลับมา"),
    "answer.save": pgettext_lazy("event", "บันทึกคำตอบ"),
    "comment.add": pgettext_lazy("event", "เขียนข้อสังเกต"),
    "comment.reopen": pgettext_lazy("event", "เปิดข้อสังเกตอีกครั้ง"),
    "comment.reply": pgettext_lazy("event", "ตอบข้อสังเกต"),
    "comment.resolve": pgettext_lazy("event", "แก้ไขตามข้อสังเกตแล้ว"),
    "consolidation.agreed": pgettext_lazy("event", "ใช้คำตอบที่หน่วยงานตอบตรงกันทั้งหมด"),
    "consolidation.save": pgettext_lazy("event", "รวมคำตอบของหน่วยงาน"),
    "evidence.adopt": pgettext_lazy("event", "นำหลักฐานของหน่วยงานมาใช้"),
    "scan.infected": pgettext_lazy("event", "พบไวรัส ไฟล์ไม่นับเป็นหลักฐาน"),
    "scan.cleared": pgettext_lazy("event", "ตรวจใหม่ไม่พบไวรัส ไฟล์นับเป็นหลักฐานดังเดิม"),
    "evidence.attach": pgettext_lazy("event", "แนบหลักฐาน"),
    "evidence.check": pgettext_lazy("event", "ตรวจข้อความที่ทำเครื่องหมายกับไฟล์"),
    "evidence.confirm": pgettext_lazy("event", "ยืนยันหลักฐานจากปีก่อน"),
    "evidence.copy": pgettext_lazy("event", "สำเนาของหน้าเว็บ"),
    "evidence.date": pgettext_lazy("event", "ระบุวันที่ของเอกสาร"),
    "evidence.judge": pgettext_lazy("event", "ตรวจหลักฐาน"),
    "evidence.mark": pgettext_lazy("event", "ทำเครื่องหมายในหลักฐาน"),
    "evidence.remark": pgettext_lazy("event", "นำเครื่องหมายในหลักฐานกลับมา"),
    "evidence.remove": pgettext_lazy("event", "นำหลักฐานออก"),
    "evidence.restore": pgettext_lazy("event", "นำหลักฐานกลับมา"),
    "evidence.unconfirm": pgettext_lazy("event", "ให้ยืนยันหลักฐานจากปีก่อนอีกครั้ง"),
    "evidence.unmark": pgettext_lazy("event", "ลบเครื่องหมายในหลักฐาน"),
    "evidence.version": pgettext_lazy("event", "เปลี่ยนหลักฐานเป็นอีกฉบับ"),
    "instrument.move": pgettext_lazy("event", "ย้ายไปใช้แบบสำรวจฉบับอื่น"),
    "response.approve": pgettext_lazy("event", "อนุมัติ"),
    "response.channel": pgettext_lazy("event", "ช่องทางของคำตอบ"),
    "response.endorse": pgettext_lazy("event", "คณะกรรมการเห็นชอบ"),
    "response.open": pgettext_lazy("event", "เปิดชุดคำตอบ"),
    "response.paper": pgettext_lazy("event", "เลือกภาพสแกนของแบบที่กรอกบนกระดาษ"),
    "response.remand": pgettext_lazy("event", "คณะกรรมการส่งกลับให้แก้ไข"),
    "response.reopen": pgettext_lazy("event", "เปิดให้แก้ไขอีกครั้ง"),
    "response.return": pgettext_lazy("event", "ส่งกลับให้แก้ไข"),
    "response.submit": pgettext_lazy("event", "เสนอ%(chief)s"),
    "response.withdraw": pgettext_lazy("event", "ถอนกลับมาแก้ไข"),
    "round.dates": pgettext_lazy("event", "เปลี่ยนกำหนดการ"),
    "round.escalation": pgettext_lazy("event", "เปลี่ยนกติกาการแจ้งหัวหน้าหน่วยงาน"),
    "round.extend": pgettext_lazy("event", "ขยายเวลาหลังปิดรอบ"),
    "round.guards": pgettext_lazy("event", "เปลี่ยนเงื่อนไขก่อนเสนอ%(chief)s"),
    "stand_in.end": pgettext_lazy("event", "ยุติการทำแทนผู้ประสานงาน"),
    "stand_in.name": pgettext_lazy("event", "ตั้งผู้ทำแทนผู้ประสานงาน"),
    "external.remove": pgettext_lazy("event", "นำคะแนนจากภายนอกออก"),
    "external.save": pgettext_lazy("event", "บันทึกคะแนนจากภายนอก"),
    "scheme.use": pgettext_lazy("event", "เปลี่ยนไปใช้เกณฑ์ฉบับใหม่"),
}
VERB_LABELS |= ASSIGNMENT_VERB_LABELS | MEETING_VERB_LABELS
FIELD_LABELS: dict[str, str | Promise] = {
    "agenda": gettext_lazy("ระเบียบวาระ"),
    "areas": gettext_lazy("กรอบบนหน้า"),
    "agency_due": gettext_lazy("กำหนดส่งของหน่วยงาน"),
    "closes_at": gettext_lazy("ปิดรับการอนุมัติ"),
    "committee_on": gettext_lazy("วันประชุมคณะกรรมการ %(committee)s"),
    "dated": gettext_lazy("วันที่ของที่มา"),
    "document_date": gettext_lazy("วันที่ของเอกสาร"),
    "escalate_after": gettext_lazy("แจ้งหัวหน้าหน่วยงานเมื่อเลยกำหนดส่งกี่วัน"),
    "held_at": gettext_lazy("วันเวลาประชุม"),
    "late_until": gettext_lazy("เพิ่มเติมได้ถึงวันที่"),
    "note": gettext_lazy("สิ่งที่เห็น"),
    "number": gettext_lazy("ครั้งที่"),
    "opens_on": gettext_lazy("วันเปิดรอบ"),
    "pages": gettext_lazy("หน้า"),
    "period_from": gettext_lazy("หลักฐานตั้งแต่วันที่"),
    "period_to": gettext_lazy("หลักฐานถึงวันที่"),
    "place": gettext_lazy("สถานที่"),
    "quote": gettext_lazy("ข้อความ"),
    "score": gettext_lazy("คะแนน"),
    "state": gettext_lazy("ผลตรวจข้อความ"),
    "source": gettext_lazy("ที่มา"),
    "url": gettext_lazy("ที่อยู่เว็บ"),
    "valid_from": gettext_lazy("ตั้งแต่วันที่"),
    "valid_to": gettext_lazy("ถึงวันที่"),
    "sha256": "SHA-256",
    "version": gettext_lazy("ฉบับที่"),
    "verdict": gettext_lazy("ผลตรวจหลักฐาน"),
    "verdict_reason": gettext_lazy("เหตุผลของผู้ตรวจ"),
    "virus": gettext_lazy("ไวรัสที่พบ"),
    **{guard.value: guard.label for guard in SubmissionGuard},
}
FIELD_LABELS |= MEETING_FIELD_LABELS
# Values of fields that are written as words of the program.
VALUE_LABELS: dict[str, str | Promise] = {"on": gettext_lazy("ใช้อยู่"), "off": gettext_lazy("ไม่ได้ใช้")}
_ISO_DATE_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}(T|\Z)", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One changed value in display form: label, before, after; empty text means no value."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A journal event in display form: its verb, its text and the values it changed."""

    event: Event
    verb_label: str
    text: str
    changes: tuple[FieldChange, ...]


def verb_label(verb: str, respondent: str = RespondentKind.PROVINCE) -> str:
    """The label of a verb in the journal of a respondent of that kind; an unknown verb is returned as it is."""
    return str(VERB_LABELS[verb]) % respondent_words(respondent) if verb in VERB_LABELS else verb


def _field_label(key: str, respondent: str) -> str:
    return str(FIELD_LABELS[key]) % respondent_words(respondent) if key in FIELD_LABELS else key


def item_title(item: Item, language: str) -> str:
    """The wording of an item, preceded by its code."""
    ask = item.ask.to(language)
    return f"{item.code} {ask}" if item.code and item.code not in ask else ask


def describe_address(
    instrument: CompiledInstrument, address: str, values: AnswerValues, language: str = "th"
) -> tuple[str, ...]:
    """The labels of an address below its question, outermost first: repeat rows, item, table row, column, option."""
    item = instrument.items.get(addresses.item_id_of(address))
    if item is None:
        return (address,)
    labels = list(_describe_rows(instrument, address, values, language))
    is_row = "#" in address and "/" not in address[address.rindex("#") :]
    if item.id != item.question and not is_row:
        labels.append(item_title(item, language))
    if item.kind == "table":
        return (*labels, *_describe_cell(item, address, language))
    option = address.partition("=")[2]
    if option in item.by_key:
        labels.append(item.by_key[option].title.to(language))
    return tuple(labels)


def _describe_rows(instrument: CompiledInstrument, address: str, values: AnswerValues, language: str) -> Iterator[str]:
    """Labels of the repeat rows around (or at) an address, by their present number; an inner repeat with its name."""
    hash_index = address.find("#")
    while hash_index >= 0:
        row_end = address.find("/", hash_index)
        row = address[hash_index + 1 : row_end if row_end >= 0 else None]
        repeat = instrument.items.get(addresses.item_id_of(address[:hash_index]))
        if repeat is not None and repeat.id != repeat.question:
            yield item_title(repeat, language)
        row_ids = values.get(address[:hash_index], ())
        number = row_ids.index(row) + 1 if isinstance(row_ids, list) and row in row_ids else row
        yield _("รายการที่ %(number)s") % {"number": number}
        hash_index = address.find("#", hash_index + 1)


def _describe_cell(item: Item, address: str, language: str) -> Iterator[str]:
    head, _equals, option = address.partition("=")
    *_table, row_key, column_key = head.split("/")
    row = dict(item.answer_rows).get(row_key)
    column = next((c for c in item.columns if c.key == column_key), None)
    yield row.label.to(language) if row else row_key
    if column is not None and len(item.columns) > 1:
        yield column.label.to(language)
    if column is not None and option in column.by_key:
        yield column.by_key[option].title.to(language)


def describe_value(
    instrument: CompiledInstrument, address: str, stored: AnswerValue | None, language: str = "th"
) -> str:
    """A stored value in display form."""
    if stored is None:
        return ""
    owner = item_or_column_at(instrument, address)
    if owner is None:
        return ", ".join(stored) if isinstance(stored, list) else stored
    if owner.kind == "repeat":
        return _("%(count)d รายการ") % {"count": len(stored)}
    return format_value(owner, stored, language)


def describe_event(
    instrument: CompiledInstrument, event: Event, current: AnswerValues, language: str = "th"
) -> JournalEntry:
    """An event in display form. `current`: the present values, which number the rows of repeats."""
    entry = _describe_event(instrument, event, current, language)
    if "arrived" not in event.data:
        return entry
    moment = timezone.localtime(datetime.fromisoformat(event.data["arrived"]))
    when = thai.format_datetime(moment, _language(language), "short")
    arrival = _("มาถึงระบบก่อนปิดรอบ %(when)s") % {"when": when}
    return replace(entry, text=" · ".join(filter(None, [entry.text, arrival])))


def _describe_event(instrument: CompiledInstrument, event: Event, current: AnswerValues, language: str) -> JournalEntry:
    data = event.data
    if event.verb.startswith("answer."):
        changes = tuple(describe_answer_changes(instrument, data, current, language))
        return JournalEntry(event, verb_label(event.verb, instrument.respondents), _answer_text(data), changes)
    if event.verb.startswith(("evidence.", "scan.")):
        place = " › ".join(describe_address(instrument, data.get("address", ""), current, language))
        text = describe_evidence_event(place, data)
        return JournalEntry(
            event,
            verb_label(event.verb, instrument.respondents),
            text,
            tuple(field_changes(data, language, instrument.respondents)),
        )
    if event.verb in ASSIGNMENT_VERB_LABELS:
        return JournalEntry(
            event, verb_label(event.verb, instrument.respondents), describe_assignment_event(event.verb, data), ()
        )
    changes = tuple(field_changes(data, language, instrument.respondents)) if "after" in data else ()
    is_meeting = event.verb in MEETING_VERB_LABELS
    text = describe_meeting_event(event.verb, data) if is_meeting else _event_text(data, instrument.respondents)
    return JournalEntry(event, verb_label(event.verb, instrument.respondents), text, changes)


def _answer_text(data: Mapping[str, Any]) -> str:
    """The text of a change of an answer, besides its verb: what it came from."""
    texts = []
    if "restored" in data:
        texts.append(_("ค่าของครั้งที่ %(revision)s") % {"revision": data["restored"]})
    if data.get("merged"):
        texts.append(_("รวมกับการแก้ไขของผู้อื่นที่บันทึกไว้ก่อน"))
    return " · ".join(texts)


def _event_text(data: Mapping[str, Any], respondent: str) -> str:
    """The text of an event about the whole response, besides its verb."""
    if "number" in data:
        version = _("ฉบับที่ %(number)s") % {"number": data["number"]}
        document = data.get("delegation", {}).get("document", "")
        words = {**respondent_words(respondent), "number": document}
        by_delegate = _("อนุมัติแทน%(chief)s ตามคำสั่งเลขที่ %(number)s") % words if document else ""
        return " ".join(filter(None, [version, by_delegate, data.get("reason", "")]))
    if data.get("to") in Channel.values:
        return f"{Channel(data['from']).label} → {Channel(data['to']).label}"
    if "paper" in data:
        return str(data["paper"])
    if "open_points" in data:
        return " · ".join(_submission_texts(data, respondent))
    return str(data.get("text") or data.get("reason") or data.get("sub_pillar") or "")


def _submission_texts(data: Mapping[str, Any], respondent: str) -> Iterator[str]:
    """What a submission left open and overrode, each with how many or why."""
    if data["open_points"]:
        yield _("มีรายการค้างพร้อมเหตุผล %(count)d รายการ") % {"count": len(data["open_points"])}
    for guard in data.get("guards", ()):
        if guard["reason"]:
            yield _("เสนอทั้งที่ไม่เป็นไปตามเงื่อนไข “%(guard)s” เพราะ %(reason)s") % {
                "guard": _field_label(guard["guard"], respondent),
                "reason": guard["reason"],
            }


def describe_answer_changes(
    instrument: CompiledInstrument, data: Mapping[str, Any], current: AnswerValues, language: str
) -> Iterator[FieldChange]:
    """What an event of an answer changed, field by field, in display form; `data`: its before and after."""
    before, after = data.get("before", {}), data.get("after", {})
    all_values = {**current, **before, **after}
    for address in dict.fromkeys([*after, *before]):
        label = " › ".join(describe_address(instrument, address, all_values, language)) or _("คำตอบ")
        old, new = (describe_value(instrument, address, side.get(address), language) for side in (before, after))
        yield FieldChange(label, old, new)
    if "unsure" in data:
        yield FieldChange(_("ขอให้ตรวจอีกครั้ง"), *(_("ใช่") if x else _("ไม่") for x in data["unsure"]))
    if "note" in data:
        old, new = data["note"]
        yield FieldChange(_("หมายเหตุ"), old or "", new or "")


def field_changes(
    data: Mapping[str, Any], language: str, respondent: str = RespondentKind.PROVINCE
) -> Iterator[FieldChange]:
    """What the `before` and `after` of an event's data say, field by field, where they differ."""
    before, after = data.get("before", {}), data.get("after", {})
    for key in dict.fromkeys([*before, *after]):
        old, new = (_format_field(meeting_value(key, side.get(key)), language) for side in (before, after))
        if key == "verdict":
            old, new = (str(VERDICT_LABELS.get(word, word)) for word in (old, new))
        if key in SubmissionGuard.values:
            old, new = (str(VALUE_LABELS.get(word, word)) for word in (old, new))
        elif key == "state":
            old, new = (str(MARK_STATES.get(word, "")) for word in (old, new))
        if old != new and key in FIELD_LABELS:
            yield FieldChange(_field_label(key, respondent), old, new)


def _format_field(raw: Any, language: str) -> str:
    """A plain value of an event in display form; dates and times in the reader's language, Thai time."""
    text = str(raw or "")
    if not _ISO_DATE_PATTERN.match(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) == len("2000-01-01"):
        return thai.format_date(moment.date(), _language(language), "short")
    return thai.format_datetime(timezone.localtime(moment), _language(language), "short")


def _language(name: str) -> thai.Language:
    return "en" if name == "en" else "th"
