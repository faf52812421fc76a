"""The overview of a round's questions: which agree and can be taken at once, and why a person has to decide others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from survey.assigning.queries import OPEN_STATES
from survey.consolidating.agency_answers import AgencyAnswer
from survey.consolidating.comparison import QuestionAgreement, QuestionComparison
from survey.consolidating.decisions import DecisionRecord
from survey.consolidating.merge import MergedAnswer, merge_contributions
from survey.consolidating.merge_choices import propose_choices
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.same_answer import is_same_answer
from survey.instrument.schema import Item

# given: the province has an answer, and the contributions do not agree on one to compare it with
ProvinceStatus = Literal["empty", "given", "same", "differs"]
# Why a question is not among those that are taken because all agree.
ManualReason = Literal["differ", "partly", "drafts", "numbers", "unsure", "province", "invalid"]


@dataclass(frozen=True, slots=True)
class OverviewEntry:
    """A question on the overview. `manual_reason`: why a person has to decide it; empty when it is agreed."""

    question: Item
    agreement: QuestionAgreement
    answers: tuple[AgencyAnswer, ...]
    waiting_agencies: int
    province_status: ProvinceStatus
    decision: DecisionRecord | None
    changes: int
    edited_since: bool
    is_agreed: bool
    manual_reason: ManualReason | Literal[""]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide: not decided yet, or changed since."""
        return bool(self.answers) and (self.decision is None or self.changes > 0)


class AgreedAnswer(NamedTuple):
    """The answer all handed-in contributions agree on, whatever the province's own answer."""

    comparison: QuestionComparison
    merged: MergedAnswer


def find_agreed_answer(consolidation: RoundConsolidation, question: str) -> AgreedAnswer | None:
    """The answer on which the handed-in contributions agree; None where they do not."""
    comparison = consolidation.compare_handed_in(question, {})
    if comparison.agreement not in ("single", "agree"):
        return None
    return AgreedAnswer(comparison, merge_contributions(comparison, propose_choices(comparison)))


def overview_entry(consolidation: RoundConsolidation, question: Item) -> OverviewEntry:
    """The overview entry of one question."""
    usable = consolidation.usable_answers(question.id)
    decision, changes = consolidation.decisions.get(question.id), len(consolidation.changes_since_decision(question.id))
    agreed_answer = find_agreed_answer(consolidation, question.id) if usable else None
    province_status = _province_status(consolidation, question, agreed_answer)
    reason = _manual_reason(consolidation, question, agreed_answer, province_status) if usable else ""
    is_open = decision is None or changes > 0
    waiting = sum(t.state in OPEN_STATES for t in consolidation.tasks.get(question.id, {}).values())
    return OverviewEntry(
        question=question,
        agreement=consolidation.compare(question.id).agreement,
        answers=tuple(usable),
        waiting_agencies=waiting,
        province_status=province_status,
        decision=decision,
        changes=changes,
        edited_since=consolidation.edited_since_decision(question.id),
        is_agreed=bool(usable) and is_open and not reason,
        manual_reason=reason if is_open else "",
    )


def _province_status(
    consolidation: RoundConsolidation, question: Item, agreed_answer: AgreedAnswer | None
) -> ProvinceStatus:
    current = consolidation.current_values(question.id)
    if not current or agreed_answer is None:
        return "given" if current else "empty"
    return (
        "same"
        if is_same_answer(question, consolidation.values_on_path(question.id, agreed_answer.merged.values), current)
        else "differs"
    )


def _manual_reason(
    consolidation: RoundConsolidation, question: Item, agreed_answer: AgreedAnswer | None, province: ProvinceStatus
) -> ManualReason | Literal[""]:
    usable = consolidation.usable_answers(question.id)
    agreement = consolidation.compare(question.id).agreement
    drafts = [p for p in usable if p.is_draft]
    if agreed_answer is None:
        return "drafts" if len(drafts) == len(usable) else "differ" if agreement == "differ" else "partly"
    if any(not is_same_answer(question, p.values, agreed_answer.merged.values) for p in drafts):
        return "drafts"
    if agreed_answer.comparison.may_add_up:
        return "numbers"
    if any(p.answer_row.unsure for p in usable):
        return "unsure"
    if not agreed_answer.merged.is_complete:
        return "invalid"
    return "province" if province == "differs" else ""


def consolidation_overview(consolidation: RoundConsolidation) -> list[OverviewEntry]:
    """Every question that was asked of an agency or answered by one or by the province, in document order."""
    return [overview_entry(consolidation, q) for q in consolidation.instrument.questions]
