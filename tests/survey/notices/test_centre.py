"""The centre is told when a province submits, is approved or is reopened: in the app, and by the daily digest."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from survey.approval import actions as workflow
from survey.models import Letter, MailChoice, Notice
from survey.notices.notice_texts import notice_text
from survey.rounds.daily_letters import write_daily_letters
from tests.factories import MembershipFactory, UserFactory
from tests.flow import Flow, make_flow
from tests.people import People
from tests.survey.notices.told import morning

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


def kinds(user: User) -> list[str]:
    notices = Notice.objects.filter(user=user, kind__startswith="centre.").order_by("pk")
    return list(notices.values_list("kind", flat=True))


def test_each_step_is_told_once_to_each_of_the_centre_but_who_took_it(flow: Flow) -> None:
    centre = flow.people.who(Role.CENTRAL_ADMIN)
    second = MembershipFactory(user=UserFactory(), role=Role.CENTRAL_ADMIN, province=None).user
    flow.approve()
    workflow.reopen_response(by=centre, response=flow.response, reason="แก้ตัวเลข")
    assert kinds(centre) == ["centre.submit", "centre.approve"]
    assert kinds(second) == ["centre.submit", "centre.approve", "centre.reopen"]
    for user in (flow.secretariat, flow.governor, flow.people.who(Role.PROVINCE_ADMIN)):
        assert kinds(user) == []
    notice = Notice.objects.get(user=second, kind="centre.reopen")
    assert notice.round == flow.round
    assert notice.url == reverse("survey:brief", args=[flow.response.pk])
    assert "แก้ตัวเลข" in notice_text(notice.kind, notice.data)


def test_returning_and_withdrawing_stay_inside_the_province(flow: Flow) -> None:
    flow.submit()
    workflow.withdraw_response(by=flow.secretariat, response=flow.response)
    assert kinds(flow.people.who(Role.CENTRAL_ADMIN)) == ["centre.submit"]


def test_no_letter_at_once_but_one_a_day_unless_it_is_turned_off(flow: Flow) -> None:
    centre = flow.people.who(Role.CENTRAL_ADMIN)
    second = MembershipFactory(user=UserFactory(), role=Role.CENTRAL_ADMIN, province=None).user
    MailChoice.objects.create(user=second, digest=False)
    flow.approve()
    assert not Letter.objects.filter(user__in=(centre, second)).exists()
    write_daily_letters(morning(1))
    [letter] = Letter.objects.filter(user__in=(centre, second))
    assert letter.user == centre
    assert "เสนอคำตอบของจังหวัดต่อผู้ว่าราชการจังหวัดแล้ว" in letter.body
    assert kinds(second) == ["centre.submit", "centre.approve"]
