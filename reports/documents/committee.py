"""The documents of a meeting: its agenda, the paper on its table, its minutes, its resolutions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dgready.thai import format_datetime
from reports.content.committee_agenda import Agenda
from reports.content.imprint import Imprint, PaperState, report_imprint
from reports.documents.paper import Progress, no_progress, paper_html, write_paper

AGENDA, TABLE, MINUTES, RESOLUTIONS = "agenda", "committee", "minutes", "resolutions"
TITLES: dict[str, Promise] = {
    AGENDA: gettext_lazy("ระเบียบวาระการประชุม"),
    TABLE: gettext_lazy("เอกสารประกอบการประชุมคณะกรรมการ PCIO"),
    MINUTES: gettext_lazy("รายงานการประชุม"),
    RESOLUTIONS: gettext_lazy("มติที่ประชุม"),
}


def committee_html(agenda: Agenda, paper: str = TABLE) -> str:
    """One of the documents as HTML."""
    context = {"agenda": agenda, "report": agenda.report, "score": agenda.report.score}
    return paper_html(f"reports/documents/{paper}.html", _imprint(agenda, paper), context)


def _imprint(agenda: Agenda, paper: str) -> Imprint:
    """What is said in the meeting is a draft until it is concluded, whatever became of the answers."""
    language = agenda.report.language
    with translation.override(language):
        imprint = report_imprint(agenda.report, str(TITLES[paper]))
        if paper in (AGENDA, TABLE):
            return imprint
        concluded = agenda.record.concluded_at if agenda.record else None
        state = PaperState.RECORD if concluded else PaperState.DRAFT
        text = f"{_('สรุปเมื่อ')} {format_datetime(concluded, language)}" if concluded else _("ฉบับร่าง ยังไม่สรุปมติ")
        return replace(imprint, state=state, state_text=text, digest="", address="")


def write_committee_pdf(agenda: Agenda, path: Path, progress: Progress = no_progress, paper: str = TABLE) -> None:
    """Writes the PDF to `path`. Raises ReportError."""
    write_paper(committee_html(agenda, paper), path, progress)
