"""A list that is cut says how many it leaves out."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Province
from dgready.shortened import first_rows, shorten_list
from tests.people import People


def test_a_list_says_what_it_leaves_out() -> None:
    short = shorten_list(list("abcde"), 2)
    assert (list(short), short.more, short.in_all) == (["a", "b"], 3, 5)
    assert shorten_list(["a"], 2).more == 0


@pytest.mark.django_db
def test_rows_of_a_query_say_what_they_leave_out_in_the_same_query(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known = list(Province.objects.order_by("sort_key"))
    with django_assert_num_queries(1):
        short = first_rows(Province.objects.order_by("sort_key"), 1)
    assert (list(short), short.more) == (known[:1], len(known) - 1)
    assert first_rows(Province.objects.none(), 1).in_all == 0
