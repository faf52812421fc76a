"""A phone's photo (HEIC): kept as JPEG that everybody sees, upright, without its place; the journal says so."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from accounts.models import User
from evidence import store
from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import sniff_content
from evidence.models import File
from reports.proof.verify import verify_all
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_event
from survey.models import Event
from tests.evidence.conftest import World, upload
from tests.hostile.files import heic


def test_a_photo_is_kept_as_an_upright_jpeg_without_its_place(world: World) -> None:
    sent = heic()
    attachment = world.attach("E1=done", sent, name="IMG_0012.HEIC")
    file = attachment.file
    assert file is not None
    assert (attachment.name, file.kind, file.media_type, file.pages) == ("IMG_0012.jpg", "jpeg", "image/jpeg", 1)
    with store.open_stored_content(file.stored) as kept:
        content = kept.read()
    assert (file.sha256, file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
        assert picture.size == (60, 80)
        red, green, _blue = picture.getpixel((55, 5))  # what was at the left is at the right, once upright
        assert red > 200 > 60 > green
        exif = picture.getexif()
    assert 0x0112 not in exif
    assert 0x010F not in exif
    assert dict(exif.get_ifd(0x8825)) == {}
    assert exif.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"
    event = Event.objects.get(response=world.response)
    assert event.data["after"] == {"name": "IMG_0012.jpg", "sha256": file.sha256, "size": file.size}
    told = {"kind": "heic", "name": "IMG_0012.HEIC", "sha256": hashlib.sha256(sent).hexdigest(), "size": len(sent)}
    assert event.data["converted"] == told
    with override("th"):
        assert "IMG_0012.HEIC" in describe_event(compiled_instrument(world.instrument), event, {}).text


def test_the_same_photo_sent_again_is_the_same_file(world: World) -> None:
    first = world.attach("E1=done", heic(), name="a.heic")
    assert world.attach("E1=done", heic(), name="b.heif") == first
    assert File.objects.count() == 1
    assert Event.objects.filter(response=world.response).count() == 1


@pytest.mark.parametrize("content", [heic()[:-500], heic()[:60] + bytes(500), b"\x00\x00\x00\x18ftypheic" + bytes(60)])
def test_a_photo_that_cannot_be_decoded_is_refused(world: World, content: bytes) -> None:
    with pytest.raises(EvidenceRefused) as caught:
        world.attach("E1=done", content, name="a.heic")
    assert caught.value.reason == "broken"
    assert not File.objects.exists()


def test_a_photo_beyond_the_limits_is_refused_before_it_is_decoded(world: World, settings: Any) -> None:
    settings.IMAGE_LIMITS = type(settings.IMAGE_LIMITS)(side=70, pixels=10_000)
    with pytest.raises(EvidenceRefused) as caught:
        world.attach("E1=done", heic(), name="a.heic")
    assert caught.value.reason == "pixels"


def test_where_only_documents_are_taken_a_photo_is_refused_in_words(tmp_path: Any) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(heic())
    with pytest.raises(EvidenceRefused, match="HEIC") as caught:
        sniff_content(path)
    assert caught.value.reason == "kind"


def test_the_page_takes_it_and_says_what_became_of_it(world: World, browse: Callable[[User], Client]) -> None:
    client = browse(world.secretary)
    page = reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone"
    assert b".heic" in client.get(page).content
    answer = client.post(page, {"files": upload(heic(), "IMG_1.heic")}, follow=True)
    text = answer.content.decode()
    assert "IMG_1.jpg" in text
    assert "ภาพ HEIC เก็บเป็น JPEG" in text


def test_verification_finds_no_fault_in_it(world: World) -> None:
    world.attach("E1=done", heic(), name="a.heic")
    assert verify_all().faults == []
