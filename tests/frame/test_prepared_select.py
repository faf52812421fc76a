"""A prepared select gives what its queryset gives: with subqueries, lists, annotations, slices, texts and times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Agency, Membership, Province
from accounts.roles import Role
from dgready.prepared_select import PreparedSelect
from survey.models import Round
from tests.factories import AgencyFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def _provinces(user: Any, keys: Any, code: Any, now: Any, today: Any, *, active: bool) -> QuerySet[Province]:
    agencies = Agency.objects.filter(province=OuterRef("pk"), active=active, code__gte=code).order_by()
    posts = Membership.objects.current(today).filter(agency__province=OuterRef("pk"), user=user)
    recent = Membership.objects.filter(Q(user=user) | Q(agency__in=keys), agency__province=OuterRef("pk"))
    return (
        Province.objects.filter(pk__in=keys)
        .annotate(has_agency=Exists(agencies), holds=Exists(posts))
        .annotate(is_new=Exists(recent.filter(created_at__lte=now)))
        .order_by("-code")[:2]
    )


def test_same_objects_and_annotations_in_one_query_whatever_the_lists() -> None:
    agencies = [AgencyFactory() for _n in range(5)]
    post = MembershipFactory(role=Role.COORDINATOR, agency=agencies[1], province=agencies[1].province)
    now, today = timezone.now() + timedelta(minutes=1), timezone.localdate()
    prepared: PreparedSelect[Province] = PreparedSelect(_provinces)

    def shown(rows: Any) -> list[tuple[Any, ...]]:
        return [(p.code, p.has_agency, p.holds, p.is_new) for p in rows]

    for count in (0, 1, 2, 3, 5, 2):
        keys = [agency.province_id for agency in agencies[:count]]
        given = (post.user_id, keys, agencies[0].code, now, today)
        with CaptureQueriesContext(connection) as asked:
            found = shown(prepared.all(*given, active=True))
        assert len(asked) == 1
        assert found == shown(_provinces(*given, active=True))
        assert len(found) == min(count, 2)
    assert shown(prepared.all(post.user_id, keys, agencies[0].code, now, today, active=False))[0][1] is False
    assert any(holds and is_new for _code, _has, holds, is_new in shown(prepared.all(*given, active=True)))


def test_tuples_with_counts_joins_and_an_order_by_what_is_not_shown() -> None:
    agencies = [AgencyFactory() for _n in range(3)]
    MembershipFactory(role=Role.COORDINATOR, agency=agencies[0], province=agencies[0].province)

    def make(keys: Any) -> QuerySet[Agency, tuple[str, str, int]]:
        rows = Agency.objects.filter(pk__in=keys).order_by("-province__sort_key", "pk").distinct()
        return rows.annotate(posts=Count("memberships")).values_list("code", "province__code", "posts")

    keys = [agency.pk for agency in agencies]
    prepared: PreparedSelect[tuple[str, str, int]] = PreparedSelect(make)
    assert prepared.all(keys) == list(make(keys))
    assert prepared.first(keys) == make(keys).first()
    assert prepared.first([]) is None


def test_both_halves_of_a_union_are_given_their_values() -> None:
    one, two = AgencyFactory(), AgencyFactory()

    def make(key: Any, province: Any) -> QuerySet[Any, Any]:
        own = Agency.objects.filter(pk=key).order_by().values_list("code", "province__code")
        return own.union(Province.objects.filter(pk=province).order_by().values_list("code", "name_th"), all=True)

    prepared: PreparedSelect[tuple[str, str]] = PreparedSelect(make)
    assert sorted(prepared.all(one.pk, two.province_id)) == sorted(make(one.pk, two.province_id))


def test_a_statement_may_have_no_values() -> None:
    agency = AgencyFactory()
    prepared: PreparedSelect[Any] = PreparedSelect(lambda: Agency.objects.order_by().values_list("pk"))
    for _time in range(2):
        assert prepared.all() == [(agency.pk,)]


def test_a_value_that_is_not_asked_for_is_a_fault() -> None:
    prepared: PreparedSelect[Agency] = PreparedSelect(lambda key, other: Agency.objects.filter(pk=key))
    with pytest.raises(AssertionError, match="nowhere"):
        prepared.all(1, 2)


def test_stand_ins_are_told_from_what_the_statement_says_itself() -> None:
    prepared: PreparedSelect[Agency] = PreparedSelect(lambda key: Agency.objects.filter(pk__in=[31_047, key]))
    with pytest.raises(AssertionError, match="looks like"):
        prepared.all(1)


def test_small_integers_are_compared_too() -> None:
    """A stand-in beyond a small integer made Django leave out the half of a union that could match nothing."""
    prepared: PreparedSelect[tuple[int]] = PreparedSelect(
        lambda year: Round.objects.filter(year__lt=year).order_by().values_list("year")
    )
    with CaptureQueriesContext(connection) as asked:
        assert prepared.all(2_500) == []
    assert len(asked) == 1
