"""Views of a round's dates: the calendar file, and extending a closed round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, agency_ids_with_capability, allow, scope_filter
from accounts.mail import absolute_url
from accounts.roles import Capability
from survey import access
from survey.assigning import part_notices
from survey.assigning.queries import ANSWERING_ROLES, assignment_target
from survey.models import Assignment, Event, Meeting, Round
from survey.rounds.actions import DATE_FIELDS, change_round_dates
from survey.rounds.calendar_file import CalendarEdition, CalendarEntry, write_calendar
from survey.rounds.forms import ExtendForm


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def dates(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The round's dates, meetings, and what this person's agencies have to hand in, as ICS."""
    round_ = _round(request, code, year)
    entries = [*_date_entries(round_), *_meeting_entries(request, round_), *_due_entries(request, round_)]
    name = f"dgready {round_.province} {round_.year}"
    file = write_calendar(entries, name=name, stamp=timezone.now(), edition=_edition(round_))
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dgready-{round_.province.code}-{round_.year}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _round(request: SignedInRequest, code: str, year: int) -> Round:
    """The round of a person who reads its answer or works for one of the province's agencies; Http404."""
    mine = scope_filter(request.user, Capability.RESPONSE_READ, province="province")
    agencies = agency_ids_with_capability(request.user, Capability.CONTRIBUTION_READ)
    rows = (
        Round.objects.select_related("province", "instrument")
        .defer("instrument__source")
        .filter(mine | Q(province__agencies__in=agencies))
    )
    round_ = rows.filter(province__code=code, year=year).first()
    if round_ is None:
        raise Http404
    return round_


def _edition(round_: Round) -> CalendarEdition:
    """The edition of the round's dates, counted from the journal of its provincial response."""
    moved = Event.objects.filter(response__round=round_, response__agency=None)
    moved = moved.filter(Q(verb="response.open") | Q(verb__regex="^(round|meeting|assignment)[.]"))
    found = moved.order_by().aggregate(count=Count("pk"), last=Max("at"))
    return CalendarEdition(found["count"], found["last"] or timezone.now())


def _date_entries(round_: Round) -> Iterator[CalendarEntry]:
    place = f"{round_.province} {round_.year}"
    url = absolute_url(reverse("survey:round", args=[round_.province.code, round_.year]))
    fields = {f.name: f for f in Round._meta.concrete_fields}
    met = Meeting.objects.filter(round=round_).exists()
    for name in ("opens_on", "agency_due", "committee_on"):
        if name == "committee_on" and met:
            continue  # the meeting itself says when
        day: date = getattr(round_, name)
        summary = f"{fields[name].verbose_name} ({place})"
        yield CalendarEntry(f"round-{round_.pk}-{name}@dgready", day, summary, url=url, alarm_days=1)
    summary = f"{fields['closes_at'].verbose_name} ({place})"
    yield CalendarEntry(f"round-{round_.pk}-closes@dgready", round_.closes_at, summary, url=url, alarm_days=1)


def _meeting_entries(request: SignedInRequest, round_: Round) -> Iterator[CalendarEntry]:
    """The meetings; agenda and page are for those who read the province's answer."""
    reads = request.user.has(Capability.RESPONSE_READ, province_id=round_.province_id)
    for row in Meeting.objects.filter(round=round_):
        summary = _("ประชุมคณะกรรมการ PCIO (%(place)s)") % {"place": f"{round_.province} {round_.year}"}
        url = absolute_url(reverse("survey:meeting", args=[round_.province.code, round_.year, row.pk])) if reads else ""
        agenda = row.agenda if reads else ""
        yield CalendarEntry(f"meeting-{row.pk}@dgready", row.held_at, summary, agenda, row.place, url, alarm_days=1)


def _due_entries(request: SignedInRequest, round_: Round) -> Iterator[CalendarEntry]:
    """Parts of the person's agencies that are due on a day of their own. An entry stays the same when its day moves."""
    mine = agency_ids_with_capability(request.user, Capability.CONTRIBUTION_EDIT)
    rows = Assignment.objects.filter(round=round_, agency__in=mine, role__in=ANSWERING_ROLES, due__isnull=False)
    url = absolute_url(reverse("survey:desk", args=[round_.province.code, round_.year]))
    for row in rows.select_related("agency").order_by("due", "pk"):
        what = part_notices.part_name(round_, assignment_target(round_.instrument, row))
        summary = _("กำหนดส่ง %(what)s ของ%(agency)s") % {"what": what, "agency": row.agency.name}
        uid = f"assignment-{row.pk}-{row.agency_id}@dgready"
        yield CalendarEntry(uid, row.due or round_.agency_due, summary, url=f"{url}#part-{row.pk}", alarm_days=1)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.ROUND_MANAGE)
def extend(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Extends a closed round until a later day, with a reason that stays in the journal."""
    round_ = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
    closed = round_.is_closed(timezone.now())
    form = ExtendForm(request.POST or None)
    if closed and form.is_bound and form.is_valid():
        changed = {name: getattr(round_, name) for name in DATE_FIELDS}
        changed["closes_at"] = form.cleaned_data["closes_on"]
        change_round_dates(by=request.user, round_=round_, dates=changed, reason=form.cleaned_data["reason"])
        messages.success(request, _("ขยายเวลาแล้ว"))
        return redirect("survey:round", code, year)
    context = {"round": round_, "province": round_.province, "form": form, "closed": closed}
    status = 409 if form.is_bound and not closed else 422 if form.errors else 200
    return render(request, "survey/rounds/extend.html", context, status=status)
