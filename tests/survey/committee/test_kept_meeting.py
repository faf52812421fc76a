"""The page of a meeting, kept by what is on record about it, shows each change at once, and to each what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from survey.committee.actions.amendments import amend_meeting
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import SubPillarDecision
from survey.models import Attendance, CommitteeMember, CommitteeOrder, Meeting, Resolution, Response
from tests.committee import D, attend, decide, make_meeting, make_order, seat_of, table, today
from tests.flow import Flow
from tests.kept_pages import forget, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

Change = Callable[[], object]


def _before_the_conclusion(flow: Flow, meeting: Meeting, folder: Path) -> Iterator[Change]:
    by, held = flow.secretariat, Meeting.every.filter(pk=meeting.pk)
    member = CommitteeMember.objects.order_by("place", "pk")

    yield lambda: held.update(place="ห้องประชุมใหญ่")
    yield lambda: held.update(agenda="วาระใหม่")
    yield lambda: held.update(held_at=meeting.held_at + timedelta(hours=1))
    yield lambda: make_order(by, flow.province, *(f"หัวหน้าที่ {n}" for n in range(3)), quorum=2)
    yield lambda: CommitteeOrder.objects.update(number="9/2570")
    yield lambda: CommitteeOrder.objects.update(quorum=3)
    yield lambda: CommitteeMember.objects.filter(pk=member[0].pk).update(name="ชื่อกรรมการ")
    yield lambda: CommitteeMember.objects.filter(pk=member[1].pk).update(seat="chair")
    yield lambda: seat_of(by, CommitteeOrder.objects.get(), flow.who(Role.COMMITTEE))
    yield lambda: attend(by, meeting, presence="absent")
    yield lambda: Attendance.objects.update(reason="ติดราชการ")
    yield lambda: attend(by, meeting)
    yield lambda: decide(by, meeting, s1_2=SubPillarDecision(D.CHANGES, "เพิ่มแผน"))
    yield lambda: table(flow, meeting, folder)
    yield lambda: flow.save("T8", {"T8": "yes"})
    yield lambda: held.update(cancelled_at=timezone.now(), cancelled_by=by)
    yield lambda: held.update(cancelled_at=None, cancelled_by=None)


def _after_it(flow: Flow, meeting: Meeting) -> Iterator[Change]:
    by, held = flow.secretariat, Meeting.every.filter(pk=meeting.pk)

    def rename() -> None:
        by.first_name = "เลขานุการใหม่"
        by.save()

    yield lambda: conclude_meeting(by=by, meeting=held.get(), late_until=today(1))
    yield lambda: flow.save("T8", {"T8": "no"})
    yield rename
    yield lambda: held.update(late_until=today(2))
    yield lambda: Resolution.objects.update(note="หมายเหตุ")
    yield lambda: held.update(guests=[["แขก", "สพร."]])
    yield lambda: amend_meeting(by=by, meeting=held.get(), subject="meeting", values={"place": "ห้องเล็ก"}, reason="จดผิด")
    yield lambda: Response.objects.filter(pk=flow.response.pk).update(state="draft")


def test_every_change_is_shown_at_once_and_to_each_what_is_theirs(flow: Flow, tmp_path: Path) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    people = [flow.who(role) for role in (Role.SECRETARIAT, Role.COMMITTEE, Role.GOVERNOR)]
    before = _pages(meeting, people)
    assert all(before)
    for number, change in enumerate((*_before_the_conclusion(flow, meeting, tmp_path), *_after_it(flow, meeting))):
        change()
        kept = _pages(meeting, people)
        forget()
        assert kept == _pages(meeting, people), f"what is kept is not what is, after change {number}"
        assert kept != before, f"change {number} is not shown"
        before = kept
    assert before == [_anew(meeting, user) for user in people], "what is kept for one is shown to another"


def test_a_refused_form_is_shown_with_what_was_typed_and_is_not_kept(flow: Flow, client: Client) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    conclude_meeting(by=flow.secretariat, meeting=meeting, late_until=today(1))
    client.force_login(flow.secretariat)
    before = page_text(client, _address(meeting))
    late = reverse("survey:meeting-late", args=[flow.province.code, flow.round.year, meeting.pk])
    refused = client.post(late, {"late_until": "ไม่ใช่วัน"})
    assert (refused.status_code, "ไม่ใช่วัน" in refused.content.decode()) == (422, True)
    assert page_text(client, _address(meeting)) == before


def _address(meeting: Meeting) -> str:
    return reverse("survey:meeting", args=[meeting.round.province.code, meeting.round.year, meeting.pk])


def _pages(meeting: Meeting, people: list[User]) -> list[str]:
    return [_page(meeting, user) for user in people]


def _anew(meeting: Meeting, user: User) -> str:
    forget()
    return _page(meeting, user)


def _page(meeting: Meeting, user: User) -> str:
    reader = Client()
    reader.force_login(user)
    return page_text(reader, _address(meeting))
