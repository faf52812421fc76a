"""A text is read while marks are made: no mark stays unchecked, nothing is told twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from evidence import tasks
from evidence.attaching import actions
from evidence.checking.actions import check_file
from evidence.models import Attachment, FileText, Mark
from reports.proof.verify import verify_all
from survey.models import Event
from tests.evidence.checking.texts import read_as
from tests.evidence.conftest import World, build

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TEXT, STANDS = "จังหวัดเห็นชอบแผนพัฒนาดิจิทัลระยะห้าปี", "แผนพัฒนาดิจิทัล"
ROUNDS = 8


@pytest.fixture
def attachment(transactional_db: None) -> tuple[World, Attachment]:
    world = build()
    return world, world.attach()


def at_once(*acts: Callable[[], object]) -> None:
    """Runs all at the same moment; raises what any of them raised."""
    start, faults = threading.Barrier(len(acts)), list[Exception]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []


def test_marks_made_while_the_text_is_read_are_all_checked(attachment: tuple[World, Attachment]) -> None:
    world, attached = attachment

    def read() -> None:
        check_file(read_as(attached, TEXT).pk)

    def mark(note: str) -> Callable[[], object]:
        return lambda: actions.save_mark(by=world.secretary, attachment=attached, pages="1", quote=STANDS, note=note)

    for number in range(ROUNDS):
        FileText.objects.all().delete()
        at_once(mark(f"ก{number}"), read, mark(f"ข{number}"))
        assert set(Mark.objects.values_list("state", flat=True)) == {"exact"}
    told = [one["note"] for event in Event.objects.filter(verb="evidence.check") for one in event.data["marks"]]
    assert len(told) == len(set(told))
    assert Mark.objects.count() == 2 * ROUNDS
    assert verify_all().faults == []


def test_several_checks_of_the_same_file_tell_once(attachment: tuple[World, Attachment]) -> None:
    world, attached = attachment
    FileText.objects.all().delete()
    world.mark(attached, quote=STANDS)
    file = read_as(attached, TEXT)
    at_once(lambda: check_file(file.pk), tasks.check_unchecked_marks, tasks.check_marks_again)
    assert Event.objects.filter(verb="evidence.check").count() == 1
    assert verify_all().faults == []
