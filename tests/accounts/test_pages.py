"""The administrative pages: what they list, how they change things, how many queries they take."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions
from accounts.models import Agency, Membership, Province, User
from accounts.roles import Role
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory, UserFactory
from tests.people import People

MOST_QUERIES = 10


@pytest.fixture
def admin(people: People) -> Client:
    """Province a's administrator at a browser."""
    client = Client()
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    return client


@pytest.fixture
def central(people: People) -> Client:
    """A central administrator at a browser."""
    client = Client()
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    return client


def text(response: Any) -> str:
    """The page; the request must have gone well."""
    assert response.status_code == 200
    return response.content.decode()


def queries(client: Client, url: str) -> int:
    """How many queries a page takes once the session is warm."""
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        text(client.get(url))
    return len(found)


def fill(people: People, number: int) -> None:
    """More of everything the lists show."""
    by = people.who(Role.PROVINCE_ADMIN)
    for i in range(number):
        agency = AgencyFactory(province=people.a)
        MembershipFactory(agency=agency, role=Role.COORDINATOR)
        ProvinceFactory(code=f"TH-{i:02}")
        actions.invite_user(by=by, email=f"i{i}@example.org", role=Role.COORDINATOR, province=people.a, agency=agency)
        actions.grant_role(by=by, user=people.nobody, role=Role.COORDINATOR, province=people.a, agency=agency)


@pytest.mark.parametrize("name", ["people", "agencies", "provinces", "central-people", "person", "profile"])
def test_lists_take_the_same_few_queries_at_1_and_30_rows(name: str, people: People, central: Client) -> None:
    actions.grant_role(by=None, user=people.nobody, role=Role.COMMITTEE, province=people.a)
    kwargs = {"code": people.a.code} if name in ("people", "agencies", "person") else {}
    if name == "person":
        kwargs["pk"] = people.nobody.pk
    url = reverse(f"accounts:{name}", kwargs=kwargs)
    few = queries(central, url)
    fill(people, 30)
    many = queries(central, url)
    # One more to count the pages of a longer list is not needed either: the count is always asked.
    assert (many, many <= MOST_QUERIES) == (few, True)


def test_people_are_listed_filtered_and_paged(people: People, admin: Client) -> None:
    url = reverse("accounts:people", args=[people.a.code])
    page = text(admin.get(url))
    assert "secretariat.a@example.org" in page
    assert "secretariat.b@example.org" not in page
    assert "nobody@example.org" not in page
    page = text(admin.get(url, {"role": "governor"}))
    assert "governor.a@example.org" in page
    assert "secretariat.a@example.org" not in page
    page = text(admin.get(url, {"q": "COMMITTEE"}))
    assert "committee.a@example.org" in page
    assert "governor.a@example.org" not in page
    for i in range(40):
        MembershipFactory(user__first_name=f"คน{i}", role=Role.COMMITTEE, province=people.a)
    first, second = text(admin.get(url)), text(admin.get(url, {"page": "2"}))
    assert "หน้า 1 จาก 2" in first
    assert "หน้า 2 จาก 2" in second
    assert "?page=2" in first
    assert text(admin.get(url, {"page": "x", "role": "nonsense"}))


def test_closed_accounts_have_their_own_list(people: People, admin: Client) -> None:
    url = reverse("accounts:people", args=[people.a.code])
    actions.deactivate_user(by=None, user=people.who(Role.COMMITTEE))
    assert "committee.a@example.org" not in text(admin.get(url))
    assert "committee.a@example.org" in text(admin.get(url, {"closed": "1"}))


def test_a_person_with_roles_elsewhere_shows_only_those_here(people: People, admin: Client) -> None:
    user = UserFactory()
    MembershipFactory(user=user, role=Role.COMMITTEE, province=people.a)
    MembershipFactory(user=user, role=Role.SECRETARIAT, province=people.b)
    page = text(admin.get(reverse("accounts:person", args=[people.a.code, user.pk])))
    assert "กรรมการ PCIO" in page
    assert "ฝ่ายเลขานุการ" not in page.split("<main", 1)[1]
    assert reverse("accounts:deactivate", args=[people.a.code, user.pk]) not in page
    assert admin.get(reverse("accounts:deactivate", args=[people.a.code, user.pk])).status_code == 404


def test_grant_and_revoke_through_the_pages(people: People, admin: Client) -> None:
    user = people.who(Role.COMMITTEE)
    grant = reverse("accounts:grant", args=[people.a.code, user.pk])
    assert "ผู้ว่าราชการจังหวัดหรือผู้รับมอบอำนาจ" not in text(admin.get(grant))
    assert admin.post(grant, {"role": "governor"}).status_code == 422
    assert admin.post(grant, {"role": "committee"}).status_code == 422
    assert admin.post(grant, {"role": "secretariat", "agency": people.a1.pk}).status_code == 302
    post = user.memberships.get(role=Role.SECRETARIAT)
    revoke = reverse("accounts:revoke", args=[people.a.code, user.pk, post.pk])
    text(admin.get(revoke))
    post.refresh_from_db()
    assert post.active
    assert admin.post(revoke).status_code == 302
    post.refresh_from_db()
    assert not post.active
    assert admin.post(revoke).status_code == 404


def test_a_role_of_another_province_is_not_revoked_through_ones_own(people: People, admin: Client) -> None:
    user = people.who(Role.COMMITTEE)
    post = MembershipFactory(user=user, role=Role.COMMITTEE, province=people.b)
    assert admin.post(reverse("accounts:revoke", args=[people.a.code, user.pk, post.pk])).status_code == 404
    assert Membership.objects.get(pk=post.pk).active


def test_ones_own_roles_cannot_be_changed(people: People, admin: Client) -> None:
    user = people.who(Role.PROVINCE_ADMIN)
    assert "เปลี่ยนบทบาทหรือปิดบัญชีของตนเองไม่ได้" in text(
        admin.get(reverse("accounts:person", args=[people.a.code, user.pk]))
    )
    for name, args in (("grant", []), ("deactivate", []), ("revoke", [user.memberships.get().pk])):
        url = reverse(f"accounts:{name}", args=[people.a.code, user.pk, *args])
        assert admin.post(url, {"role": "secretariat"}).status_code == 404


def test_close_and_open_an_account_through_the_pages(people: People, admin: Client) -> None:
    user = people.who(Role.SECRETARIAT)
    close, reopen = (reverse(f"accounts:{n}", args=[people.a.code, user.pk]) for n in ("deactivate", "reactivate"))
    text(admin.get(close))
    assert User.objects.get(pk=user.pk).is_active
    assert admin.post(close).status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    assert admin.post(close).status_code == 422
    assert admin.post(reopen).status_code == 302
    assert User.objects.get(pk=user.pk).is_active


def test_agencies_through_the_pages(people: People, admin: Client) -> None:
    new = reverse("accounts:agency-new", args=[people.a.code])
    data = {"code": "PO", "name_th": "สำนักงานจังหวัด", "name_en": "", "kind": "provincial_office"}
    assert admin.post(new, {**data, "code": "two words"}).status_code == 422
    assert admin.post(new, {**data, "code": "A1"}).status_code == 422
    assert admin.post(new, data).status_code == 302
    agency = Agency.objects.get(province=people.a, code="PO")
    edit = reverse("accounts:agency-edit", args=[people.a.code, "PO"])
    assert "สำนักงานจังหวัด" in text(admin.get(edit))
    assert admin.post(edit, {**data, "name_th": "สำนักงานใหม่"}).status_code == 302
    switch = reverse("accounts:agency-switch", args=[people.a.code, "PO"])
    text(admin.get(switch))
    assert admin.post(switch).status_code == 302
    agency.refresh_from_db()
    assert (agency.name_th, agency.active) == ("สำนักงานใหม่", False)
    listing = reverse("accounts:agencies", args=[people.a.code])
    assert "สำนักงานใหม่" not in text(admin.get(listing))
    assert "สำนักงานใหม่" in text(admin.get(listing, {"closed": "1"}))
    assert admin.post(switch).status_code == 302
    assert "สำนักงานใหม่" in text(admin.get(listing, {"q": "po", "kind": "provincial_office"}))


def test_an_agency_called_new_can_be_edited(people: People, admin: Client) -> None:
    AgencyFactory(province=people.a, code="new")
    assert "new" in text(admin.get(reverse("accounts:agency-edit", args=[people.a.code, "new"])))


def test_provinces_through_the_pages(people: People, central: Client) -> None:
    data = {"code": "TH-93", "name_th": "จังหวัดใหม่", "name_en": "New", "region": "north"}
    new = reverse("accounts:province-new")
    assert central.post(new, {**data, "code": "Bangkok"}).status_code == 422
    assert central.post(new, {**data, "code": people.a.code}).status_code == 422
    assert central.post(new, data).status_code == 302
    edit = reverse("accounts:province-edit", args=["TH-93"])
    assert central.post(edit, {**data, "code": "TH-94", "name_th": "จังหวัดเก่า"}).status_code == 302
    assert Province.objects.get(code="TH-93").name_th == "จังหวัดเก่า"
    listing = text(central.get(reverse("accounts:provinces"), {"region": "north"}))
    assert "จังหวัดเก่า" in listing
    assert "จังหวัดเอ" not in listing


def test_central_people(people: People, central: Client) -> None:
    page = text(central.get(reverse("accounts:central-people")))
    assert "nobody@example.org" in page
    assert "secretariat.b@example.org" in page
    grant = reverse("accounts:central-grant", args=[people.nobody.pk])
    assert central.post(grant, {"role": "governor"}).status_code == 422
    assert central.post(grant, {"role": "central_admin"}).status_code == 302
    assert people.nobody.memberships.get().province is None


def menu(client: Client, url: str) -> list[tuple[str, str]]:
    """The menu of accounts on a page: addresses and which is the current one."""
    items = client.get(url).context["items"]
    return [(item.url, "here" if item.current else "") for item in items]


def test_the_menu_follows_capabilities(people: People, admin: Client, central: Client) -> None:
    found = menu(admin, reverse("accounts:people", args=[people.a.code]))
    assert (f"/p/{people.a.code}/people/", "here") in found
    assert (f"/p/{people.a.code}/agencies/", "") in found
    assert "/provinces/" not in dict(found)
    found = menu(central, reverse("accounts:agencies", args=[people.b.code]))
    assert (f"/p/{people.b.code}/agencies/", "here") in found
    assert "/provinces/" in dict(found)
    # Without a province on the page a central person has no province to go to.
    assert f"/p/{people.b.code}/agencies/" not in dict(menu(central, "/accounts/profile/"))
    secretary = Client()
    secretary.force_login(people.who(Role.SECRETARIAT))
    assert not [url for url, _ in menu(secretary, "/accounts/profile/") if "people" in url]
    assert 'class="app-nav"' not in text(Client().get("/accounts/sign-in/"))
