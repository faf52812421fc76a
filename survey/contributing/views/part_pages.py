"""Pages of one part: read whole, reviewed before it is handed in, and what happens once it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey import access
from survey.assigning.queries import (
    OPEN_STATES,
    active_agencies,
    agency_assignments,
    agency_closed_reason,
    assignment_target,
    is_answering,
)
from survey.assigning.views.round_context import round_context
from survey.contributing.facts import MAX_REASON
from survey.contributing.queries import last_moment_for_agencies
from survey.contributing.views.part_list import part_view
from survey.contributing.views.part_names import target_name
from survey.contributing.views.part_reading import PartReading, read_part
from survey.contributing.views.part_view import PartView
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Response

REASON_PREFIX = "why:"  # before a question: the posted reason for its missing evidence
HANDING_IN = frozenset({"submit", "nothing", "decline"})  # steps that are made on the review page
NOT_SEEN: str | Promise = _("ส่วนนี้เปลี่ยนไปหลังจากท่านเปิดหน้าตรวจ หรือยังไม่ได้ตรวจ โปรดตรวจสิ่งที่จะส่งอีกครั้ง")


@dataclass(slots=True)
class PartPage:
    """What every page of one part shows: the part, its reading, and the agency's parts around it."""

    part: Assignment
    contribution: Response | None
    reading: PartReading
    view: PartView
    closed: str
    others: Sequence[Assignment]

    def neighbour(self, step: int) -> Assignment | None:
        """The part before (-1) or after (1) this one among those that the agency answers."""
        position = [other.pk for other in self.others].index(self.part.pk) + step
        return self.others[position] if 0 <= position < len(self.others) else None

    @property
    def waiting(self) -> list[Assignment]:
        """The agency's other parts that wait for the secretariat, those after this one first."""
        position = [other.pk for other in self.others].index(self.part.pk)
        ahead = [*self.others[position + 1 :], *self.others[:position]]
        return [other for other in ahead if other.state == Assignment.State.SUBMITTED]


def read_part_page(request: SignedInRequest, part: Assignment) -> PartPage:
    """Reads one part with what its pages show. Eight queries."""
    round_, agency = part.round, part.agency
    contribution = Response.objects.filter(round=round_, agency=agency).first()
    if contribution is not None:
        contribution.round, contribution.agency = round_, agency
    reading = read_part(part, contribution)
    closed = agency_closed_reason(contribution or Response(round=round_, agency=agency))
    view = part_view(request.user, part, reading.counts, contribution, closed, {})
    others = [a for a in agency_assignments(round_, agency.pk) if is_answering(a) or a.pk == part.pk]
    for other in others:
        other.round = round_
    return PartPage(part, contribution, reading, view, closed, others)


def _page_context(request: SignedInRequest, page: PartPage) -> dict[str, Any]:
    return {
        **round_context(request, page.part.round),
        "agency": page.part.agency,
        "one": page.view,
        "part": page.part,
        "reading": page.reading,
        "response": page.contribution,
        "closed": page.closed,
        "desk_url": f"{reverse('survey:desk', args=[page.part.round.province.code, page.part.round.year])}"
        f"?agency={page.part.agency.code}",
        "max_reason": MAX_REASON,
    }


@require_safe
@allow(Capability.CONTRIBUTION_READ)
def part(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """A part read whole; who assigns accepts or returns it here."""
    return render_part(request, access.get_assignment(request.user, code, year, pk, Capability.CONTRIBUTION_READ))


def render_part(request: SignedInRequest, part: Assignment, *, fault: str = "", status: int = 200) -> HttpResponse:
    """Renders the reading page; `fault`: why accepting or returning was refused, shown where it was pressed."""
    page = read_part_page(request, part)
    own = request.user.has(Capability.CONTRIBUTION_EDIT, province_id=part.round.province_id, agency_id=part.agency_id)
    context = _page_context(request, page) | {
        "fault": fault,
        "typed": request.POST.get("reason", ""),
        "previous": _named(page.neighbour(-1)),
        "following": _named(page.neighbour(1)),
        "waiting": len(page.waiting),
        "own": own,
        "asks_review": own and bool(HANDING_IN & page.view.steps.keys()),
    }
    return render(request, "survey/contributing/part.html", context, status=status)


def _named(part: Assignment | None) -> tuple[int, str] | None:
    """Key and name of a part, for links."""
    if part is None:
        return None
    row = part.round.instrument
    return part.pk, target_name(compiled_instrument(row), assignment_target(row, part))


@require_safe
@allow(Capability.CONTRIBUTION_EDIT)
def review(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """What is about to be handed in: answers, what is missing, remarks; and the two other ways to settle the part."""
    part = access.get_assignment(request.user, code, year, pk, Capability.CONTRIBUTION_EDIT)
    if part.is_handed_in or part.state == Assignment.State.DECLINED:
        return redirect("survey:part-done", code, year, pk)
    return render_review(request, part)


def render_review(
    request: SignedInRequest, part: Assignment, *, name: str = "", fault: str = "", status: int = 200
) -> HttpResponse:
    """Renders the review page; `fault`: why the step `name` was refused, shown where it was pressed."""
    page = read_part_page(request, part)
    typed = posted_reasons(request.POST)
    questions = [
        (question, typed.get(question.id, question.reason), bool(question.reason) and question.id not in typed)
        for question in page.reading.questions
    ]
    context = _page_context(request, page) | {
        "questions": questions,
        "asked": name == "submit" and bool(fault),
        "refused": {name: fault},
        "typed": request.POST,
        "others": [a for a in active_agencies(part.round) if a != part.agency],
    }
    return render(request, "survey/contributing/part_review.html", context, status=status)


def posted_reasons(posted: Mapping[str, Any]) -> dict[str, str]:
    """The posted reasons for missing evidence, by question."""
    return {key.removeprefix(REASON_PREFIX): str(posted[key]) for key in posted if key.startswith(REASON_PREFIX)}


def was_reviewed(request: SignedInRequest, part: Assignment) -> bool:
    """Whether the person posts from a review page that showed the part as it is now."""
    contribution = Response.objects.filter(round=part.round, agency=part.agency).first()
    if contribution is not None:
        contribution.round = part.round
    return request.POST.get("reviewed") == read_part(part, contribution).fingerprint


@require_safe
@allow(Capability.CONTRIBUTION_EDIT)
def done(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """What happens next with a part that was handed in or declined, and until when it can be taken back."""
    part = access.get_assignment(request.user, code, year, pk, Capability.CONTRIBUTION_EDIT)
    if not (part.is_handed_in or part.state == Assignment.State.DECLINED):
        return redirect("survey:part-review", code, year, pk)
    page = read_part_page(request, part)
    todo = [other for other in page.others if other.state in OPEN_STATES]
    context = _page_context(request, page) | {
        "last_moment": last_moment_for_agencies(part.round),
        "following": _named(todo[0]) if todo else None,
        "todo": len(todo),
    }
    return render(request, "survey/contributing/part_done.html", context)
