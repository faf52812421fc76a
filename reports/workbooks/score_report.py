"""The workbook of the reasons for a score, and of an action plan with its actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from dgready.thai import format_date
from reports.documents.score_tree import CriterionLine, PillarLine, ScoreReport, SubPillarLine, score_tree
from reports.workbooks.cells import BODY_FONT, BOLD_FONT, MUTED_FONT, number_cell, prepare_sheet, text_cell
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.wording import ORIGIN_NAMES, origin_mark


def write_score_workbook(report: ScoreReport, path: Path) -> None:
    """Writes the workbook to `path`."""
    book = Workbook(write_only=True)
    book.properties.creator = "dgready"
    with translation.override(report.language):
        if report.plan is not None:
            _fill_plan_sheet(book.create_sheet(_("แผน")), report)
        pillars = score_tree(report)
        _fill_score_sheet(book.create_sheet(_("คะแนน")), report, pillars)
        _fill_reason_sheet(book.create_sheet(_("เหตุผล")), pillars)
        _fill_recommendation_sheet(book.create_sheet(_("ข้อเสนอแนะ")), pillars)
    book.save(path)


def _fill_plan_sheet(sheet: Any, report: ScoreReport) -> None:
    titles = [
        _("ลำดับ"), _("ตัวชี้วัดย่อย"), _("สิ่งที่ทำ"), _("วันทำงาน"), _("คะแนนรวมที่เพิ่ม"),
        _("หน่วยงาน"), _("ผู้รับผิดชอบ"), _("กำหนดเสร็จ"), _("สถานะ"), _("ถึงเป้าในคะแนนแล้ว"), _("บันทึก"),
    ]  # fmt: skip
    prepare_sheet(sheet, [8, 10, 70, 10, 12, 26, 26, 18, 14, 14, 40], titles)
    for action in report.actions:
        row, made = action.action, action.action.made
        text = made["text"].get(report.language) or made["text"]["th"]
        sheet.append(
            [
                number_cell(sheet, row.order),
                text_cell(sheet, row.sub_pillar),
                text_cell(sheet, text),
                number_cell(sheet, row.effort),
                number_cell(sheet, row.gain),
                text_cell(sheet, row.agency.name_th if row.agency else ""),
                text_cell(sheet, row.owner),
                text_cell(sheet, format_date(row.due, report.language, "long") if row.due else ""),
                text_cell(sheet, row.get_state_display()),
                text_cell(sheet, _("ถึงแล้ว") if action.reached else _("ยังไม่ถึง")),
                text_cell(sheet, row.note),
            ]
        )


def _fill_recommendation_sheet(sheet: Any, pillars: tuple[PillarLine, ...]) -> None:
    prepare_sheet(sheet, [10, 40, 10, 90, 60], [_("รหัส"), _("ชื่อ"), _("ระดับ"), _("ข้อเสนอแนะ"), _("ที่มา")])
    for sub in (s for p in pillars for s in p.subs):
        for text, source in sub.recommendations:
            sheet.append(
                [
                    text_cell(sheet, sub.score.code),
                    text_cell(sheet, sub.name),
                    number_cell(sheet, sub.score.level),
                    text_cell(sheet, text),
                    text_cell(sheet, source, MUTED_FONT),
                ]
            )


def _fill_score_sheet(sheet: Any, report: ScoreReport, pillars: tuple[PillarLine, ...]) -> None:
    titles = [
        _("รหัส"), _("ชื่อ"), _("ต่ำสุด"), _("ประมาณการ"), _("สูงสุด"), _("ระดับ"),
        _("น้ำหนัก"), _("ที่มา"), _("ที่มาของน้ำหนัก"),
    ]  # fmt: skip
    prepare_sheet(sheet, [10, 60, 12, 12, 12, 10, 10, 14, 60], titles)
    total = report.spread.total
    weights = {p.number: p.weight for p in report.sheet.pillars}
    lines: list[tuple[str, str, Any, SourcedNumber | None, bool]] = [("", _("คะแนนรวม"), total, None, True)]
    for pillar in pillars:
        lines.append((pillar.number, pillar.name, pillar.span, weights[pillar.number], True))
        lines += [(s.score.code, s.name, s.span, s.score.weight, False) for s in pillar.subs]
    for code, name, span, weight, strong in lines:
        font = BOLD_FONT if strong else BODY_FONT
        sheet.append(
            [
                text_cell(sheet, code, font),
                text_cell(sheet, f"{name} {origin_mark(span.best)}".rstrip(), font),
                number_cell(sheet, span.low, MUTED_FONT),
                number_cell(sheet, span.best, font),
                number_cell(sheet, span.high, MUTED_FONT),
                number_cell(sheet, span.level, font),
                number_cell(sheet, weight.value if weight else None),
                text_cell(sheet, str(ORIGIN_NAMES[weight.origin]) if weight else ""),
                text_cell(sheet, weight.source.to(report.language) if weight else "", MUTED_FONT),
            ]
        )


def _fill_reason_sheet(sheet: Any, pillars: tuple[PillarLine, ...]) -> None:
    titles = [
        _("ตัวชี้วัดย่อย"), _("เกณฑ์"), _("คะแนน"), _("เต็ม"), _("ได้ในคะแนนรวม"), _("ขาดในคะแนนรวม"),
        _("ที่มาของขั้น"), _("เหตุผล"), _("สิ่งที่นับได้"), _("ที่อยู่"), _("นับ"), _("เพราะ"),
        _("หลักฐาน"), _("ต่ำสุด"), _("สูงสุด"), _("ที่มาของเกณฑ์"),
    ]  # fmt: skip
    prepare_sheet(sheet, [12, 40, 9, 9, 12, 12, 16, 60, 50, 28, 8, 40, 28, 9, 9, 50], titles)
    for pillar in pillars:
        for sub in pillar.subs:
            for criterion in sub.criteria:
                for line in _criterion_rows(sheet, sub, criterion):
                    sheet.append(line)


def _criterion_rows(sheet: Any, sub: SubPillarLine, criterion: CriterionLine) -> Iterator[list[Any]]:
    share, code = criterion.share, criterion.part.partition(" ")[0] or sub.score.code
    reason = " · ".join([criterion.reason, *criterion.parts])
    if share is not None and not share.decides:
        reason += " · " + _("ไม่ได้ใช้คิดคะแนน เพราะเกณฑ์อื่นในกลุ่มนี้เป็นตัวตัดสิน")
    yield [
        text_cell(sheet, code, BOLD_FONT),
        text_cell(sheet, criterion.name, BOLD_FONT),
        number_cell(sheet, criterion.score.points, BOLD_FONT),
        number_cell(sheet, criterion.score.maximum),
        number_cell(sheet, share.kept if share else None, places=4),
        number_cell(sheet, share.lost if share else None, places=4),
        text_cell(sheet, str(ORIGIN_NAMES[criterion.score.origin])),
        text_cell(sheet, reason),
        *(text_cell(sheet, "") for _column in range(5)),
        number_cell(sheet, criterion.span.low, MUTED_FONT),
        number_cell(sheet, criterion.span.high, MUTED_FONT),
        text_cell(sheet, criterion.source, MUTED_FONT),
    ]
    for leaf in criterion.leaves:
        yield [
            text_cell(sheet, code, MUTED_FONT),
            text_cell(sheet, criterion.name, MUTED_FONT),
            *(text_cell(sheet, "") for _column in range(6)),
            text_cell(sheet, leaf.label),
            text_cell(sheet, leaf.address, MUTED_FONT),
            text_cell(sheet, _("นับ") if leaf.counted else _("ไม่นับ")),
            text_cell(sheet, leaf.reason),
            text_cell(sheet, ", ".join(leaf.evidence), MUTED_FONT),
        ]
