"""The contributions in a simulated year: agencies answer, submit or decline; the secretariat accepts or returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accounts.models import Agency, User
from demo.filling import AuthorTeam, fill_answers
from demo.simulation import discussions
from demo.simulation.part_outcomes import UNANSWERED_OUTCOMES, PartOutcomes, draw_outcomes
from demo.simulation.parts import agencies_with_parts, draw_key, next_agency, parts_by_agency, questions_of_part
from demo.simulation.simulation import FORM_COUNT, Simulation, Values
from survey.answering import actions as answers
from survey.assigning.reassigning import reassign_parts
from survey.contributing import actions as steps
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.values import drop_empty_rows
from survey.models import Answer, Assignment
from survey.workflow.refusal import TransitionRefused

UNSURE_SHARE: Final = 0.25  # of the agencies, how many ask for another look at one answer
RESAVED_SHARE: Final = 0.05  # of the cards, how many are saved in two steps
DECLINE_REASON: Final = "ตัวอย่าง: ไม่ใช่ภารกิจของหน่วยงานนี้"
NO_DATA_REASON: Final = "ตัวอย่าง: หน่วยงานไม่มีข้อมูลในเรื่องนี้"
NO_EVIDENCE_REASON: Final = "ตัวอย่าง: อยู่ระหว่างขอเอกสารจากกลุ่มงานที่รับผิดชอบ"
RETURN_REASONS: Final = (
    "ตัวอย่าง: ขอเอกสารฉบับลงนาม",
    "ตัวอย่าง: ขอให้ตรวจตัวเลขกับรายงานประจำปีอีกครั้ง",
    "ตัวอย่าง: ขอให้ระบุเฉพาะงานที่ทำเพิ่มจากกรมต้นสังกัด",
)


def submit_contributions(simulation: Simulation) -> PartOutcomes:
    """Every agency answers, submits or declines its parts; nothing is accepted yet. Returns the outcome of each."""
    agency_parts = parts_by_agency(simulation)
    outcomes = draw_outcomes(simulation, agency_parts)
    for agency in simulation.agencies:
        _answer_parts(
            simulation, agency, [p for p in agency_parts[agency.pk] if outcomes[p.pk] not in UNANSWERED_OUTCOMES]
        )
    discussions.ask_agencies_for_clarification(simulation)
    for agency in simulation.agencies:
        parts = agency_parts[agency.pk]
        for part in parts:
            if outcomes[part.pk] == "decline":
                steps.move_part(by=_coordinator(simulation, agency), part=part, name="decline", reason=DECLINE_REASON)
            elif outcomes[part.pk] == "pass":
                suggested = next_agency(simulation, part)
                steps.move_part(
                    by=_coordinator(simulation, agency),
                    part=part,
                    name="decline",
                    reason=DECLINE_REASON,
                    suggested=suggested,
                )
            elif outcomes[part.pk] in ("submit", "return", "forget"):
                _submit_part(simulation, part)
        submitted = sum(part.state == Assignment.State.SUBMITTED for part in parts)
        simulation.print_line(f"{agency.code}: answered, {submitted} of {len(parts)} parts submitted")
    return outcomes


def review_contributions(simulation: Simulation, outcomes: PartOutcomes) -> None:
    """The secretariat accepts, returns and reassigns parts; those revised or reassigned come in and are accepted."""
    for agency, parts in agencies_with_parts(simulation):
        submitted = [p for p in parts if p.state == Assignment.State.SUBMITTED]
        returned = [p for p in submitted if outcomes[p.pk] in ("return", "forget")]
        for part in returned:
            reason = simulation.rng("reason", *draw_key(simulation, part)).choice(RETURN_REASONS)
            steps.move_part(by=simulation.secretary, part=part, name="return", reason=reason)
        steps.accept_parts(by=simulation.secretary, parts=[p for p in submitted if p not in returned])
        for part in parts:
            if part.state == Assignment.State.DECLINED and part.suggested is not None:
                reassign_parts(by=simulation.secretary, round_=simulation.round, moving=[part], to=part.suggested)
        for part in returned:
            if outcomes[part.pk] == "return":
                revise_part(simulation, part)
        simulation.print_line(f"{agency.code}: reviewed, {len(returned)} of {len(submitted)} parts returned")
    for agency, parts in agencies_with_parts(simulation):
        reassigned = [p for p in parts if p.state == Assignment.State.OPEN and outcomes[p.pk] == "pass"]
        _answer_parts(simulation, agency, reassigned)
        for part in reassigned:
            _submit_part(simulation, part)
        steps.accept_parts(by=simulation.secretary, parts=[p for p in parts if p.state == Assignment.State.SUBMITTED])


def revise_part(simulation: Simulation, part: Assignment) -> list[str]:
    """The agency changes its answer to one question of a returned part and submits again. Returns which."""
    response = simulation.response(part.agency)
    rows = questions_by_item_id(simulation.round.instrument)
    changed: list[str] = []
    for question in questions_of_part(simulation, part):
        old = Answer.objects.filter(response=response, question=rows[question]).first()
        value = _other_answer(simulation, part.agency, question) if old else {}
        if old and value:
            answers.save_answer(
                by=_coordinator(simulation, part.agency),
                response=response,
                question=rows[question],
                value=value,
                base_revision=old.revision,
            )
            simulation.attach_evidence(
                by=_coordinator(simulation, part.agency), response=response, questions=[question]
            )
            changed.append(question)
            break
    _submit_part(simulation, part)
    return changed


def _other_answer(simulation: Simulation, agency: Agency, question: str) -> Values:
    """Another answer than the one the agency gave, if the form variants have one."""
    response = simulation.response(agency)
    first = simulation.form_number(agency, question)
    items = compiled_instrument(simulation.round.instrument).items
    old = drop_empty_rows(simulation.draw_values(response, {question: first}), items)
    others = (
        drop_empty_rows(simulation.draw_values(response, {question: (first + step) % FORM_COUNT}), items)
        for step in range(1, FORM_COUNT)
    )
    return next((value for value in others if value and value != old), {})


def _coordinator(simulation: Simulation, agency: Agency) -> User:
    return simulation.people.coordinators[agency.pk]


def _answer_parts(simulation: Simulation, agency: Agency, parts: Sequence[Assignment]) -> None:
    """Answers the questions of these parts, and attaches evidence."""
    questions = {q: simulation.form_number(agency, q) for part in parts for q in questions_of_part(simulation, part)}
    if not questions:
        return
    number = simulation.agency_numbers[agency.pk]
    response = simulation.response(agency)
    team = AuthorTeam([_coordinator(simulation, agency)], seed=f"{simulation.seed}/work/{number}/{len(questions)}")
    unsure = int(simulation.rng("doubt", number).random() < UNSURE_SHARE)
    fill_answers(
        team=team,
        response=response,
        values=simulation.draw_values(response, questions),
        unsure=unsure,
        redone=RESAVED_SHARE,
    )
    simulation.attach_evidence(by=_coordinator(simulation, agency), response=response, questions=questions)


def _submit_part(simulation: Simulation, part: Assignment) -> None:
    """Submits a part, with a reason for missing evidence; where nothing was answered, there is nothing to report."""
    by = _coordinator(simulation, part.agency)
    reasons = dict.fromkeys(questions_of_part(simulation, part), NO_EVIDENCE_REASON)
    try:
        steps.move_part(by=by, part=part, name="submit", evidence_reasons=reasons)
    except TransitionRefused as refused:
        if refused.reason != "guard":
            raise
        steps.move_part(by=by, part=part, name="nothing", reason=NO_DATA_REASON)
