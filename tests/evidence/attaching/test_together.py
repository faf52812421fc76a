"""Several people at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from evidence.attaching import actions
from evidence.attaching.snapshot import evidence_snapshot
from evidence.models import Attachment, File
from survey.models import Event
from tests.evidence.conftest import World, build, pdf, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    """The same world, in the database for good."""
    return build()


def _attach(world: World, address: str, content: bytes, faults: list[Exception]) -> None:
    try:
        actions.attach_evidence(
            by=world.secretary,
            response=type(world.response).objects.select_related("round__instrument").get(pk=world.response.pk),
            question=world.question("E1"),
            address=address,
            upload=upload(content),
        )
    except Exception as fault:
        faults.append(fault)
    finally:
        connection.close()


def _at_once(calls: list[tuple[Any, ...]]) -> None:
    threads = [threading.Thread(target=_attach, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_same_file_from_many_hands_is_one_file_and_one_attachment(world: World) -> None:
    faults: list[Exception] = []
    _at_once([(world, "E1=done", pdf("same"), faults)] * 6)
    assert faults == []
    assert File.objects.count() == Attachment.objects.count() == Event.objects.count() == 1


def test_different_files_from_many_hands_all_arrive_and_the_journal_is_whole(world: World) -> None:
    faults: list[Exception] = []
    _at_once([(world, "E1=done", pdf(str(n)), faults) for n in range(6)])
    assert faults == []
    chain = list(Event.objects.order_by("seq"))
    assert [e.seq for e in chain] == list(range(1, 7))
    assert [e.previous for e in chain] == ["", *(e.hash for e in chain[:-1])]
    assert len(evidence_snapshot(world.response)) == 6
