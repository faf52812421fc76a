"""Attendance by the register: blank at first, by the day of the meeting, and its quorum."""

import pytest
from django.test import Client
from django.urls import reverse

from survey.committee.actions import register
from survey.committee.actions.attendance import record_attendance
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import change_meeting
from survey.committee.attendance import Seat, attendance_fault, count_attendance, read_attendance
from survey.models import Attendance, CommitteeOrder, Meeting
from survey.workflow.refusal import TransitionRefused
from tests.committee import at, attend, decide, make_meeting, make_order, today
from tests.flow import Flow, text


@pytest.fixture
def order(flow: Flow) -> CommitteeOrder:
    return make_order(flow.secretariat, flow.province, "ประธาน", "กรรมการหนึ่ง", "กรรมการสอง", quorum=2)


def test_it_starts_blank_with_the_members_of_the_day(flow: Flow, order: CommitteeOrder) -> None:
    by = flow.secretariat
    register.change_member(by=by, member=order.members.get(post="กรรมการสอง"), fields={"ends_on": today(1)})
    meeting = make_meeting(by, flow.round, days=2)
    sheet = read_attendance(meeting)
    assert [(s.position, s.presence) for s in sheet.seats] == [("ประธาน", ""), ("กรรมการหนึ่ง", "")]
    assert (sheet.order, sheet.count.blank, sheet.count.quorum) == (order, 2, 2)
    assert not Attendance.objects.exists()
    change_meeting(by=by, meeting=meeting, fields={"held_at": at(1)})
    meeting.refresh_from_db()
    assert len(read_attendance(meeting).seats) == 3


def test_a_seat_is_the_members_whatever_is_posted(flow: Flow, order: CommitteeOrder) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    first = order.members.all()[0]
    register.change_member(by=flow.secretariat, member=first, fields={"name": "ผู้ว่าฯ ตัวอย่าง"})
    posted = [Seat("อื่น", "ชื่ออื่น", member=first.pk, presence="came"), Seat("x", member=999999, presence="came")]
    assert record_attendance(by=flow.secretariat, meeting=meeting, seats=posted) == 1
    row = Attendance.objects.get()
    assert (row.position, row.name, row.member) == ("ประธาน", "ผู้ว่าฯ ตัวอย่าง", first)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["", "", ""], "ยังไม่ได้บันทึกผู้เข้าประชุม"),
        (["came", "", ""], "ยังไม่ได้บันทึกการมาประชุมของ กรรมการหนึ่ง, กรรมการสอง"),
        (["came", "represented", "absent"], "ระบุว่าใครมาประชุมแทน กรรมการหนึ่ง"),
        (["absent", "absent", "absent"], "ไม่มีกรรมการมาประชุม"),
        (["came", "absent", "absent"], ""),
    ],
)
def test_no_conclusion_without_attendance(flow: Flow, order: CommitteeOrder, said: list[str], words: str) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    seats = [Seat("", member=m.pk, presence=one) for m, one in zip(order.members.all(), said, strict=True)]
    record_attendance(by=flow.secretariat, meeting=meeting, seats=seats)
    if not words:
        conclude_meeting(by=flow.secretariat, meeting=meeting)
        return
    with pytest.raises(TransitionRefused, match=words):
        conclude_meeting(by=flow.secretariat, meeting=meeting)
    assert Meeting.objects.get().concluded_at is None


def test_the_quorum_is_shown_and_kept_as_it_was(flow: Flow, order: CommitteeOrder, client: Client) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    one, *others = order.members.all()
    seats = [Seat("", member=one.pk, presence="came"), *[Seat("", member=m.pk, presence="absent") for m in others]]
    record_attendance(by=flow.secretariat, meeting=meeting, seats=seats)
    client.force_login(flow.secretariat)
    args = [flow.province.code, flow.round.year, meeting.pk]
    assert "ไม่ครบองค์ประชุม" in text(client.get(reverse("survey:meeting-conclude", args=args)))
    attend(flow.secretariat, meeting)
    shown = text(client.get(reverse("survey:meeting-conclude", args=args)))
    assert "ไม่ครบองค์ประชุม" not in shown
    assert "ครบองค์ประชุม" in shown
    decide(flow.secretariat, meeting)
    event = conclude_meeting(by=flow.secretariat, meeting=meeting)
    assert event.data["attendance"] == {"came": 3, "represented": 0, "absent": 0, "blank": 0, "guests": 0, "quorum": 2}
    register.change_order(by=flow.secretariat, order=order, fields={"quorum": 3})
    register.add_member(by=flow.secretariat, order=order, fields={"post": "กรรมการสาม"})
    stored = Meeting.objects.get()
    assert (stored.order, stored.quorum, len(read_attendance(stored).seats)) == (order, 2, 3)


def test_a_fault_names_three_and_counts_the_rest() -> None:
    seats = [Seat("หนึ่ง", presence="came"), *[Seat(f"ที่{n}") for n in range(5)]]
    assert "ที่0, ที่1, ที่2 และอีก 2 ตำแหน่ง" in attendance_fault(seats)
    assert count_attendance(seats, 1, None).has_quorum


def test_where_no_register_is_kept_the_usual_committee_is_proposed(flow: Flow, client: Client) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    client.force_login(flow.secretariat)
    url = reverse("survey:meeting-attendance", args=[flow.province.code, flow.round.year, meeting.pk])
    page = text(client.get(url))
    assert f"ผู้ว่าราชการจังหวัด{flow.province.name_th}" in page
    assert "checked" not in page
