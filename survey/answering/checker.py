"""The checker: everything that is missing or contradicts itself before submission. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from survey.instrument.address import item_id
from survey.instrument.path import Path
from survey.instrument.progress import evidenced
from survey.instrument.schema import Item, Text
from survey.instrument.values import is_url

Kind = Literal["missing", "no_file", "no_mark", "contradiction", "date", "url", "unsure", "comment"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the checker needs to know of one attached file: its place, whether it is marked, its own date."""

    address: str
    name: str
    marked: bool
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One open point: what kind, where, and in words."""

    kind: Kind
    address: str
    question: str
    section: str
    say: Text

    @property
    def key(self) -> str:
        """Names the point when a reason for leaving it open is given."""
        return f"{self.kind}:{self.address}"


SAY: dict[str, Text] = {
    "missing": Text("ยังไม่ได้ตอบ: {label}", "Not answered: {label}"),
    "no_file": Text("ยังไม่แนบหลักฐาน: {label}", "No evidence attached: {label}"),
    "no_mark": Text("ไฟล์ “{name}” ยังไม่ทำเครื่องหมายข้อความ", "File “{name}” has no marked passage"),
    "file_date": Text(
        "เอกสาร “{name}” ลงวันที่นอกช่วงเวลาของหลักฐาน", "Document “{name}” is dated outside the evidence period"
    ),
    "month": Text("เดือนที่ระบุอยู่ก่อนช่วงเวลาของแบบสำรวจ: {label}", "The month lies before the survey's period: {label}"),
    "url": Text("ที่อยู่เว็บไม่ถูกต้อง: {label}", "Malformed web address: {label}"),
    "unsure": Text("ผู้ตอบขอให้ตรวจอีกครั้ง: {note}", "The respondent asks for another look: {note}"),
    "comment": Text("ข้อสังเกตที่ยังไม่ได้แก้ไข: {note}", "Comment not yet dealt with: {note}"),
}


def open_points(
    path: Path,
    proofs: Mapping[str, Collection[Proof]],
    *,
    period: tuple[date, date],
    unsure: Mapping[str, str],
    comments: Mapping[str, str],
) -> list[Point]:
    """Every open point in document order. `unsure`, `comments`: question id → note."""
    points = [
        *_missing(path),
        *_evidence(path, proofs),
        *_contradictions(path),
        *_formats(path, period),
        *_dates(path, proofs, period),
        *(_point("unsure", "unsure", path, q, note=n) for q, n in unsure.items()),
        *(_point("comment", "comment", path, q, note=n) for q, n in comments.items()),
    ]
    order = {item: n for n, item in enumerate(path.instrument.items)}
    return sorted(points, key=lambda p: order.get(item_id(p.address), 0))


def _point(kind: Kind, say: str, path: Path, address: str, **words: str) -> Point:
    item = path.instrument.items[item_id(address)]
    text = SAY[say]
    label = _label(path, address)
    return Point(
        kind,
        address,
        item.question or item.id,
        item.section,
        Text(text.th.format(label=label.th, **words), text.en.format(label=label.to("en"), **words)),
    )


def _label(path: Path, address: str) -> Text:
    """An address in words: the option, the cell, or the item, and before it the row of a repeat."""
    item = path.instrument.items[item_id(address)]
    local, _, option = address.partition("=")
    parts = [item.ask]
    if item.kind == "table" and "/" in local:
        *_, row_key, column_key = local.split("/")
        parts = _cell(item, row_key, column_key, option)
    elif option in item.by_key:
        parts = [item.by_key[option].label]
    if item.code and item.code not in parts[0].th:
        parts[0] = Text(f"{item.code} {parts[0].th}", f"{item.code} {parts[0].to('en')}")
    parts = [*_rows(path, address), *parts]
    return Text(" – ".join(p.th for p in parts), " – ".join(p.to("en") for p in parts))


def _cell(item: Item, row_key: str, column_key: str, option: str) -> list[Text]:
    """Row, column where there are several, and option of a cell; nothing found: the item's own wording."""
    row = dict(item.answer_rows).get(row_key)
    column = next((c for c in item.columns if c.key == column_key), None)
    out = [row.label] if row else [item.ask]
    if column and len(item.columns) > 1:
        out.append(column.label)
    if column and option in column.by_key:
        out.append(column.by_key[option].label)
    return out


def _rows(path: Path, address: str) -> Iterator[Text]:
    """The repeat rows around an address, numbered as they stand."""
    end = address.find("#")
    while end >= 0:
        row = address[end + 1 :].partition("/")[0]
        listed = path.values.get(address[:end], ())
        number = listed.index(row) + 1 if isinstance(listed, list) and row in listed else row
        yield Text(f"รายการที่ {number}", f"Item {number}")
        end = address.find("#", end + 1)


def _missing(path: Path) -> Iterator[Point]:
    for field in path.missing():
        yield _point("missing", "missing", path, field.address)


def _evidence(path: Path, proofs: Mapping[str, Collection[Proof]]) -> Iterator[Point]:
    marked = {address for address, some in proofs.items() if any(p.marked for p in some)}
    for place in path.places.values():
        files = proofs.get(place.address, ())
        if not files and not evidenced(place, path, marked):
            yield _point("no_file", "no_file", path, place.address)
        for proof in files:
            if not proof.marked:
                yield _point("no_mark", "no_mark", path, place.address, name=proof.name)


def _contradictions(path: Path) -> Iterator[Point]:
    for check in path.instrument.checks:
        if check.rule.decided(path.values.get) is False:
            item = path.instrument.items[item_id(check.at)]
            yield Point("contradiction", check.at, item.question or item.id, item.section, check.say)


def _formats(path: Path, period: tuple[date, date]) -> Iterator[Point]:
    first = f"{period[0]:%Y-%m}"
    for field in path.fields.values():
        value = path.values.get(field.address)
        kind = field.column.kind if field.column else field.item.kind
        if not isinstance(value, str):
            continue
        if kind == "url" and not is_url(value):
            yield _point("url", "url", path, field.address)
        if kind == "month_year" and value < first:
            yield _point("date", "month", path, field.address)


def _dates(path: Path, proofs: Mapping[str, Collection[Proof]], period: tuple[date, date]) -> Iterator[Point]:
    for place in path.places:
        for proof in proofs.get(place, ()):
            if proof.dated and not period[0] <= proof.dated <= period[1]:
                yield _point("date", "file_date", path, place, name=proof.name)
