"""The province's share of a play: consolidating, what comes from outside, the committee, the governor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, get_args

from django.utils import timezone

from accounts.models import Province, User
from demo.content import cards, sample_values
from demo.filling import Team, answer
from demo.play import contributions, talk
from demo.play.choose import mended, ranked, united
from demo.play.people import Cast
from demo.play.stage import Stage
from scoring.externals import actions as externals
from scoring.scheme import registry
from survey.answering.checker import Kind
from survey.answering.queries import path_of
from survey.approval import actions as workflow
from survey.assigning.targets import Target, covered
from survey.committee import queries as committee
from survey.committee.actions import delegations, meetings
from survey.committee.actions.delegations import Document
from survey.committee.actions.meetings import Decided, Seat
from survey.consolidating import actions as decisions
from survey.consolidating import queries as consolidation
from survey.consolidating.queries import Book, Decision
from survey.contributing import actions as steps
from survey.instrument.queries import questions_of
from survey.models import Answer, Assignment, Delegation, FrozenResponse, Resolution
from survey.threads.remarks import Remark

DECIDED: Final = "ตัวอย่าง: รวมจากคำตอบของหน่วยงานที่ส่งแล้ว"
SOURCE: Final = "ข้อมูลตัวอย่าง (ไม่ใช่ผลจริง)"
REASON: Final = "ตัวอย่าง: อยู่ระหว่างดำเนินการ จะเสนอให้คณะกรรมการทราบในการประชุมครั้งถัดไป"
CHANGES: Final = "ตัวอย่าง: ขอให้ปรับตามข้อมูลล่าสุดของหน่วยงานภายในวันที่กำหนด"
AGENDA: Final = "ตัวอย่าง: พิจารณาร่างคำตอบแบบสำรวจของจังหวัด"
PLACE: Final = "ห้องประชุมตัวอย่าง ศาลากลางจังหวัด"
PRESENT: Final = 0.8  # share of the members who come; half of the others send somebody
MORE_PROOF: Final = "ตัวอย่าง: ขอเอกสารเพิ่มเติมประกอบคำตอบข้อนี้ก่อนอนุมัติ"
ON_THE_WHOLE: Final = "ตัวอย่าง: ส่งกลับให้ตรวจอีกครั้งก่อนอนุมัติ"
ORDER: Final = "ตัวอย่าง 1/{}"
DELEGATED: Final = 0.4  # of the plays, how many a delegate approves


def consolidate(stage: Stage) -> None:
    """Takes what agrees in one go, then decides question by question."""
    response = stage.response()
    book = consolidation.read(response)
    event = decisions.take_agreed(by=stage.office, response=response, adopt=stage.outside.adopter(stage.office, book))
    stage.say(f"consolidated at once where all agree: {len(event.data['taken'])} questions")
    stage.say(f"consolidated one by one: {len(decide_open(stage))} questions")


def decide_open(stage: Stage) -> list[str]:
    """Decides every question that waits: not decided yet, or changed since. Which those were."""
    book = consolidation.read(stage.response())
    waiting = [e.question.id for e in consolidation.overview(book) if e.is_open]
    return [question for question in waiting if _decide(stage, question)]


def _decide(stage: Stage, question: str) -> bool:
    """Decides one question, as its page does; False where nothing is handed in."""
    response = stage.response()
    book = consolidation.read(response)
    comparison = book.handed_in(question, book.current(question))
    if not comparison.keys:
        return False
    row = book.rows.get(question)
    saved = decisions.save(
        by=stage.office,
        response=response,
        decision=_decision(stage, book, question),
        base_revision=row.revision if row else 0,
        seen={p.response: p.row.revision for p in book.parts.get(question, ())},
        note=DECIDED,
        adopt=stage.outside.adopter(stage.office, book),
    )
    if saved.conflict:
        raise RuntimeError(f"{question} changed while it was decided")
    return True


def _decision(stage: Stage, book: Book, question: str) -> Decision:
    comparison = book.handed_in(question, book.current(question))
    first = united(comparison, stage.rng("decide", question))
    made = consolidation.decide(book, comparison, first)
    if made.merged.is_whole:
        return made
    bad = {*made.merged.undecided, *(fault.address for fault in made.merged.invalid)}
    for choices in (mended(comparison, first, bad), *ranked(comparison)):
        made = consolidation.decide(book, comparison, choices)
        if made.merged.is_whole:
            return made
    raise RuntimeError(f"no contribution to {question} is a valid answer")


def add_own(stage: Stage) -> None:
    """The secretariat answers what nobody was asked, and enters the scores from outside."""
    response = stage.response()
    asked = {q for part in _answering(stage) for q in contributions.asked(stage, part)}
    only = {q.id for q in stage.compiled.questions} - asked
    given = path_of(response).values
    values = sample_values(stage.compiled, f"{stage.seed}/own", only=only, given=given, scene=stage.scene)
    own = {a: v for q, card in cards(stage.compiled, values).items() if q in only for a, v in card.items()}
    team = Team(stage.cast.secretariat, seed=f"{stage.seed}/own")
    answer(team=team, response=response, values=own)
    stage.prove(by=stage.office, response=response, questions=only)
    rng = stage.rng("external")
    for sub_pillar in sorted(registry.scheme_for(stage.compiled).scheme.externals):
        externals.save(
            by=stage.office,
            response=response,
            sub_pillar=sub_pillar,
            score=Decimal(rng.randint(4000, 8500)) / 100,
            source=SOURCE,
            dated=timezone.localdate(),
        )
    stage.say(f"the secretariat answered {len(only)} questions itself and entered the outside scores")


def _answering(stage: Stage) -> Iterable[Assignment]:
    return (part for mine in contributions.parts_of(stage).values() for part in mine)


# -- the committee --------------------------------------------------------------------------------


def endorse(stage: Stage) -> None:
    """The committee meets today, asks for changes in one sub-pillar, and endorses; the changes are made."""
    rng = stage.rng("meeting")
    subjects = committee.subjects(stage.round)
    changed = rng.choice(subjects)
    meeting = meetings.record(
        by=stage.office,
        round_=stage.round,
        fields={"number": "1", "held_at": timezone.now(), "place": PLACE, "agenda": AGENDA},
    )
    meetings.attend(by=stage.office, meeting=meeting, seats=_seats(stage))
    decided = {code: Decided(Resolution.Decision.ENDORSE) for code in subjects}
    decided[changed] = Decided(Resolution.Decision.CHANGES, CHANGES)
    meetings.resolve(by=stage.office, meeting=meeting, decided=decided)
    last = min(timezone.localdate() + timedelta(days=1), timezone.localdate(stage.round.closes_at))
    meetings.conclude(by=stage.office, meeting=meeting, late_until=last)
    stage.say(f"the committee endorsed, with changes in {changed}")
    _add_late(stage, changed)


def _seats(stage: Stage) -> list[Seat]:
    rng = stage.rng("seats")
    names = ["ประธานกรรมการ", *(f"หัวหน้า{agency.name_th}" for agency in stage.agencies)]
    drawn = [(name, rng.random()) for name in names]
    return [Seat(name, present=n < PRESENT, represented=n >= (1 + PRESENT) / 2) for name, n in drawn]


def _add_late(stage: Stage, sub_pillar: str) -> None:
    """An agency changes an accepted answer of the sub-pillar; the province takes it over and closes the remark."""
    questions = set(covered(stage.compiled, Target(sub_pillar)))
    for part in _answering(stage):
        if part.state == Assignment.State.ACCEPTED and not questions.isdisjoint(contributions.asked(stage, part)):
            steps.move(by=stage.office, part=part, name="return", reason=CHANGES)
            contributions.mend(stage, part)
            steps.accept_all(by=stage.office, found=[part])
            stage.say(f"changed after the endorsement: {', '.join(decide_open(stage)) or 'nothing'}")
            break
    talk.answer_remarks(stage, stage.office)


# -- the governor ---------------------------------------------------------------------------------


def submit(stage: Stage) -> None:
    """Puts the answer before the governor, with one reason for all points of a kind that are open."""
    response = stage.response()
    reasons = dict.fromkeys(get_args(Kind), REASON)
    event = workflow.submit(by=stage.office, response=response, points=stage.outside.points, reasons=reasons)
    stage.say(f"submitted with {len(event.data['open_points'])} open points, each with a reason")


def send_back(stage: Stage) -> None:
    """The governor returns the answer with remarks; the secretariat adds proof, replies and closes them."""
    response, rng = stage.response(), stage.rng("governor")
    rows = questions_of(stage.round.instrument)
    given = Answer.objects.filter(response=response).exclude(value={}).order_by("question__order")
    doubted = rng.choice(list(given.values_list("question__item_id", flat=True)))
    workflow.send_back(
        by=stage.cast.governor,
        response=response,
        comments=[Remark(rows[doubted], MORE_PROOF)],
        text=ON_THE_WHOLE,
    )
    added = stage.prove(by=stage.office, response=stage.response(), questions=[doubted], surely=True)
    closed = talk.answer_remarks(stage, stage.office)
    stage.say(f"the governor returned it over {doubted}; {added} papers added, {len(closed)} remarks answered")


def approve(stage: Stage) -> FrozenResponse:
    """The governor, or by chance a delegate, approves what was submitted; answers, evidence and score are frozen."""
    by = stage.cast.governor
    if stage.rng("delegate").random() < DELEGATED:
        by = _delegate(stage)
    response = stage.response()
    frozen = workflow.approve(by=by, response=response, compose=stage.outside.compose, seen=response.version)
    stage.say(f"approved{'' if by == stage.cast.governor else ' by the delegate'}: {frozen.sha256}")
    return frozen


def _delegate(stage: Stage) -> User:
    """A member of the committee who may approve from today, on the strength of a sample order."""
    today = timezone.localdate()
    with TemporaryDirectory() as folder:
        order = Path(folder) / "order.pdf"
        order.write_bytes(stage.papers[0].content)
        delegations.create(
            by=stage.cast.governor,
            province=stage.round.province,
            delegate=stage.cast.committee,
            starts_on=today,
            ends_on=max(today, timezone.localdate(stage.round.closes_at)),
            document=Document(ORDER.format(stage.round.year), order),
        )
    return User.objects.get(pk=stage.cast.committee.pk)  # its roles are read anew


def end_delegations(province: Province, cast: Cast) -> None:
    """Takes back what made-up governors of an earlier play gave."""
    for given in Delegation.objects.filter(province=province, revoked_at=None, by=cast.governor):
        delegations.revoke(by=cast.governor, delegation=given)
