"""A world that is put back is the world that was built: same rows, same keys, and what comes after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from survey.instrument.actions import load_instrument
from survey.models import Answer, Event, Instrument, Response
from tests import kept_worlds
from tests.counters import read_counters, set_counters
from tests.factories import UserFactory
from tests.flow import Flow, make_flow
from tests.people import make_people
from tests.trial import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def none_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has built nothing yet."""
    monkeypatch.setattr(kept_worlds, "_worlds", {})
    monkeypatch.setattr(kept_worlds, "_seen", set())


def rolled_back(times: int) -> Iterator[int]:
    """Turns that find the database alike, counters and all."""
    start = read_counters()
    for turn in range(times):
        before = transaction.savepoint()
        yield turn
        transaction.savepoint_rollback(before)
        if connection.vendor == "postgresql":
            set_counters({name: start.get(name) for name in read_counters()})


def test_built_twice_then_put_back(none_kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tables, keys, newest, published = [], [], [], []
    monkeypatch.setattr("tests.trial.instruments.load_instrument", _counted(published))
    for _turn in rolled_back(4):
        flow = make_flow(make_people())
        tables.append({t: len(rows) for t, rows in kept_worlds._all_rows().items()})
        keys.append((Instrument.objects.get().pk, flow.response.pk, flow.secretariat.pk))
        newest.append(UserFactory().pk)
        goes_on(flow)
    assert len(published) == 2
    assert all(found == tables[0] for found in tables)
    assert len(set(keys)) == len(set(newest)) == 1
    assert newest[0] > flow.secretariat.pk


def goes_on(flow: Flow) -> None:
    """What was put back takes new rows, and keys are checked again."""
    flow.save("T8", {"T8": "no"})
    assert Answer.objects.filter(response=flow.response).count() == 1
    assert Event.objects.filter(response=flow.response).exists()
    connection.check_constraints()
    Response.objects.filter(pk=flow.response.pk).update(round_id=123456789)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.check_constraints()


def _counted(calls: list[object]) -> object:
    """Loading, each time written down."""

    def load(**given: object) -> object:
        calls.append(given)
        return load_instrument(**given)

    return load


def test_rows_lie_in_the_order_in_which_they_were_built(none_kept: None) -> None:
    orders = []
    for _turn in rolled_back(3):
        publish()
        with connection.cursor() as cursor:
            cursor.execute("SELECT item_id FROM survey_question")
            orders.append(cursor.fetchall())
    assert orders[0] == orders[2]
