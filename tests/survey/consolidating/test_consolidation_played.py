"""Thirty played agencies that all answer every question, and prove it: no page above 10 queries or 100 kB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Province
from demo.content import values_by_question
from demo.management.commands.play import _evidence_adopter
from demo.simulation import contributions, people, preparation
from demo.simulation.parts import agencies_with_parts, questions_of_part
from demo.simulation.simulation import ActionCallbacks, Simulation
from evidence.models import Attachment, File, Mark
from survey.answering.queries import answer_rows, merge_answer_values
from survey.approval.review import current_open_points, read_evidence_and_score
from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.list_actions import apply_assignment_list
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars
from survey.consolidating.actions import consolidate_agreed
from survey.instrument.path import resolve_path
from survey.instrument.queries import questions_by_item_id
from survey.instrument.values import drop_empty_rows
from survey.models import Answer, Assignment, Response
from tests.factories import ProvinceFactory
from tests.statistics import tell_planner
from tests.trial import REAL, publish

pytestmark = [pytest.mark.django_db, pytest.mark.once]
AGENCIES, QUERIES, BYTES = 30, 10, 110_000
ACTING = 2  # agencies that answer and hand in as people do
QUOTE = "จังหวัดดำเนินการตามแผนแล้วเสร็จและรายงานผลต่อที่ประชุม " * 3


def played() -> Simulation:
    """A round in which thirty agencies answered and handed in everything that has a place on the assignment list.

    The first of them by the actions of the pages; of the others the same rows are written without their journals,
    which no page of consolidation reads.
    """
    where: Province = ProvinceFactory(code="TH-91", name_th="ตัวอย่าง", name_en="Sample")
    instrument = publish(REAL)
    found = preparation.ensure_agencies(where, AGENCIES, {"province": "TH-43", "agencies": []}, [])
    cast = people.ensure_people(where, found)
    outside = ActionCallbacks(current_open_points, read_evidence_and_score, _evidence_adopter)
    simulation = Simulation(
        preparation.open_round(where, instrument, cast.admin), found, cast, "5", outside, lambda _line: None
    )
    asked = [AssignmentTarget(code) for code in assignable_sub_pillars(simulation.instrument) if code]
    entries = [AssignmentEntry(a.code, target, "R", False, None, "") for a in found for target in asked]
    apply_assignment_list(by=simulation.secretary, round_=simulation.round, entries=entries, replace=False)
    for number, (agency, mine) in enumerate(agencies_with_parts(simulation)):
        if number < ACTING:
            contributions._answer_parts(simulation, agency, mine)
            for part in mine:
                contributions._submit_part(simulation, part)
        else:
            write_contribution(simulation, agency, mine)
    return simulation


def write_contribution(simulation: Simulation, agency: Agency, parts: Sequence[Assignment]) -> None:
    """The rows of an agency that answered all it was asked and handed it in."""
    by, now, response = simulation.people.coordinators[agency.pk], timezone.now(), simulation.response(agency)
    ids = questions_by_item_id(simulation.round.instrument)
    asked = {part: questions_of_part(simulation, part) for part in parts}
    forms = {q: simulation.form_number(agency, q) for some in asked.values() for q in some}
    values = drop_empty_rows(simulation.draw_values(response, forms), simulation.instrument.items)
    cards = values_by_question(simulation.instrument, values)
    given = {"response": response, "saved_by": by, "saved_at": now}
    Answer.objects.bulk_create(Answer(question=ids[question], value=card, **given) for question, card in cards.items())
    for part, questions in asked.items():
        part.state, part.state_at, part.state_by = Assignment.State.SUBMITTED, now, by
        if cards.keys().isdisjoint(questions):
            part.nothing_reason = contributions.NO_DATA_REASON
        else:
            part.evidence_reasons = dict.fromkeys(questions, contributions.NO_EVIDENCE_REASON)
    Assignment.objects.bulk_update(parts, ["state", "state_at", "state_by", "nothing_reason", "evidence_reasons"])


def _prolongs_session(sql: str) -> bool:
    """Once in a while a page prolongs the session; this test takes long enough for that."""
    return "SAVEPOINT" in sql or ("django_session" in sql and sql.startswith("UPDATE"))


def prove_everything(simulation: Simulation) -> None:
    """Every agency's evidence at every place it opened: one file each, marked; without their journals."""
    by, file = simulation.secretary, File.objects.earliest("pk")
    ids = questions_by_item_id(simulation.round.instrument)
    rows = []
    for response in Response.objects.filter(round=simulation.round, agency__isnull=False):
        response.round = simulation.round
        path = resolve_path(simulation.instrument, merge_answer_values(answer_rows(response)))
        there = set(Attachment.objects.filter(response=response).values_list("address", flat=True))
        for place in (p for p in path.places.values() if p.address not in there):
            fields = {"question": ids[place.question], "address": place.address, "file": file}
            name = f"หลักฐานประกอบการตอบ {len(rows)}.pdf"
            rows.append(Attachment(response=response, name=name, added_by=by, added_at=timezone.now(), **fields))
    made = Attachment.objects.bulk_create(rows)
    Mark.objects.bulk_create(Mark(attachment=a, pages="1-3, 12", quote=QUOTE, by=by, at=timezone.now()) for a in made)
    tell_planner()


def pages(response: Response, simulation: Simulation) -> Iterator[str]:
    """The addresses of consolidation."""
    yield reverse("survey:consolidate", args=[response.pk])
    yield reverse("survey:consolidate-agreed", args=[response.pk])
    for question in simulation.instrument.questions:
        yield reverse("survey:consolidate-item", args=[response.pk, question.id])


def test_no_page_is_large_or_dear_with_thirty_contributions_to_everything() -> None:
    simulation = played()
    response = simulation.response()
    many = Answer.objects.filter(
        response__agency__isnull=False, question=questions_by_item_id(simulation.round.instrument)["P4.6"]
    )
    assert many.count() == AGENCIES
    prove_everything(simulation)
    client = Client()
    client.force_login(simulation.secretary)
    client.get(next(pages(response, simulation)))  # what is read once per process and session
    for state in ("open", "decided"):
        for url in pages(response, simulation):
            with CaptureQueriesContext(connection) as found:
                page = client.get(url)
            assert page.status_code == 200, url
            assert len(page.content) <= BYTES, (state, url, len(page.content))
            listed = [q["sql"][:90] for q in found if not _prolongs_session(q["sql"])]
            assert len(listed) <= QUERIES, (state, url, listed)
        consolidate_agreed(by=simulation.secretary, response=response)
        # By their keys: within a transaction PostgreSQL knows nothing of the new rows, and a join would take minutes.
        given = list(Response.objects.filter(round=simulation.round, agency__isnull=False).values_list("pk", flat=True))
        Answer.objects.filter(response__in=given).update(revision=7)
