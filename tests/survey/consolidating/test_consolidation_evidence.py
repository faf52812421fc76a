"""Evidence of a contribution at a place of the provincial answer: the same file, never a copy."""

from __future__ import annotations

from datetime import date

import pytest

from evidence.attaching import actions
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, File
from survey.answering.actions import NotEditable
from survey.approval.actions import submit_response
from survey.models import Event, Response
from tests.evidence.conftest import World, build, pdf
from tests.proven import codes


@pytest.fixture
def world(db: None) -> World:
    return build()


def theirs(world: World, **more: object) -> Attachment:
    """A marked file of the contribution."""
    attachment = world.attach(response=world.contribution, by=world.coordinator, document_date=date(2055, 7, 1), **more)
    actions.save_mark(by=world.coordinator, attachment=attachment, pages="1", quote="ข้อความ")
    return attachment


def adopt(world: World, attachment: Attachment, address: str = "E1=done") -> actions.AttachResult:
    return actions.adopt_evidence(by=world.secretary, attachment=attachment, response=world.response, address=address)


def test_the_same_file_with_its_marks_and_date(world: World) -> None:
    source = theirs(world)
    made = adopt(world, source)
    row = made.attachment
    assert made.created
    assert (row.file, row.name, row.document_date) == (source.file, source.name, source.document_date)
    assert [(m.pages, m.quote, m.by) for m in row.marks.all()] == [("1", "ข้อความ", world.coordinator)]
    assert (row.added_by, row.response, File.objects.count()) == (world.secretary, world.response, 1)
    event = Event.objects.get(response=world.response, verb="evidence.adopt")
    assert event.by == world.secretary
    assert event.data["after"]["from"] == str(source.public_id)
    assert event.data["after"]["sha256"] == source.file.sha256
    world.response.refresh_from_db()
    assert event.seq == world.response.version
    assert not [code for code, _field in codes() if code.startswith("evidence")]


def test_again_it_changes_nothing_but_brings_marks_it_lacks(world: World) -> None:
    source = theirs(world)
    first = adopt(world, source).attachment
    again = adopt(world, source)
    assert (again.attachment.pk, again.created) == (first.pk, False)
    assert Event.objects.filter(response=world.response).count() == 1
    actions.save_mark(by=world.coordinator, attachment=source, pages="1", quote="อีกข้อความ")
    adopt(world, source)
    assert first.marks.count() == 2
    event = Event.objects.filter(response=world.response).latest("seq")
    assert [(m["pages"], m["quote"]) for m in event.data["after"]["marks"]] == [("1", "อีกข้อความ")]


def test_what_happens_to_the_source_later_leaves_it(world: World) -> None:
    source = theirs(world)
    made = adopt(world, source).attachment
    actions.remove_attachment(by=world.coordinator, attachment=source)
    made.refresh_from_db()
    assert made.removed_at is None
    actions.remove_attachment(by=world.secretary, attachment=made)
    with pytest.raises(EvidenceRefused):
        adopt(world, source)


def test_not_to_a_wrong_place_nor_from_another_round(world: World) -> None:
    source = theirs(world)
    for address in ("E1=none", "E2", "nowhere"):
        with pytest.raises(EvidenceRefused):
            adopt(world, source, address)
    foreign = world.attach(response=world.elsewhere, content=pdf("b"))
    with pytest.raises(EvidenceRefused) as refused:
        adopt(world, foreign)
    assert refused.value.reason == "round"


def test_not_once_the_answer_is_submitted(world: World) -> None:
    source = theirs(world)
    submit_response(by=world.secretary, response=world.response, points=lambda r: [], reasons={})
    with pytest.raises(NotEditable):
        adopt(world, source)
    assert not Attachment.objects.filter(response=world.response).exists()
    assert Response.objects.get(pk=world.response.pk).state == Response.State.SUBMITTED
