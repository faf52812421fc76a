"""An agency's part to be read whole: each question with answers, evidence, what is missing, remarks and needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _

from dgready.language import reader_language
from evidence.attaching.attachment_view import AttachmentView
from evidence.attaching.queries import attachments_by_address
from scoring.engine.level_five import LevelFiveStanding
from survey.answering.queries import ResponseState, response_state
from survey.assigning.part_progress import ContributionCounts, PartProgress
from survey.assigning.queries import assignment_target
from survey.assigning.targets import covered_items
from survey.contributing.facts import contribution_counts
from survey.contributing.views.level_five import level_five_standings
from survey.instrument.path import QuestionnairePath
from survey.instrument.progress import has_evidence
from survey.instrument.schema import Item
from survey.journal.event_texts import describe_address, describe_value, item_title
from survey.models import Assignment, Response
from survey.threads.open_comments import OpenComment, open_comments_by_question

Files = Mapping[str, Sequence[AttachmentView]]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One field with its answer; without one, `missing` where it must be answered. `href`: the field on the form."""

    label: str
    value: str
    href: str
    missing: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One evidence place with its files; `missing`: nothing at it counts."""

    label: str
    files: Sequence[AttachmentView]
    href: str
    missing: bool


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """One question of a part as it stands. `skipped`: off the path; `reason`: why evidence is missing."""

    id: str
    title: str
    href: str
    skipped: bool
    progress: PartProgress
    answers: Sequence[AnswerLine] = ()
    evidence: Sequence[EvidenceLine] = ()
    unsure: str = ""
    comments: Sequence[OpenComment] = ()
    needs: Sequence[LevelFiveStanding] = ()
    reason: str = ""

    @property
    def unanswered(self) -> int:
        """How many fields must be answered and are not."""
        return sum(line.missing for line in self.answers)

    @property
    def lacks_evidence(self) -> bool:
        """Whether a place of it lacks evidence, which needs a reason on handing in."""
        return any(line.missing for line in self.evidence)


@dataclass(slots=True)
class PartReading:
    """A part with all its questions, and the remarks on the whole contribution."""

    questions: list[QuestionReading]
    progress: PartProgress
    counts: ContributionCounts
    whole_comments: Sequence[OpenComment] = field(default_factory=list)

    @property
    def unanswered(self) -> int:
        """How many fields must be answered and are not."""
        return sum(question.unanswered for question in self.questions)

    @property
    def missing_evidence(self) -> int:
        """How many places lack evidence."""
        return sum(line.missing for question in self.questions for line in question.evidence)

    @property
    def unsure(self) -> int:
        """How many questions somebody should look at again."""
        return sum(bool(question.unsure) for question in self.questions)

    @property
    def comments(self) -> list[OpenComment]:
        """All open remarks, those on the whole first."""
        return [*self.whole_comments, *(c for question in self.questions for c in question.comments)]

    @property
    def fingerprint(self) -> str:
        """A digest of what the page shows, by which handing in knows that it was seen: answers, files and demands."""
        shown = [
            [[q.id, q.unsure, [[a.label, a.value] for a in q.answers]] for q in self.questions],
            [[f.id, len(f.marks), f.lacking] for q in self.questions for place in q.evidence for f in place.files],
            [comment.pk for comment in self.demands],
        ]
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:16]

    @property
    def demands(self) -> list[OpenComment]:
        """The remarks that must be answered before handing in."""
        return [comment for comment in self.comments if comment.blocks]


def read_part(part: Assignment, contribution: Response | None) -> PartReading:
    """The part as it stands. At most five queries; none of answers where the agency has opened nothing."""
    if contribution is None:
        return _Reader(part, None, contribution_counts(part.round, None), {}).reading()
    files = attachments_by_address(contribution)
    marked = {address for address, some in files.items() if any(one.marked for one in some)}
    state = response_state(contribution)
    return _Reader(part, contribution, ContributionCounts(state.path, marked), files, state, marked).reading()


@dataclass(slots=True)
class _Reader:
    """Reads one part out of a contribution."""

    part: Assignment
    contribution: Response | None
    counts: ContributionCounts
    files: Files
    state: ResponseState | None = None
    marked: set[str] = field(default_factory=set)

    @property
    def path(self) -> QuestionnairePath:
        return self.counts.path

    def reading(self) -> PartReading:
        target = assignment_target(self.part.round.instrument, self.part)
        needs = level_five_standings(self.part.round, self.counts)
        comments = open_comments_by_question(self.contribution) if self.contribution else {}
        instrument, total, questions = self.path.instrument, PartProgress(), []
        for question, progress in self.counts.by_question(target).items():
            total.add(progress)
            within = covered_items(instrument, target, question)
            row = self.state.rows.get(question) if self.state else None
            item = instrument.items[question]
            questions.append(
                QuestionReading(
                    question,
                    item_title(item, reader_language()),
                    self._href(item, f"q:{question}"),
                    question not in self.path.on_items,
                    progress,
                    self._answers(question, within),
                    self._evidence(question, within),
                    (row.note or "–") if row and row.unsure else "",
                    comments.get(question, ()),
                    needs.get(question, ()),
                    self.part.evidence_reasons.get(question, ""),
                )
            )
        return PartReading(questions, total, self.counts, comments.get("", ()))

    def _answers(self, question: str, within: frozenset[str]) -> list[AnswerLine]:
        lines = []
        for open_field in self.path.fields.values():
            if open_field.question != question or open_field.item.id not in within:
                continue
            address, value = open_field.address, self.path.values.get(open_field.address)
            # The rows of a repeat are told by their fields; optional fields only when they say something.
            if open_field.item.kind == "repeat" if value is not None else not open_field.required:
                continue
            given = describe_value(self.path.instrument, address, value, reader_language())
            unit = open_field.item.unit.to(reader_language()) if given and open_field.item.kind == "number" else ""
            lines.append(
                AnswerLine(
                    self._label(address) or _("คำตอบ"),
                    f"{given} {unit}".strip(),
                    self._href(open_field.item, address),
                    value is None,
                )
            )
        return lines

    def _evidence(self, question: str, within: frozenset[str]) -> list[EvidenceLine]:
        return [
            EvidenceLine(
                self._label(place.address),
                self.files.get(place.address, ()),
                self._href(place.item, f"e:{place.address}"),
                not has_evidence(place, self.path, self.marked),
            )
            for place in self.path.places.values()
            if place.question == question and place.item.id in within
        ]

    def _label(self, address: str) -> str:
        return " › ".join(describe_address(self.path.instrument, address, self.path.values, reader_language()))

    def _href(self, item: Item, anchor: str) -> str:
        if self.contribution is None:
            return ""
        page = reverse("survey:fill", args=[self.contribution.pk, item.section])
        return f"{page}#{quote(anchor, safe='')}"
