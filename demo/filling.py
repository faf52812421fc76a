"""Filling responses with made-up content through the actions the pages use: answers first, then evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Final

from django.core.files.base import ContentFile

from accounts.models import User
from demo.content import values_by_question
from demo.sample_documents import SampleDocument, render_documents
from evidence.attaching import actions as evidence
from evidence.places import describe_place, find_place
from survey.answering import actions as answers
from survey.answering.queries import response_path
from survey.instrument.path import EvidencePlace, QuestionnairePath
from survey.instrument.queries import questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.models import Response

UNSURE_NOTES: Final = (
    "ตัวอย่าง: ขอตรวจตัวเลขกับหน่วยงานอีกครั้ง",
    "ตัวอย่าง: ยังไม่แน่ใจว่านับรวมงานของกรมต้นสังกัดหรือไม่",
    "ตัวอย่าง: รอหลักฐานฉบับลงนาม",
)


@dataclass(slots=True)
class AuthorTeam:
    """The authors of made-up content, in turns by page of the form. The same seed makes the same content."""

    authors: Sequence[User]
    seed: str
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    def pick(self) -> User:
        """One of the authors."""
        return self.rng.choice(self.authors)


@dataclass(frozen=True, slots=True)
class EvidenceCounts:
    """How many places asked for evidence, got an attachment, and got a mark."""

    places: int
    attached: int
    marked: int


def fill_answers(
    *, team: AuthorTeam, response: Response, values: Mapping[str, AnswerValue], unsure: int = 0, redone: float = 0.0
) -> int:
    """Saves the values question by question and returns the number of questions.

    `unsure`: how many are flagged for another look. `redone`: share of questions first saved in part, by someone else.
    """
    rows = questions_by_item_id(response.round.instrument)
    answers_by_question = values_by_question(response_path(response).instrument, values)
    unsure_notes = dict(
        zip(
            team.rng.sample(list(answers_by_question), min(unsure, len(answers_by_question))),
            _cycle(UNSURE_NOTES),
            strict=False,
        )
    )
    for _section, group in groupby(answers_by_question, key=lambda q: rows[q].section):
        author = team.pick()
        for question in group:
            question_values, revision = answers_by_question[question], 0
            if len(question_values) > 1 and team.rng.random() < redone:
                first = dict([next(iter(question_values.items()))])
                saved = answers.save_answer(
                    by=team.pick(), response=response, question=rows[question], value=first, base_revision=0
                )
                revision = saved.answer.revision if saved.answer else 0
            answers.save_answer(
                by=author,
                response=response,
                question=rows[question],
                value=question_values,
                base_revision=revision,
                unsure=question in unsure_notes,
                note=unsure_notes.get(question, ""),
            )
    return len(answers_by_question)


def attach_sample_evidence(
    *, team: AuthorTeam, response: Response, missing: float = 0.0, unmarked: float = 0.0, late: float = 0.0
) -> EvidenceCounts:
    """Writes a document for each open evidence place, attaches it there and marks its passage.

    `missing`: share of places left without a file. `unmarked`: share of files without a mark. `late`: share of
    documents dated after the evidence period.
    """
    path, rows = response_path(response), questions_by_item_id(response.round.instrument)
    rng, marked = team.rng, 0
    places = [p for p in path.places.values() if p.url is None or p.url not in path.values]
    covered = [p for p in places if rng.random() >= missing]
    documents = [
        SampleDocument(_document_title(path, place), _passage(path, place), n) for n, place in enumerate(covered, 1)
    ]
    authors: dict[str, User] = {}
    for place, document, content in zip(covered, documents, render_documents(documents), strict=True):
        author = authors.setdefault(place.question, team.pick())
        attachment = evidence.attach_evidence(
            by=author,
            response=response,
            question=rows[place.question],
            address=place.address,
            upload=ContentFile(content),
            name=document.name,
            document_date=_document_date(rng, path, late),
        ).attachment
        if rng.random() >= unmarked:
            evidence.save_mark(by=author, attachment=attachment, pages=str(document.quote_page), quote=document.quote)
            marked += 1
    return EvidenceCounts(len(places), len(covered), marked)


def _cycle(phrases: Sequence[str]) -> Iterator[str]:
    while True:
        yield from phrases


def _document_title(path: QuestionnairePath, place: EvidencePlace) -> str:
    return f"หลักฐาน {path.instrument.items[place.question].code or place.question}"


def _passage(path: QuestionnairePath, place: EvidencePlace) -> str:
    """A sentence that names the place it is evidence for."""
    place_definition = find_place(path.instrument, place.address)
    words = describe_place(path.instrument, place_definition, path.values) if place_definition else ()
    return f"จังหวัดดำเนินการแล้วในเรื่อง {' – '.join(words) or path.instrument.items[place.question].ask.th}"


def _document_date(rng: Random, path: QuestionnairePath, late: float) -> date:
    """A day of the evidence period, or with the chance `late` one soon after it."""
    first, last = path.instrument.period
    if rng.random() < late:
        return last + timedelta(days=rng.randint(1, 30))
    return first + timedelta(days=rng.randint(0, (last - first).days))
