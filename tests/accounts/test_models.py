"""What the database itself refuses, and how names sort."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from accounts.models import AccountEvent, Membership, Province, User
from accounts.roles import Capability, Role
from dgready.append_only import AppendOnlyError
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory, UserFactory
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.CENTRAL_ADMIN, "province"),
        (Role.CENTRAL_ADMIN, "agency"),
        (Role.COORDINATOR, "none"),
        (Role.COORDINATOR, "province"),
        (Role.SECRETARIAT, "none"),
        (Role.SECRETARIAT, "agency"),
        (Role.GOVERNOR, "none"),
        ("king", "province"),
    ],
)
def test_a_role_in_the_wrong_place_is_refused(role: str, place: str) -> None:
    agency = AgencyFactory()
    post: dict[str, Any] = {
        "none": {},
        "province": {"province": agency.province},
        "agency": {"province": agency.province, "agency": agency},
    }[place]
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=UserFactory(), role=role, **post)


def test_the_same_active_role_twice_is_refused_but_may_come_back() -> None:
    first = MembershipFactory()
    again = {"user": first.user, "role": first.role, "province": first.province}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**again)
    Membership.objects.filter(pk=first.pk).update(active=False)
    Membership.objects.create(**again)


def test_the_same_central_role_twice_is_refused() -> None:
    first = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=first.user, role=Role.CENTRAL_ADMIN)


def test_two_delegations_of_different_dates_are_two_roles() -> None:
    today = timezone.localdate()
    first = MembershipFactory(role=Role.GOVERNOR, valid_from=today, valid_to=today)
    later = today + timedelta(days=30)
    Membership.objects.create(
        user=first.user, role=Role.GOVERNOR, province=first.province, valid_from=later, valid_to=later
    )


def test_dates_out_of_order_are_refused() -> None:
    today = timezone.localdate()
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(valid_from=today, valid_to=today - timedelta(days=1))


def test_one_address_in_any_letter_case() -> None:
    user = User.objects.create_user("  Somchai@Example.ORG ")
    assert user.email == "somchai@example.org"
    assert User.objects.get_by_natural_key("SOMCHAI@example.org") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("SomChai@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Somchai@example.org")


def test_no_password_means_no_sign_in() -> None:
    assert not User.objects.create_user("a@example.org").has_usable_password()


def test_codes_are_unique_where_they_must_be() -> None:
    agency = AgencyFactory(code="PO")
    AgencyFactory(code="PO")
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyFactory(code="PO", province=agency.province)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProvinceFactory(code=agency.province.code)


def test_unknown_regions_and_kinds_are_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProvinceFactory(region="isan")
    with pytest.raises(IntegrityError), transaction.atomic():
        AgencyFactory(kind="ministry")


def test_provinces_come_in_the_order_of_a_thai_dictionary() -> None:
    for name in ("เลย", "ขอนแก่น", "หนองคาย", "กระบี่", "แพร่"):
        ProvinceFactory(name_th=name)
    found = list(Province.objects.values_list("name_th", flat=True))
    assert found == ["กระบี่", "ขอนแก่น", "แพร่", "เลย", "หนองคาย"]


def test_the_sort_key_follows_the_name() -> None:
    user = UserFactory(first_name="เอก", last_name="ก")
    before = user.sort_key
    user.first_name = "กร"
    user.save(update_fields=["first_name"])
    user.refresh_from_db()
    assert user.sort_key < before


def test_names_in_the_language_of_the_page() -> None:
    province = ProvinceFactory(name_th="หนองคาย", name_en="Nong Khai")
    assert str(province) == "หนองคาย"
    with translation.override("en"):
        assert str(province) == "Nong Khai"
        assert str(AgencyFactory(name_th="สำนักงาน", name_en="")) == "สำนักงาน"


def test_the_log_only_grows() -> None:
    event = AccountEvent.objects.create(verb="grant")
    for change in (
        event.save,
        event.delete,
        AccountEvent.objects.all().delete,
        lambda: AccountEvent.objects.update(verb="revoke"),
    ):
        with pytest.raises(AppendOnlyError):
            change()
    assert AccountEvent.objects.get().verb == "grant"


def test_grants_cost_one_query(people: People, django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=people.who(Role.SECRETARIAT).pk)
    with django_assert_num_queries(1):
        assert user.has(Capability.ANSWER_EDIT, province_id=people.a.pk)
        assert not user.has(Capability.ANSWER_EDIT, province_id=people.b.pk)
        assert user.grants[0].province_code == people.a.code


@pytest.mark.parametrize(
    ("shift_from", "shift_to", "counts"),
    [(None, None, True), (0, 0, True), (-5, -1, False), (1, 5, False), (-5, None, True), (None, -1, False)],
)
def test_only_today_counts(shift_from: int | None, shift_to: int | None, counts: bool) -> None:
    today = timezone.localdate()

    def day(shift: int | None) -> Any:
        return None if shift is None else today + timedelta(days=shift)

    post = MembershipFactory(role=Role.GOVERNOR, valid_from=day(shift_from), valid_to=day(shift_to))
    assert post.user.has(Capability.APPROVE, province_id=post.province_id) is counts


def test_revoked_roles_closed_agencies_and_closed_accounts_do_not_count() -> None:
    agency = AgencyFactory()
    post = MembershipFactory(role=Role.COORDINATOR, agency=agency)
    place = {"province_id": agency.province_id, "agency_id": agency.pk}

    def has() -> bool:
        return User.objects.get(pk=post.user.pk).has(Capability.CONTRIBUTION_EDIT, **place)

    assert has()
    agency.active = False
    agency.save()
    assert not has()
    agency.active = True
    agency.save()
    Membership.objects.filter(pk=post.pk).update(active=False)
    assert not has()
    Membership.objects.filter(pk=post.pk).update(active=True)
    User.objects.filter(pk=post.user.pk).update(is_active=False)
    assert not has()


@pytest.mark.postgres
def test_the_unique_index_exists_on_postgres(on_postgres: bool) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Membership._meta.db_table)
    assert found["membership_active_once"]["unique"]
