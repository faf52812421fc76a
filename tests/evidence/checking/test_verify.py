"""manage.py evidence verify: what it finds, and that it changes nothing."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence import store
from evidence.attaching import actions
from evidence.models import Attachment, Mark, TextState
from survey.models import Event, Response
from tests.evidence.checking.texts import read_as
from tests.evidence.conftest import World, pdf

TEXT, INVENTED = "จังหวัดเห็นชอบแผนพัฒนาดิจิทัลระยะห้าปี", "จัดซื้อรถดับเพลิงและเรือท้องแบน"


def verify(*args: str) -> tuple[bool, str]:
    """Whether it ended well, and what it printed."""
    out = StringIO()
    try:
        call_command("evidence", "verify", *args, stdout=out)
    except CommandError:
        return False, out.getvalue()
    return True, out.getvalue()


def told(*args: str) -> dict[str, Any]:
    well, said = verify("--format", "json", *args)
    found: dict[str, Any] = json.loads(said)
    assert found["ok"] is well
    return found


@pytest.fixture
def attachment(world: World) -> Attachment:
    attached = world.attach()
    read_as(attached, TEXT)
    world.mark(attached, quote="แผนพัฒนาดิจิทัล")
    world.mark(attached, quote=INVENTED)
    return attached


def test_all_is_well(world: World, attachment: Attachment) -> None:
    found = told()
    assert found["ok"]
    assert found["files"] == {"checked": 1, "faults": []}
    assert found["texts"] == {"not_read": []}
    assert found["marks"]["states"] == {"exact": 1, "missing": 1}
    one = found["marks"]["all"][0]
    assert (one["place"], one["question"], one["state"], one["should_be"]) == ("E1=done", "E1", "exact", "exact")
    assert "marks: 2 checked (exact 1, missing 1), 0 wrong" in verify()[1]
    assert told("--province", "none")["marks"]["checked"] == 0
    assert told("--year", "2599")["marks"]["checked"] == 2


def test_a_mark_in_a_wrong_state_is_a_fault_where_it_can_be_changed(world: World, attachment: Attachment) -> None:
    Mark.objects.filter(quote=INVENTED).update(state="exact")
    events = Event.objects.count()
    found = told()
    assert (found["ok"], found["marks"]["wrong"]) == (False, 1)
    assert INVENTED in verify()[1]
    assert Event.objects.count() == events
    Response.objects.filter(pk=world.response.pk).update(state=Response.State.APPROVED)
    found = told()
    assert found["ok"]
    assert [one["closed"] for one in found["marks"]["all"]] == [True, True]


def test_files_that_are_gone_or_altered_and_texts_that_are_not_read(world: World, attachment: Attachment) -> None:
    other = world.attach("E2=yes", content=pdf("b"))
    actions.save_mark(by=world.secretary, attachment=other, pages="1", quote="ก")
    read_as(other, state=TextState.FAILED)
    assert told()["texts"]["not_read"] == [
        {"sha256": other.file.sha256 if other.file else "", "kind": "pdf", "state": "failed", "why": ""}
    ]
    storage = store.evidence_storage()
    assert attachment.file is not None
    assert other.file is not None
    with open(storage.path(attachment.file.stored), "r+b") as content:
        content.write(b"x")
    assert [fault["code"] for fault in told()["files"]["faults"]] == ["file.sha256"]
    storage.delete(other.file.stored)
    assert sorted(fault["code"] for fault in told()["files"]["faults"]) == ["file.missing", "file.sha256"]
    assert [fault["code"] for fault in told("--fast")["files"]["faults"]] == ["file.missing"]
