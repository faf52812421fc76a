"""Open data of a release: one long table, its dictionary, its licence. PURE."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dgready.localized_text import LocalizedText
from nation.releases.content import Json, ReleasedFigure, figures_of

LICENCE: Final = {
    "name": "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "address": "https://creativecommons.org/licenses/by/4.0/",
    "th": "ใช้ เผยแพร่ และดัดแปลงได้ทุกทาง รวมทั้งเพื่อการค้า โดยต้องอ้างถึงที่มา บอกปีและรุ่นของข้อมูล และบอกว่าแก้ไขหรือไม่",
    "en": "Use, share and adapt it in any way, also commercially, if you name the source with year and version and say"
    " whether you changed it.",
}
# Name of the column → what it is, in Thai and English; in the order of the table.
COLUMNS: Final[Mapping[str, LocalizedText]] = {
    "year": LocalizedText("ปี พ.ศ. ของการสำรวจ", "Year of the survey, Buddhist era"),
    "version": LocalizedText("รุ่นของการเผยแพร่", "Version of the release"),
    "group": LocalizedText("การแบ่งกลุ่มจังหวัด (kpi, region, size) ว่างคือทุกจังหวัด", "Grouping of provinces; empty: all"),
    "member": LocalizedText("กลุ่ม", "The group"),
    "block": LocalizedText("รหัสของตาราง", "Key of the block"),
    "kind": LocalizedText("วิธีนับของตาราง", "How the block is counted"),
    "section": LocalizedText("ตัวชี้วัด (ว่างคือส่วนหน้า)", "Number of the pillar; empty: the front"),
    "title_th": LocalizedText("ชื่อตาราง ภาษาไทย", "Title of the block in Thai"),
    "title_en": LocalizedText("ชื่อตาราง ภาษาอังกฤษ", "Title of the block in English"),
    "row": LocalizedText("รหัสของแถว", "Key of the row"),
    "part": LocalizedText("รหัสของส่วนในแถวซ้อน", "Key of the part of a stacked row"),
    "label_th": LocalizedText("ชื่อแถวหรือส่วน ภาษาไทย", "Label of the row or part in Thai"),
    "label_en": LocalizedText("ชื่อแถวหรือส่วน ภาษาอังกฤษ", "Label of the row or part in English"),
    "count": LocalizedText("จำนวนจังหวัด หรือหน่วยงานเมื่อหน่วยงานตอบเอง", "Number of provinces, or of agencies that answer"),
    "percent": LocalizedText("ร้อยละของ base หรือของ n เมื่อ base ว่าง", "Per cent of base, of n where base is empty"),
    "base": LocalizedText("ฐานของร้อยละ", "What the per cent is of"),
    "value": LocalizedText("ผลรวมหรือค่าเฉลี่ยที่ไม่ใช่จำนวนจังหวัด", "A sum or mean that is no number of provinces"),
    "n": LocalizedText(
        "จำนวนจังหวัดหรือหน่วยงานที่ใช้คิดร้อยละของตาราง", "Provinces or agencies that the block's shares are of"
    ),
    "asked": LocalizedText("จำนวนจังหวัดหรือหน่วยงานที่ถูกถาม", "Provinces or agencies asked"),
    "answered": LocalizedText("จำนวนจังหวัดหรือหน่วยงานที่ตอบ", "Provinces or agencies that answered"),
}
DICTIONARY: Final = ("subject", "key", "th", "en")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def escape_formula(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def figure_rows(content: Json, version: str) -> Iterator[list[Any]]:
    """The rows of the table, in the order of COLUMNS."""
    for figure in figures_of(content):
        yield _figure_row(content["year"], version, figure)


def _figure_row(year: int, version: str, figure: ReleasedFigure) -> list[Any]:
    block, told = figure.block, figure.told
    figures = [told.get(name) for name in ("count", "percent", "base", "value")]
    return [
        year,
        version,
        figure.group,
        figure.member,
        block["key"],
        block["kind"],
        block["section"],
        escape_formula(block["title"]["th"]),
        escape_formula(block["title"]["en"]),
        escape_formula(figure.row["key"]),
        escape_formula(figure.part["key"]) if figure.part else "",
        escape_formula(told["label"]["th"]),
        escape_formula(told["label"]["en"]),
        *("" if one is None else one for one in figures),
        block["n"],
        block["asked"],
        block["answered"],
    ]


def dictionary_rows(content: Json) -> Iterator[list[str]]:
    """The columns, then the blocks."""
    for name, said in COLUMNS.items():
        yield ["column", name, said.th, said.en]
    for block in content["blocks"]:
        yield ["block", block["key"], escape_formula(block["title"]["th"]), escape_formula(block["title"]["en"])]


def open_json(content: Json, about: Json) -> Json:
    """The release with what it is, its licence and its dictionary."""
    dictionary = [dict(zip(DICTIONARY, row, strict=True)) for row in dictionary_rows(content)]
    return {**about, "licence": LICENCE, "dictionary": dictionary, **content}


def table_csv(heading: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A table as CSV in UTF-8 with the mark that spreadsheets need."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(heading)
    table.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def json_bytes(told: Json) -> bytes:
    """A value as JSON in UTF-8, to be read by people as well."""
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def licence_text() -> str:
    """The licence in both languages."""
    return "\n".join([LICENCE["name"], LICENCE["address"], "", LICENCE["th"], "", LICENCE["en"], ""])
