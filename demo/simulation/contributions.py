"""The agencies' share of a play: they answer, prove, submit or decline; the secretariat accepts or returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from accounts.models import Agency, User
from demo.filling import AuthorTeam, fill_answers
from demo.simulation import discussions as talk
from demo.simulation.simulation import FORM_COUNT, Simulation, Values
from survey.answering import actions as answers
from survey.assigning import queries as parts
from survey.assigning.reassigning import reassign_parts
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.contributing import actions as steps
from survey.instrument.queries import questions_by_item_id
from survey.instrument.values import drop_empty_rows
from survey.models import Answer, Assignment
from survey.workflow.refusal import TransitionRefused

# pass: declined in favour of another agency; leave: not looked at; draft: answered, never submitted;
# return: sent back once and mended; forget: sent back and left there
PartOutcome = Literal["pass", "decline", "leave", "draft", "return", "forget", "submit"]
PartOutcomes = Mapping[int, PartOutcome]
OutcomeChances = tuple[tuple[float, PartOutcome], ...]

# What becomes of a part, by chance: where nobody else answers, where an agency answers if it has something, else.
SOLE_CHANCES: Final[OutcomeChances] = ((0.12, "pass"), (0.30, "return"), (1, "submit"))
IF_ANY_CHANCES: Final[OutcomeChances] = (
    (0.20, "decline"),
    (0.35, "leave"),
    (0.40, "draft"),
    (0.48, "return"),
    (1, "submit"),
)
USUAL_CHANCES: Final[OutcomeChances] = (
    (0.04, "decline"),
    (0.06, "draft"),
    (0.18, "return"),
    (0.20, "forget"),
    (1, "submit"),
)
UNANSWERED_OUTCOMES: Final = ("pass", "decline", "leave")  # fates of parts that their agency answers nothing to

UNSURE_SHARE: Final = 0.25  # of the agencies, how many ask for another look at one answer
RESAVED_SHARE: Final = 0.05  # of the cards, how many are saved in two steps
DECLINE_REASON: Final = "ตัวอย่าง: ไม่ใช่ภารกิจของหน่วยงานนี้"
NO_DATA_REASON: Final = "ตัวอย่าง: หน่วยงานไม่มีข้อมูลในเรื่องนี้"
RETURN_REASONS: Final = (
    "ตัวอย่าง: ขอเอกสารฉบับลงนาม",
    "ตัวอย่าง: ขอให้ตรวจตัวเลขกับรายงานประจำปีอีกครั้ง",
    "ตัวอย่าง: ขอให้ระบุเฉพาะงานที่ทำเพิ่มจากกรมต้นสังกัด",
)


def submit_contributions(stage: Simulation) -> PartOutcomes:
    """Every agency answers what it will, submits and declines; nothing is accepted yet. What becomes of each part."""
    found = parts_by_agency(stage)
    fates = _draw_outcomes(stage, found)
    for agency in stage.agencies:
        _answer_parts(stage, agency, [p for p in found[agency.pk] if fates[p.pk] not in UNANSWERED_OUTCOMES])
    talk.ask_agencies_for_clarification(stage)
    for agency in stage.agencies:
        mine = found[agency.pk]
        for part in mine:
            if fates[part.pk] == "decline":
                steps.move_part(by=_coordinator(stage, agency), part=part, name="decline", reason=DECLINE_REASON)
            elif fates[part.pk] == "pass":
                heir = _next_agency(stage, part)
                steps.move_part(
                    by=_coordinator(stage, agency), part=part, name="decline", reason=DECLINE_REASON, suggested=heir
                )
            elif fates[part.pk] in ("submit", "return", "forget"):
                _submit_part(stage, part)
        submitted = sum(part.state == Assignment.State.SUBMITTED for part in mine)
        stage.say(f"{agency.code}: answered, {submitted} of {len(mine)} parts submitted")
    return fates


def review_contributions(stage: Simulation, fates: PartOutcomes) -> None:
    """The secretariat accepts, returns and hands over; what is mended or handed over comes in and is accepted."""
    for agency, mine in _agencies_with_parts(stage):
        submitted = [p for p in mine if p.state == Assignment.State.SUBMITTED]
        back = [p for p in submitted if fates[p.pk] in ("return", "forget")]
        for part in back:
            reason = stage.rng("reason", *_draw_key(stage, part)).choice(RETURN_REASONS)
            steps.move_part(by=stage.office, part=part, name="return", reason=reason)
        steps.accept_parts(by=stage.office, parts=[p for p in submitted if p not in back])
        for part in mine:
            if part.state == Assignment.State.DECLINED and part.suggested is not None:
                reassign_parts(by=stage.office, round_=stage.round, moving=[part], to=part.suggested)
        for part in back:
            if fates[part.pk] == "return":
                revise_part(stage, part)
        stage.say(f"{agency.code}: reviewed, {len(back)} of {len(submitted)} parts returned")
    for agency, mine in _agencies_with_parts(stage):
        handed = [p for p in mine if p.state == Assignment.State.OPEN and fates[p.pk] == "pass"]
        _answer_parts(stage, agency, handed)
        for part in handed:
            _submit_part(stage, part)
        steps.accept_parts(by=stage.office, parts=[p for p in mine if p.state == Assignment.State.SUBMITTED])


def revise_part(stage: Simulation, part: Assignment) -> list[str]:
    """The agency changes its answer to one question of a returned part and submits again; the question it changed."""
    response = stage.response(part.agency)
    rows = questions_by_item_id(stage.round.instrument)
    changed: list[str] = []
    for question in questions_of_part(stage, part):
        old = Answer.objects.filter(response=response, question=rows[question]).first()
        value = _other_answer(stage, part.agency, question) if old else {}
        if old and value:
            answers.save_answer(
                by=_coordinator(stage, part.agency),
                response=response,
                question=rows[question],
                value=value,
                base_revision=old.revision,
            )
            stage.prove(by=_coordinator(stage, part.agency), response=response, questions=[question])
            changed.append(question)
            break
    _submit_part(stage, part)
    return changed


def _other_answer(stage: Simulation, agency: Agency, question: str) -> Values:
    """Another answer than the one it gave, if the forms have one."""
    response = stage.response(agency)
    first = stage.number(agency, question)
    old = drop_empty_rows(stage.drawn(response, {question: first}))
    others = (
        drop_empty_rows(stage.drawn(response, {question: (first + step) % FORM_COUNT})) for step in range(1, FORM_COUNT)
    )
    return next((value for value in others if value and value != old), {})


# -- what an agency does --------------------------------------------------------------------------


def _coordinator(stage: Simulation, agency: Agency) -> User:
    return stage.cast.coordinators[agency.pk]


def _answer_parts(stage: Simulation, agency: Agency, mine: Sequence[Assignment]) -> None:
    """Answers the questions of these parts, and proves the answers."""
    questions = {q: stage.number(agency, q) for part in mine for q in questions_of_part(stage, part)}
    if not questions:
        return
    place = stage.place[agency.pk]
    response = stage.response(agency)
    team = AuthorTeam([_coordinator(stage, agency)], seed=f"{stage.seed}/work/{place}/{len(questions)}")
    unsure = int(stage.rng("doubt", place).random() < UNSURE_SHARE)
    fill_answers(
        team=team, response=response, values=stage.drawn(response, questions), unsure=unsure, redone=RESAVED_SHARE
    )
    stage.prove(by=_coordinator(stage, agency), response=response, questions=questions)


def _submit_part(stage: Simulation, part: Assignment) -> None:
    """Submits a part; one to which nothing could be answered is declined."""
    by = _coordinator(stage, part.agency)
    try:
        steps.move_part(by=by, part=part, name="submit")
    except TransitionRefused as refused:
        if refused.reason != "guard":
            raise
        steps.move_part(by=by, part=part, name="decline", reason=NO_DATA_REASON)


# -- parts and what becomes of them ---------------------------------------------------------------


def questions_of_part(stage: Simulation, part: Assignment) -> tuple[str, ...]:
    """The questions of a part."""
    return covered_questions(stage.compiled, _target(stage, part))


def _target(stage: Simulation, part: Assignment) -> AssignmentTarget:
    return parts.assignment_target(stage.round.instrument, part)


def _draw_key(stage: Simulation, part: Assignment) -> tuple[int, str]:
    """A part apart from its keys, for drawing."""
    return stage.place[part.agency_id], str(_target(stage, part))


def parts_by_agency(stage: Simulation) -> dict[int, list[Assignment]]:
    """What each agency of the play answers, in the order of the form."""
    rows = Assignment.objects.filter(round=stage.round, role__in=parts.ANSWERING_ROLES, agency__in=stage.place)
    out: dict[int, list[Assignment]] = {agency.pk: [] for agency in stage.agencies}
    for part in parts.sort_assignments(stage.round.instrument, rows.select_related("agency", "suggested", "state_by")):
        part.round = stage.round
        out[part.agency_id].append(part)
    return out


def _agencies_with_parts(stage: Simulation) -> list[tuple[Agency, list[Assignment]]]:
    found = parts_by_agency(stage)
    return [(agency, found[agency.pk]) for agency in stage.agencies]


def _draw_outcomes(stage: Simulation, found: Mapping[int, Sequence[Assignment]]) -> dict[int, PartOutcome]:
    """Drawn once per agency and target. No question is left without anybody who answers it."""
    times = Counter(q for mine in found.values() for q in {q for p in mine for q in questions_of_part(stage, p)})
    out: dict[int, PartOutcome] = {}
    for part in (p for mine in found.values() for p in mine):
        alone = any(times[q] == 1 for q in questions_of_part(stage, part))
        chances = SOLE_CHANCES if alone else IF_ANY_CHANCES if part.if_any else USUAL_CHANCES
        drawn = stage.rng("fate", *_draw_key(stage, part)).random()
        fate = next(name for limit, name in chances if drawn < limit)
        out[part.pk] = "submit" if fate == "pass" and _next_agency(stage, part) is None else fate
    if "pass" not in out.values():  # wherever somebody else can take a part over, one is handed on
        all_parts = (p for mine in found.values() for p in mine)
        passed = next((p for p in all_parts if _next_agency(stage, p) is not None), None)
        if passed is not None:
            out[passed.pk] = "pass"
    return out


def _next_agency(stage: Simulation, part: Assignment) -> Agency | None:
    """The next agency that has nothing to do with what the part is about, in any role."""
    target = _target(stage, part)
    names = parts.target_columns(stage.round.instrument, target)
    has = set(Assignment.objects.filter(round=stage.round, **names).values_list("agency", flat=True))
    start = stage.place[part.agency_id] + 1
    return next((a for a in (*stage.agencies[start:], *stage.agencies[:start]) if a.pk not in has), None)
