"""Checks a response before submission: missing answers and evidence, contradictions, dates, open comments. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dgready.typed.web import is_url
from evidence.attaching.proving import REJECTING
from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath
from survey.instrument.place_windows import window_at
from survey.instrument.progress import has_evidence
from survey.instrument.schema import Item, LocalizedText
from survey.instrument.windows import Period, is_outside

OpenPointKind = Literal[
    "missing",
    "no_file",
    "no_mark",
    "no_quote",
    "no_area",
    "lost_quote",
    "checking",
    "rejected",
    "unconfirmed",
    "contradiction",
    "date",
    "url",
    "unsure",
    "comment",
]
EVIDENCE_KINDS: Final = frozenset(
    {"no_file", "no_mark", "no_quote", "no_area", "lost_quote", "checking", "rejected", "unconfirmed"}
)
"""Kinds that are about an evidence place."""
_LACKING: Final[Mapping[str, OpenPointKind]] = {"missing": "no_quote", "unread": "no_area", "lost": "lost_quote"}


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """An attached file as the checker sees it: its place, whether it counts, the date of the document.

    `infected`: a virus was found in it. `verdict`: of a reviewer; with `to_confirm` it was carried over and nobody
    looked at it yet; `claimed`: it would count if no reviewer rejected it. `lacking`: what one of its marks lacks, its
    passage ("missing", "lost" with a new version of the file) or what stands for one on a picture ("unread");
    `checking`: one of them is still to be looked for.
    """

    address: str
    name: str
    marked: bool
    dated: date | None = None
    active: bool = False
    infected: bool = False
    verdict: str = ""
    to_confirm: bool = False
    claimed: bool = False
    lacking: str = ""
    checking: bool = False
    verdict_reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """An open point: its kind, place, and message."""

    kind: OpenPointKind
    address: str
    question: str
    section: str
    message: LocalizedText

    @property
    def key(self) -> str:
        """Identifies the point when a reason for leaving it open is given."""
        return f"{self.kind}:{self.address}"

    @property
    def is_waiting(self) -> bool:
        """Whether it settles by itself, so that nobody need do or explain anything."""
        return self.kind == "checking"


POINT_MESSAGES: dict[str, LocalizedText] = {
    "missing": LocalizedText("ยังไม่ได้ตอบ: {label}", "Not answered: {label}"),
    "no_file": LocalizedText("ยังไม่แนบหลักฐาน: {label}", "No evidence attached: {label}"),
    "infected": LocalizedText(
        "พบไวรัสในไฟล์ “{name}” จึงไม่นับเป็นหลักฐาน โปรดนำออกแล้วแนบไฟล์ใหม่",
        "A virus was found in “{name}”; it does not count. Remove it and attach another file",
    ),
    "no_mark": LocalizedText("ไฟล์ “{name}” ยังไม่ทำเครื่องหมายข้อความ", "File “{name}” has no marked passage"),
    "no_quote": LocalizedText(
        "ไม่พบข้อความที่คัดไว้ในไฟล์ “{name}” โปรดแก้หน้าหรือข้อความ หรือลบเครื่องหมายนั้น",
        "A passage marked in “{name}” is not in the file; correct its page or text, or delete that mark",
    ),
    "no_area": LocalizedText(
        "หน้าที่อ้างในไฟล์ “{name}” เป็นภาพ โปรดวาดกรอบหรือบอกสิ่งที่เห็น",
        "The page marked in “{name}” is a picture; draw a rectangle or say what is to be seen",
    ),
    "lost_quote": LocalizedText(
        "ไม่พบข้อความที่คัดไว้ในฉบับใหม่ของไฟล์ “{name}” โปรดทำเครื่องหมายใหม่",
        "A marked passage is not in the new version of “{name}”; mark it again",
    ),
    "checking": LocalizedText(
        "กำลังตรวจข้อความในไฟล์ “{name}” ระหว่างนี้นับเป็นหลักฐาน",
        "The passages marked in “{name}” are being checked; meanwhile it counts",
    ),
    "insufficient": LocalizedText(
        "ผู้ตรวจเห็นว่าไฟล์ “{name}” ยังไม่พอ: {reason}", "The reviewer finds “{name}” insufficient: {reason}"
    ),
    "passage": LocalizedText(
        "ผู้ตรวจเห็นว่าข้อความในไฟล์ “{name}” ไม่ตรงกับคำตอบ: {reason}",
        "The reviewer finds that the passage in “{name}” does not support the answer: {reason}",
    ),
    "outdated": LocalizedText(
        "ผู้ตรวจเห็นว่าไฟล์ “{name}” เก่าเกินไป: {reason}", "The reviewer finds “{name}” out of date: {reason}"
    ),
    "unconfirmed": LocalizedText(
        "หลักฐานจากปีก่อน ยังไม่ได้ยืนยัน: “{name}”", "Evidence of last year not confirmed yet: “{name}”"
    ),
    "file_date": LocalizedText(
        "เอกสาร “{name}” ลงวันที่นอกช่วงเวลาของหลักฐาน", "Document “{name}” is dated outside the evidence period"
    ),
    "month": LocalizedText(
        "เดือนที่ระบุอยู่ก่อนช่วงเวลาของแบบสำรวจ: {label}", "The month lies before the survey's period: {label}"
    ),
    "url": LocalizedText("ที่อยู่เว็บไม่ถูกต้อง: {label}", "Malformed web address: {label}"),
    "unsure": LocalizedText("ผู้ตอบขอให้ตรวจอีกครั้ง: {note}", "The respondent asks for another look: {note}"),
    "comment": LocalizedText("ข้อสังเกตที่ยังไม่ได้แก้ไข: {note}", "Comment not yet dealt with: {note}"),
}


def find_open_points(
    path: QuestionnairePath,
    files_by_place: Mapping[str, Collection[AttachedFile]],
    *,
    period: Period,
    unsure: Mapping[str, str],
    comments: Mapping[str, str],
) -> list[OpenPoint]:
    """All open points in document order. `period`: of the round; `unsure`, `comments`: note by question id."""
    points = [
        *_missing_answers(path),
        *_missing_evidence(path, files_by_place),
        *_contradictions(path),
        *_format_points(path, period),
        *_date_points(path, files_by_place, period),
        *(_make_point("unsure", "unsure", path, question, note=note) for question, note in unsure.items()),
        *(_make_point("comment", "comment", path, question, note=note) for question, note in comments.items()),
    ]
    order = {item_id: index for index, item_id in enumerate(path.instrument.items)}
    return sorted(points, key=lambda point: order.get(item_id_of(point.address), 0))


def _make_point(
    kind: OpenPointKind, message_key: str, path: QuestionnairePath, address: str, **details: str
) -> OpenPoint:
    item = path.instrument.items[item_id_of(address)]
    text = POINT_MESSAGES[message_key]
    label = address_label(path, address)
    return OpenPoint(
        kind,
        address,
        item.question or item.id,
        item.section,
        LocalizedText(text.th.format(label=label.th, **details), text.en.format(label=label.to("en"), **details)),
    )


def address_label(path: QuestionnairePath, address: str) -> LocalizedText:
    """The label of an address in words: option, cell or item, preceded by its repeat rows."""
    item = path.instrument.items[item_id_of(address)]
    field_address, _, option = address.partition("=")
    parts = [item.ask]
    if item.kind == "table" and "/" in field_address:
        *_, row_key, column_key = field_address.split("/")
        parts = _cell_labels(item, row_key, column_key, option)
    elif option in item.by_key:
        parts = [item.by_key[option].label]
    if item.code and item.code not in parts[0].th:
        parts[0] = LocalizedText(f"{item.code} {parts[0].th}", f"{item.code} {parts[0].to('en')}")
    parts = [*_row_labels(path, address), *parts]
    return LocalizedText(" – ".join(p.th for p in parts), " – ".join(p.to("en") for p in parts))


def _cell_labels(item: Item, row_key: str, column_key: str, option: str) -> list[LocalizedText]:
    """Labels of a cell: row, column where there are several, option; for an unknown row the item's wording."""
    row = dict(item.answer_rows).get(row_key)
    column = next((c for c in item.columns if c.key == column_key), None)
    labels = [row.label] if row else [item.ask]
    if column and len(item.columns) > 1:
        labels.append(column.label)
    if column and option in column.by_key:
        labels.append(column.by_key[option].label)
    return labels


def _row_labels(path: QuestionnairePath, address: str) -> Iterator[LocalizedText]:
    """Labels of the repeat rows around an address, by their present number."""
    hash_index = address.find("#")
    while hash_index >= 0:
        row = address[hash_index + 1 :].partition("/")[0]
        row_ids = path.values.get(address[:hash_index], ())
        number = row_ids.index(row) + 1 if isinstance(row_ids, list) and row in row_ids else row
        yield LocalizedText(f"รายการที่ {number}", f"Item {number}")
        hash_index = address.find("#", hash_index + 1)


def _missing_answers(path: QuestionnairePath) -> Iterator[OpenPoint]:
    for field in path.missing():
        yield _make_point("missing", "missing", path, field.address)


def _missing_evidence(
    path: QuestionnairePath, files_by_place: Mapping[str, Collection[AttachedFile]]
) -> Iterator[OpenPoint]:
    marked = {address for address, files in files_by_place.items() if any(file.marked for file in files)}
    for place in path.places.values():
        files = files_by_place.get(place.address, ())
        if not files and not has_evidence(place, path, marked):
            yield _make_point("no_file", "no_file", path, place.address)
        for file in files:
            if file.infected:
                yield _make_point("no_mark", "infected", path, place.address, name=file.name)
            elif file.to_confirm:
                yield _make_point("unconfirmed", "unconfirmed", path, place.address, name=file.name)
            elif file.verdict in REJECTING:
                details = {"name": file.name, "reason": file.verdict_reason}
                yield _make_point("rejected", file.verdict, path, place.address, **details)
            elif kind := _LACKING.get(file.lacking):
                yield _make_point(kind, kind, path, place.address, name=file.name)
            elif file.checking:
                yield _make_point("checking", "checking", path, place.address, name=file.name)
            elif not file.marked and not (place.url and place.url in path.values):  # then it is a copy of the page
                yield _make_point("no_mark", "no_mark", path, place.address, name=file.name)


def _contradictions(path: QuestionnairePath) -> Iterator[OpenPoint]:
    for check in path.false_checks:
        item = path.instrument.items[item_id_of(check.address)]
        yield OpenPoint("contradiction", check.address, item.question or item.id, item.section, check.message)


def _format_points(path: QuestionnairePath, period: Period) -> Iterator[OpenPoint]:
    for field in path.fields.values():
        value = path.values.get(field.address)
        kind = field.column.kind if field.column else field.item.kind
        if not isinstance(value, str):
            continue
        if kind == "url" and not is_url(value):
            yield _make_point("url", "url", path, field.address)
        span = field.item.window.span(period) if kind == "month_year" else None
        if span and value < f"{span[0]:%Y-%m}":
            yield _make_point("date", "month", path, field.address)


def _date_points(
    path: QuestionnairePath, files_by_place: Mapping[str, Collection[AttachedFile]], period: Period
) -> Iterator[OpenPoint]:
    for place in path.places:
        for file in files_by_place.get(place, ()):
            if file.dated and is_outside(file.dated, window_at(path.instrument, place).span(period)):
                yield _make_point("date", "file_date", path, place, name=file.name)
