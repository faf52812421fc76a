"""Which cards of a long section lie folded when the page opens: answered ones that nothing calls for. PURE."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from survey.instrument.path import QuestionnairePath
from survey.instrument.progress import Progress, has_evidence

LONG_SECTION: Final = 24  # fields and evidence places; a page with more of them does not end on a phone
MANY_QUESTIONS: Final = 3  # with fewer, folding would hide what the page was opened for


def foldable_cards(
    path: QuestionnairePath, section_id: str, *, answered: Collection[str], marked: Collection[str]
) -> dict[str, Progress]:
    """The questions of a section that may lie folded, with their progress; none where the section is short.

    `answered`: questions with an answer; `marked`: places with marked evidence.
    """
    counts = {q.id: Progress() for q in path.instrument.questions_of(section_id) if q.id in path.on_items}
    for field in path.fields.values():
        if (progress := counts.get(field.question)) and field.required:
            progress.total += 1
            progress.answered += field.address in path.values
    for place in path.places.values():
        if progress := counts.get(place.question):
            progress.evidence += 1
            progress.missing_evidence += not has_evidence(place, path, marked)
    length = sum(progress.total + progress.evidence for progress in counts.values())
    if len(counts) <= MANY_QUESTIONS or length <= LONG_SECTION:
        return {}
    return {q: progress for q, progress in counts.items() if q in answered}


def without_open_cards(foldable: Mapping[str, Progress], kept_open: Collection[str]) -> dict[str, Progress]:
    """The questions to fold: all of them but those that are kept open."""
    return {q: progress for q, progress in foldable.items() if q not in kept_open}
