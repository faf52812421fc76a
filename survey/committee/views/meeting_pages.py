"""What the pages of meetings share: the context of every page, the way back, and a meeting's own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.language import reader_language
from survey.committee.amending import AmendmentEntry, amendable_subjects, amendment_entries, meeting_amendments
from survey.committee.attendance import read_attendance
from survey.committee.endorsement import (
    endorsing_step,
    read_additions,
    read_endorsement,
    response_steps,
    touched_questions,
)
from survey.committee.forms.meetings import LateAdditionsForm
from survey.committee.papers import tabled_papers
from survey.committee.queries import meeting_resolutions, sub_pillars_to_decide
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Response, Round


def meeting_context(request: SignedInRequest, round_: Round, **more: Any) -> dict[str, Any]:
    """The template context of every page of meetings, with `more`."""
    may = request.user.has(Capability.ENDORSE, province_id=round_.province_id)
    return {"round": round_, "province": round_.province, "may_endorse": may, **more}


def redirect_to_meeting(meeting: Meeting) -> HttpResponse:
    """A redirect to the page of the meeting."""
    round_ = meeting.round
    return redirect("survey:meeting", round_.province.code, round_.year, meeting.pk)


def meeting_page(
    request: SignedInRequest,
    meeting: Meeting,
    response: Response,
    *,
    refused: str = "",
    late: LateAdditionsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders a meeting: attendance, resolutions, papers, endorsement. `refused`: why an action was refused."""
    papers, steps = tabled_papers(meeting), response_steps(response)
    endorsing = endorsing_step(steps)
    since = [*(paper.version for paper in papers[:1]), *([endorsing.seq] if endorsing else [])]
    additions = read_additions(response, min(since)) if since else ()
    endorsement = read_endorsement(response, steps, additions)
    changed = [one for one in additions if papers and one.seq > papers[0].version]
    is_standing = endorsement is not None and endorsement.data.get("meeting") == meeting.pk
    decided = meeting_resolutions(meeting)
    context = meeting_context(
        request,
        meeting.round,
        meeting=meeting,
        response=response,
        lines=list(resolution_lines(meeting, decided=decided)),
        endorsement=endorsement if is_standing else None,
        touched=touched_questions(meeting.round, endorsement, reader_language()) if is_standing and endorsement else [],
        may_prolong=is_standing and response.state == response.State.ENDORSED,
        late=late or LateAdditionsForm(initial={"late_until": meeting.late_until}),
        may_print=request.user.has(Capability.REPORT_READ, province_id=meeting.round.province_id),
        refused=refused,
        **_attendance_context(request, meeting, decided),
        papers=papers,
        changed=touched_questions(meeting.round, changed, reader_language()),
    )
    return render(request, "survey/committee/meeting.html", context, status=status)


def _attendance_context(
    request: SignedInRequest, meeting: Meeting, decided: Mapping[str, Resolution]
) -> dict[str, Any]:
    """The seats and their count; of an open meeting the own seat, of a concluded one its amendments. Two queries."""
    sheet = read_attendance(meeting)
    own_seat = next((m for m in sheet.members if m.user_id == request.user.pk), None)
    entries: list[AmendmentEntry] = []
    if meeting.concluded_at is not None and (amendments := meeting_amendments(meeting)):
        entries = amendment_entries(
            amendments, amendable_subjects(meeting, amendments, sheet.rows, decided), reader_language()
        )
    return {"sheet": sheet, "count": sheet.count, "own_seat": own_seat, "amendments": entries}


def resolution_lines(
    meeting: Meeting, post: Mapping[str, str] | None = None, decided: Mapping[str, Resolution] | None = None
) -> Iterator[dict[str, Any]]:
    """The sub-pillars with their resolutions, as stored or as posted."""
    instrument = compiled_instrument(meeting.round.instrument)
    stored = meeting_resolutions(meeting) if decided is None else decided
    for code in sub_pillars_to_decide(meeting.round):
        row = stored.get(code)
        posted = post or {}
        yield {
            "code": code,
            "name": instrument.sub_pillars[code].name.to(reader_language()),
            "decision": posted.get(f"decision-{code}", row.decision if row else ""),
            "note": posted.get(f"note-{code}", row.note if row else ""),
            "label": Resolution.Decision(row.decision).label if row else "",
        }
