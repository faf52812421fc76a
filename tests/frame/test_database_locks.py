"""Locks that hold on all machines: one holder, gone with its connection; chores are done once however many ask."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from dgready.database_locks import try_lock
from survey.models import Chore
from survey.rounds.daily_chores import once_a_day

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2570, 1, 15)


def is_free_elsewhere(name: str) -> bool:
    """Whether another connection gets the lock."""
    found: list[bool] = []

    def ask() -> None:
        with try_lock(name) as is_ours:
            found.append(is_ours)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(60)
    return found[0]


def test_one_holder() -> None:
    with try_lock("a") as is_ours:
        assert is_ours
        assert not is_free_elsewhere("a")
        assert is_free_elsewhere("b")
    assert is_free_elsewhere("a")
    with pytest.raises(ZeroDivisionError), try_lock("a"):
        raise ZeroDivisionError
    assert is_free_elsewhere("a")


@pytest.mark.postgres
def test_a_lost_connection_is_a_lost_lock() -> None:
    with try_lock("a"):
        connection.close()  # as that of a machine that was cut off
        assert is_free_elsewhere("a")


def test_a_chore_is_done_once() -> None:
    with once_a_day("post", TODAY) as is_due:
        assert is_due
        seen = []
        thread = threading.Thread(target=lambda: seen.append(asked_elsewhere()))
        thread.start()
        thread.join(60)
        assert seen == [False]  # another clock's message, at the same time
    with once_a_day("post", TODAY) as is_due:
        assert not is_due  # and later
    with once_a_day("post", TODAY + timedelta(1)) as is_due:
        assert is_due


def asked_elsewhere() -> bool:
    with once_a_day("post", TODAY) as is_due:
        pass
    connection.close()
    return is_due


def test_a_chore_that_broke_off_begins_anew() -> None:
    with pytest.raises(ZeroDivisionError), once_a_day("post", TODAY):
        raise ZeroDivisionError
    assert not Chore.objects.exists()
    with once_a_day("post", TODAY) as is_due:
        assert is_due
