"""The table of a department: a score of a sub-pillar for each province, read with the fault of every cell. PURE."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from dgready.localized_text import LocalizedText
from dgready.sheets.records import NO_ROWS, Record, read_records
from dgready.sheets.workbook import Sheet, SheetFault, WantedHeadings
from dgready.typed.characters import clean_name
from dgready.typed.codes import read_code
from dgready.typed.dates import read_date_cell
from dgready.typed.numbers import read_number
from dgready.typed.result import Refusal, Understood
from nation.bulk.import_headings import PROVINCE_HEADINGS

MAX_TEXT: Final = 500  # characters of a method or a source, as the stored score holds them
CENT: Final = Decimal("0.01")
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "province": PROVINCE_HEADINGS,
    "sub_pillar": ("ตัวชี้วัดย่อย", "Sub-pillar", "รหัสตัวชี้วัดย่อย"),
    "score": ("คะแนน", "Score", "คะแนน (0–100)"),
    "method": ("วิธีคำนวณ", "Method"),
    "source": ("ที่มา", "Source"),
    "dated": ("วันที่ของที่มา", "Date of the source", "วันที่"),
}
WANTED: Final = WantedHeadings(HEADINGS, ("province", "sub_pillar"))
FAULTS: Final[Mapping[str, LocalizedText]] = {
    "province": LocalizedText("ไม่รู้จักจังหวัด “{name}”", "There is no province “{name}”"),
    "sub_pillar": LocalizedText(
        "“{name}” ไม่ใช่ตัวชี้วัดย่อยที่รับคะแนนจากภายนอก ใช้ได้: {known}",
        "“{name}” is no sub-pillar that is scored from outside; there are: {known}",
    ),
    "again": LocalizedText(
        "ซ้ำกับแถว {row}: จังหวัดและตัวชี้วัดย่อยเดียวกัน", "Row {row} already has this province and sub-pillar"
    ),
    "missing": LocalizedText("แถวที่มีคะแนนต้องระบุ{name}", "A row with a score needs: {name}"),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
    "future": LocalizedText("วันที่ของที่มาต้องไม่อยู่ในอนาคต", "The date of the source must not be in the future"),
}


@dataclass(frozen=True, slots=True)
class GivenScore:
    """A score that a department gives: exact text of two decimals, ISO day."""

    sub_pillar: str
    score: str
    method: str
    source: str
    dated: str

    def packed(self) -> dict[str, str]:
        """As plain values, for the row of a step."""
        return asdict(self)


@dataclass(slots=True)
class ReadTable:
    """The scores by code of the province, and every fault; with any fault nothing is taken."""

    scores: dict[str, list[GivenScore]] = field(default_factory=dict)
    faults: list[SheetFault] = field(default_factory=list)


def parse_score_table(
    sheet: Sheet, find_province: Callable[[str], str | None], codes: Collection[str], today: date
) -> ReadTable:
    """Reads a table; rows without a score are left out. `codes`: the sub-pillars that are scored from outside."""
    read, seen = ReadTable(), dict[tuple[str, str], int]()
    reader = _RowReader(sheet.name, find_province, sorted(codes), today, read.faults)
    for record in read_records(sheet, WANTED, read.faults):
        if not record.text("score").strip():
            continue
        found = reader.read(record)
        if found is None:
            continue
        province, given = found
        first = seen.setdefault((province, given.sub_pillar), record.row)
        if first != record.row:
            reader.fault(record, "province", FAULTS["again"].filled(row=first))
        read.scores.setdefault(province, []).append(given)
    if not read.scores and not read.faults:
        read.faults.append(SheetFault(sheet.name, "A1", NO_ROWS))
    return read


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads one row after the other and tells what is wrong with each cell."""

    sheet: str
    find_province: Callable[[str], str | None]
    codes: Sequence[str]
    today: date
    faults: list[SheetFault]

    def fault(self, record: Record, column: str, say: LocalizedText) -> None:
        """Notes what is wrong with a cell."""
        self.faults.append(SheetFault(self.sheet, record.ref(column), say))

    def read(self, record: Record) -> tuple[str, GivenScore] | None:
        """Code of the province and what the row gives; None with a fault."""
        before = len(self.faults)
        province = self._province(record)
        given = {
            "sub_pillar": self._sub_pillar(record),
            "score": self._score(record),
            **{column: self._text(record, column) for column in ("method", "source")},
            "dated": self._dated(record),
        }
        if len(self.faults) > before or not record.complete:
            return None
        return province, GivenScore(**given)

    def _province(self, record: Record) -> str:
        name = record.text("province").strip()
        code = self.find_province(name) if name else None
        if name and code is None:
            self.fault(record, "province", FAULTS["province"].filled(name=name))
        return code or ""

    def _sub_pillar(self, record: Record) -> str:
        typed = record.text("sub_pillar").strip()
        result = read_code(typed, self.codes)
        if isinstance(result, Understood):
            return str(result.value)
        if typed:
            known = ", ".join(self.codes) or "–"
            self.fault(record, "sub_pillar", FAULTS["sub_pillar"].filled(name=typed, known=known))
        return ""

    def _score(self, record: Record) -> str:
        number = self._understood(
            record, "score", read_number(record.text("score"), minimum=Decimal(0), maximum=Decimal(100), units=("%",))
        )
        # A workbook computes with more places than a score has; it is rounded as every score is.
        return "" if number is None else f"{Decimal(number).quantize(CENT, ROUND_HALF_UP):f}"

    def _text(self, record: Record, column: str) -> str:
        text = clean_name(record.text(column))
        if not text:
            self._missing(record, column)
        elif len(text) > MAX_TEXT:
            self.fault(record, column, FAULTS["long"].filled(limit=MAX_TEXT))
        return text

    def _dated(self, record: Record) -> str:
        cell = record.cells.get("dated")
        if cell is None or str(cell.value).strip() == "":
            self._missing(record, "dated")
            return ""
        day = self._understood(record, "dated", read_date_cell(cell.value, near=self.today))
        if day is not None and day > self.today:
            self.fault(record, "dated", FAULTS["future"])
        return "" if day is None else str(day.isoformat())

    def _understood(self, record: Record, column: str, result: Understood[Any] | Refusal | None) -> Any:
        """The value of a cell that was understood; None with its fault for any other."""
        if isinstance(result, Understood):
            return result.value
        if isinstance(result, Refusal):
            self.fault(record, column, result.reason)
        return None

    def _missing(self, record: Record, column: str) -> None:
        thai, english = HEADINGS[column][:2]
        self.fault(record, column, FAULTS["missing"].filled(name=LocalizedText(thai, english)))
