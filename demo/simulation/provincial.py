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
from demo.content import sample_values, values_by_question
from demo.filling import AuthorTeam, fill_answers
from demo.simulation import contributions
from demo.simulation import discussions as talk
from demo.simulation.merge_choices import combined_choices, majority_choices, ranked_contributions
from demo.simulation.people import SimulationPeople
from demo.simulation.simulation import Simulation
from scoring.externals import actions as externals
from scoring.scheme import registry
from survey.answering.checker import OpenPointKind
from survey.answering.queries import response_path
from survey.approval.actions import approve_response, return_response, submit_response
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.committee.actions import delegations, meetings
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.delegations import DelegationDocument
from survey.committee.actions.meetings import MemberAttendance, SubPillarDecision
from survey.committee.queries import sub_pillars_to_decide
from survey.consolidating.actions import consolidate_agreed, save_consolidation
from survey.consolidating.merge_decision import MergeDecision, make_decision
from survey.consolidating.overview import consolidation_overview
from survey.consolidating.queries import read_consolidation
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.contributing.actions import accept_parts, move_part
from survey.instrument.queries import questions_by_item_id
from survey.models import Answer, Assignment, Delegation, FrozenResponse, Resolution
from survey.threads.comments import NewComment

DECISION_NOTE: Final = "ตัวอย่าง: รวมจากคำตอบของหน่วยงานที่ส่งแล้ว"
EXTERNAL_SOURCE: Final = "ข้อมูลตัวอย่าง (ไม่ใช่ผลจริง)"
OPEN_POINT_REASON: Final = "ตัวอย่าง: อยู่ระหว่างดำเนินการ จะเสนอให้คณะกรรมการทราบในการประชุมครั้งถัดไป"
CHANGE_REQUEST: Final = "ตัวอย่าง: ขอให้ปรับตามข้อมูลล่าสุดของหน่วยงานภายในวันที่กำหนด"
AGENDA: Final = "ตัวอย่าง: พิจารณาร่างคำตอบแบบสำรวจของจังหวัด"
MEETING_PLACE: Final = "ห้องประชุมตัวอย่าง ศาลากลางจังหวัด"
ATTENDANCE_SHARE: Final = 0.8  # share of the members who come; half of the others send somebody
EVIDENCE_REQUEST: Final = "ตัวอย่าง: ขอเอกสารเพิ่มเติมประกอบคำตอบข้อนี้ก่อนอนุมัติ"
RETURN_NOTE: Final = "ตัวอย่าง: ส่งกลับให้ตรวจอีกครั้งก่อนอนุมัติ"
ORDER_NUMBER: Final = "ตัวอย่าง 1/{}"
DELEGATION_SHARE: Final = 0.4  # of the plays, how many a delegate approves


def consolidate_answers(stage: Simulation) -> None:
    """Takes what agrees in one go, then decides question by question."""
    response = stage.response()
    book = read_consolidation(response)
    event = consolidate_agreed(by=stage.office, response=response, adopt=stage.outside.adopter(stage.office, book))
    stage.say(f"consolidated at once where all agree: {len(event.data['taken'])} questions")
    stage.say(f"consolidated one by one: {len(decide_open_questions(stage))} questions")


def decide_open_questions(stage: Simulation) -> list[str]:
    """Decides every question that waits: not decided yet, or changed since. Which those were."""
    book = read_consolidation(stage.response())
    waiting = [e.question.id for e in consolidation_overview(book) if e.is_open]
    return [question for question in waiting if _decide_question(stage, question)]


def _decide_question(stage: Simulation, question: str) -> bool:
    """Decides one question, as its page does; False where nothing is handed in."""
    response = stage.response()
    book = read_consolidation(response)
    comparison = book.compare_handed_in(question, book.current_values(question))
    if not comparison.keys:
        return False
    row = book.answers.get(question)
    saved = save_consolidation(
        by=stage.office,
        response=response,
        decision=_make_decision(stage, book, question),
        base_revision=row.revision if row else 0,
        seen={p.contribution: p.answer_row.revision for p in book.agency_answers.get(question, ())},
        note=DECISION_NOTE,
        adopt=stage.outside.adopter(stage.office, book),
    )
    if saved.conflict:
        raise RuntimeError(f"{question} changed while it was decided")
    return True


def _make_decision(stage: Simulation, book: RoundConsolidation, question: str) -> MergeDecision:
    comparison = book.compare_handed_in(question, book.current_values(question))
    first = combined_choices(comparison, stage.rng("decide", question))
    made = make_decision(book, comparison, first)
    if made.merged.is_complete:
        return made
    bad = {*made.merged.undecided, *(fault.address for fault in made.merged.invalid)}
    for choices in (majority_choices(comparison, first, bad), *ranked_contributions(comparison)):
        made = make_decision(book, comparison, choices)
        if made.merged.is_complete:
            return made
    raise RuntimeError(f"no contribution to {question} is a valid answer")


def answer_unassigned_questions(stage: Simulation) -> None:
    """The secretariat answers what nobody was asked, and enters the scores from outside."""
    response = stage.response()
    asked = {q for part in _answering_parts(stage) for q in contributions.questions_of_part(stage, part)}
    only = {q.id for q in stage.compiled.questions} - asked
    given = response_path(response).values
    values = sample_values(stage.compiled, f"{stage.seed}/own", only=only, given=given, scene=stage.scene)
    own = {a: v for q, card in values_by_question(stage.compiled, values).items() if q in only for a, v in card.items()}
    team = AuthorTeam(stage.cast.secretariat, seed=f"{stage.seed}/own")
    fill_answers(team=team, response=response, values=own)
    stage.prove(by=stage.office, response=response, questions=only)
    rng = stage.rng("external")
    for sub_pillar in sorted(registry.get_scheme_for_instrument(stage.compiled).scheme.externals):
        externals.save_external_score(
            by=stage.office,
            response=response,
            sub_pillar=sub_pillar,
            score=Decimal(rng.randint(4000, 8500)) / 100,
            source=EXTERNAL_SOURCE,
            dated=timezone.localdate(),
        )
    stage.say(f"the secretariat answered {len(only)} questions itself and entered the outside scores")


def _answering_parts(stage: Simulation) -> Iterable[Assignment]:
    return (part for mine in contributions.parts_by_agency(stage).values() for part in mine)


# -- the committee --------------------------------------------------------------------------------


def hold_committee_meeting(stage: Simulation) -> None:
    """The committee meets today, asks for changes in one sub-pillar, and endorses; the changes are made."""
    rng = stage.rng("meeting")
    subjects = sub_pillars_to_decide(stage.round)
    changed = rng.choice(subjects)
    meeting = meetings.record_meeting(
        by=stage.office,
        round_=stage.round,
        fields={"number": "1", "held_at": timezone.now(), "place": MEETING_PLACE, "agenda": AGENDA},
    )
    meetings.record_attendance(by=stage.office, meeting=meeting, seats=_attendance(stage))
    decided = {code: SubPillarDecision(Resolution.Decision.ENDORSE) for code in subjects}
    decided[changed] = SubPillarDecision(Resolution.Decision.CHANGES, CHANGE_REQUEST)
    meetings.record_resolutions(by=stage.office, meeting=meeting, decided=decided)
    last = min(timezone.localdate() + timedelta(days=1), timezone.localdate(stage.round.closes_at))
    conclude_meeting(by=stage.office, meeting=meeting, late_until=last)
    stage.say(f"the committee endorsed, with changes in {changed}")
    _revise_after_endorsement(stage, changed)


def _attendance(stage: Simulation) -> list[MemberAttendance]:
    rng = stage.rng("seats")
    names = ["ประธานกรรมการ", *(f"หัวหน้า{agency.name_th}" for agency in stage.agencies)]
    drawn = [(name, rng.random()) for name in names]
    return [
        MemberAttendance(name, present=n < ATTENDANCE_SHARE, represented=n >= (1 + ATTENDANCE_SHARE) / 2)
        for name, n in drawn
    ]


def _revise_after_endorsement(stage: Simulation, sub_pillar: str) -> None:
    """An agency changes an accepted answer of the sub-pillar; the province takes it over and closes the remark."""
    questions = set(covered_questions(stage.compiled, AssignmentTarget(sub_pillar)))
    for part in _answering_parts(stage):
        if part.state == Assignment.State.ACCEPTED and not questions.isdisjoint(
            contributions.questions_of_part(stage, part)
        ):
            move_part(by=stage.office, part=part, name="return", reason=CHANGE_REQUEST)
            contributions.revise_part(stage, part)
            accept_parts(by=stage.office, parts=[part])
            stage.say(f"changed after the endorsement: {', '.join(decide_open_questions(stage)) or 'nothing'}")
            break
    talk.resolve_open_comments(stage, stage.office)


# -- the governor ---------------------------------------------------------------------------------


def simulate_submission(stage: Simulation) -> None:
    """Puts the answer before the governor, with one reason for all points of a kind that are open."""
    response = stage.response()
    reasons = dict.fromkeys(get_args(OpenPointKind), OPEN_POINT_REASON)
    event = submit_response(by=stage.office, response=response, points=stage.outside.points, reasons=reasons)
    stage.say(f"submitted with {len(event.data['open_points'])} open points, each with a reason")


def simulate_return(stage: Simulation) -> None:
    """The governor returns the answer with remarks; the secretariat adds proof, replies and closes them."""
    response, rng = stage.response(), stage.rng("governor")
    rows = questions_by_item_id(stage.round.instrument)
    given = Answer.objects.filter(response=response).exclude(value={}).order_by("question__order")
    doubted = rng.choice(list(given.values_list("question__item_id", flat=True)))
    return_response(
        by=stage.cast.governor,
        response=response,
        comments=[NewComment(rows[doubted], EVIDENCE_REQUEST)],
        text=RETURN_NOTE,
    )
    added = stage.prove(by=stage.office, response=stage.response(), questions=[doubted], surely=True)
    closed = talk.resolve_open_comments(stage, stage.office)
    stage.say(f"the governor returned it over {doubted}; {added} papers added, {len(closed)} remarks answered")


def simulate_approval(stage: Simulation) -> FrozenResponse:
    """The governor, or by chance a delegate, approves what was submitted; answers, evidence and score are frozen."""
    by = stage.cast.governor
    if stage.rng("delegate").random() < DELEGATION_SHARE:
        by = _create_delegation(stage)
    response = stage.response()
    frozen = approve_response(by=by, response=response, compose=stage.outside.compose, seen=response.version)
    stage.say(f"approved{'' if by == stage.cast.governor else ' by the delegate'}: {frozen.sha256}")
    return frozen


def _create_delegation(stage: Simulation) -> User:
    """A member of the committee who may approve from today, on the strength of a sample order."""
    today = timezone.localdate()
    with TemporaryDirectory() as folder:
        order = Path(folder) / "order.pdf"
        order.write_bytes(stage.papers[0].content)
        delegations.create_delegation(
            by=stage.cast.governor,
            province=stage.round.province,
            delegate=stage.cast.committee,
            starts_on=today,
            ends_on=max(today, timezone.localdate(stage.round.closes_at)),
            document=DelegationDocument(ORDER_NUMBER.format(stage.round.year), order),
        )
    return User.objects.get(pk=stage.cast.committee.pk)  # its roles are read anew


def revoke_delegations(province: Province, cast: SimulationPeople) -> None:
    """Takes back what made-up governors of an earlier play gave."""
    for given in Delegation.objects.filter(province=province, revoked_at=None, by=cast.governor):
        delegations.revoke_delegation(by=cast.governor, delegation=given)
