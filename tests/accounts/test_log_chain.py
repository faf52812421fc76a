"""The chain of the account log: every event is linked, and nothing in it can be edited, moved or taken out unseen."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.actions.log import record_account_event
from accounts.actions.log_chain import compute_link_hash, link_account_events
from accounts.models import AccountEvent, AccountLink
from survey.verifying import log_chain
from survey.verifying.log_chain import log_chain_faults
from tests.factories import ProvinceFactory, UserFactory


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def codes() -> list[tuple[str, int | None]]:
    return [(fault.code, fault.seq) for fault in log_chain_faults()]


@pytest.fixture
def events(db: None) -> list[AccountEvent]:
    """Five linked events."""
    place, person = ProvinceFactory(), UserFactory()
    AccountLink.objects.all().delete()
    link_account_events()
    made = [
        record_account_event(by=person, verb="grant", subject=person, province=place, after={"role": str(number)})
        for number in range(5)
    ]
    assert link_account_events() == 5
    assert link_account_events() == 0
    return made


@pytest.mark.django_db(transaction=True)
def test_an_event_is_linked_once_its_transaction_is_through() -> None:
    with transaction.atomic():
        for _number in range(3):
            record_account_event(by=None, verb="grant")
        assert not AccountLink.objects.exists()
    links = list(AccountLink.objects.select_related("event"))
    assert [link.seq for link in links] == [1, 2, 3]
    assert [link.previous for link in links] == ["", links[0].hash, links[1].hash]
    assert all(link.hash == compute_link_hash(link.event, link.seq, link.previous) for link in links)
    with transaction.atomic():
        record_account_event(by=None, verb="grant")
        transaction.set_rollback(True)
    assert AccountLink.objects.count() == 3


def test_a_whole_chain_has_no_fault(events: list[AccountEvent]) -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("verb", "join"), ("data", '{"before": null, "after": {"role": "9"}}'), ("by_id", None), ("province_id", None)],
)
def test_an_edited_event_is_named(events: list[AccountEvent], column: str, value: Any) -> None:
    run(f"UPDATE accounts_accountevent SET {column} = %s WHERE id = %s", value, events[2].pk)
    (fault,) = log_chain_faults()
    assert (fault.code, fault.seq) == ("log.hash", events[2].pk)
    assert "บันทึกบัญชีผู้ใช้" in fault.text("th")


def test_an_event_edited_with_its_own_hash_breaks_the_next_link(events: list[AccountEvent]) -> None:
    run("UPDATE accounts_accountevent SET verb = 'join' WHERE id = %s", events[2].pk)
    link = AccountLink.objects.select_related("event").get(event=events[2])
    AccountLink.objects.filter(pk=link.pk).update(hash=compute_link_hash(link.event, link.seq, link.previous))
    assert codes() == [("log.link", events[3].pk)]


def test_an_event_taken_out_with_its_link_leaves_a_gap(events: list[AccountEvent]) -> None:
    run("DELETE FROM accounts_accountlink WHERE event_id = %s", events[2].pk)
    run("DELETE FROM accounts_accountevent WHERE id = %s", events[2].pk)
    assert codes() == [("log.gap", events[3].pk), ("log.link", events[3].pk)]


def test_two_events_that_change_places_are_named(events: list[AccountEvent]) -> None:
    one, two = (AccountLink.objects.get(event=event) for event in events[1:3])
    for pk, seq in ((one.pk, 99), (two.pk, one.seq), (one.pk, two.seq)):
        AccountLink.objects.filter(pk=pk).update(seq=seq)
    assert {code for code, _seq in codes()} == {"log.link", "log.hash"}


def test_an_event_that_stays_without_a_link_is_named(
    events: list[AccountEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    loose = record_account_event(by=None, verb="grant")
    assert codes() == []  # just written
    monkeypatch.setattr(log_chain, "LINKED_WITHIN", -log_chain.LINKED_WITHIN)
    assert codes() == [("log.unlinked", loose.pk)]
    link_account_events()
    assert codes() == []


@pytest.mark.django_db(transaction=True)
def test_linkers_at_the_same_time_make_one_chain() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def write(number: int) -> None:
        try:
            record_account_event(by=None, verb="grant", after={"number": number})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    link_account_events()
    assert [link.seq for link in AccountLink.objects.all()] == list(range(1, 13))
    assert codes() == []
    pairs = itertools.pairwise(AccountLink.objects.all())
    assert all(later.previous == earlier.hash for earlier, later in pairs)
