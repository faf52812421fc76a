"""Overdue parts rise to the head of the agency: once each, when the round says, with notice and letter."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import actions as accounts
from accounts.actions import RefusedError
from accounts.models import Agency, User
from accounts.roles import Capability, Role
from survey.models import Event, Letter, Notice, Response, Round
from survey.notices import recipients
from survey.notices.notice_texts import notice_text
from survey.rounds.escalation import escalate_overdue_parts
from tests.assigned import Assigned, make_assigned
from tests.people import People
from tests.proven import codes


@pytest.fixture
def world(people: People) -> Assigned:
    world = make_assigned(people)
    Agency.objects.filter(pk=people.a1.pk).update(head=head(world))
    return world


def head(world: Assigned) -> User:
    """The head of agency a1, who sits in the committee."""
    return world.people.who(Role.COMMITTEE)


def told(world: Assigned, kind: str = "part.escalated") -> list[Notice]:
    user = head(world) if kind == "part.escalated" else world.secretariat
    return list(Notice.objects.filter(kind=kind, user=user).order_by("pk"))


def test_not_before_the_days_of_the_round_are_over(world: Assigned) -> None:
    Round.objects.filter(pk=world.round.pk).update(escalate_after=3)
    for days, risen in ((1, 0), (0, 0), (-2, 0), (-3, 3)):  # one part of a1 and two of a2
        world.due(days)
        assert escalate_overdue_parts() == risen, days
    assert escalate_overdue_parts() == 0
    assert len(told(world)) == 1
    notice = told(world)[0]
    text = notice_text(notice.kind, notice.data)
    assert "1.1" in text
    assert world.coordinator.get_full_name() in text
    assert notice.url == f"{world.base}board/A1/"
    assert Letter.objects.filter(user=head(world)).count() == 1
    assert world.part().escalated_at is not None
    assert world.part(name="T8").escalated_at is None  # asked for only "if any"
    event = Event.objects.get(verb="part.escalate", data__agency="A1")
    assert event.response == world.flow.response
    assert event.data["head"] == head(world).pk
    assert codes() == [("round.changed", "agency_due")]  # moved by hand


def test_a_part_rises_once_and_a_later_one_by_itself(world: Assigned) -> None:
    world.due(-5)
    escalate_overdue_parts()
    world.submitted()
    world.move("return", reason="ปีใด")
    assert escalate_overdue_parts() == 0
    world.answer("T8", {"T8": "no"})
    world.move("submit", world.part(name="T8"))
    world.move("return", world.part(name="T8"), reason="ปีใด")
    assert escalate_overdue_parts() == 1
    assert [notice.data["what"] for notice in told(world)] == ["1.1", "T8"]


def test_where_nobody_is_named_the_secretariat_is_told(world: Assigned) -> None:
    world.due(-5)
    escalate_overdue_parts()
    assert [n.data["agency"] for n in told(world, "part.headless")] == [str(world.people.a2)]
    office = recipients.users_with_capability(world.people.a.pk, Capability.ASSIGN)
    assert Notice.objects.filter(kind="part.headless").count() == len(office)


def test_a_head_without_an_account_in_use_is_nobody(world: Assigned) -> None:
    User.objects.filter(pk=head(world).pk).update(is_active=False)
    world.due(-5)
    escalate_overdue_parts()
    assert len(told(world, "part.headless")) == 2


def test_never_where_the_round_says_so_nor_once_the_province_has_submitted(world: Assigned) -> None:
    world.due(-30)
    Round.objects.filter(pk=world.round.pk).update(escalate_after=None)
    assert escalate_overdue_parts() == 0
    Round.objects.filter(pk=world.round.pk).update(escalate_after=1)
    Response.objects.filter(pk=world.flow.response.pk).update(state=Response.State.SUBMITTED)
    assert escalate_overdue_parts() == 0


def test_a_head_of_another_province_is_refused_and_one_without_a_page_is_told_all_the_same(world: Assigned) -> None:
    admin = world.people.who(Role.PROVINCE_ADMIN)
    with pytest.raises(RefusedError):
        accounts.change_agency(by=admin, agency=world.people.a1, head=world.people.who(Role.COMMITTEE, "b"))
    chosen = world.people.who(Role.COORDINATOR, "a2")
    accounts.change_agency(by=admin, agency=world.people.a1, head=chosen)
    world.due(-5)
    escalate_overdue_parts()
    assert Notice.objects.get(kind="part.escalated", user=chosen).url == "/notices/"
    accounts.change_agency(by=admin, agency=world.people.a1, head=None)
    assert Agency.objects.get(pk=world.people.a1.pk).head is None


def test_the_days_are_data_of_the_round(world: Assigned, client: Client) -> None:
    client.force_login(world.people.who(Role.PROVINCE_ADMIN))
    url = f"{world.base}dates/"
    page = client.get(url).content.decode()
    assert 'name="escalate_after"' in page
    names = ("period_from", "period_to", "opens_on", "agency_due", "committee_on")
    dates = {n: getattr(world.round, n).isoformat() for n in names}
    dates["closes_on"] = world.round.closes_at.date().isoformat()
    for typed, kept in (("5", 5), ("", None)):
        assert client.post(url, {**dates, "escalate_after": typed}).status_code == 302
        assert Round.objects.get(pk=world.round.pk).escalate_after == kept
    assert Event.objects.filter(verb="round.escalation").count() == 2


def test_the_head_is_chosen_among_the_people_of_the_province(world: Assigned, client: Client) -> None:
    client.force_login(world.people.who(Role.PROVINCE_ADMIN))
    url = f"/p/{world.people.a.code}/agencies/A2/edit/"
    page = client.get(url).content.decode()
    assert head(world).email in page
    assert world.people.who(Role.COMMITTEE, "b").email not in page
    given = {"code": "A2", "name_th": "ข", "name_en": "", "kind": "other", "head": head(world).pk}
    assert client.post(url, given).status_code == 302
    assert Agency.objects.get(pk=world.people.a2.pk).head == head(world)
