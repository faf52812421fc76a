"""The committee meeting in a simulated year: attendance, resolutions, changes afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.utils import timezone

from demo.simulation import contributions, discussions
from demo.simulation.consolidation import decide_open_questions
from demo.simulation.parts import questions_of_part
from demo.simulation.simulation import Simulation
from demo.simulation.unassigned import answering_parts
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.committee import queries as committee
from survey.committee.actions import meetings
from survey.committee.actions.attendance import record_attendance
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import SubPillarDecision
from survey.committee.attendance import Presence, Seat, read_attendance
from survey.committee.titles import propose_members
from survey.contributing import actions as steps
from survey.models import Assignment, Meeting, Resolution

CHANGE_REQUEST: Final = "ตัวอย่าง: ขอให้ปรับตามข้อมูลล่าสุดของหน่วยงานภายในวันที่กำหนด"
AGENDA: Final = "ตัวอย่าง: พิจารณาร่างคำตอบแบบสำรวจของจังหวัด"
MEETING_PLACE: Final = "ห้องประชุมตัวอย่าง ศาลากลางจังหวัด"
SUBSTITUTE: Final = "ผู้แทนตัวอย่าง"
SUBSTITUTE_POST: Final = "ผู้ช่วยหัวหน้าหน่วยงาน"
ABSENCE_REASON: Final = "ติดราชการ"
ATTENDANCE_SHARE: Final = 0.8  # share of the members who come; half of the others send somebody


def hold_committee_meeting(simulation: Simulation) -> None:
    """The committee meets today, asks for changes in one sub-pillar, and endorses; the changes are made."""
    rng = simulation.rng("meeting")
    sub_pillars = committee.sub_pillars_to_decide(simulation.round)
    changed = rng.choice(sub_pillars)
    meeting = meetings.record_meeting(
        by=simulation.secretary,
        round_=simulation.round,
        fields={"number": "1", "held_at": timezone.now(), "place": MEETING_PLACE, "agenda": AGENDA},
    )
    record_attendance(by=simulation.secretary, meeting=meeting, seats=_attendance(simulation, meeting))
    decisions = {code: SubPillarDecision(Resolution.Decision.ENDORSE) for code in sub_pillars}
    decisions[changed] = SubPillarDecision(Resolution.Decision.CHANGES, CHANGE_REQUEST)
    meetings.record_resolutions(by=simulation.secretary, meeting=meeting, decided=decisions)
    last = min(timezone.localdate() + timedelta(days=1), timezone.localdate(simulation.round.closes_at))
    conclude_meeting(by=simulation.secretary, meeting=meeting, late_until=last)
    simulation.print_line(f"the committee endorsed, with changes in {changed}")
    _revise_after_endorsement(simulation, changed)


def _attendance(simulation: Simulation, meeting: Meeting) -> list[Seat]:
    """Who comes: of the register's members, or where there is none of the province's usual committee."""
    rng = simulation.rng("seats")
    offices = [agency.name_th for agency in simulation.agencies]
    usual = [Seat(one.post) for one in propose_members(simulation.round.province.chief_post, offices)]
    seats = read_attendance(meeting).seats or usual
    return [_attended(seat, 0 if place == 0 else rng.random()) for place, seat in enumerate(seats)]


def _attended(seat: Seat, number: float) -> Seat:
    if number < ATTENDANCE_SHARE:
        return replace(seat, presence=Presence.CAME)
    if number < (1 + ATTENDANCE_SHARE) / 2:
        return replace(seat, presence=Presence.ABSENT, reason=ABSENCE_REASON)
    return replace(seat, presence=Presence.REPRESENTED, substitute_name=SUBSTITUTE, substitute_post=SUBSTITUTE_POST)


def _revise_after_endorsement(simulation: Simulation, sub_pillar: str) -> None:
    """An agency changes an accepted answer of the sub-pillar; the province takes it over and resolves the comment."""
    questions = set(covered_questions(simulation.instrument, AssignmentTarget(sub_pillar)))
    for part in answering_parts(simulation):
        if part.state == Assignment.State.ACCEPTED and not questions.isdisjoint(questions_of_part(simulation, part)):
            steps.move_part(by=simulation.secretary, part=part, name="return", reason=CHANGE_REQUEST)
            contributions.revise_part(simulation, part)
            steps.accept_parts(by=simulation.secretary, parts=[part])
            simulation.print_line(
                f"changed after the endorsement: {', '.join(decide_open_questions(simulation)) or 'nothing'}"
            )
            break
    discussions.resolve_open_comments(simulation, simulation.secretary)
