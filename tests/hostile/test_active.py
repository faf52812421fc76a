"""What does something by itself when a file is opened is found, and what only looks like it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dgready.guard.readers.verdict import Active
from evidence.files.notes import ACTIVE_WORDS, describe_active
from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import sniff_content
from tests.hostile.active import ACTIVE, HARMLESS
from tests.hostile.test_sniff import sniffed


@pytest.mark.parametrize("name", ACTIVE)
def test_active_content_is_found(name: str) -> None:
    content, active = ACTIVE[name]
    found = sniffed(content)
    assert found.get("kind") == name.rpartition(".")[2], found
    assert set(found["active"]) == active


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_it_is_taken(name: str) -> None:
    found = sniffed(HARMLESS[name])
    assert (found.get("kind"), found.get("active")) == (name.rpartition(".")[2], [])


def test_every_kind_of_it_has_words_and_a_case() -> None:
    assert set(ACTIVE_WORDS) == set(Active) == {code for _content, active in ACTIVE.values() for code in active}
    assert describe_active(["macro", "gone"]) == describe_active(["macro"]) != ""


def test_it_is_refused_or_kept_by_the_setting(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(ACTIVE["macro.docx"][0])
    with pytest.raises(EvidenceRefused, match=r"แมโคร.*พิมพ์หรือบันทึกเป็น PDF") as caught:
        sniff_content(path)
    assert caught.value.reason == "active"
    settings.EVIDENCE_ACTIVE_CONTENT = "flag"
    assert sniff_content(path).active == ("macro",)
