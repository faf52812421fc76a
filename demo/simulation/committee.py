"""The committee meeting in a simulated year: attendance, resolutions, changes afterwards."""

from __future__ import annotations

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
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import MemberAttendance, SubPillarDecision
from survey.contributing import actions as steps
from survey.models import Assignment, Resolution

CHANGE_REQUEST: Final = "ตัวอย่าง: ขอให้ปรับตามข้อมูลล่าสุดของหน่วยงานภายในวันที่กำหนด"
AGENDA: Final = "ตัวอย่าง: พิจารณาร่างคำตอบแบบสำรวจของจังหวัด"
MEETING_PLACE: Final = "ห้องประชุมตัวอย่าง ศาลากลางจังหวัด"
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
    meetings.record_attendance(by=simulation.secretary, meeting=meeting, seats=_attendance(simulation))
    decisions = {code: SubPillarDecision(Resolution.Decision.ENDORSE) for code in sub_pillars}
    decisions[changed] = SubPillarDecision(Resolution.Decision.CHANGES, CHANGE_REQUEST)
    meetings.record_resolutions(by=simulation.secretary, meeting=meeting, decided=decisions)
    last = min(timezone.localdate() + timedelta(days=1), timezone.localdate(simulation.round.closes_at))
    conclude_meeting(by=simulation.secretary, meeting=meeting, late_until=last)
    simulation.print_line(f"the committee endorsed, with changes in {changed}")
    _revise_after_endorsement(simulation, changed)


def _attendance(simulation: Simulation) -> list[MemberAttendance]:
    rng = simulation.rng("seats")
    names = ["ประธานกรรมการ", *(f"หัวหน้า{agency.name_th}" for agency in simulation.agencies)]
    drawn = [(name, rng.random()) for name in names]
    return [
        MemberAttendance(name, present=number < ATTENDANCE_SHARE, represented=number >= (1 + ATTENDANCE_SHARE) / 2)
        for name, number in drawn
    ]


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
