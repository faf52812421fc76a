"""A form sent twice makes one thing: one after the other, both at once, refused and sent again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.made_once import KEPT
from accounts.models import Agency, FormPress, Invitation, User
from accounts.roles import Role
from survey.models import Comment, Meeting
from tests.committee import today
from tests.flow import Flow, make_flow
from tests.people import People, make_people

PAGE, OTHER_PAGE = "a" * 64, "b" * 64
AT_ONCE = 4


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


def web(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, url: str, data: dict[str, Any], page: str = PAGE, **headers: str) -> HttpResponse:
    return client.post(url, {**data, "csrfmiddlewaretoken": page}, headers=headers)


def asking(flow: Flow) -> tuple[User, str, dict[str, Any], Callable[[], int]]:
    url = reverse("survey:threads-item", args=[flow.response.pk, "T8"])
    return flow.secretariat, url, {"text": "ที่มา?"}, Comment.objects.count


def replying(flow: Flow) -> tuple[User, str, dict[str, Any], Callable[[], int]]:
    web(flow.secretariat).post(asking(flow)[1], {"text": "ที่มา?"})
    url = reverse("survey:thread-reply", args=[flow.response.pk, Comment.objects.get().pk])
    return flow.secretariat, url, {"text": "หน้า 3"}, Comment.objects.exclude(parent=None).count


def meeting(flow: Flow) -> tuple[User, str, dict[str, Any], Callable[[], int]]:
    url = reverse("survey:meeting-new", args=[flow.province.code, flow.round.year])
    data = {"number": "1/2570", "day": today().isoformat(), "time": "09:00", "place": "ห้องประชุม"}
    return flow.secretariat, url, data, Meeting.every.count


def inviting(flow: Flow) -> tuple[User, str, dict[str, Any], Callable[[], int]]:
    url = reverse("accounts:invite", args=[flow.province.code])
    data = {"email": "new@example.org", "role": "secretariat"}
    return flow.who(Role.PROVINCE_ADMIN), url, data, Invitation.objects.count


def adding_agency(flow: Flow) -> tuple[User, str, dict[str, Any], Callable[[], int]]:
    url = reverse("accounts:agency-new", args=[flow.province.code])
    data = {"code": "NEW", "name_th": "สำนักงานใหม่", "kind": "regional_agency"}
    return flow.who(Role.PROVINCE_ADMIN), url, data, Agency.objects.filter(code="NEW").count


@pytest.mark.django_db
@pytest.mark.parametrize("form", [asking, replying, meeting, inviting, adding_agency], ids=lambda one: one.__name__)
def test_sent_twice_it_makes_one_and_leads_there(flow: Flow, form: Callable[[Flow], Any]) -> None:
    user, url, data, count = form(flow)
    client = web(user)
    first = sent(client, url, data)
    assert first.status_code == 302, first.content.decode()[-3000:]
    again = sent(client, url, data)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert count() == 1
    assert "บันทึกให้เพียงครั้งเดียว" in client.get(again["Location"]).content.decode()


@pytest.mark.django_db
def test_another_page_another_text_and_another_person_make_another(flow: Flow) -> None:
    user, url, data, count = asking(flow)
    client = web(user)
    sent(client, url, data)
    sent(client, url, data, page=OTHER_PAGE)
    sent(client, url, {"text": "อีกเรื่อง"})  # the page was gone back to
    sent(web(flow.who(Role.COMMITTEE)), url, data)
    assert count() == 4


@pytest.mark.django_db
def test_a_refused_form_may_be_sent_again(flow: Flow) -> None:
    user, url, _data, count = asking(flow)
    client = web(user)
    assert [sent(client, url, {"text": ""}).status_code for _ in range(2)] == [422, 422]
    assert not FormPress.objects.exists()
    assert count() == 0


@pytest.mark.django_db
def test_a_script_is_led_to_the_part_it_shows(flow: Flow) -> None:
    user, url, data, count = replying(flow)
    client = web(user)
    page = {"HX-Request": "true"}
    assert sent(client, url, data, **page).status_code == 200
    assert sent(client, url, data, **page)["Location"] == reverse("survey:threads-item", args=[flow.response.pk, "T8"])
    assert count() == 1


@pytest.mark.django_db
def test_keys_go_after_some_days(flow: Flow) -> None:
    user, url, data, _count = asking(flow)
    client = web(user)
    sent(client, url, data)
    FormPress.objects.update(at=timezone.now() - KEPT - timedelta(minutes=1))
    sent(client, url, data, page=OTHER_PAGE)
    assert FormPress.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_presses_at_once_one_makes_it() -> None:
    people: People = make_people()
    client, start = web(people.who(Role.PROVINCE_ADMIN)), Barrier(AT_ONCE)
    cookies = client.cookies
    url = reverse("accounts:invite", args=[people.a.code])

    def press(_number: int) -> tuple[int, str]:
        mine = Client()
        mine.cookies.update(cookies)
        start.wait(30)
        try:
            answer = sent(mine, url, {"email": "new@example.org", "role": "secretariat"})
            return answer.status_code, answer.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(press, range(AT_ONCE)))
    assert Invitation.objects.count() == 1
    assert set(answers) == {(302, reverse("accounts:people", args=[people.a.code]))}
