"""Changes to accounts: who may, what is refused, what the log says."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.actions import NotAllowed, RefusedError
from accounts.models import AccountEvent, Agency, Membership, User
from accounts.roles import Capability, Role
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.people import People


def last(verb: str) -> AccountEvent:
    """The newest line of the log, which must be about `verb`."""
    event = AccountEvent.objects.first()
    assert event is not None
    assert event.verb == verb
    return event


def test_grant_gives_at_once_and_is_logged(people: People) -> None:
    admin, user = people.who(Role.PROVINCE_ADMIN), people.nobody
    assert not user.has(Capability.ANSWER_EDIT)
    actions.grant_role(by=admin, user=user, role=Role.SECRETARIAT, province=people.a)
    assert user.has(Capability.ANSWER_EDIT, province_id=people.a.pk)
    event = last("grant")
    assert (event.by, event.subject, event.province) == (admin, user, people.a)
    assert event.data["before"] is None
    assert event.data["after"]["role"] == "secretariat"
    assert event.data["after"]["province"] == people.a.code


@pytest.mark.parametrize(
    ("giver", "role", "place"),
    [
        (Role.PROVINCE_ADMIN, Role.CENTRAL_ADMIN, None),
        (Role.PROVINCE_ADMIN, Role.GOVERNOR, "a"),
        (Role.PROVINCE_ADMIN, Role.SECRETARIAT, "b"),
        (Role.SECRETARIAT, Role.COMMITTEE, "a"),
        (Role.GOVERNOR, Role.GOVERNOR, "a"),
        (Role.COORDINATOR, Role.COORDINATOR, "a"),
    ],
)
def test_nobody_gives_what_they_do_not_hold(people: People, giver: Role, role: Role, place: str | None) -> None:
    province = getattr(people, place) if place else None
    agency = people.a1 if role is Role.COORDINATOR else None
    post: dict[str, Any] = {"role": role, "province": province, "agency": agency}
    with pytest.raises(NotAllowed):
        actions.grant_role(by=people.who(giver), user=people.nobody, **post)
    with pytest.raises(NotAllowed):
        actions.invite_user(by=people.who(giver), email="new@example.org", **post)
    assert not people.nobody.memberships.exists()


def test_nobody_gives_to_themselves(people: People) -> None:
    central = people.who(Role.CENTRAL_ADMIN)
    with pytest.raises(NotAllowed):
        actions.grant_role(by=central, user=central, role=Role.GOVERNOR, province=people.a)
    with pytest.raises(NotAllowed):
        actions.invite_user(by=central, email=central.email.upper(), role=Role.GOVERNOR, province=people.a)


def test_role_and_place_must_fit(people: People) -> None:
    by = people.who(Role.CENTRAL_ADMIN)
    for post in (
        {"role": Role.CENTRAL_ADMIN, "province": people.a},
        {"role": Role.SECRETARIAT},
        {"role": Role.COORDINATOR, "province": people.a},
        {"role": Role.SECRETARIAT, "province": people.a, "agency": people.a1},
        {"role": Role.COORDINATOR, "province": people.a, "agency": people.b1},
    ):
        with pytest.raises(RefusedError):
            actions.grant_role(by=by, user=people.nobody, **post)  # type: ignore[arg-type]


def test_no_role_for_closed_accounts_or_agencies_and_none_twice(people: People) -> None:
    by = people.who(Role.CENTRAL_ADMIN)
    secretary = people.who(Role.SECRETARIAT)
    with pytest.raises(RefusedError, match="มีบทบาทนี้อยู่แล้ว"):
        actions.grant_role(by=by, user=secretary, role=Role.SECRETARIAT, province=people.a)
    closed = UserFactory(is_active=False)
    with pytest.raises(RefusedError):
        actions.grant_role(by=by, user=closed, role=Role.SECRETARIAT, province=people.a)
    actions.set_agency_active(by=by, agency=people.a1, active=False)
    with pytest.raises(RefusedError):
        actions.grant_role(by=by, user=people.nobody, role=Role.COORDINATOR, province=people.a, agency=people.a1)


def test_revoke(people: People) -> None:
    admin, user = people.who(Role.PROVINCE_ADMIN), people.who(Role.SECRETARIAT)
    membership = user.memberships.get()
    with pytest.raises(NotAllowed):
        actions.revoke_role(by=people.who(Role.PROVINCE_ADMIN, "b"), membership=membership)
    actions.revoke_role(by=admin, membership=membership)
    assert not User.objects.get(pk=user.pk).has(Capability.ANSWER_EDIT)
    assert last("revoke").data["before"]["role"] == "secretariat"
    with pytest.raises(RefusedError):
        actions.revoke_role(by=admin, membership=membership)


def test_nobody_revokes_their_own_role_so_one_administrator_stays(people: People) -> None:
    central = people.who(Role.CENTRAL_ADMIN)
    with pytest.raises(NotAllowed):
        actions.revoke_role(by=central, membership=central.memberships.get())
    with pytest.raises(NotAllowed):
        actions.deactivate_user(by=central, user=central)


def test_a_closed_account_is_out_at_once(people: People) -> None:
    user, client = people.who(Role.SECRETARIAT), Client()
    client.force_login(user)
    page = reverse("accounts:profile")
    assert client.get(page).status_code == 200
    actions.deactivate_user(by=people.who(Role.PROVINCE_ADMIN), user=user)
    assert client.get(page).status_code == 302
    assert client.get(page, headers={"HX-Request": "true"}).status_code == 401
    # The session from before stays dead when the account opens again.
    actions.reactivate_user(by=people.who(Role.PROVINCE_ADMIN), user=user)
    assert client.get(page).status_code == 302
    assert [e.verb for e in AccountEvent.objects.all()[:2]] == ["reactivate", "deactivate"]


def test_closing_twice_is_refused_and_others_may_not(people: People) -> None:
    user = people.who(Role.SECRETARIAT)
    with pytest.raises(NotAllowed):
        actions.deactivate_user(by=people.who(Role.PROVINCE_ADMIN, "b"), user=user)
    actions.deactivate_user(by=None, user=user)
    with pytest.raises(RefusedError):
        actions.deactivate_user(by=None, user=user)


def test_profile_is_ones_own(people: People) -> None:
    user = people.who(Role.COMMITTEE)
    names = {"first_name": "กรองแก้ว", "last_name": "ใจดี", "language": "en"}
    with pytest.raises(NotAllowed):
        actions.change_profile(by=people.who(Role.CENTRAL_ADMIN), user=user, **names)
    actions.change_profile(by=user, user=user, **names)
    assert last("change_profile").data["after"] == names
    lines = AccountEvent.objects.count()
    actions.change_profile(by=user, user=user, **names)
    assert AccountEvent.objects.count() == lines
    actions.change_language(by=user, user=user, language="th")
    assert User.objects.get(pk=user.pk).language == "th"
    with pytest.raises(RefusedError):
        actions.change_language(by=user, user=user, language="xx")
    with pytest.raises(NotAllowed):
        actions.change_language(by=people.nobody, user=user, language="en")


def test_agencies_are_the_business_of_their_province(people: People) -> None:
    data = {"code": "NEW", "name_th": "สำนักงานใหม่", "kind": "regional_agency"}
    with pytest.raises(NotAllowed):
        actions.create_agency(by=people.who(Role.PROVINCE_ADMIN, "b"), province=people.a, **data)
    admin = people.who(Role.PROVINCE_ADMIN)
    agency = actions.create_agency(by=admin, province=people.a, **data)
    with pytest.raises(RefusedError, match="มีรหัสนี้อยู่แล้ว"):
        actions.create_agency(by=admin, province=people.a, **data)
    actions.change_agency(by=admin, agency=agency, name_th="สำนักงานอื่น")
    event = last("change_agency")
    assert event.data["before"] == {"name_th": "สำนักงานใหม่"}
    assert event.data["after"]["name_th"] == "สำนักงานอื่น"
    with pytest.raises(NotAllowed):
        actions.set_agency_active(by=people.who(Role.SECRETARIAT), agency=agency, active=False)
    actions.set_agency_active(by=admin, agency=agency, active=False)
    assert not Agency.objects.get(pk=agency.pk).active


def test_provinces_are_the_business_of_the_centre(people: People) -> None:
    data = {"code": "TH-93", "name_th": "ใหม่", "name_en": "New", "region": "north"}
    with pytest.raises(NotAllowed):
        actions.create_province(by=people.who(Role.PROVINCE_ADMIN), **data)
    with pytest.raises(NotAllowed):
        actions.change_province(by=people.who(Role.PROVINCE_ADMIN), province=people.a, name_th="ใหม่")
    central = people.who(Role.CENTRAL_ADMIN)
    province = actions.create_province(by=central, **data)
    actions.change_province(by=central, province=province, name_th="เก่า")
    assert last("change_province").data["before"] == {"name_th": "ใหม่"}


def test_a_revoked_administrator_cannot_act_any_more(people: People) -> None:
    admin = people.who(Role.PROVINCE_ADMIN)
    actions.revoke_role(by=people.who(Role.CENTRAL_ADMIN), membership=admin.memberships.get())
    admin.forget_grants()
    with pytest.raises(NotAllowed):
        actions.grant_role(by=admin, user=people.nobody, role=Role.COMMITTEE, province=people.a)
    assert Membership.objects.filter(user=people.nobody).count() == 0


def test_confirm_password(people: People, rf: Any, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    user = people.who(Role.GOVERNOR)
    request = rf.post("/")
    assert actions.verify_password(user, PASSWORD, request=request)
    for _ in range(2):
        assert not actions.verify_password(user, "wrong", request=request)
    assert actions.verify_password(user, PASSWORD, request=request)  # forgets the two failures
    for _ in range(3):
        assert not actions.verify_password(user, "wrong", request=rf.post("/"))
    locked = rf.post("/")
    assert not actions.verify_password(user, PASSWORD, request=locked)
    # AxesMiddleware turns this into the lockout page.
    assert locked.axes_locked_out


def test_confirm_password_of_a_closed_account(people: People, rf: Any) -> None:
    user = people.who(Role.GOVERNOR)
    actions.deactivate_user(by=None, user=user)
    assert not actions.verify_password(user, PASSWORD, request=rf.post("/"))


def test_a_role_may_come_back_after_it_was_revoked(people: People) -> None:
    post = MembershipFactory(role=Role.COMMITTEE, province=people.a)
    admin = people.who(Role.PROVINCE_ADMIN)
    actions.revoke_role(by=admin, membership=post)
    actions.grant_role(by=admin, user=post.user, role=Role.COMMITTEE, province=people.a)
    assert post.user.memberships.filter(active=True).count() == 1
