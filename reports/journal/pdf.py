"""The extract of a journal as PDF: a long one laid out in batches and put together as a binder is, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pikepdf
from django.utils import translation
from django.utils.translation import gettext as _

from reports.content.imprint import Imprint, PaperState, make_imprint
from reports.documents.paper import Progress, no_progress, paper_html, write_paper
from reports.documents.render import write_pdf
from reports.handover.binder import bind_parts, part_of_binder
from reports.journal.gathering import JournalExtract
from survey.journal.province_journal import ProvinceJournalEntry

TEMPLATE = "reports/journal/extract.html"
EVENTS: Final = 200  # laid out at once


def write_extract_pdf(extract: JournalExtract, path: Path, progress: Progress = no_progress) -> None:
    """Writes the extract to `path`. Raises ReportError, and what `progress` raises."""
    entries, total = extract.entries(), max(extract.shown, 1)
    if total <= EVENTS:
        write_paper(extract_html(extract, entries, cover=True), path, progress)
        return
    with TemporaryDirectory(dir=path.parent, prefix="journal-") as name, translation.override(extract.language):
        folder, parts = Path(name), []
        for number in range(-(-total // EVENTS)):
            progress(5 + 85 * number * EVENTS // total, 100)
            parts.append(_part(extract, islice(entries, EVENTS), number, folder))
        province = extract.round.province
        title = f"{_('บันทึกเหตุการณ์')} {province.name} {extract.round.year}"
        bind_parts(parts, path, folder, title=title, language=extract.language)


def extract_html(
    extract: JournalExtract, entries: Iterator[ProvinceJournalEntry], *, cover: bool, bound: bool = False
) -> str:
    """Some events as HTML, with `cover` behind what they are an extract of. `bound`: one part of several."""
    context = {
        "extract": extract,
        "entries": list(entries),
        "cover": cover,
        "bound": bound,
        "verdict": _verdict(extract),
    }
    return paper_html(TEMPLATE, _imprint(extract), context)


def _part(
    extract: JournalExtract, entries: Iterator[ProvinceJournalEntry], number: int, folder: Path
) -> dict[str, Any]:
    made = folder / f"journal-{number}.pdf"
    write_pdf(extract_html(extract, entries, cover=number == 0, bound=True), made)
    with pikepdf.open(made) as pdf:
        label = f"{extract.round.province.code} · {extract.round.year}"
        return part_of_binder(made, 0, len(pdf.pages), label, own=True)


def _verdict(extract: JournalExtract) -> str:
    if extract.fault_count:
        return _("ตรวจแล้ว พบความผิดปกติ %(count)d รายการ") % {"count": extract.fault_count}
    return _("ตรวจแล้ว ถูกต้องทั้งหมด")


def _imprint(extract: JournalExtract) -> Imprint:
    """A record: nothing in it is to be approved. It bears the hash of the chain's head."""
    imprint = make_imprint(
        _("บันทึกเหตุการณ์"),
        subject=_("สิ่งที่เกิดขึ้นกับคำตอบ ตามลำดับเวลา"),
        province=extract.round.province.name,
        kind=extract.round.province.kind,
        year=extract.round.year,
        agency=extract.agency,
        approval=None,
        printed_at=extract.printed_at,
        language=extract.language,
    )
    return replace(imprint, state=PaperState.RECORD, state_text=_verdict(extract), digest=extract.head)
