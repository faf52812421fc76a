"""The workbook of the score's reasons, and of an action plan with its actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from dgready.thai import format_date
from reports.documents.score_report import CriterionLine, PillarLine, ScoreReport, SubPillarLine, score_tree
from reports.workbooks.cells import BODY_FONT, BOLD_FONT, MUTED_FONT, number_cell, prepare_sheet, text_cell
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.wording import ORIGIN_NAMES


def write_score_workbook(sheets: ScoreReport, path: Path) -> None:
    """Writes the workbook to `path`."""
    book = Workbook(write_only=True)
    book.properties.creator = "dgready"
    with translation.override(sheets.language):
        if sheets.plan is not None:
            _fill_plan_sheet(book.create_sheet(_("แผน")), sheets)
        pillars = score_tree(sheets)
        _fill_score_sheet(book.create_sheet(_("คะแนน")), sheets, pillars)
        _fill_reason_sheet(book.create_sheet(_("เหตุผล")), pillars)
        _fill_recommendation_sheet(book.create_sheet(_("ข้อเสนอแนะ")), pillars)
    book.save(path)


def _fill_plan_sheet(page: Any, sheets: ScoreReport) -> None:
    titles = [
        _("ลำดับ"), _("ตัวชี้วัดย่อย"), _("สิ่งที่ทำ"), _("วันทำงาน"), _("คะแนนรวมที่เพิ่ม"),
        _("หน่วยงาน"), _("ผู้รับผิดชอบ"), _("กำหนดเสร็จ"), _("สถานะ"), _("ถึงเป้าในคะแนนแล้ว"), _("บันทึก"),
    ]  # fmt: skip
    prepare_sheet(page, [8, 10, 70, 10, 12, 26, 26, 18, 14, 14, 40], titles)
    for one in sheets.actions:
        row, made = one.action, one.action.made
        text = made["text"].get(sheets.language) or made["text"]["th"]
        page.append(
            [
                number_cell(page, row.order),
                text_cell(page, row.sub_pillar),
                text_cell(page, text),
                number_cell(page, row.effort),
                number_cell(page, row.gain),
                text_cell(page, row.agency.name_th if row.agency else ""),
                text_cell(page, row.owner),
                text_cell(page, format_date(row.due, sheets.language, "long") if row.due else ""),
                text_cell(page, row.get_state_display()),
                text_cell(page, _("ถึงแล้ว") if one.reached else _("ยังไม่ถึง")),
                text_cell(page, row.note),
            ]
        )


def _fill_recommendation_sheet(page: Any, pillars: tuple[PillarLine, ...]) -> None:
    prepare_sheet(page, [10, 40, 10, 90, 60], [_("รหัส"), _("ชื่อ"), _("ระดับ"), _("ข้อเสนอแนะ"), _("ที่มา")])
    for sub in (s for p in pillars for s in p.subs):
        for text, source in sub.advice:
            page.append(
                [
                    text_cell(page, sub.score.code),
                    text_cell(page, sub.name),
                    number_cell(page, sub.score.level),
                    text_cell(page, text),
                    text_cell(page, source, MUTED_FONT),
                ]
            )


def _fill_score_sheet(page: Any, sheets: ScoreReport, pillars: tuple[PillarLine, ...]) -> None:
    titles = [
        _("รหัส"), _("ชื่อ"), _("ต่ำสุด"), _("ประมาณการ"), _("สูงสุด"), _("ระดับ"),
        _("น้ำหนัก"), _("ที่มา"), _("ที่มาของน้ำหนัก"),
    ]  # fmt: skip
    prepare_sheet(page, [10, 60, 12, 12, 12, 10, 10, 14, 60], titles)
    whole = sheets.spread.total
    weights = {p.number: p.weight for p in sheets.sheet.pillars}
    lines: list[tuple[str, str, Any, SourcedNumber | None, bool]] = [("", _("คะแนนรวม"), whole, None, True)]
    for pillar in pillars:
        lines.append((pillar.number, pillar.name, pillar.span, weights[pillar.number], True))
        lines += [(s.score.code, s.name, s.span, s.score.weight, False) for s in pillar.subs]
    for code, name, span, weight, strong in lines:
        font = BOLD_FONT if strong else BODY_FONT
        page.append(
            [
                text_cell(page, code, font),
                text_cell(page, name, font),
                number_cell(page, span.low, MUTED_FONT),
                number_cell(page, span.best, font),
                number_cell(page, span.high, MUTED_FONT),
                number_cell(page, span.level, font),
                number_cell(page, weight.value if weight else None),
                text_cell(page, str(ORIGIN_NAMES[weight.origin]) if weight else ""),
                text_cell(page, weight.source.to(sheets.language) if weight else "", MUTED_FONT),
            ]
        )


def _fill_reason_sheet(page: Any, pillars: tuple[PillarLine, ...]) -> None:
    titles = [
        _("ตัวชี้วัดย่อย"), _("เกณฑ์"), _("คะแนน"), _("เต็ม"), _("ได้ในคะแนนรวม"), _("ขาดในคะแนนรวม"),
        _("ที่มาของขั้น"), _("เหตุผล"), _("สิ่งที่นับได้"), _("ที่อยู่"), _("นับ"), _("เพราะ"),
        _("หลักฐาน"), _("ต่ำสุด"), _("สูงสุด"), _("ที่มาของเกณฑ์"),
    ]  # fmt: skip
    prepare_sheet(page, [12, 40, 9, 9, 12, 12, 16, 60, 50, 28, 8, 40, 28, 9, 9, 50], titles)
    for pillar in pillars:
        for sub in pillar.subs:
            for criterion in sub.criteria:
                for line in _criterion_rows(page, sub, criterion):
                    page.append(line)


def _criterion_rows(page: Any, sub: SubPillarLine, one: CriterionLine) -> Iterator[list[Any]]:
    share, code = one.share, one.part.partition(" ")[0] or sub.score.code
    reason = " · ".join([one.reason, *one.parts])
    if share is not None and not share.decides:
        reason += " · " + _("ไม่ได้ใช้คิดคะแนน เพราะเกณฑ์อื่นในกลุ่มนี้เป็นตัวตัดสิน")
    yield [
        text_cell(page, code, BOLD_FONT),
        text_cell(page, one.name, BOLD_FONT),
        number_cell(page, one.score.points, BOLD_FONT),
        number_cell(page, one.score.maximum),
        number_cell(page, share.kept if share else None, places=4),
        number_cell(page, share.lost if share else None, places=4),
        text_cell(page, str(ORIGIN_NAMES[one.score.origin])),
        text_cell(page, reason),
        *(text_cell(page, "") for _column in range(5)),
        number_cell(page, one.span.low, MUTED_FONT),
        number_cell(page, one.span.high, MUTED_FONT),
        text_cell(page, one.source, MUTED_FONT),
    ]
    for leaf in one.leaves:
        yield [
            text_cell(page, code, MUTED_FONT),
            text_cell(page, one.name, MUTED_FONT),
            *(text_cell(page, "") for _column in range(6)),
            text_cell(page, leaf.label),
            text_cell(page, leaf.address, MUTED_FONT),
            text_cell(page, _("นับ") if leaf.counted else _("ไม่นับ")),
            text_cell(page, leaf.why),
            text_cell(page, ", ".join(leaf.evidence), MUTED_FONT),
        ]
