"""The agencies' share of a play: they answer, prove, submit or decline; the secretariat accepts or returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from accounts.models import Agency, User
from demo.filling import Team, answer
from demo.play import talk
from demo.play.stage import FORMS, Stage, Values
from survey.answering import actions as answers
from survey.assigning import actions as assignments
from survey.assigning import queries as parts
from survey.assigning.targets import Target, covered
from survey.contributing import actions as steps
from survey.instrument.queries import questions_of
from survey.instrument.values import tidy
from survey.models import Answer, Assignment
from survey.workflow.response_states import Refused

# pass: declined in favour of another agency; leave: not looked at; draft: answered, never submitted;
# return: sent back once and mended; forget: sent back and left there
Fate = Literal["pass", "decline", "leave", "draft", "return", "forget", "submit"]
Fates = Mapping[int, Fate]
Chances = tuple[tuple[float, Fate], ...]

# What becomes of a part, by chance: where nobody else answers, where an agency answers if it has something, else.
ALONE: Final[Chances] = ((0.12, "pass"), (0.30, "return"), (1, "submit"))
IF_ANY: Final[Chances] = ((0.20, "decline"), (0.35, "leave"), (0.40, "draft"), (0.48, "return"), (1, "submit"))
ASKED: Final[Chances] = ((0.04, "decline"), (0.06, "draft"), (0.18, "return"), (0.20, "forget"), (1, "submit"))
IDLE: Final = ("pass", "decline", "leave")  # fates of parts that their agency answers nothing to

DOUBTFUL: Final = 0.25  # of the agencies, how many ask for another look at one answer
REDONE: Final = 0.05  # of the cards, how many are saved in two steps
NOT_OURS: Final = "ตัวอย่าง: ไม่ใช่ภารกิจของหน่วยงานนี้"
NOTHING: Final = "ตัวอย่าง: หน่วยงานไม่มีข้อมูลในเรื่องนี้"
SEND_BACK: Final = (
    "ตัวอย่าง: ขอเอกสารฉบับลงนาม",
    "ตัวอย่าง: ขอให้ตรวจตัวเลขกับรายงานประจำปีอีกครั้ง",
    "ตัวอย่าง: ขอให้ระบุเฉพาะงานที่ทำเพิ่มจากกรมต้นสังกัด",
)


def give(stage: Stage) -> Fates:
    """Every agency answers what it will, submits and declines; nothing is accepted yet. What becomes of each part."""
    found = parts_of(stage)
    fates = _fates(stage, found)
    for agency in stage.agencies:
        _work(stage, agency, [p for p in found[agency.pk] if fates[p.pk] not in IDLE])
    talk.ask_agencies(stage)
    for agency in stage.agencies:
        mine = found[agency.pk]
        for part in mine:
            if fates[part.pk] == "decline":
                steps.move(by=_who(stage, agency), part=part, name="decline", reason=NOT_OURS)
            elif fates[part.pk] == "pass":
                heir = _heir(stage, part)
                steps.move(by=_who(stage, agency), part=part, name="decline", reason=NOT_OURS, suggested=heir)
            elif fates[part.pk] in ("submit", "return", "forget"):
                _submit(stage, part)
        submitted = sum(part.state == Assignment.State.SUBMITTED for part in mine)
        stage.say(f"{agency.code}: answered, {submitted} of {len(mine)} parts submitted")
    return fates


def review(stage: Stage, fates: Fates) -> None:
    """The secretariat accepts, returns and hands over; what is mended or handed over comes in and is accepted."""
    for agency, mine in _each(stage):
        submitted = [p for p in mine if p.state == Assignment.State.SUBMITTED]
        back = [p for p in submitted if fates[p.pk] in ("return", "forget")]
        for part in back:
            reason = stage.rng("reason", *_name(stage, part)).choice(SEND_BACK)
            steps.move(by=stage.office, part=part, name="return", reason=reason)
        steps.accept_all(by=stage.office, found=[p for p in submitted if p not in back])
        for part in mine:
            if part.state == Assignment.State.DECLINED and part.suggested is not None:
                assignments.reassign(by=stage.office, round_=stage.round, moving=[part], to=part.suggested)
        for part in back:
            if fates[part.pk] == "return":
                mend(stage, part)
        stage.say(f"{agency.code}: reviewed, {len(back)} of {len(submitted)} parts returned")
    for agency, mine in _each(stage):
        handed = [p for p in mine if p.state == Assignment.State.OPEN and fates[p.pk] == "pass"]
        _work(stage, agency, handed)
        for part in handed:
            _submit(stage, part)
        steps.accept_all(by=stage.office, found=[p for p in mine if p.state == Assignment.State.SUBMITTED])


def mend(stage: Stage, part: Assignment) -> list[str]:
    """The agency changes its answer to one question of a returned part and submits again; the question it changed."""
    response = stage.response(part.agency)
    rows = questions_of(stage.round.instrument)
    changed: list[str] = []
    for question in asked(stage, part):
        old = Answer.objects.filter(response=response, question=rows[question]).first()
        value = _another(stage, part.agency, question) if old else {}
        if old and value:
            answers.save(
                by=_who(stage, part.agency),
                response=response,
                question=rows[question],
                value=value,
                base_revision=old.revision,
            )
            stage.prove(by=_who(stage, part.agency), response=response, questions=[question])
            changed.append(question)
            break
    _submit(stage, part)
    return changed


def _another(stage: Stage, agency: Agency, question: str) -> Values:
    """Another answer than the one it gave, if the forms have one."""
    response = stage.response(agency)
    first = stage.number(agency, question)
    old = tidy(stage.drawn(response, {question: first}))
    others = (tidy(stage.drawn(response, {question: (first + step) % FORMS})) for step in range(1, FORMS))
    return next((value for value in others if value and value != old), {})


# -- what an agency does --------------------------------------------------------------------------


def _who(stage: Stage, agency: Agency) -> User:
    return stage.cast.coordinators[agency.pk]


def _work(stage: Stage, agency: Agency, mine: Sequence[Assignment]) -> None:
    """Answers the questions of these parts, and proves the answers."""
    questions = {q: stage.number(agency, q) for part in mine for q in asked(stage, part)}
    if not questions:
        return
    place = stage.place[agency.pk]
    response = stage.response(agency)
    team = Team([_who(stage, agency)], seed=f"{stage.seed}/work/{place}/{len(questions)}")
    unsure = int(stage.rng("doubt", place).random() < DOUBTFUL)
    answer(team=team, response=response, values=stage.drawn(response, questions), unsure=unsure, redone=REDONE)
    stage.prove(by=_who(stage, agency), response=response, questions=questions)


def _submit(stage: Stage, part: Assignment) -> None:
    """Submits a part; one to which nothing could be answered is declined."""
    by = _who(stage, part.agency)
    try:
        steps.move(by=by, part=part, name="submit")
    except Refused as refused:
        if refused.why != "guard":
            raise
        steps.move(by=by, part=part, name="decline", reason=NOTHING)


# -- parts and what becomes of them ---------------------------------------------------------------


def asked(stage: Stage, part: Assignment) -> tuple[str, ...]:
    """The questions of a part."""
    return covered(stage.compiled, _target(stage, part))


def _target(stage: Stage, part: Assignment) -> Target:
    return parts.target_of(stage.round.instrument, part)


def _name(stage: Stage, part: Assignment) -> tuple[int, str]:
    """A part apart from its keys, for drawing."""
    return stage.place[part.agency_id], str(_target(stage, part))


def parts_of(stage: Stage) -> dict[int, list[Assignment]]:
    """What each agency of the play answers, in the order of the form."""
    rows = Assignment.objects.filter(round=stage.round, role__in=parts.ANSWERING, agency__in=stage.place)
    out: dict[int, list[Assignment]] = {agency.pk: [] for agency in stage.agencies}
    for part in parts.in_order(stage.round.instrument, rows.select_related("agency", "suggested", "state_by")):
        part.round = stage.round
        out[part.agency_id].append(part)
    return out


def _each(stage: Stage) -> list[tuple[Agency, list[Assignment]]]:
    found = parts_of(stage)
    return [(agency, found[agency.pk]) for agency in stage.agencies]


def _fates(stage: Stage, found: Mapping[int, Sequence[Assignment]]) -> dict[int, Fate]:
    """Drawn once per agency and target. No question is left without anybody who answers it."""
    times = Counter(q for mine in found.values() for q in {q for p in mine for q in asked(stage, p)})
    out: dict[int, Fate] = {}
    for part in (p for mine in found.values() for p in mine):
        alone = any(times[q] == 1 for q in asked(stage, part))
        chances = ALONE if alone else IF_ANY if part.if_any else ASKED
        drawn = stage.rng("fate", *_name(stage, part)).random()
        fate = next(name for limit, name in chances if drawn < limit)
        out[part.pk] = "submit" if fate == "pass" and _heir(stage, part) is None else fate
    if "pass" not in out.values():  # wherever somebody else can take a part over, one is handed on
        all_parts = (p for mine in found.values() for p in mine)
        passed = next((p for p in all_parts if _heir(stage, p) is not None), None)
        if passed is not None:
            out[passed.pk] = "pass"
    return out


def _heir(stage: Stage, part: Assignment) -> Agency | None:
    """The next agency that has nothing to do with what the part is about, in any role."""
    target = _target(stage, part)
    names = parts.fields_of(stage.round.instrument, target)
    has = set(Assignment.objects.filter(round=stage.round, **names).values_list("agency", flat=True))
    start = stage.place[part.agency_id] + 1
    return next((a for a in (*stage.agencies[start:], *stage.agencies[:start]) if a.pk not in has), None)
