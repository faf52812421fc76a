"""The workbook to fill in with the results of a year: a line for each province, a column for each figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment

from accounts.models import Province
from dgready.localized_text import LocalizedText
from dgready.sheets.writing import append_text_row, write_headings
from scoring.scheme.types import ScoringScheme

SHEET: Final = LocalizedText("ผลที่ประกาศ", "Published results")
HOW: Final = LocalizedText("วิธีกรอก", "How to fill in")
PILLAR: Final = LocalizedText("ตัวชี้วัด {number}", "Pillar {number}")
ENDS: Final = (
    LocalizedText("คะแนนรวม", "Total"),
    LocalizedText("อันดับ", "Rank"),
    LocalizedText("ระดับ", "Level"),
    LocalizedText("ที่มา", "Source"),
)
STARTS: Final = (
    LocalizedText("ปี", "Year"),
    LocalizedText("รหัสจังหวัด", "Province code"),
    LocalizedText("จังหวัด", "Province"),
)
LABELS: Final = (
    ("average", LocalizedText("ค่าเฉลี่ยทุกจังหวัด", "Average of all provinces")),
    ("rank-1", LocalizedText("จังหวัดอันดับ 1", "Best province")),
)
SOURCE: Final = LocalizedText(
    "ผลการสำรวจระดับความพร้อมรัฐบาลดิจิทัล ปี {year} ที่ สพร. ประกาศ", "DGA's published result of {year}"
)
NOTES: Final = (
    LocalizedText("ใส่คะแนน 0–100 ทศนิยมไม่เกิน 2 ตำแหน่ง เลขไทยก็ได้", "Scores 0–100, at most two decimals"),
    LocalizedText("ช่องที่ยังไม่ประกาศเว้นว่างไว้ จังหวัดที่ว่างทั้งแถวจะข้ามไป", "Leave what is not published empty"),
    LocalizedText("คอลัมน์ที่มา แก้ให้ตรงกับเอกสารที่ท่านใช้", "Name in the last column the document you used"),
    LocalizedText("ระบบแสดงสิ่งที่จะเปลี่ยนก่อน ยังไม่บันทึกจนกว่าท่านกดบันทึก", "You see what would change before it is stored"),
)  # fmt: skip


def write_result_template(
    scheme: ScoringScheme, provinces: Sequence[Province], title: str, *, with_labels: bool, language: str
) -> bytes:
    """The workbook; the second sheet says how, under the title. `with_labels`: with lines for average and best."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET.to(language)
    figures = [(code, 9) for code in scheme.sub_pillars]
    figures += [(PILLAR.to(language).format(number=p.number), 12) for p in scheme.pillars]
    heads = [*((text.to(language), 12) for text in STARTS), *figures, *((text.to(language), 11) for text in ENDS)]
    widths = [width for _name, width in heads]
    widths[2], widths[-1] = 24, 60
    write_headings(sheet, [name for name, _width in heads], widths)
    for cell in sheet[1]:
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.freeze_panes = "D2"
    subjects = [(p.code, p.name_th if language == "th" else p.name_en or p.name_th) for p in provinces]
    subjects += [(code, text.to(language)) for code, text in LABELS] if with_labels else []
    source = SOURCE.to(language).format(year=scheme.year)
    empty = [""] * (len(heads) - 4)
    for code, name in subjects:
        append_text_row(sheet, [str(scheme.year), code, name, *empty, source])
    how = book.create_sheet(HOW.to(language))
    how.column_dimensions["A"].width = 100
    for text in (title, *(note.to(language) for note in NOTES)):
        append_text_row(how, [text])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
