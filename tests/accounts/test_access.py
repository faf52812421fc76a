"""The mark on views, the closed door, and the functions that fetch or answer 404."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts import access
from accounts.access import ALL_PROVINCES, allow, public
from accounts.middleware import DenyByDefault
from accounts.models import Agency, Province, User
from accounts.roles import Capability, Role
from tests.factories import MembershipFactory
from tests.people import People

C = Capability


def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


def enter(view: Any, user: Any = None, **headers: str) -> Any:
    """What DenyByDefault says to a request for a view; None lets it run."""
    request = RequestFactory().get("/x/?a=1", headers=headers)
    request.user = user or AnonymousUser()
    return DenyByDefault(fine).process_view(request, view, (), {})


def test_a_view_without_a_mark_does_not_exist(people: People, caplog: pytest.LogCaptureFixture) -> None:
    for user in (None, people.who(Role.CENTRAL_ADMIN)):
        with pytest.raises(Http404):
            enter(fine, user)
    assert "names no capability" in caplog.text


def test_a_public_view_is_open() -> None:
    assert enter(public(fine)) is None


def test_the_mark_survives_other_decorators_and_wraps_class_views(people: People) -> None:
    user = people.who(Role.PROVINCE_ADMIN)
    assert enter(never_cache(allow(C.USERS_MANAGE)(fine)), user) is None
    assert enter(allow(C.USERS_MANAGE)(TemplateView.as_view(template_name="x.html")), user) is None


def test_the_mark_stays_on_its_own_copy() -> None:
    allow(C.USERS_MANAGE)(fine)
    assert access.access_rule_of(fine) is None


def test_a_mark_without_capability_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        allow()


def test_without_the_capability_the_page_does_not_exist(people: People) -> None:
    view = allow(C.USERS_MANAGE)(fine)
    with pytest.raises(Http404):
        enter(view, people.who(Role.SECRETARIAT))
    assert enter(view, people.who(Role.PROVINCE_ADMIN, "b")) is None


def test_any_of_several_capabilities_will_do(people: People) -> None:
    view = allow(C.APPROVE, C.SUBMIT)(fine)
    assert enter(view, people.who(Role.SECRETARIAT)) is None
    assert enter(view, people.who(Role.GOVERNOR)) is None
    with pytest.raises(Http404):
        enter(view, people.who(Role.COMMITTEE))


def test_signed_out_people_are_sent_to_sign_in_and_back() -> None:
    response = enter(allow(C.PROFILE)(fine))
    assert response.status_code == 302
    assert response["Location"] == "/accounts/sign-in/?next=/x/%3Fa%3D1"


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"X-Requested-With": "fetch"},
        {"Accept": "application/json"},
        {"Sec-Fetch-Mode": "cors"},
    ],
)
def test_scripts_are_told_instead_of_redirected(headers: dict[str, str]) -> None:
    response = enter(allow(C.PROFILE)(fine), **headers)
    assert response.status_code == 401
    assert json.loads(response.content)["error"] == "signed_out"
    assert "HX-Redirect" not in response


def test_a_refused_post_comes_back_to_the_page_of_the_form(client: Client, db: None) -> None:
    referer = "http://testserver/accounts/profile/?x=1"
    response = client.post("/accounts/sign-out/", headers={"referer": referer})
    assert response["Location"] == "/accounts/sign-in/?next=/accounts/profile/%3Fx%3D1"
    response = client.post("/accounts/sign-out/", headers={"referer": "http://elsewhere.example.org/x"})
    assert response["Location"] == "/accounts/sign-in/?next=/"


def test_get_province(people: People) -> None:
    def get(user: User, code: str) -> Province:
        return access.get_province(user, code, C.USERS_MANAGE)

    assert get(people.who(Role.PROVINCE_ADMIN), people.a.code) == people.a
    assert get(people.who(Role.CENTRAL_ADMIN), people.b.code) == people.b
    for user, code in (
        (people.who(Role.PROVINCE_ADMIN), people.b.code),
        (people.who(Role.SECRETARIAT), people.a.code),
        (people.who(Role.CENTRAL_ADMIN), "TH-99"),
    ):
        with pytest.raises(Http404):
            get(user, code)


def test_get_agency(people: People) -> None:
    def get(user: User, province: str, code: str) -> Agency:
        return access.get_agency(user, province, code, C.CONTRIBUTION_READ)

    assert get(people.who(Role.COORDINATOR), people.a.code, "A1") == people.a1
    assert get(people.who(Role.SECRETARIAT), people.a.code, "A2") == people.a2
    for user, province, code in (
        (people.who(Role.COORDINATOR), people.a.code, "A2"),
        (people.who(Role.COORDINATOR), people.b.code, "A1"),
        (people.who(Role.SECRETARIAT), people.b.code, "B1"),
        (people.nobody, people.a.code, "A1"),
    ):
        with pytest.raises(Http404):
            get(user, province, code)


def test_province_ids(people: People) -> None:
    everything = access.province_ids_with_capability(people.who(Role.CENTRAL_ADMIN), C.RESPONSE_READ)
    assert everything is ALL_PROVINCES
    assert 123 in everything
    assert bool(everything)
    assert access.province_ids_with_capability(people.who(Role.SECRETARIAT), C.ANSWER_EDIT) == {people.a.pk}
    assert access.province_ids_with_capability(people.who(Role.SECRETARIAT), C.APPROVE) == set()
    coordinator = people.who(Role.COORDINATOR)
    assert access.province_ids_with_capability(coordinator, C.CONTRIBUTION_EDIT) == set()
    assert access.province_ids_with_capability(coordinator, C.COMMENT) == {people.a.pk}
    assert access.agency_ids_with_capability(coordinator, C.CONTRIBUTION_EDIT) == {people.a1.pk}


def test_rows_one_may_touch(people: People) -> None:
    def agencies(user: User) -> set[Agency]:
        return set(Agency.objects.filter(access.scope_filter(user, C.CONTRIBUTION_READ, agency="pk")))

    assert agencies(people.who(Role.CENTRAL_ADMIN)) == {people.a1, people.a2, people.b1}
    assert agencies(people.who(Role.COMMITTEE)) == {people.a1, people.a2}
    assert agencies(people.who(Role.COORDINATOR, "a2")) == {people.a2}
    assert agencies(people.nobody) == set()
    both = people.who(Role.COORDINATOR, "a2")
    MembershipFactory(user=both, role=Role.COMMITTEE, province=people.b)
    both.forget_grants()
    assert agencies(both) == {people.a2, people.b1}


def test_provinces_one_works_in(people: People) -> None:
    assert list(access.provinces_with_capability(people.who(Role.SECRETARIAT, "b"), C.RESPONSE_READ)) == [people.b]
    assert set(access.provinces_with_capability(people.who(Role.CENTRAL_ADMIN), C.RESPONSE_READ)) == {
        people.a,
        people.b,
    }
