"""On PostgreSQL too a form of the tests has the same keys in every test, and nothing else has them."""

import pytest
from django.db import transaction

from survey.instrument import actions as instruments
from survey.models import Instrument
from tests.fixed_keys import APART
from tests.trial import TRIAL, publish, source

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def keys(row: Instrument) -> list[int]:
    return [row.pk, *row.questions.order_by("pk").values_list("pk", flat=True)]


def test_the_same_keys_each_time_and_no_others_between_them() -> None:
    found = []
    for _ in range(2):
        before = transaction.savepoint()
        found.append(keys(publish()))
        transaction.savepoint_rollback(before)
        before = transaction.savepoint()
        assert max(keys(instruments.load_instrument(data=source(TRIAL), publish=True)[0])) < APART
        transaction.savepoint_rollback(before)
    assert found[0] == found[1]
    assert min(found[0]) >= APART
