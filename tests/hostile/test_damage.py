"""Sound files are known; damaged ones end nothing but their own reading."""

from __future__ import annotations

import io
import random
import resource
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from dgready.guard.readers.inspection import inspect_content
from dgready.guard.readers.verdict import NotAccepted
from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import SniffedContent, sniff_content
from evidence.models import FileKind
from tests.hostile.files import PAGES, SOUND, deep_pdf


def in_a_child(folder: Path, content: bytes) -> SniffedContent:
    path = folder / "file"
    path.write_bytes(content)
    return sniff_content(path)


@pytest.mark.parametrize("kind", SOUND)
def test_sound_files_are_known(kind: str, tmp_path: Path) -> None:
    found = in_a_child(tmp_path, SOUND[kind])
    assert found.kind == FileKind(kind)
    assert found.pages == PAGES.get(kind)
    assert "/" in found.media_type


@pytest.mark.slow
def test_a_pdf_that_unpacks_beyond_memory_ends_only_its_own_process(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = deep_pdf()
    with pytest.raises(EvidenceRefused):
        in_a_child(tmp_path, content)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000  # kilobytes


def test_real_pictures_of_a_real_writer(tmp_path: Path) -> None:
    from PIL import Image

    for name, options in (("a.png", {}), ("a.jpg", {"progressive": True}), ("b.jpg", {"quality": 95})):
        path = tmp_path / name
        Image.effect_noise((300, 200), 50).save(path, **options)
        assert sniff_content(path).kind == (FileKind.PNG if name.endswith("png") else FileKind.JPEG)


@pytest.mark.parametrize("kind", [k for k in SOUND if k != "pdf"])
def test_damage_anywhere_never_crashes(kind: str) -> None:
    dice = random.Random(kind)
    for _round in range(150):
        content = bytearray(SOUND[kind])
        for _hit in range(dice.randint(1, 6)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        if dice.random() < 0.3:
            del content[dice.randrange(len(content)) :]
        with suppress(NotAccepted):
            inspect_content(io.BytesIO(content), settings.IMAGE_LIMITS, settings.ZIP_LIMITS)


def test_damage_in_a_pdf_never_crashes() -> None:
    dice = random.Random(1)
    for _round in range(12):
        content = bytearray(SOUND["pdf"])
        for _hit in range(20):
            content[dice.randrange(20, len(content))] = dice.randrange(256)
        with suppress(NotAccepted):
            inspect_content(io.BytesIO(content), settings.IMAGE_LIMITS, settings.ZIP_LIMITS)
