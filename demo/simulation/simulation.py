"""What every act of a play shares: the round, the people, the seed, and the content they draw from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from random import Random
from typing import Final

from django.core.files.base import ContentFile

from accounts.models import Agency, User
from demo.content import SampleSetting, sample_values, values_by_question
from demo.simulation.people import SimulationPeople
from demo.simulation.sample_files import SampleFile, sample_files
from evidence.attaching import actions as evidence
from survey.answering.checker import OpenPoint
from survey.answering.opening import ensure_response
from survey.answering.queries import response_path
from survey.assigning.queries import answer_scope
from survey.consolidating.merge_decision import MergeDecision
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.instrument.addresses import item_id_of
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Response, Round

PrintLine = Callable[[str], None]
Values = dict[str, AnswerValue]

FORM_COUNT: Final = 5  # whole forms that agencies draw their answers from: more would only differ more
MAX_ATTACHMENTS_PER_PLACE: Final = 2  # agencies that prove the same place
AGREED_SHARE: Final = 0.4  # share of questions to which all agencies answer the same
UNPROVEN_SHARE, UNMARKED_SHARE = 0.08, 0.08  # shares of places left without a file, and of files without a mark


@dataclass(frozen=True, slots=True)
class ActionCallbacks:
    """What the actions take from other apps and the pages hand them: open points, frozen parts, picked evidence."""

    points: Callable[[Response], list[OpenPoint]]
    compose: Callable[[Response], Mapping[str, object]]
    adopter: Callable[[User, RoundConsolidation], Callable[[MergeDecision], int]]


@dataclass
class Simulation:
    """One play. The same seed and number of agencies make the same content, whatever the province."""

    round: Round
    agencies: Sequence[Agency]
    cast: SimulationPeople
    seed: str
    outside: ActionCallbacks
    say: PrintLine
    proven: Counter[str] = field(default_factory=Counter)

    def rng(self, *names: object) -> Random:
        """Chance for one purpose, independent of everything else that was drawn."""
        return Random("/".join(map(str, (self.seed, *names))))

    @property
    def office(self) -> User:
        """Who leads the secretariat."""
        return self.cast.secretariat[0]

    @cached_property
    def compiled(self) -> CompiledInstrument:
        """The form."""
        return compiled_instrument(self.round.instrument)

    @cached_property
    def scene(self) -> SampleSetting:
        """Names in made-up texts."""
        province = self.round.province
        return SampleSetting(province.name_th, f"{province.code.lower()}.example.org")

    @cached_property
    def place(self) -> dict[int, int]:
        """Each agency's number in the play, by its key."""
        return {agency.pk: number for number, agency in enumerate(self.agencies)}

    def response(self, agency: Agency | None = None) -> Response:
        """The response as it stands, made when an agency's is first needed."""
        if agency is not None:
            ensure_response(by=self.cast.coordinators[agency.pk], round_=self.round, agency=agency)
        found = Response.objects.select_related("agency").get(round=self.round, agency=agency)
        found.round = self.round
        return found

    # -- content ----------------------------------------------------------------------------------

    @cached_property
    def forms(self) -> list[dict[str, Values]]:
        """Whole made-up forms, card by card."""
        seeds = [f"{self.seed}/form/{n}" for n in range(FORM_COUNT)]
        return [values_by_question(self.compiled, sample_values(self.compiled, s, scene=self.scene)) for s in seeds]

    def number(self, agency: Agency, question: str) -> int:
        """Which of the forms an agency answers a question from; the first where all agree."""
        if self.rng("agree", question).random() < AGREED_SHARE:
            return 0
        return self.rng("form", self.place[agency.pk], question).randrange(FORM_COUNT)

    def drawn(self, response: Response, questions: Mapping[str, int]) -> Values:
        """Answers to these questions from the forms of those numbers, as far as the agency may give them now.

        They continue what it has answered already; what they leave off the path is not among them.
        """
        writable = answer_scope(response).writable
        own: Values = {}
        for question in self.compiled.questions:
            if question.id in questions:
                card = self.forms[questions[question.id]].get(question.id, {})
                own |= {a: v for a, v in card.items() if item_id_of(a) in writable.get(question.id, ())}
        standing = values_by_question(self.compiled, response_path(response).values)
        others = {a: v for q, card in standing.items() if q not in questions for a, v in card.items()}
        return {a: v for a, v in resolve_path(self.compiled, {**others, **own}).values.items() if a in own}

    # -- evidence ---------------------------------------------------------------------------------

    @cached_property
    def papers(self) -> list[SampleFile]:
        """What is attached; made once."""
        return sample_files()

    def prove(self, *, by: User, response: Response, questions: Collection[str], surely: bool = False) -> int:
        """Attaches papers at the open places of these questions and marks their passages; how many it were.

        `surely`: leaves none of them out.
        """
        path, rows = response_path(response), questions_by_item_id(self.round.instrument)
        rng = self.rng("prove", self.place.get(response.agency_id or 0, "province"), *sorted(questions))
        writable = None if response.is_provincial else answer_scope(response).writable
        first, last = self.compiled.period
        done = 0
        for place in path.places.values():
            known = place.question in questions and (place.url is None or place.url not in path.values)
            if not known or (writable is not None and place.item.id not in writable.get(place.question, ())):
                continue
            paper = rng.choice(self.papers)
            days, skips, marks = (
                rng.randint(0, (last - first).days),
                rng.random() < UNPROVEN_SHARE,
                rng.random() >= UNMARKED_SHARE,
            )
            if not surely and (skips or self.proven[place.address] >= MAX_ATTACHMENTS_PER_PLACE):
                continue
            self.proven[place.address] += 1
            attachment = evidence.attach_evidence(
                by=by,
                response=response,
                question=rows[place.question],
                address=place.address,
                upload=ContentFile(paper.content),
                name=paper.name,
                document_date=first + timedelta(days=days),
            ).attachment
            if marks:
                evidence.save_mark(by=by, attachment=attachment, pages=paper.pages, quote=paper.quote)
            done += 1
        return done
