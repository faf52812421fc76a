"""The workbook of the national report: contents, a sheet for each section, notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from nation.facts.types import FactBlock
from nation.national.lines import Section, figure_lines, list_sections
from nation.national.presentation import section_title
from reports.content.national import NationalPaper
from reports.workbooks.cells import (
    BODY_FONT,
    BOLD_FONT,
    GROUP_FILL,
    MUTED_FONT,
    TITLE_FONT,
    append_row,
    number_cell,
    prepare_sheet,
    text_cell,
)
from reports.workbooks.sheet_titles import unique_sheet_title


def write_national_workbook(paper: NationalPaper, path: Path) -> None:
    """Writes the workbook to `path`."""
    book = Workbook(write_only=True)
    book.properties.creator = "dgready"
    sections = list_sections(paper.report.blocks)
    with translation.override(paper.language):
        named = [(section_title(section, paper.titles, paper.language), section) for section in sections]
        _fill_contents(book.create_sheet(_("สารบัญ")), paper, named)
        for title, section in named:
            _fill_section(book.create_sheet(unique_sheet_title(title, book.sheetnames)), paper, section)
        _fill_notes(book.create_sheet(unique_sheet_title(_("หมายเหตุ"), book.sheetnames)), paper)
    book.save(path)


def _fill_contents(sheet: Any, paper: NationalPaper, named: list[tuple[str, Section]]) -> None:
    """What the workbook is about, then every block with its section."""
    prepare_sheet(sheet, [40, 22, 90])
    imprint = paper.imprint()
    append_row(sheet, [text_cell(sheet, f"{imprint.title} {imprint.year}", TITLE_FONT, wrap=False)])
    append_row(sheet, [text_cell(sheet, f"{imprint.subject} · {imprint.state_text}", MUTED_FONT, wrap=False)])
    append_row(sheet, [])
    for title, section in named:
        for block in section.blocks:
            append_row(
                sheet,
                [
                    text_cell(sheet, title),
                    text_cell(sheet, block.key),
                    text_cell(sheet, block.title.to(paper.language)),
                ],
            )


def _fill_section(sheet: Any, paper: NationalPaper, section: Section) -> None:
    """Block under block: its title with the denominators, then a row for each figure."""
    titles = [
        _("รายการ"), _("ส่วนย่อย"), _("จำนวน"), _("ร้อยละ"), _("ของ"), _("ร้อยละของทุกจังหวัด"), _("ค่า"), _("ปีก่อน"),
        _("ถูกถาม"), _("ตอบ"), "n", _("รหัส"),
    ]  # fmt: skip
    prepare_sheet(sheet, [60, 34, 12, 12, 12, 14, 16, 12, 12, 12, 12, 26], titles)
    for block in section.blocks:
        _append_block(sheet, paper, block)


def _append_block(sheet: Any, paper: NationalPaper, block: FactBlock) -> None:
    language = paper.language
    numbers = [number_cell(sheet, number, BOLD_FONT) for number in (block.asked, block.answered, block.n)]
    head = [text_cell(sheet, block.title.to(language), BOLD_FONT, GROUP_FILL)]
    head += [text_cell(sheet, "", BOLD_FONT, GROUP_FILL) for _column in range(7)]
    append_row(sheet, [*head, *numbers, text_cell(sheet, block.key, MUTED_FONT)])
    for line in figure_lines(block):
        hidden = text_cell(sheet, _("น้อยกว่า 3"), MUTED_FONT)
        append_row(
            sheet,
            [
                text_cell(sheet, line.label.to(language), BODY_FONT),
                text_cell(sheet, line.part_label.to(language), BODY_FONT),
                hidden if line.hidden else number_cell(sheet, line.count),
                number_cell(sheet, line.percent),
                number_cell(sheet, line.base),
                number_cell(sheet, line.of_all),
                number_cell(sheet, line.value),
                number_cell(sheet, line.before),
                *(number_cell(sheet, None) for _column in range(3)),
                text_cell(sheet, "/".join(filter(None, [line.row, line.part])), MUTED_FONT),
            ],
        )


def _fill_notes(sheet: Any, paper: NationalPaper) -> None:
    """The sentences and notes of the blocks, and how figures are to be read."""
    prepare_sheet(sheet, [26, 50, 90, 90], [_("รหัส"), _("เรื่อง"), _("ข้อความ"), _("หมายเหตุ")])
    reading = _("ร้อยละคิดจากคอลัมน์ของ ไม่ตอบไม่ได้แปลว่าไม่มี จำนวนหน่วยงานที่น้อยกว่า 3 ไม่บอก")
    append_row(sheet, [text_cell(sheet, text) for text in ("", _("วิธีอ่าน"), reading, "")])
    for block in paper.report.blocks:
        texts = (block.key, *(text.to(paper.language) for text in (block.title, block.sentence, block.note)))
        if block.sentence or block.note:
            append_row(sheet, [text_cell(sheet, text) for text in texts])
