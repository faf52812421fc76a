"""Which evidence of contributions goes along with a decision: grouped by place, preselected, ticked, adopted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from evidence.attaching import actions
from evidence.files.refusal import EvidenceRefused
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


LeftReason = Literal["answer", "place", "infected", "unconfirmed", "rejected", "unmarked", "not_chosen"]
LEFT_REASONS: Final[Mapping[str, str | Promise]] = {
    "answer": gettext_lazy("ไม่ได้ใช้คำตอบของหน่วยงานนี้"),
    "place": gettext_lazy("คำตอบนี้ไม่มีตัวเลือกหรือรายการนั้น"),
    "infected": gettext_lazy("พบไวรัสในไฟล์"),
    "unconfirmed": gettext_lazy("หลักฐานจากปีก่อน หน่วยงานยังไม่ได้ยืนยัน"),
    "rejected": gettext_lazy("ผู้ตรวจไม่รับ"),
    "unmarked": gettext_lazy("ยังไม่ทำเครื่องหมาย"),
    "not_chosen": gettext_lazy("ไม่ได้เลือก"),
}


@dataclass(frozen=True, slots=True)
class LeftEvidence:
    """A piece of evidence that stays behind; `reason`: a key of LEFT_REASONS."""

    name: str
    agency_code: str
    reason: LeftReason

    @property
    def why(self) -> str:
        """The reason in words."""
        return str(LEFT_REASONS[self.reason])


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
        if not p.is_attached and p.contribution in _contributions_behind(decision, p.place) and p.is_marked
    }


def _contributions_behind(decision: MergeDecision, place: str | None) -> Collection[int]:
    """The contributions behind the value that a place proves."""
    return decision.merged.sources.get(proved_field(place), ()) if place else ()


def proved_field(place: str) -> str:
    """The address of the value that a place proves: the field of an option, the repeat of a row."""
    base = place.partition("=")[0]
    if "#" in base and "/" not in base.rpartition("#")[2]:
        return base.rpartition("#")[0]
    return base


def _is_taken(decision: MergeDecision, proof: EvidenceCandidate) -> bool:
    """Whether evidence proves a value that was taken; a typed value is nobody's, so any evidence may prove it."""
    behind = _contributions_behind(decision, proof.place)
    return not behind or proof.contribution in behind


def adoptable_evidence(
    consolidation: RoundConsolidation,
    proofs: Iterable[EvidenceCandidate],
    chosen: Collection[str],
    decision: MergeDecision,
) -> list[EvidenceCandidate]:
    """The chosen evidence that may go along: its place is open in the decided answer, which took what it proves."""
    places = consolidation.path_with({decision.question: decision.values}).places
    return [
        p
        for p in proofs
        if p.id in chosen and not p.is_attached and not p.infected and p.place in places and _is_taken(decision, p)
    ]


def evidence_left_behind(
    consolidation: RoundConsolidation,
    proofs: Iterable[EvidenceCandidate],
    adopted: Collection[EvidenceCandidate],
    decision: MergeDecision,
) -> list[LeftEvidence]:
    """The evidence of contributions that does not go along, by the reason."""
    taken = {p.id for p in adopted}
    staying = [proof for proof in proofs if not proof.is_attached and proof.id not in taken]
    if not staying:
        return []  # the path below is dear
    places = consolidation.path_with({decision.question: decision.values}).places
    left = [LeftEvidence(p.name, p.agency_code, _left_reason(p, decision, places)) for p in staying]
    return sorted(left, key=lambda one: one.why)


def _left_reason(proof: EvidenceCandidate, decision: MergeDecision, places: Collection[str]) -> LeftReason:
    used = any(source.contribution == proof.contribution for source in decision.used_sources)
    if not used or (proof.place in places and not _is_taken(decision, proof)):
        return "answer"
    if proof.place not in places:
        return "place"
    if proof.infected:
        return "infected"
    if proof.attachment.to_confirm:
        return "unconfirmed"
    if proof.is_rejected:
        return "rejected"
    return "not_chosen" if proof.is_marked else "unmarked"


def _adopt(by: User, consolidation: RoundConsolidation, proof: EvidenceCandidate) -> bool:
    """Whether it went along; what was taken off or found infected since the page was read stays behind."""
    target: dict[str, Any] = {"response": consolidation.response, "address": proof.place or ""}
    try:
        with transaction.atomic():
            actions.adopt_evidence(by=by, attachment=proof.attachment, **target)
    except EvidenceRefused:
        return False
    return True


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
        adopted = [proof for proof in adopted if _adopt(by, consolidation, proof)]
        left = evidence_left_behind(consolidation, proofs, adopted, decision)
        return AdoptedEvidence(
            len(adopted),
            len(left),
            tuple((proof.name, proof.agency_code) for proof in adopted),
            tuple((one.name, one.agency_code, one.reason) for one in left),
        )

    return adopt
