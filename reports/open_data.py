"""Open data of a response: chosen answers and scores with a data dictionary, without personal data. PURE.

Nothing that a person typed as text goes out, nor names of files or people: an open answer is said to be given or not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, Final

from dgready.sheets.formulas import csv_text
from reports.content.report import ResponseReport
from reports.content.scorecard import ScorecardRow
from reports.content.structure import ReportLine
from survey.instrument.schema import CompiledInstrument, Item, Option, TableColumn
from survey.instrument.values import item_or_column_at

CLOSED: Final = frozenset({"single", "multi", "number", "month_year"})  # kinds whose values say nothing of a person
GIVEN: Final = "given"


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One answer or one score."""

    province: str
    year: int
    form: str
    version: str
    kind: str
    id: str
    code: str
    state: str
    value: str
    level: str
    weight: str
    origin: str


@dataclass(frozen=True, slots=True)
class DictionaryRow:
    """What a column, an answer or one of its options is, in Thai and English."""

    subject: str
    id: str
    option: str
    type: str
    th: str
    en: str


COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "province": ("รหัสจังหวัด", "Code of the province"),
    "year": ("ปี พ.ศ.", "Year of the Buddhist era"),
    "form": ("แบบสำรวจ", "The form"),
    "version": ("ฉบับร่าง หรือฉบับที่อนุมัติ", "Draft, or the number of the approved version"),
    "kind": ("คำตอบ (answer) หรือคะแนน (score)", "An answer or a score"),
    "id": ("ที่อยู่ของคำตอบ หรือรหัสตัวชี้วัด", "Address of the answer, or code of the indicator"),
    "code": ("รหัสข้อในแบบสำรวจ", "Code printed in the form"),
    "state": ("สถานะของคำตอบ", "State of the answer: answered, unanswered, off (skipped), closed (not asked)"),
    "value": (
        "รหัสตัวเลือก ตัวเลข เดือน (ปี ค.ศ.-เดือน) หรือคะแนน 0–100 คำตอบที่เป็นข้อความแสดงเพียง given",
        "Option keys, a number, a month (year-month) or a score of 0–100; of typed text only whether it is given",
    ),
    "level": ("ระดับ 1–5", "Maturity level 1–5"),
    "weight": ("น้ำหนัก (ร้อยละ)", "Weight in per cent"),
    "origin": ("ที่มาของน้ำหนัก", "Where the weight is from"),
}


def open_rows(report: ResponseReport, instrument: CompiledInstrument) -> Iterator[OpenRow]:
    """The answers in the order of the form, then the scores. `report`: on paper, as DGA gets it."""
    version = str(report.approval.number) if report.approval else "draft"
    about: dict[str, Any] = {
        "province": report.province_code,
        "year": report.year,
        "form": report.instrument,
        "version": version,
    }
    for line in report.content.walk():
        if line.address and line.kind in ("field", "cell", "repeat"):
            value = _open_value(line, item_or_column_at(instrument, line.address))
            told: dict[str, Any] = {"state": line.state, "value": value, "level": "", "weight": "", "origin": ""}
            yield OpenRow(**about, kind="answer", id=line.address, code=line.code, **told)
    if report.score is not None:
        yield _score_row(about, "total", report.score.total, report.score.level)
        for row in report.score.rows:
            yield _score_row(about, row.code, row.score, row.level, row)


def _open_value(line: ReportLine, owner: Item | TableColumn | None) -> str:
    if line.state != "answered" or line.value is None or owner is None:
        return ""
    if owner.kind == "repeat":
        return str(len(line.value))
    if owner.kind not in CLOSED:
        return GIVEN
    return "|".join(line.value) if isinstance(line.value, list) else line.value


def _score_row(
    about: Mapping[str, Any], code: str, score: Decimal | None, level: int | None, row: ScorecardRow | None = None
) -> OpenRow:
    return OpenRow(
        **about,
        kind="score",
        id=code,
        code=code,
        state="" if score is None else "answered",
        value="" if score is None else str(score),
        level="" if level is None else str(level),
        weight="" if row is None or row.weight is None else str(row.weight),
        origin=row.origin if row else "",
    )


def data_dictionary(instrument: CompiledInstrument) -> Iterator[DictionaryRow]:
    """The columns, then every answer of the form with its options, then the indicators."""
    for name, (th, en) in COLUMNS.items():
        yield DictionaryRow("column", name, "", "", th, en)
    for item in instrument.items.values():
        if item.own:
            continue
        yield DictionaryRow("item", item.id, "", item.kind, item.ask.th, item.ask.to("en"))
        yield from _option_rows(item.id, item.options)
        for key, row in item.answer_rows:
            for column in item.columns:
                address = f"{item.id}/{key}/{column.key}"
                words = [f"{row.label.to(x)} – {column.label.to(x)}" for x in ("th", "en")]
                yield DictionaryRow("item", address, "", column.kind, *words)
                yield from _option_rows(address, column.options)
    for pillar in instrument.pillars:
        yield DictionaryRow("indicator", pillar.number, "", "score", pillar.name.th, pillar.name.to("en"))
        for sub in pillar.sub_pillars:
            yield DictionaryRow("indicator", sub.code, "", "score", sub.name.th, sub.name.to("en"))


def _option_rows(address: str, options: Sequence[Option]) -> Iterator[DictionaryRow]:
    for option in options:
        if not option.own:
            yield DictionaryRow("option", address, option.key, "", option.title.th, option.title.to("en"))


def open_json(report: ResponseReport, instrument: CompiledInstrument) -> dict[str, Any]:
    """Rows and dictionary as one value."""
    return {
        "data": [asdict(row) for row in open_rows(report, instrument)],
        "dictionary": [asdict(row) for row in data_dictionary(instrument)],
    }


def rows_csv(rows: Iterator[OpenRow] | Iterator[DictionaryRow], kind: type[OpenRow] | type[DictionaryRow]) -> bytes:
    """Rows as CSV in UTF-8 with a mark that spreadsheets need."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(field.name for field in fields(kind))
    table.writerows([_field(value) for value in asdict(row).values()] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _field(value: Any) -> Any:
    return csv_text(value) if isinstance(value, str) else value
