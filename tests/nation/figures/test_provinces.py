"""Provinces with region, KPI group and size, as the national pages group them."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from accounts.models import Agency, Province
from nation.figures.provinces import kpi_groups, list_provinces, size_of
from tests.factories import AgencyFactory


@pytest.mark.parametrize(
    ("agencies", "size"), [(0, "small"), (15, "small"), (16, "middle"), (30, "middle"), (31, "large")]
)
def test_size_is_a_band_of_active_agencies(agencies: int, size: str) -> None:
    assert size_of(agencies) == size


@pytest.mark.django_db
def test_all_provinces_come_in_two_queries_in_thai_order(django_assert_num_queries: object) -> None:
    call_command("load_provinces", verbosity=0)
    nong_khai = Province.objects.get(code="TH-43")
    for number in range(16):
        AgencyFactory(province=nong_khai, active=number != 0)
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = list_provinces()
    assert len(found) == 76
    assert [one.sort_key for one in found] == sorted(one.sort_key for one in found)
    one = next(one for one in found if one.code == "TH-43")
    assert (one.region, one.kpi_group, one.agencies, one.size) == ("northeast", 2, 15, "small")
    assert {one.kpi_group for one in found} == {1, 2, 3}
    assert Agency.objects.filter(province=nong_khai).count() == 16


def test_a_paper_that_names_no_groups_is_passed_over() -> None:
    assert kpi_groups(2567) == kpi_groups(2568) == kpi_groups(None)
    assert len(kpi_groups()) == 76
