"""Which evidence of contributions goes along with a decision: grouped by place, preselected, ticked, adopted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from evidence.attaching import actions
from survey.consolidating.actions import AdoptedEvidence
from survey.consolidating.merge_decision import MergeDecision
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.evidence import EvidenceCandidate, RoundEvidence

MAX_LISTED = 4  # pieces of evidence at a place that are all listed one by one
LISTED_OF_MANY = 2  # listed one by one where there are more


SHORT_KEY_LENGTH = 8  # of an id: enough to tell the evidence of one question apart
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


def short_key(key: str) -> str:
    """A box's value as the list of proposed boxes names it: the beginning of an id, a place as it is."""
    return key if key.startswith(UNLISTED_PREFIX) else key[:SHORT_KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class PostedTicks:
    """The evidence boxes as posted: which are ticked, and which were ticked by themselves when the page was made.

    `proposed` holds short keys. Without it the ticked ones are meant exactly.
    """

    ticked: frozenset[str]
    proposed: frozenset[str] | None = None

    def follow(self, defaults: Collection[str]) -> set[str]:
        """The boxes for other choices: their own defaults, apart from what the person ticked or cleared."""
        if self.proposed is None:
            return set(self.ticked)
        cleared = self.proposed - {short_key(key) for key in self.ticked}
        added = {key for key in self.ticked if short_key(key) not in self.proposed}
        return {key for key in defaults if short_key(key) not in cleared} | added


@dataclass(frozen=True, slots=True)
class LeftEvidence:
    """A piece of evidence that stays behind, and why."""

    name: str
    agency_code: str
    why: str


def default_ticks(proofs: Iterable[EvidenceCandidate], decision: MergeDecision, list_all: bool) -> set[str]:
    """The boxes ticked by themselves for a decision: preselected evidence that is listed, and the rest of a place."""
    candidates = list(proofs)
    preselected = preselected_evidence(candidates, decision)
    if list_all:
        return preselected
    rest_by_place = {place: rest for place, (_listed, rest) in group_by_place(candidates).items() if rest}
    hidden = {p.id for rest in rest_by_place.values() for p in rest}
    # The rest of a place has a box only where some of it goes along by itself.
    rest_ticked = {
        UNLISTED_PREFIX + place for place, rest in rest_by_place.items() if preselected & {p.id for p in rest}
    }
    return (preselected - hidden) | rest_ticked


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


def evidence_left_behind(
    consolidation: RoundConsolidation,
    proofs: Iterable[EvidenceCandidate],
    adopted: Collection[EvidenceCandidate],
    decision: MergeDecision,
) -> list[LeftEvidence]:
    """The evidence of contributions whose answer is used that does not go along, by the reason."""
    taken = {p.id for p in adopted}
    used = {source.contribution for source in decision.used_sources}
    places = consolidation.path_with({decision.question: decision.values}).places
    left = []
    for proof in proofs:
        if proof.contribution not in used or proof.is_attached or proof.id in taken:
            continue
        why = _("ไม่ได้เลือก") if proof.is_marked else _("ยังไม่ทำเครื่องหมาย")
        if proof.place not in places:
            why = _("คำตอบนี้ไม่มีตัวเลือกหรือรายการนั้น")
        left.append(LeftEvidence(proof.name, proof.agency_code, why))
    return sorted(left, key=lambda one: one.why)


def evidence_adopter(
    by: User, consolidation: RoundConsolidation, evidence: RoundEvidence, chosen: Collection[str] | None = None
) -> Callable[[MergeDecision], AdoptedEvidence]:
    """A function that adopts evidence as a decision is saved: what was chosen, or (None) what is preselected."""

    def adopt(decision: MergeDecision) -> AdoptedEvidence:
        proofs = evidence.candidates(decision.comparison)
        wanted = (
            preselected_evidence(proofs, decision) if chosen is None else expand_selection(proofs, chosen, decision)
        )
        adopted = adoptable_evidence(consolidation, proofs, wanted, decision)
        for proof in adopted:
            actions.adopt_evidence(
                by=by, attachment=proof.attachment, response=consolidation.response, address=proof.place or ""
            )
        left = evidence_left_behind(consolidation, proofs, adopted, decision)
        return AdoptedEvidence(len(adopted), len(left))

    return adopt
