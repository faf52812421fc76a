"""The whole form of an agency looked through and handed in at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.posting import post_only
from survey import access
from survey.assigning.part_progress import ContributionCounts
from survey.assigning.views.round_context import round_context
from survey.contributing.facts import MAX_REASON, contribution_counts, questions_without_evidence
from survey.contributing.views.part_list import PartList, read_part_list
from survey.contributing.views.part_pages import REASON_PREFIX, posted_reasons
from survey.contributing.whole_form import hand_in_whole_form
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import item_title
from survey.models import Round
from survey.workflow.refusal import TransitionRefused


@dataclass(frozen=True, slots=True)
class MissingEvidence:
    """A question that lacks evidence, with the reason that was typed for it."""

    name: str
    title: str
    reason: str


@require_safe
@allow(Capability.CONTRIBUTION_EDIT)
def review(request: SignedInRequest, code: str, year: int, agency: str) -> HttpResponse:
    """Every part of the agency's form with its progress, before all of it is handed in."""
    return _render(request, *_own_agency(request, code, year, agency))


@post_only("survey:whole-form", "code", "year", "agency")
@allow(Capability.CONTRIBUTION_EDIT)
def hand_in(request: SignedInRequest, code: str, year: int, agency: str) -> HttpResponse:
    """Hands in all open parts; 422 while one is not ready, 409 when somebody changed something meanwhile."""
    round_, own = _own_agency(request, code, year, agency)
    seen, reasons = request.POST.get("seen", ""), posted_reasons(request.POST)
    try:
        parts = hand_in_whole_form(
            by=request.user,
            round_=round_,
            agency=own,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
            evidence_reasons=reasons,
        )
    except TransitionRefused as refused:
        status = 422 if refused.reason == "guard" else 409
        return _render(request, round_, own, fault=str(refused), status=status)
    messages.success(request, _("ส่งแบบสำรวจทั้งฉบับแล้ว %(count)d ส่วน") % {"count": len(parts)})
    return redirect(f"{reverse('survey:desk', args=[code, year])}?agency={own.code}")


def _own_agency(request: SignedInRequest, code: str, year: int, agency: str) -> tuple[Round, Agency]:
    """The round and the agency, which the person works for; else Http404."""
    round_, agencies = access.get_round_with_own_agencies(request.user, code, year, Capability.CONTRIBUTION_EDIT)
    own = next((one for one in agencies if one.code == agency), None)
    if own is None:
        raise Http404
    return round_, own


def _render(
    request: SignedInRequest, round_: Round, agency: Agency, *, fault: str = "", status: int = 200
) -> HttpResponse:
    listing = read_part_list(request.user, round_, agency)
    empty = [view for view in listing.todo if not view.progress.filled]
    context = {
        **round_context(request, round_),
        "agency": agency,
        "listing": listing,
        "empty": empty,
        "ready": bool(listing.todo) and not empty and not listing.closed,
        "lacking": _missing_evidence(request, listing, contribution_counts(round_, listing.contribution)),
        "seen": listing.contribution.version if listing.contribution else 0,
        "fault": fault,
        "max_reason": MAX_REASON,
        "desk_url": f"{reverse('survey:desk', args=[round_.province.code, round_.year])}?agency={agency.code}",
    }
    return render(request, "survey/contributing/whole_form.html", context, status=status)


def _missing_evidence(request: SignedInRequest, listing: PartList, counts: ContributionCounts) -> list[MissingEvidence]:
    """The questions of open parts that lack evidence: each needs a reason."""
    items, typed = compiled_instrument(listing.round.instrument).items, posted_reasons(request.POST)
    return [
        MissingEvidence(
            f"{REASON_PREFIX}{question}", item_title(items[question], reader_language()), typed.get(question, "")
        )
        for view in listing.todo
        for question in questions_without_evidence(counts.by_question(view.target))
    ]
