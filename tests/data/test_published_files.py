"""What was published stays as it was: a correction is a file of a new version (docs/new-year.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from dgready.disk import file_sha256
from dgready.versioned_files import find_version, list_versions, split_version

FIXTURES: Final = Path(__file__).resolve().parents[2] / "fixtures"

PUBLISHED: Final = {
    "instruments/dg-province-2568.yaml": "f668a8f68a24d96d5f71dc35504be0d8177672c13f9ba9e82d1f04103a8a63b0",
    "schemes/dg-province-2568.yaml": "0ed184448c0e72f67c173fe0b98b732fd9948b6741f41c088826cb4366b203e5",
    "schemes/dg-province-2567.yaml": "aafca153acd2515fcfd5011c53b4a5b21d29193e9ab7078f9a9b9bc7e5c01fb5",
    "schemes/dg-province-2566.yaml": "20c873ffdbc1b395e51d9cad5abb3d33fc9d6e91b48f8feebc122f31f0d8d9b8",
    "schemes/eg-province-2559.yaml": "7a9923f1bf22bb09c96552d6c8577c9179f9d9be7dbd189da555e4373f55eed5",
}


@pytest.mark.parametrize(("name", "checksum"), PUBLISHED.items())
def test_a_published_file_stays_as_it_was(name: str, checksum: str) -> None:
    assert file_sha256(FIXTURES / name) == checksum, f"{name} was published; write the correction as a new version"


def test_versions_are_found_by_number(tmp_path: Path) -> None:
    for name in ("a-1.yaml", "a-1.v2.yaml", "a-1.v10.yaml", "a-10.yaml", "a-1-scheme.yaml"):
        (tmp_path / name).touch()
    assert [p.name for p in list_versions(tmp_path, "a-1")] == ["a-1.yaml", "a-1.v2.yaml", "a-1.v10.yaml"]
    assert find_version(tmp_path, "a-1") == tmp_path / "a-1.v10.yaml"
    assert find_version(tmp_path, "a-1", 9) == tmp_path / "a-1.v2.yaml"
    assert find_version(tmp_path, "b-1") is None
    assert split_version(Path("a-1.v10.yaml")) == ("a-1", 10)
