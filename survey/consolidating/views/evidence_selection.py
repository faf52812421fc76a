"""Which evidence of contributions goes along with a decision: grouped by place, preselected, ticked, adopted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from accounts.models import User
from evidence.attaching import actions
from survey.consolidating.merge_decision import MergeDecision
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.evidence import EvidenceCandidate, RoundEvidence

MAX_LISTED = 4  # pieces of evidence at a place that are all listed one by one
LISTED_OF_MANY = 2  # listed one by one where there are more


UNLISTED_PREFIX = "*"  # before a place: the evidence there that is not listed


def group_by_place(
    proofs: Iterable[EvidenceCandidate],
) -> dict[str, tuple[list[EvidenceCandidate], list[EvidenceCandidate]]]:
    """The evidence by place: what is listed one by one, and, where there is a lot, the rest."""
    by_place: dict[str, list[EvidenceCandidate]] = {}
    for proof in proofs:
        by_place.setdefault(proof.place or "", []).append(proof)
    for candidates in by_place.values():
        candidates.sort(key=lambda p: not p.is_attached)
    return {
        place: (candidates, [])
        if len(candidates) <= MAX_LISTED
        else (candidates[:LISTED_OF_MANY], candidates[LISTED_OF_MANY:])
        for place, candidates in by_place.items()
    }


def expand_selection(proofs: Iterable[EvidenceCandidate], chosen: Collection[str], decision: MergeDecision) -> set[str]:
    """The ids ticked; a ticked rest of a place (UNLISTED_PREFIX + place) stands for its preselected evidence."""
    candidates = list(proofs)
    selected = {key for key in chosen if not key.startswith(UNLISTED_PREFIX)}
    if len(selected) < len(chosen):
        hidden = {
            p.id
            for place, (_shown, rest) in group_by_place(candidates).items()
            if UNLISTED_PREFIX + place in chosen
            for p in rest
        }
        selected |= preselected_evidence(candidates, decision) & hidden
    return selected


def preselected_evidence(proofs: Iterable[EvidenceCandidate], decision: MergeDecision) -> set[str]:
    """The ids ticked at first: marked evidence of contributions whose value is taken, at the places it proves."""
    return {
        p.id
        for p in proofs
        if p.is_marked and not p.is_attached and p.contribution in _contributions_behind(decision, p.place)
    }


def _contributions_behind(decision: MergeDecision, place: str | None) -> Collection[int]:
    """The contributions behind the value that a place proves."""
    if place is None:
        return ()
    base = place.partition("=")[0]
    if "#" in base and "/" not in base.rpartition("#")[2]:
        base = base.rpartition("#")[0]
    return decision.merged.sources.get(base, ())


def adoptable_evidence(
    consolidation: RoundConsolidation,
    proofs: Iterable[EvidenceCandidate],
    chosen: Collection[str],
    decision: MergeDecision,
) -> list[EvidenceCandidate]:
    """The chosen evidence whose place is open on the path of the decided answer."""
    places = consolidation.path_with({decision.question: decision.values}).places
    return [p for p in proofs if p.id in chosen and not p.is_attached and p.place in places]


def evidence_adopter(
    by: User, consolidation: RoundConsolidation, evidence: RoundEvidence, chosen: Collection[str] | None = None
) -> Callable[[MergeDecision], int]:
    """A function that adopts evidence as a decision is saved: what was chosen, or (None) what is preselected."""

    def adopt(decision: MergeDecision) -> int:
        proofs = evidence.candidates(decision.comparison)
        wanted = (
            preselected_evidence(proofs, decision) if chosen is None else expand_selection(proofs, chosen, decision)
        )
        adopted = adoptable_evidence(consolidation, proofs, wanted, decision)
        for proof in adopted:
            actions.adopt_evidence(
                by=by, attachment=proof.attachment, response=consolidation.response, address=proof.place or ""
            )
        return len(adopted)

    return adopt
