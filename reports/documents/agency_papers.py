"""The papers that go out to the agencies: the blank form for handwriting, and the list of who answers what."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Agency
from reports.content.assignments import agency_items, gather_assignments
from reports.content.blank import blank_sections
from reports.content.imprint import Imprint, PaperState, form_title, make_imprint
from reports.content.pillar import pillar_items, pillar_title
from reports.documents.paper import paper_html
from reports.errors import ReportError
from survey.instrument.queries import compiled_instrument
from survey.models import Rasci, Response


def blank_html(response: Response, agency: Agency | None, language: str, pillar: str = "") -> str:
    """The blank form, whole or an agency's part or a pillar, as HTML. Raises ReportError."""
    instrument = compiled_instrument(response.round.instrument)
    only = agency_items(response.round, agency) if agency else None
    with translation.override(language):
        part = pillar_title(instrument, pillar, language)
        if pillar:
            items = pillar_items(instrument, pillar)
            only = items if only is None else only & items
        sections = blank_sections(instrument, language, only)
        if not sections:
            raise ReportError("unassigned")
        imprint = _form_imprint(response, agency, language, (_("แบบสำรวจสำหรับเขียนคำตอบ"), part, _("แบบเปล่า")))
    context = {"sections": sections, "due": response.round.agency_due}
    return paper_html("reports/documents/blank.html", imprint, context)


def assignments_html(response: Response, agency: Agency | None, language: str, pillar: str = "") -> str:
    """The list of assignments, of all or of one agency, whole or of a pillar, as HTML. Raises ReportError."""
    listed = gather_assignments(response, language, agency)
    with translation.override(language):
        part = pillar_title(compiled_instrument(response.round.instrument), pillar, language)
        if pillar:
            listed = listed.of_pillar(pillar)
        if not listed.pillars:
            raise ReportError("unassigned")
        imprint = _form_imprint(response, agency, language, (_("บัญชีมอบหมายข้อคำถาม"), part, _("สำหรับหน่วยงาน")))
        roles = [(role.value, str(role.label)) for role in Rasci]
    return paper_html("reports/documents/assignments.html", imprint, {"listed": listed, "roles": roles})


def _form_imprint(response: Response, agency: Agency | None, language: str, texts: tuple[str, str, str]) -> Imprint:
    """The imprint of a form: nothing in it is to be approved. `texts`: title, pillar if it is of one, state."""
    title, part, state = texts
    imprint = make_imprint(
        title,
        subject=" · ".join(filter(None, [form_title(response, language), part])),
        province=response.round.province.name,
        kind=response.round.province.kind,
        year=response.round.year,
        agency=agency.name if agency else "",
        approval=None,
        language=language,
    )
    return replace(imprint, state=PaperState.RECORD, state_text=state)
