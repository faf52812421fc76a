"""Writes the offline form: sheets to fill, instructions, and the hidden sheet with its ids. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from reports.offline_form import texts
from reports.offline_form.fields import list_name
from reports.offline_form.form_content import HIDDEN_SHEET, FormContent, OptionLists
from reports.offline_form.form_sheet import SheetWriter, protect, put_text
from reports.offline_form.formulas import FormulaWriter
from reports.workbooks.cells import FONT_NAME, clean_cell_text
from reports.workbooks.page_setup import row_height, set_up_page
from reports.workbooks.sheet_titles import unique_sheet_title
from survey.instrument.schema import Item, TableColumn


def write_form(content: FormContent, file: Path | IO[bytes]) -> None:
    """Writes the workbook to a path or an open file."""
    book = Workbook()
    book.properties.creator = "dgready"
    book.properties.title = texts.FORM_TITLE.to(content.language)
    _write_instructions(book.active, content)
    titles = []
    for name in content.layout.titles:
        titles.append(unique_sheet_title(name, [*book.sheetnames, HIDDEN_SHEET]))
        book.create_sheet(titles[-1])
    lists = _write_hidden(book.create_sheet(HIDDEN_SHEET), content)
    formulas = FormulaWriter(content.layout, titles, content.path, lists.titles)
    for number, title in enumerate(titles):
        SheetWriter(book[title], content, formulas, lists).write([x for x in content.layout.lines if x.sheet == number])
    book.save(file)


def option_titles(owner: Item | TableColumn, language: str) -> dict[str, str]:
    """The titles of the options by key, each different from the others."""
    titles: dict[str, str] = {}
    for option in owner.options:
        title = " ".join(clean_cell_text(option.title.to(language)).split())
        taken = list(titles.values())
        titles[option.key] = title if title not in taken else f"{title} ({taken.count(title) + 1})"
    return titles


def _write_hidden(sheet: Worksheet, content: FormContent) -> OptionLists:
    """The head, the revisions and the lists of options, one below the other."""
    sheet.sheet_state = "hidden"
    rows: list[tuple[str, ...]] = [("head", name, value) for name, value in content.head.items()]
    rows += [("revision", question, str(number)) for question, number in content.revisions.items()]
    cells: dict[tuple[str, str], str] = {}
    ranges: dict[str, str] = {}
    known: dict[str, Mapping[str, str]] = {}
    for line in content.layout.lines:
        if line.owner is None or line.owner.kind != "single" or not line.id or (name := list_name(line.field)) in known:
            continue
        known[name] = option_titles(line.owner, content.language)
        first = len(rows) + 1
        for key, title in known[name].items():
            rows.append(("option", name, key, title))
            cells[name, key] = f"'{HIDDEN_SHEET}'!$D${len(rows)}"
        ranges[name] = f"'{HIDDEN_SHEET}'!$D${first}:$D${len(rows)}"
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            put_text(sheet, number, column, text)
    sheet.protection.sheet = True
    return OptionLists(cells, ranges, known)


def _write_instructions(sheet: Worksheet, content: FormContent) -> None:
    sheet.title = texts.INSTRUCTIONS.to(content.language)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 96
    title = put_text(sheet, 1, 1, texts.FORM_TITLE.to(content.language))
    title.font = Font(name=FONT_NAME, size=16, bold=True, color="FF1B2350")
    steps = [step.to(content.language) for step in texts.STEPS]
    _write_pairs(sheet, 3, content.about)
    row = 4 + len(content.about)
    put_text(sheet, row, 1, texts.HOW.to(content.language)).font = Font(name=FONT_NAME, size=12, bold=True)
    _write_pairs(sheet, row + 1, [(f"{number}.", step) for number, step in enumerate(steps, start=1)])
    protect(sheet)
    set_up_page(sheet, 0)


def _write_pairs(sheet: Worksheet, first: int, pairs: Iterable[tuple[str, str]]) -> None:
    for row, (label, text) in enumerate(pairs, start=first):
        left, right = put_text(sheet, row, 1, label), put_text(sheet, row, 2, text)
        left.font, right.font = Font(name=FONT_NAME, size=11, bold=True), Font(name=FONT_NAME, size=11)
        left.alignment = right.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.row_dimensions[row].height = row_height([(label, 28), (text, 96)])
