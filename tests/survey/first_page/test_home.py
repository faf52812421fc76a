"""The first page: each role's first action in the course of a year, as the page shows it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Membership, User
from accounts.roles import Role
from reports.models import Download, Job
from survey.first_page.task_texts import TaskView
from survey.models import Response, Round
from tests.assigned import Assigned, make_assigned
from tests.committee import endorsed, make_meeting
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory, UserFactory
from tests.people import People


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


def page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/").content.decode()


def tasks(user: User) -> list[tuple[str, str]]:
    """Kind and address of each task of the first page."""
    return [(view.task.kind, view.url) for view in _views(user)]


def _views(user: User) -> list[TaskView]:
    client = Client()
    client.force_login(user)
    return list(client.get("/").context["tasks"])


def first(user: User) -> tuple[str, str]:
    return tasks(user)[0]


def test_a_coordinator_begins_with_one_press(world: Assigned) -> None:
    world.due(11)
    html = page(world.coordinator)
    assert "ต้องตอบ 2 ส่วน" in html
    assert "เหลือ 11 วัน" in html
    assert "เริ่มที่นี่" in html
    [(kind, url)] = tasks(world.coordinator)
    assert (kind, url) == ("parts", f"{world.base}parts/{world.part().pk}/open/")
    client = Client()
    client.force_login(world.coordinator)
    opened = client.post(url)
    assert "#q:T1" in opened["Location"]
    assert client.get(opened["Location"]).status_code == 200


def test_beginning_again_leads_to_the_first_unfinished_question(world: Assigned) -> None:
    contribution = world.contribution()
    [(_kind, url)] = tasks(world.coordinator)
    assert url == f"/r/{contribution.pk}/fill/1.1/#q:T1"
    world.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})  # which closes the others of the part
    [(_kind, url)] = tasks(world.coordinator)
    assert url.endswith("#q:T8")


def test_who_has_nothing_is_told_so_and_offered_reading(world: Assigned) -> None:
    html = page(world.people.who(Role.COMMITTEE))
    assert "ไม่มีงานที่รอท่าน" in html
    for name in ("survey:answers", "survey:brief"):
        assert reverse(name, args=[world.flow.response.pk]) in html
    alone = page(world.people.nobody)
    assert "ยังไม่มีรอบสำรวจที่เกี่ยวกับท่าน" in alone
    assert "/help/" in alone


def test_returned_parts_lead_to_the_desk(world: Assigned) -> None:
    world.submitted()
    world.move("return", reason="แก้ไขข้อ 1")
    assert first(world.coordinator) == ("parts_returned", f"{world.base}desk/?agency=A1")


def test_the_secretariat_sees_what_waits_for_it(world: Assigned) -> None:
    world.submitted()
    found = dict(tasks(world.secretariat))
    assert found["accept"] == f"{world.base}waiting/"
    assert found["consolidate"] == f"/r/{world.flow.response.pk}/consolidate/"
    assert found["open_points"] == f"/r/{world.flow.response.pk}/check/"
    html = page(world.secretariat)
    assert "หน่วยงานส่งแล้วรอรับ 1 ส่วน" in html
    client = Client()
    client.force_login(world.secretariat)
    total = client.get(found["open_points"]).context["points"].make()["total"]
    assert f"รายการค้าง {total} รายการ" in html
    world.move("accept")
    assert "accept" not in dict(tasks(world.secretariat))
    meeting = make_meeting(world.secretariat, world.round)
    assert first(world.secretariat) == ("meeting_conclude", f"{world.base}meetings/{meeting.pk}/")


def test_a_member_and_the_governor_read_before_the_meeting(world: Assigned) -> None:
    meeting = make_meeting(world.secretariat, world.round, days=2)
    for role in (Role.COMMITTEE, Role.GOVERNOR):
        assert tasks(world.people.who(role)) == [("meeting_read", f"{world.base}meetings/{meeting.pk}/")]
    assert "เหลือ 2 วัน" in page(world.people.who(Role.COMMITTEE))


def test_a_governor_approves(world: Assigned) -> None:
    endorsed(world.secretariat, world.round)
    assert first(world.secretariat)[0] == "submit"
    response = world.flow.response
    Response.objects.filter(pk=response.pk).update(state=Response.State.SUBMITTED)
    assert tasks(world.people.who(Role.GOVERNOR)) == [("approve", f"/r/{response.pk}/approve/")]
    html = page(world.people.who(Role.GOVERNOR))
    button = re.search(r'<a class="btn btn-primary"\s+href="/r/\d+/approve/"[^>]*>([^<]+)', html)
    assert button
    assert button[1] == "อนุมัติ"
    assert tasks(world.secretariat) == []
    assert tasks(world.coordinator) == []


def test_after_approval_the_papers_wait_until_they_were_fetched(world: Assigned) -> None:
    frozen = world.flow.approve()
    assert tasks(world.secretariat) == [("papers", f"/r/{world.flow.response.pk}/reports/")]
    now = timezone.now()
    job = Job.objects.create(kind="dga", response=world.flow.response, created_at=now, by=world.secretariat)
    Download.objects.create(job=job, by=world.secretariat, at=now)
    assert frozen.approved_at <= now
    assert tasks(world.secretariat) == []
    assert 'aria-current="step"' not in page(world.secretariat)


def test_a_province_is_set_up_step_by_step(people: People) -> None:
    admin = people.who(Role.PROVINCE_ADMIN)
    assert tasks(admin) == []  # no form is published yet
    AgencyFactory(province=people.a, code="A3")
    assert tasks(admin) == [("people_agencies", f"/p/{people.a.code}/people/")]
    make_assigned(people)
    Round.objects.all().update(year=2500)
    kinds = [kind for kind, _url in tasks(admin)]
    assert kinds[0] == "open_round"
    Membership.objects.filter(province=people.a, role__in=(Role.SECRETARIAT, Role.GOVERNOR)).update(active=False)
    assert {"people_secretariat", "people_governor"} <= {kind for kind, _url in tasks(admin)}


def test_a_closed_round_is_extended_by_its_administrator(world: Assigned) -> None:
    world.flow.close()
    assert first(world.people.who(Role.PROVINCE_ADMIN)) == ("extend", f"{world.base}extend/")
    assert tasks(world.secretariat) == []


def test_several_roles_are_one_list(world: Assigned) -> None:
    world.submitted()
    both = MembershipFactory(province=world.people.a, role=Role.SECRETARIAT, user=world.coordinator).user
    kinds = [kind for kind, _url in tasks(both)]
    assert {"parts", "accept"} <= set(kinds)
    assert kinds.index("parts") < kinds.index("accept")


def test_the_line_of_the_year_says_where_it_is(world: Assigned) -> None:
    html = page(world.people.who(Role.COMMITTEE))
    [step] = re.findall(r'aria-current="step">\s*<span class="year-name">([^<]+)', html)
    assert step == "หน่วยงานตอบ"


def test_years_that_are_over_are_links_and_running_ones_have_their_steps(world: Assigned) -> None:
    for year, days in ((2568, -400), (2569, 5)):
        row = Round.objects.get(pk=world.round.pk)
        row.pk, row.year, row.closes_at = None, year, timezone.now() + timedelta(days=days)
        row.save()
        Response.objects.create(round=row, state=Response.State.SUBMITTED)
    user = world.people.who(Role.GOVERNOR)
    html = page(user)
    code = world.people.a.code
    steps = re.findall(r'aria-labelledby="year-(\d+)"', html)
    assert [Round.objects.get(pk=pk).year for pk in steps] == [world.round.year, 2569]
    assert reverse("survey:round", args=[code, 2568]) in html
    assert [task.task.year for task in _views(user)] == [2569]  # the other closed unapproved


def test_the_centre_gets_every_year_summed_up(world: Assigned) -> None:
    """Guards against a list that stopped silently at 100 rounds, and against any list that grows with them."""
    earlier = Round.objects.get(pk=world.round.pk)
    for number in range(101):
        earlier.pk, earlier.province = None, ProvinceFactory(code=f"X{number}")
        earlier.year = 2569
        earlier.save()
        Response.objects.create(round=earlier, state="approved" if number < 3 else "draft")
    user = world.people.who(Role.CENTRAL_ADMIN)
    html = page(user)
    assert reverse("nation:desk", args=[world.round.year]) in html
    said = " ".join(re.sub("<[^>]+>", " ", html).split())
    assert "2569 101 จังหวัด · กำลังจัดทำ 98 · อนุมัติแล้ว 3" in said
    assert reverse("survey:round", args=["X1", 2569]) not in html


def test_who_also_works_in_a_province_has_its_rounds_too(world: Assigned) -> None:
    user = world.people.who(Role.CENTRAL_ADMIN)
    MembershipFactory(user=user, role=Role.COMMITTEE, province=world.people.a)
    html = page(User.objects.get(pk=user.pk))
    assert f'id="year-{world.round.pk}"' in html
    assert reverse("nation:desk", args=[world.round.year]) in html


def test_who_joins_later_is_told_what_was_given_before(world: Assigned) -> None:
    invitation = {"email": "new@example.org", "role": Role.COORDINATOR, "province": world.people.a}
    _row, token = accounts.invite_user(by=None, agency=world.people.a1, **invitation)
    client = Client()
    form = {
        "first_name": "สมใจ",
        "last_name": "ใหม่",
        "password1": "another-long-word-9",
        "password2": "another-long-word-9",
    }
    html = client.post(f"/accounts/invitation/{token}/", form, follow=True).content.decode()
    assert "ก่อนที่ท่านเข้ามา" in html
    assert "ได้รับมอบหมายไว้แล้ว 2 ส่วน" in html


ROLES = [*(role for role in Role if role is not Role.COORDINATOR), Role.COORDINATOR]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
def test_ten_queries_at_most(world: Assigned, django_assert_max_num_queries: Any, role: Role) -> None:
    world.submitted()
    client = Client()
    client.force_login(world.people.who(role))
    client.get("/")
    world.flow.save("T7", {})  # nothing of the answers is in the process's memory
    world.answer("T8", {})
    with django_assert_max_num_queries(10):
        assert client.get("/").status_code == 200


def test_as_many_queries_for_thirty_agencies_and_three_rounds(
    world: Assigned, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        agency = AgencyFactory(province=world.people.a, code=f"X{number}")
        MembershipFactory(agency=agency, role=Role.COORDINATOR, user=UserFactory())
    for year in (2568, 2569):
        row = Round.objects.get(pk=world.round.pk)
        row.pk, row.year = None, year
        row.save()
        Response.objects.create(round=row)
    user = world.people.who(Role.COORDINATOR)
    for role in (Role.PROVINCE_ADMIN, Role.SECRETARIAT, Role.GOVERNOR):
        MembershipFactory(province=world.people.a, role=role, user=user)
    client = Client()
    client.force_login(user)
    client.get("/")
    world.flow.save("T7", {})
    with django_assert_max_num_queries(10):  # of somebody with every role of a province at once
        html = client.get("/").content.decode()
    assert len(html.encode()) < 150_000


def test_parts_asked_for_on_several_days_show_the_first(world: Assigned) -> None:
    part = world.part(name="T8")
    part.due = timezone.localdate() + timedelta(days=2)
    part.save(update_fields=["due"])
    assert "เหลือ 2 วัน" in page(world.coordinator)
