"""What is seen beside a file with active content, wherever it is listed; and what is kept of a file with a tail."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from evidence import store
from evidence.attaching import actions
from evidence.attaching.queries import attachment_summaries, flagged_contents
from evidence.files.refusal import EvidenceRefused
from evidence.models import File
from reports.content.draft_source import draft_source
from reports.workbooks.answer_sheet import _evidence_text
from tests.evidence.conftest import World, pdf
from tests.hostile.active import ACTIVE
from tests.hostile.files import png, restricted_pdf

Browse = Callable[[User], Client]
SAID = "แมโคร"
MACRO = ACTIVE["macro.docx"][0]


@pytest.fixture
def flagged(settings: Any) -> None:
    settings.EVIDENCE_ACTIVE_CONTENT = "flag"


def test_refused_unless_the_installation_keeps_it(world: World) -> None:
    with pytest.raises(EvidenceRefused, match=SAID):
        world.attach(content=MACRO, name="a.docx")
    assert not File.objects.exists()


def test_it_is_seen_wherever_the_file_is_listed(world: World, flagged: None, browse: Browse) -> None:
    attachment = world.attach(content=MACRO, name="a.docx")
    assert attachment.file is not None
    client, pk = browse(world.reader), world.response.pk
    listing = client.get(reverse("evidence:listing", args=[pk])).content.decode()
    slot = client.get(reverse("evidence:slot", args=[pk, "E1"]), {"at": attachment.address}).content.decode()
    assert SAID in listing
    assert SAID in slot
    assert "text-bg-danger" in listing
    assert attachment_summaries(world.response)[attachment.address][0].active
    assert flagged_contents([attachment.file.sha256, "0" * 64]).active == {attachment.file.sha256}


def test_it_is_seen_on_reading_pages_and_papers(world: World, flagged: None, browse: Browse) -> None:
    attachment = world.attach(content=MACRO, name="a.docx")
    world.answer({"E1": "done"})
    page = browse(world.reader).get(reverse("survey:answers", args=[world.response.pk])).content.decode()
    assert "มีเนื้อหาที่ทำงานเอง" in page
    item = draft_source(world.response).evidence[attachment.address][0]
    assert item.is_active
    assert "ทำงานเอง" in _evidence_text(item)


def test_it_goes_along_to_another_response(world: World, flagged: None) -> None:
    source = world.attach(response=world.contribution, by=world.coordinator, content=MACRO, name="a.docx")
    adopted = actions.adopt_evidence(
        by=world.secretary, attachment=source, response=world.response, address=source.address
    ).attachment
    assert adopted.file is not None
    assert [note.level for note in adopted.file.notes] == ["danger"]


def test_a_file_stored_before_the_guard_gets_its_notes(world: World, flagged: None) -> None:
    first = world.attach(content=MACRO, name="a.docx")
    File.objects.update(active_content=[])
    again = world.attach("E1b", content=MACRO, name="b.docx")
    assert again.file_id == first.file_id
    assert File.objects.get().active_content == ["macro"]


def test_an_owner_s_restriction_is_noted(world: World) -> None:
    attachment = world.attach(content=restricted_pdf())
    assert attachment.file is not None
    assert [note.short for note in attachment.file.notes] == ["จำกัดสิทธิ์ไว้"]
    other = world.attach("E1b", content=pdf("b"))
    assert other.file is not None
    assert other.file.notes == ()


def test_what_lies_behind_a_picture_is_not_kept(world: World) -> None:
    attachment = world.attach(content=png(after=b"what was cropped away" * 9), name="ภาพ.png")
    file = attachment.file
    assert file is not None
    assert (file.size, file.sha256) == (len(png()), sha256(png()).hexdigest())
    with store.open_stored_content(file.stored) as kept:
        assert kept.read() == png()
    again = world.attach("E1b", content=png(), name="ภาพ.png")
    assert again.file_id == file.pk
