"""The simulation of a year: its round, people and seed, and the content that everybody draws from."""

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
from survey.consolidating.actions import AdoptedEvidence
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
MAX_ATTACHMENTS_PER_PLACE: Final = 2  # agencies that attach to the same place
AGREED_SHARE: Final = 0.4  # share of questions to which all agencies answer the same
UNPROVEN_SHARE, UNMARKED_SHARE = 0.08, 0.08  # shares of places left without a file, and of files without a mark


@dataclass(frozen=True, slots=True)
class ActionCallbacks:
    """What actions need from other apps and views hand them: open points, parts to freeze, adoption of evidence."""

    points: Callable[[Response], list[OpenPoint]]
    compose: Callable[[Response], Mapping[str, object]]
    adopter: Callable[[User, RoundConsolidation], Callable[[MergeDecision], AdoptedEvidence]]


@dataclass
class Simulation:
    """One simulated year. The same seed and number of agencies make the same content, whatever the province."""

    round: Round
    agencies: Sequence[Agency]
    people: SimulationPeople
    seed: str
    callbacks: ActionCallbacks
    print_line: PrintLine
    attached_counts: Counter[str] = field(default_factory=Counter)

    def rng(self, *names: object) -> Random:
        """Random numbers for one purpose, independent of all others drawn."""
        return Random("/".join(map(str, (self.seed, *names))))

    @property
    def secretary(self) -> User:
        """The member of the secretariat who acts for it."""
        return self.people.secretariat[0]

    @cached_property
    def instrument(self) -> CompiledInstrument:
        """The compiled instrument of the round."""
        return compiled_instrument(self.round.instrument)

    @cached_property
    def setting(self) -> SampleSetting:
        """The names used in made-up texts."""
        province = self.round.province
        return SampleSetting(province.name_th, f"{province.code.lower()}.example.org")

    @cached_property
    def agency_numbers(self) -> dict[int, int]:
        """Each agency's number in the simulation, by its key."""
        return {agency.pk: number for number, agency in enumerate(self.agencies)}

    def response(self, agency: Agency | None = None) -> Response:
        """The response as it is now; an agency's is created when first needed."""
        if agency is not None:
            ensure_response(by=self.people.coordinators[agency.pk], round_=self.round, agency=agency)
        response = Response.objects.select_related("agency").get(round=self.round, agency=agency)
        response.round = self.round
        return response

    # -- content ----------------------------------------------------------------------------------

    @cached_property
    def form_variants(self) -> list[dict[str, Values]]:
        """Completely answered forms, by question."""
        seeds = [f"{self.seed}/form/{number}" for number in range(FORM_COUNT)]
        return [
            values_by_question(self.instrument, sample_values(self.instrument, seed, setting=self.setting))
            for seed in seeds
        ]

    def form_number(self, agency: Agency, question: str) -> int:
        """Which of the forms an agency answers a question from; the first where all agree."""
        if self.rng("agree", question).random() < AGREED_SHARE:
            return 0
        return self.rng("form", self.agency_numbers[agency.pk], question).randrange(FORM_COUNT)

    def draw_values(self, response: Response, questions: Mapping[str, int]) -> Values:
        """Answers to these questions from the forms of those numbers, as far as the agency may give them now.

        They continue what it has answered already; what they leave off the path is not among them.
        """
        writable = answer_scope(response).writable
        drawn: Values = {}
        for question in self.instrument.questions:
            if question.id in questions:
                card = self.form_variants[questions[question.id]].get(question.id, {})
                drawn |= {a: v for a, v in card.items() if item_id_of(a) in writable.get(question.id, ())}
        existing = values_by_question(self.instrument, response_path(response).values)
        others = {a: v for q, card in existing.items() if q not in questions for a, v in card.items()}
        return {a: v for a, v in resolve_path(self.instrument, {**others, **drawn}).values.items() if a in drawn}

    # -- evidence ---------------------------------------------------------------------------------

    @cached_property
    def files(self) -> list[SampleFile]:
        """The files to attach; made once."""
        return sample_files()

    def attach_evidence(self, *, by: User, response: Response, questions: Collection[str], surely: bool = False) -> int:
        """Attaches files at the open places of these questions and marks passages in them. Returns how many.

        `surely`: at every one of the places.
        """
        path, rows = response_path(response), questions_by_item_id(self.round.instrument)
        rng = self.rng("prove", self.agency_numbers.get(response.agency_id or 0, "province"), *sorted(questions))
        writable = None if response.is_provincial else answer_scope(response).writable
        first, last = self.instrument.period
        attached = 0
        for place in path.places.values():
            is_asked_for = place.question in questions and (place.url is None or place.url not in path.values)
            if not is_asked_for or (writable is not None and place.item.id not in writable.get(place.question, ())):
                continue
            file = rng.choice(self.files)
            days, skips, marks = (
                rng.randint(0, (last - first).days),
                rng.random() < UNPROVEN_SHARE,
                rng.random() >= UNMARKED_SHARE,
            )
            if not surely and (skips or self.attached_counts[place.address] >= MAX_ATTACHMENTS_PER_PLACE):
                continue
            self.attached_counts[place.address] += 1
            attachment = evidence.attach_evidence(
                by=by,
                response=response,
                question=rows[place.question],
                address=place.address,
                upload=ContentFile(file.content),
                name=file.name,
                document_date=first + timedelta(days=days),
            ).attachment
            if marks:
                evidence.save_mark(by=by, attachment=attachment, pages=file.pages, quote=file.quote)
            attached += 1
        return attached
