"""Fills responses with made-up content through the actions the pages use: answers first, then their proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Final

from django.core.files.base import ContentFile

from accounts.models import User
from demo.content import cards
from demo.sample_papers import Paper, make
from evidence.attaching import actions as evidence
from evidence.places import describe, find
from survey.answering import actions as answers
from survey.answering.queries import path_of
from survey.instrument.path import Path, Place
from survey.instrument.queries import questions_of
from survey.instrument.schema import Value
from survey.models import Response

DOUBTS: Final = (
    "ตัวอย่าง: ขอตรวจตัวเลขกับหน่วยงานอีกครั้ง",
    "ตัวอย่าง: ยังไม่แน่ใจว่านับรวมงานของกรมต้นสังกัดหรือไม่",
    "ตัวอย่าง: รอหลักฐานฉบับลงนาม",
)


@dataclass(slots=True)
class Team:
    """Who fills: authors take turns by page of the form. The same seed makes the same content."""

    authors: Sequence[User]
    seed: str
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    def pick(self) -> User:
        """One of the authors."""
        return self.rng.choice(self.authors)


@dataclass(frozen=True, slots=True)
class Proven:
    """What proving did: places asked for, attached to, and marked."""

    places: int
    attached: int
    marked: int


def answer(*, team: Team, response: Response, values: Mapping[str, Value], unsure: int = 0, redone: float = 0.0) -> int:
    """Saves the values card by card and returns the number of cards.

    `unsure`: how many are flagged for another look. `redone`: share of cards first saved in part, by someone else.
    """
    rows = questions_of(response.round.instrument)
    filled = cards(path_of(response).instrument, values)
    doubted = dict(zip(team.rng.sample(list(filled), min(unsure, len(filled))), _in_turn(DOUBTS), strict=False))
    for _section, group in groupby(filled, key=lambda q: rows[q].section):
        author = team.pick()
        for question in group:
            card, revision = filled[question], 0
            if len(card) > 1 and team.rng.random() < redone:
                first = dict([next(iter(card.items()))])
                saved = answers.save(
                    by=team.pick(), response=response, question=rows[question], value=first, base_revision=0
                )
                revision = saved.answer.revision if saved.answer else 0
            answers.save(
                by=author,
                response=response,
                question=rows[question],
                value=card,
                base_revision=revision,
                unsure=question in doubted,
                note=doubted.get(question, ""),
            )
    return len(filled)


def prove(*, team: Team, response: Response, missing: float = 0.0, unmarked: float = 0.0, late: float = 0.0) -> Proven:
    """Writes a paper for each open evidence place, attaches it there and marks its passage.

    `missing`: share of places left without a file. `unmarked`: share of files without a mark. `late`: share of
    papers dated after the evidence period.
    """
    path, rows = path_of(response), questions_of(response.round.instrument)
    rng, marked = team.rng, 0
    places = [p for p in path.places.values() if p.url is None or p.url not in path.values]
    proven = [p for p in places if rng.random() >= missing]
    papers = [Paper(_title(path, place), _passage(path, place), n) for n, place in enumerate(proven, 1)]
    authors: dict[str, User] = {}
    for place, paper, content in zip(proven, papers, make(papers), strict=True):
        author = authors.setdefault(place.question, team.pick())
        attachment = evidence.attach(
            by=author,
            response=response,
            question=rows[place.question],
            address=place.address,
            upload=ContentFile(content),
            name=paper.name,
            document_date=_day(rng, path, late),
        ).attachment
        if rng.random() >= unmarked:
            evidence.mark(by=author, attachment=attachment, pages=str(paper.quote_page), quote=paper.quote)
            marked += 1
    return Proven(len(places), len(proven), marked)


def _in_turn(phrases: Sequence[str]) -> Iterator[str]:
    while True:
        yield from phrases


def _title(path: Path, place: Place) -> str:
    return f"หลักฐาน {path.instrument.items[place.question].code or place.question}"


def _passage(path: Path, place: Place) -> str:
    """A sentence that names the place it proves."""
    known = find(path.instrument, place.address)
    words = describe(path.instrument, known, path.values) if known else ()
    return f"จังหวัดดำเนินการแล้วในเรื่อง {' – '.join(words) or path.instrument.items[place.question].ask.th}"


def _day(rng: Random, path: Path, late: float) -> date:
    """A day of the evidence period, or with the chance `late` one soon after it."""
    first, last = path.instrument.period
    if rng.random() < late:
        return last + timedelta(days=rng.randint(1, 30))
    return first + timedelta(days=rng.randint(0, (last - first).days))
