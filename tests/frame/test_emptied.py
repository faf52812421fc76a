"""After a test that committed, nothing it wrote is left, and what migrations wrote is there."""

from __future__ import annotations

import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import Membership, User
from survey.models import Answer, Event, Response
from tests.emptied import empty_database
from tests.factories import UserFactory
from tests.flow import make_flow
from tests.people import make_people


def test_everything_goes_but_content_types(transactional_db: None) -> None:
    types = ContentType.objects.count()
    flow = make_flow(make_people())
    flow.fill()
    assert Answer.objects.exists()
    empty_database()
    for model in (Answer, Event, Response, Membership, User):
        assert not model.objects.exists()
    assert ContentType.objects.count() == types > 0
    UserFactory()  # the database goes on working


@pytest.mark.postgres
@pytest.mark.once
def test_what_another_still_writes_is_waited_for(transactional_db: None) -> None:
    written, go_on = threading.Event(), threading.Event()

    def write_late() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            UserFactory()
            written.set()
            go_on.wait(10)
            cursor.execute("COMMIT")
        connection.close()

    late = threading.Thread(target=write_late)
    late.start()
    assert written.wait(10)
    emptying = threading.Timer(0.3, go_on.set)
    emptying.start()
    empty_database()
    late.join(10)
    assert not User.objects.exists()
