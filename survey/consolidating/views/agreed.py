"""Views that take every agreed answer at once: preview with its effect on the score, taking, and the report of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey.access import get_provincial_response
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import provincial_edit_refusal
from survey.consolidating import actions
from survey.consolidating.merge_choices import propose_choices
from survey.consolidating.merge_decision import MergeDecision, make_decision
from survey.consolidating.overview import OverviewEntry, consolidation_overview
from survey.consolidating.queries import read_consolidation
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.evidence import EvidenceCandidate, RoundEvidence, read_round_evidence
from survey.consolidating.views.evidence_selection import (
    LEFT_REASONS,
    LeftEvidence,
    adoptable_evidence,
    evidence_adopter,
    evidence_left_behind,
    preselected_evidence,
)
from survey.consolidating.views.labels import REASON_LABELS, is_editable
from survey.consolidating.views.score_effect import compute_score_effect
from survey.journal.event_texts import item_title
from survey.models import Event

allow_answer_edit = allow(Capability.ANSWER_EDIT)


@require_http_methods(["GET", "HEAD", "POST"])
@allow_answer_edit
def agreed(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Preview of consolidating all agreed questions, with its effect on the score; POST does it."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    consolidation = read_consolidation(response)
    evidence = read_round_evidence(consolidation)
    if request.method == "POST":
        chosen = None if "_evidence" in request.POST else frozenset[str]()
        adopt = evidence_adopter(request.user, consolidation, evidence, chosen)
        try:
            event = actions.consolidate_agreed(by=request.user, response=response, adopt=adopt)
        except NotEditable:
            messages.error(request, provincial_edit_refusal(response))
            return redirect("survey:consolidate", pk)
        return redirect("survey:consolidate-report", pk, event.seq)
    overview = consolidation_overview(consolidation)
    decisions = [_agreed_decision(consolidation, entry) for entry in overview if entry.is_agreed]
    proofs = {decision.question: _agreed_evidence(consolidation, evidence, decision) for decision in decisions}
    adopted = {p.place or "" for candidates in proofs.values() for p in candidates}
    context = {
        "response": response,
        "editable": is_editable(response),
        "taken": [
            (item_title(decision.comparison.question, reader_language()), decision, len(proofs[decision.question]))
            for decision in decisions
        ],
        "left": _left_questions(consolidation, {e.question.id: e.manual_reason for e in overview if e.manual_reason}),
        "effect": compute_score_effect(
            consolidation,
            {decision.question: decision.values for decision in decisions},
            evidence.marked_places,
            adopted,
        ),
        "evidence": sum(len(candidates) for candidates in proofs.values()),
        "evidence_left": [
            (decision.question, one.name, one.agency_code, one.why)
            for decision in decisions
            for one in _evidence_left(consolidation, evidence, decision, proofs[decision.question])
        ],
    }
    return render(request, "survey/consolidating/agreed.html", context)


def _agreed_decision(consolidation: RoundConsolidation, entry: OverviewEntry) -> MergeDecision:
    comparison = consolidation.compare_handed_in(entry.question.id, consolidation.current_values(entry.question.id))
    return make_decision(consolidation, comparison, propose_choices(comparison))


def _agreed_evidence(
    consolidation: RoundConsolidation, evidence: RoundEvidence, decision: MergeDecision
) -> list[EvidenceCandidate]:
    candidates = evidence.candidates(decision.comparison)
    return adoptable_evidence(consolidation, candidates, preselected_evidence(candidates, decision), decision)


def _evidence_left(
    consolidation: RoundConsolidation,
    evidence: RoundEvidence,
    decision: MergeDecision,
    adopted: list[EvidenceCandidate],
) -> list[LeftEvidence]:
    candidates = evidence.candidates(decision.comparison)
    return evidence_left_behind(consolidation, candidates, adopted, decision)


def _left_questions(consolidation: RoundConsolidation, left: dict[str, str]) -> list[tuple[str, str, str | Promise]]:
    language = reader_language()
    items = consolidation.instrument.items
    return [(q, item_title(items[q], language), REASON_LABELS.get(why, why)) for q, why in left.items() if q in items]


@require_safe
@allow_answer_edit
def report(request: SignedInRequest, pk: int, seq: int) -> HttpResponse:
    """Report of consolidating all agreed questions, from its journal event."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    rows = Event.objects.select_related("by")
    event = rows.filter(response=response, seq=seq, verb="consolidation.agreed").first()
    if event is None:
        raise Http404
    consolidation = read_consolidation(response)
    items = consolidation.instrument.items
    taken = [(q, item_title(items[q], reader_language())) for q in event.data["taken"] if q in items]
    context = {
        "response": response,
        "event": event,
        "taken": taken,
        "left": _left_questions(consolidation, event.data["left"]),
        "evidence": event.data["evidence"],
        "evidence_left": event.data.get("evidence_left", 0),
        "evidence_names": event.data.get("evidence_names", []),
        "evidence_left_names": [
            (question, name, agency, LEFT_REASONS[why])
            for question, name, agency, why in event.data.get("evidence_left_names", [])
        ],
    }
    return render(request, "survey/consolidating/report.html", context)
