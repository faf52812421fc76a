"""The committee's meetings: put on record, who came, what was decided, and the paper for the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from reports.jobs import actions as jobs
from reports.models import ReportKind
from survey import access
from survey.committee import queries as committee
from survey.committee.actions import meetings as actions
from survey.committee.actions.meetings import MemberAttendance, SubPillarDecision
from survey.committee.forms import LateAdditionsForm, MeetingForm
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Round
from survey.workflow import response_states as states

METHODS = ["GET", "HEAD", "POST"]
EMPTY_ROWS = 6  # empty rows of the attendance list
PRESENCE_CHOICES = ("present", "represented", "absent")


def _context(request: SignedInRequest, round_: Round, **more: Any) -> dict[str, Any]:
    may = request.user.has(Capability.ENDORSE, province_id=round_.province_id)
    return {"round": round_, "province": round_.province, "may_endorse": may, **more}


def _redirect_to_meeting(meeting: Meeting) -> HttpResponse:
    round_ = meeting.round
    return redirect("survey:meeting", round_.province.code, round_.year, meeting.pk)


@require_safe
@allow(Capability.RESPONSE_READ)
def listing(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The meetings of a round, and how its answer stands with the committee."""
    round_ = access.get_round(request.user, code, year, Capability.RESPONSE_READ)
    response = committee.provincial_response(round_)
    context = _context(
        request,
        round_,
        response=response,
        meetings=Meeting.objects.filter(round=round_).order_by("held_at", "pk"),
        endorsement=committee.read_endorsement(response),
    )
    return render(request, "survey/committee/meetings.html", context)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def new(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Putting a meeting on record."""
    round_ = access.get_round(request.user, code, year, Capability.ENDORSE)
    form = MeetingForm(request.POST or None, round_=round_)
    if form.is_bound and form.is_valid():
        try:
            made = actions.record_meeting(by=request.user, round_=round_, fields=form.fields_given())
        except states.TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกการประชุมแล้ว"))
            return _redirect_to_meeting(made)
    return _form_page(request, round_, form, _("บันทึกการประชุมคณะกรรมการ PCIO"))


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def edit(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Changing a meeting that is not concluded."""
    meeting = committee.get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    form = MeetingForm(request.POST or None, round_=meeting.round, meeting=meeting)
    if form.is_bound and form.is_valid():
        try:
            actions.change_meeting(by=request.user, meeting=meeting, fields=form.fields_given())
        except states.TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return _redirect_to_meeting(meeting)
    return _form_page(request, meeting.round, form, _("แก้ไขการประชุม"), meeting)


def _form_page(
    request: SignedInRequest, round_: Round, form: MeetingForm, title: str, meeting: Meeting | None = None
) -> HttpResponse:
    context = _context(request, round_, form=form, title=title, meeting=meeting)
    return render(request, "survey/committee/meeting_form.html", context, status=422 if form.errors else 200)


@require_safe
@allow(Capability.RESPONSE_READ)
def meeting(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """A meeting: when and where, who came, the resolutions, what was added afterwards."""
    found = committee.get_meeting(request.user, code, year, pk, Capability.RESPONSE_READ)
    return _meeting_page(request, found)


def _meeting_page(
    request: SignedInRequest,
    found: Meeting,
    *,
    refused: str = "",
    late: LateAdditionsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    response = committee.provincial_response(found.round)
    endorsement = committee.read_endorsement(response)
    stands = endorsement is not None and endorsement.data.get("meeting") == found.pk
    context = _context(
        request,
        found.round,
        meeting=found,
        response=response,
        attendance=list(found.attendance.all()),
        lines=list(_resolution_lines(found)),
        endorsement=endorsement if stands else None,
        touched=committee.touched_questions(found.round, endorsement, reader_language())
        if stands and endorsement
        else [],
        may_prolong=stands and response.state == response.State.ENDORSED,
        late=late or LateAdditionsForm(initial={"late_until": found.late_until}),
        may_print=request.user.has(Capability.REPORT_READ, province_id=found.round.province_id),
        refused=refused,
    )
    return render(request, "survey/committee/meeting.html", context, status=status)


def _resolution_lines(found: Meeting, post: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """The sub-pillars with their resolutions, as stored or as typed."""
    instrument = compiled_instrument(found.round.instrument)
    decided = committee.meeting_resolutions(found)
    for code in committee.sub_pillars_to_decide(found.round):
        row = decided.get(code)
        given = post or {}
        yield {
            "code": code,
            "name": instrument.sub_pillars[code].name.to(reader_language()),
            "decision": given.get(f"decision-{code}", row.decision if row else ""),
            "note": given.get(f"note-{code}", row.note if row else ""),
            "label": Resolution.Decision(row.decision).label if row else "",
        }


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def attendance(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Who came, by position; `more` only adds rows."""
    found = committee.get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    refused = ""
    rows = list(_posted_attendance(request.POST)) if request.method == "POST" else _initial_attendance(found)
    if request.method == "POST" and "more" not in request.POST:
        try:
            actions.record_attendance(by=request.user, meeting=found, seats=rows)
        except states.TransitionRefused as caught:
            refused = str(caught)
        else:
            messages.success(request, _("บันทึกผู้เข้าประชุมแล้ว"))
            return _redirect_to_meeting(found)
    rows += [MemberAttendance("")] * EMPTY_ROWS
    context = _context(request, found.round, meeting=found, rows=rows, refused=refused, last=actions.MAX_POSITIONS)
    return render(request, "survey/committee/attendance.html", context, status=409 if refused else 200)


def _posted_attendance(post: Mapping[str, str]) -> Iterator[MemberAttendance]:
    for number in range(actions.MAX_POSITIONS):
        position = post.get(f"position-{number}", "").strip()
        if position:
            came = post.get(f"came-{number}", "present")
            yield MemberAttendance(position, came == "present", came == "represented")


def _initial_attendance(found: Meeting) -> list[MemberAttendance]:
    """Who is written down; else the members of the province's last meeting; else its agencies' heads."""
    stored = list(found.attendance.all())
    if stored:
        return [MemberAttendance(a.position, a.present, a.represented) for a in stored]
    earlier = Meeting.objects.filter(round__province=found.round.province_id, attendance__isnull=False)
    last = earlier.exclude(pk=found.pk).order_by("-held_at").first()
    if last is not None:
        return [MemberAttendance(a.position) for a in last.attendance.all()]
    heads = [
        MemberAttendance(_("หัวหน้า%(agency)s") % {"agency": a})
        for a in found.round.province.agencies.filter(active=True)
    ]
    return [MemberAttendance(_("ผู้ว่าราชการจังหวัด (ประธาน)")), *heads]


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def resolutions(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """The resolution on each sub-pillar; `conclude` makes them bind, `rest` endorses what has none."""
    found = committee.get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    late = LateAdditionsForm(request.POST or None, initial={"late_until": _day_after(found)})
    if request.method != "POST":
        return _resolutions_page(request, found, late)
    given = {
        code: one
        for code in committee.sub_pillars_to_decide(found.round)
        if (one := _posted_decision(request.POST, code))
    }
    if not late.is_valid():
        return _resolutions_page(request, found, late, status=422)
    try:
        seen = request.POST.get("version", "") if "conclude" in request.POST else ""
        version = actions.record_resolutions(
            by=request.user, meeting=found, decided=given, seen=int(seen) if seen.isdecimal() else None
        )
        if "conclude" in request.POST:
            until = late.cleaned_data["late_until"]
            actions.conclude_meeting(by=request.user, meeting=found, late_until=until, seen=version)
    except states.TransitionRefused as refused:
        status = 422 if refused.why == "guard" else 409
        return _resolutions_page(request, found, late, refused=str(refused), status=status)
    if found.concluded_at is None:
        messages.success(request, _("บันทึกมติไว้แล้ว ยังไม่มีผลจนกว่าจะสรุปมติ"))
        return redirect("survey:meeting-resolutions", code, year, pk)
    messages.success(request, _("สรุปมติแล้ว: %(outcome)s") % {"outcome": found.get_outcome_display()})
    return _redirect_to_meeting(found)


def _day_after(found: Meeting) -> date:
    """What a meeting usually gives agencies for late additions: the next day, while the round is open."""
    return min(timezone.localdate(found.held_at) + timedelta(days=1), timezone.localdate(found.round.closes_at))


def _posted_decision(post: Mapping[str, str], code: str) -> SubPillarDecision | None:
    decision = post.get(f"decision-{code}", "")
    if "rest" in post and not decision:
        decision = Resolution.Decision.ENDORSE
    return SubPillarDecision(decision, post.get(f"note-{code}", "")) if decision in Resolution.Decision.values else None


def _resolutions_page(
    request: SignedInRequest, found: Meeting, late: LateAdditionsForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = _context(
        request,
        found.round,
        meeting=found,
        lines=list(_resolution_lines(found, request.POST)),
        decisions=Resolution.Decision.choices,
        late=late,
        refused=refused,
        max_note=actions.MAX_NOTE,
        version=found.round.responses.filter(agency=None).values_list("version", flat=True).first(),
    )
    return render(request, "survey/committee/resolutions.html", context, status=status)


@require_POST
@allow(Capability.ENDORSE)
def prolong(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Moving the last day for late additions."""
    found = committee.get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    form = LateAdditionsForm(request.POST)
    form.fields["late_until"].required = True
    if not form.is_valid():
        return _meeting_page(request, found, late=form, status=422)
    try:
        actions.extend_late_additions(by=request.user, meeting=found, late_until=form.cleaned_data["late_until"])
    except states.TransitionRefused as refused:
        return _meeting_page(
            request, found, refused=str(refused), late=form, status=422 if refused.why == "guard" else 409
        )
    messages.success(request, _("บันทึกแล้ว"))
    return _redirect_to_meeting(found)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def cancel(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """Taking a meeting off the record, after a question."""
    found = committee.get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    refused = ""
    if request.method == "POST":
        try:
            actions.cancel_meeting(by=request.user, meeting=found)
        except states.TransitionRefused as caught:
            refused = str(caught)
        else:
            messages.success(request, _("ยกเลิกการประชุมแล้ว"))
            return redirect("survey:meetings", code, year)
    texts = {
        "title": _("ยกเลิกการประชุม"),
        "question": _("ยกเลิกการประชุมนี้หรือไม่ ผู้เข้าประชุมและมติที่บันทึกไว้จะหายไปด้วย"),
        "button": _("ยกเลิกการประชุม"),
        "keep": _("ไม่ยกเลิก"),
        "back": reverse("survey:meeting", args=[code, year, pk]),
    }
    context = _context(request, found.round, refusal=refused, danger=True, **texts)
    return render(request, "accounts/confirm.html", context, status=409 if refused else 200)


@require_POST
@allow(Capability.REPORT_READ)
def paper(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Starts making the paper for the meeting."""
    found = committee.get_meeting(request.user, code, year, pk, Capability.REPORT_READ)
    response = committee.provincial_response(found.round)
    job = jobs.start_job(by=request.user, kind=ReportKind.COMMITTEE, response=response, params={"meeting": found.pk})
    return redirect("reports:job", job.public_id)
