"""Facts about an agency's part that its transitions are guarded by: answers, missing evidence, unanswered remarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from dgready.lru_cache import LruCache
from evidence.attaching.queries import marked_addresses
from survey.answering.queries import response_path, response_state_key
from survey.assigning.part_progress import ContributionCounts, PartProgress
from survey.assigning.queries import agency_closed_reason, assignment_target
from survey.assigning.targets import covered_questions
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Response, Round
from survey.threads.comments import clean_comment_text
from survey.threads.open_comments import OpenComment, unanswered_demands
from survey.workflow.part_guards import PartGuardFacts
from survey.workflow.part_transitions import PartTransition

MAX_REASON = 1000
_kept_counts: Final[LruCache[ContributionCounts]] = LruCache(64)


def contribution_counts(round_: Round, contribution: Response | None) -> ContributionCounts:
    """The counts of a contribution; of one that is not opened, empty counts. Two queries, none while it is the same."""
    form = compiled_instrument(round_.instrument)
    if contribution is None:
        return ContributionCounts(resolve_path(form, {}), ())
    state = response_state_key(contribution)
    return _kept_counts.get(
        state and (*state, form),
        lambda: ContributionCounts(response_path(contribution), marked_addresses(contribution)),
    )


def questions_without_evidence(counts: Mapping[str, PartProgress]) -> list[str]:
    """The questions of a part with evidence places that lack evidence, from its progress by question."""
    return [question for question, progress in counts.items() if progress.missing_evidence]


def part_demands(part: Assignment, contribution: Response) -> list[OpenComment]:
    """Unanswered remarks that must be answered before the part is handed in: on its questions or on the whole."""
    instrument = part.round.instrument
    asked = covered_questions(compiled_instrument(instrument), assignment_target(instrument, part))
    by_question = unanswered_demands(contribution)
    return [comment for question in ("", *asked) for comment in by_question.get(question, ())]


def guard_facts(
    part: Assignment,
    contribution: Response,
    transition: PartTransition,
    *,
    reason: str = "",
    evidence_reasons: Mapping[str, str],
) -> PartGuardFacts:
    """The facts that the transition's guards ask for, now; others are not read.

    `evidence_reasons`: by question; those of questions that lack no evidence are dropped.
    """
    guards, now = set(transition.guards), timezone.now()
    by_question: Mapping[str, PartProgress] = {}
    if guards & {"answered", "empty", "explained"}:
        target = assignment_target(part.round.instrument, part)
        by_question = contribution_counts(part.round, contribution).by_question(target)
    lacking = questions_without_evidence(by_question) if "explained" in guards else []
    explained = {q: clean_comment_text(evidence_reasons.get(q, ""), MAX_REASON) for q in lacking}
    return PartGuardFacts(
        now,
        reason=clean_comment_text(reason, MAX_REASON),
        answered=sum(progress.filled for progress in by_question.values()),
        open_demands=len(part_demands(part, contribution)) if "replied" in guards else 0,
        evidence_reasons={question: text for question, text in explained.items() if text},
        unexplained=sum(not text for text in explained.values()),
        closed_reason=agency_closed_reason(contribution) if "in_time" in guards else "",
    )
