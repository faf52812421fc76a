"""What the secretariat answers itself in a simulated year: questions nobody was asked, and external scores."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.utils import timezone

from demo.content import sample_values, values_by_question
from demo.filling import AuthorTeam, fill_answers
from demo.simulation.parts import parts_by_agency, questions_of_part
from demo.simulation.simulation import Simulation
from scoring.externals import actions as externals
from scoring.scheme import registry
from survey.answering.queries import response_path
from survey.models import Assignment

EXTERNAL_SOURCE: Final = "ข้อมูลตัวอย่าง (ไม่ใช่ผลจริง)"


def answer_unassigned_questions(simulation: Simulation) -> None:
    """The secretariat answers what nobody was asked, and enters the scores from outside."""
    response = simulation.response()
    asked = {q for part in answering_parts(simulation) for q in questions_of_part(simulation, part)}
    unassigned = {q.id for q in simulation.instrument.questions} - asked
    given = response_path(response).values
    values = sample_values(
        simulation.instrument, f"{simulation.seed}/own", only=unassigned, given=given, setting=simulation.setting
    )
    drawn = {
        a: v
        for q, card in values_by_question(simulation.instrument, values).items()
        if q in unassigned
        for a, v in card.items()
    }
    team = AuthorTeam(simulation.people.secretariat, seed=f"{simulation.seed}/own")
    fill_answers(team=team, response=response, values=drawn)
    simulation.attach_evidence(by=simulation.secretary, response=response, questions=unassigned)
    rng = simulation.rng("external")
    for sub_pillar in sorted(registry.get_scheme_for_instrument(simulation.instrument).scheme.externals):
        externals.save_external_score(
            by=simulation.secretary,
            response=response,
            sub_pillar=sub_pillar,
            score=Decimal(rng.randint(4000, 8500)) / 100,
            source=EXTERNAL_SOURCE,
            dated=timezone.localdate(),
            origin="assumed",
        )
    simulation.print_line(f"the secretariat answered {len(unassigned)} questions itself and entered the outside scores")


def answering_parts(simulation: Simulation) -> Iterable[Assignment]:
    """Every part that an agency answers."""
    return (part for agency_parts in parts_by_agency(simulation).values() for part in agency_parts)
