"""A page says who it was made for: what another person's page sends is refused, with both names and what was typed."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from dgready.page_owner import OWNER_FIELD, page_owner
from survey.models import Answer, Comment
from tests.factories import UserFactory
from tests.flow import Flow, make_flow
from tests.people import People

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


@pytest.fixture
def strict() -> Client:
    """A client that checks CSRF tokens, as a browser meets them."""
    return Client(enforce_csrf_checks=True)


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page that every form has."""
    names = ("csrfmiddlewaretoken", OWNER_FIELD)
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in names}


def url_of(flow: Flow) -> str:
    return reverse("survey:answer", args=[flow.response.pk, "T5.2"])


def open_and_change_user(flow: Flow, client: Client) -> dict[str, str]:
    """The form opened by the secretariat; then the province's administrator signs in in another tab."""
    client.force_login(flow.secretariat)
    page = client.get(reverse("survey:fill", args=[flow.response.pk, "1.2.2"])).content.decode()
    client.force_login(flow.who(Role.PROVINCE_ADMIN))
    client.get("/accounts/profile/")  # a new token comes with the new session
    return fields_of(page)


def test_every_form_says_who_it_was_made_for(flow: Flow, client: Client) -> None:
    client.force_login(flow.secretariat)
    for name in ("fill", "threads", "submit"):
        args = [flow.response.pk, *(["1.2.2"] if name == "fill" else [])]
        page = client.get(reverse(f"survey:{name}", args=args)).content.decode()
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.S)
        assert forms
        assert all(f'name="{OWNER_FIELD}" value="{page_owner(flow.secretariat)}"' in form for form in forms), name
        assert f'data-owner="{page_owner(flow.secretariat)}"' in page
    assert OWNER_FIELD not in Client().get("/accounts/sign-in/").content.decode()


def test_a_save_by_the_script_is_refused(flow: Flow, strict: Client) -> None:
    given = open_and_change_user(flow, strict)
    token = strict.cookies["csrftoken"].value
    data = {"_revision": "0", "T5.2": "ของคนแรก", OWNER_FIELD: given[OWNER_FIELD]}
    reply = strict.post(url_of(flow), data, HTTP_X_CSRFTOKEN=token, **JSON)
    assert reply.status_code == 403
    said = reply.json()
    assert said["other_owner"] is True
    assert str(flow.secretariat) in said["refused"]
    assert str(flow.who(Role.PROVINCE_ADMIN)) in said["refused"]
    assert not Answer.objects.exists()
    # Who owns the page signs in again: the same post goes through.
    strict.force_login(flow.secretariat)
    strict.get("/accounts/profile/")
    token = strict.cookies["csrftoken"].value
    assert strict.post(url_of(flow), data, HTTP_X_CSRFTOKEN=token, **JSON).status_code == 200
    assert Answer.objects.get().saved_by == flow.secretariat


def test_a_plain_post_shows_what_was_typed_by_its_fields(flow: Flow, people: People) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(flow.secretariat)
    page = strict.get(reverse("survey:fill", args=[flow.response.pk, "1.2.2"])).content.decode()
    colleague = UserFactory(email="second@example.org")
    for membership in flow.secretariat.memberships.all():
        membership.pk, membership.user = None, colleague
        membership.save()
    strict.force_login(colleague)
    strict.get("/accounts/profile/")
    data = {**fields_of(page), "_revision": "0", "T5.2": "พิมพ์ <b> ไว้", "_note": "ถึงผู้ตรวจ"}
    reply = strict.post(url_of(flow), data)
    text = reply.content.decode()
    assert reply.status_code == 403
    assert str(flow.secretariat) in text
    assert str(colleague) in text
    assert "พิมพ์ &lt;b&gt; ไว้" in text
    assert "ถึงผู้ตรวจ" in text
    assert 'id="q:T5.2"' in text, "the form as it is for the one who is signed in"
    assert f'value="{page_owner(colleague)}"' in text
    assert not Answer.objects.exists()


def test_a_plain_post_by_somebody_without_access_keeps_the_text(flow: Flow, strict: Client) -> None:
    given = open_and_change_user(flow, strict)
    strict.force_login(flow.people.nobody)
    strict.get("/accounts/profile/")
    reply = strict.post(url_of(flow), {**given, "_revision": "0", "T5.2": "ของคนแรก"})
    text = reply.content.decode()
    assert reply.status_code == 403
    assert "ของคนแรก" in text
    assert str(flow.secretariat) in text
    assert 'id="q:T5.2"' not in text


def test_any_other_form_too(flow: Flow, strict: Client) -> None:
    given = open_and_change_user(flow, strict)
    url = reverse("survey:threads", args=[flow.response.pk])
    reply = strict.post(url, {**given, "text": "ข้อสังเกตยาวที่พิมพ์ไว้", "password": "ลับมาก"})
    text = reply.content.decode()
    assert reply.status_code == 403
    assert "ข้อสังเกตยาวที่พิมพ์ไว้" in text
    assert "ลับมาก" not in text
    assert not Comment.objects.exists()


def test_signing_out_and_the_language_are_everybodys(flow: Flow, client: Client) -> None:
    given = open_and_change_user(flow, client)
    assert client.post(reverse("set_language"), {**given, "language": "en"}).status_code == 302
    assert client.post(reverse("accounts:sign-out"), given).status_code == 302
    assert "_auth_user_id" not in client.session


def test_an_invented_owner_tells_no_name(flow: Flow, client: Client) -> None:
    client.force_login(flow.secretariat)
    forged = {OWNER_FIELD: f"{flow.governor.pk}:x", "_revision": "0", "T5.2": "x"}
    reply = client.post(url_of(flow), forged, **JSON)
    assert reply.status_code == 200
    assert str(flow.governor) not in reply.content.decode()


def test_the_header_says_it_where_there_is_no_form(flow: Flow, client: Client) -> None:
    client.force_login(flow.secretariat)
    own = {"HTTP_X_PAGE_OWNER": page_owner(flow.secretariat)}
    assert client.post(reverse("session_ping"), **own).status_code == 200
    reply = client.post(
        reverse("session_ping"), HTTP_X_PAGE_OWNER=page_owner(flow.governor), HTTP_X_REQUESTED_WITH="fetch"
    )
    assert (reply.status_code, reply.json()["other_owner"]) == (403, True)


def test_an_old_token_of_ones_own_page_keeps_the_text(flow: Flow, strict: Client) -> None:
    strict.force_login(flow.secretariat)
    page = strict.get(reverse("survey:fill", args=[flow.response.pk, "1.2.2"])).content.decode()
    data = {**fields_of(page), "csrfmiddlewaretoken": "x" * 64, "_revision": "0", "T5.2": "พิมพ์ไว้นาน"}
    reply = strict.post(url_of(flow), data)
    assert reply.status_code == 403
    assert "พิมพ์ไว้นาน" in reply.content.decode()
    del data[OWNER_FIELD]
    assert "พิมพ์ไว้นาน" not in strict.post(url_of(flow), data).content.decode()


def test_a_plain_post_after_the_session_ended_keeps_the_text(flow: Flow, strict: Client) -> None:
    strict.force_login(flow.secretariat)
    page = strict.get(reverse("survey:fill", args=[flow.response.pk, "1.2.2"])).content.decode()
    del strict.cookies["sessionid"]
    data = {**fields_of(page), "_revision": "0", "T5.2": "พิมพ์ค้างไว้"}
    reply = strict.post(url_of(flow), data, HTTP_REFERER=f"http://testserver/r/{flow.response.pk}/fill/1.2.2/")
    text = reply.content.decode()
    assert reply.status_code == 401
    assert "พิมพ์ค้างไว้" in text
    assert f"?next=/r/{flow.response.pk}/fill/1.2.2/" in text
    assert not Answer.objects.exists()


@pytest.mark.parametrize("name", ["survey:home", "survey:notices", "accounts:profile"])
def test_pages_of_the_signed_in_are_stored_nowhere(flow: Flow, client: Client, name: str) -> None:
    client.force_login(flow.secretariat)
    page = client.get(reverse(name), follow=True)
    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]


def test_parts_of_pages_are_stored_nowhere_either(flow: Flow, client: Client) -> None:
    client.force_login(flow.secretariat)
    pk = flow.response.pk
    for url in (
        f"/r/{pk}/fill/1.2.2/",
        f"/r/{pk}/fill/1.2.2/?cards=T5.2",
        f"/r/{pk}/nav/1.2.2/",
        f"/r/{pk}/history/T5.2/",
    ):
        assert "no-store" in client.get(url)["Cache-Control"], url
