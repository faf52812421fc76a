"""Progress of a response: open fields answered, evidence still missing. PURE."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from survey.instrument.path import EvidencePlace, QuestionnairePath


@dataclass(slots=True)
class Progress:
    """Progress counts of a section: required open fields, answered ones, evidence places, those without evidence."""

    total: int = 0
    answered: int = 0
    evidence: int = 0
    missing_evidence: int = 0

    @property
    def percent(self) -> int:
        """Share of answered fields, 0–100, rounded down so that 100 means all; 0 where nothing is asked."""
        return self.answered * 100 // self.total if self.total else 0

    @property
    def unproven_width(self) -> int:
        """The part of a bar, in percent, of what is answered but lacks its evidence; seen as soon as one is missing."""
        return -(-self.missing_evidence * 100 // self._steps) if self._steps else 0

    @property
    def done_width(self) -> int:
        """The part of a bar, in percent, of what is answered and proven; 100 means that nothing is missing."""
        ready = self.answered + self.evidence - self.missing_evidence
        return min(ready * 100 // self._steps, 100 - self.unproven_width) if self._steps else 0

    @property
    def _steps(self) -> int:
        """What there is to do: a field to answer or an evidence place to fill."""
        return self.total + self.evidence

    @property
    def done(self) -> bool:
        """Whether something is asked and nothing of it is missing."""
        return bool(self.total) and not self.is_waiting

    @property
    def is_waiting(self) -> bool:
        """Whether something is asked and missing, an answer or its evidence."""
        return self.answered < self.total or bool(self.missing_evidence)


def has_evidence(place: EvidencePlace, path: QuestionnairePath, marked: Collection[str]) -> bool:
    """Whether an evidence place has marked evidence, or a URL where that is enough."""
    return place.address in marked or (place.url is not None and place.url in path.values)


def progress_by_section(
    path: QuestionnairePath, marked: Collection[str], only: Collection[str] | None = None
) -> dict[str, Progress]:
    """Progress by section id. `marked`: places with at least one marked file; `only`: questions to count, or all."""
    by_section = {section.id: Progress() for section in path.instrument.sections}
    for field in path.fields.values():
        if field.required and (only is None or field.question in only):
            progress = by_section[field.item.section]
            progress.total += 1
            progress.answered += field.address in path.values
    for place in path.places.values():
        if only is not None and place.question not in only:
            continue
        progress = by_section[place.item.section]
        progress.evidence += 1
        progress.missing_evidence += not has_evidence(place, path, marked)
    return by_section


def total_progress(progress: dict[str, Progress]) -> Progress:
    """The sum over all sections."""
    return Progress(
        sum(p.total for p in progress.values()),
        sum(p.answered for p in progress.values()),
        sum(p.evidence for p in progress.values()),
        sum(p.missing_evidence for p in progress.values()),
    )
