"""docs/asvs.md: every requirement of levels 1 and 2 has a row with a state, and every test it names exists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")

# OWASP ASVS 5.0.0: the number of requirements of level 1 and 2 in each section, which come first in it.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
ROW = re.compile(r"^\| (\d+\.\d+\.\d+[^|]*)\|([^|]*)\|(.*)\|$", re.MULTILINE)
NUMBER = re.compile(r"(\d+\.\d+)\.(\d+)(?:–\d+\.\d+\.(\d+))?")


def rows() -> Iterator[tuple[list[str], str, str]]:
    """The requirements of each row, its state, and what it says."""
    for first, state, said in ROW.findall(PAGE):
        named = [
            f"{section}.{number}"
            for section, start, end in NUMBER.findall(first)
            for number in range(int(start), int(end or start) + 1)
        ]
        yield named, state.strip(), said.strip()


def test_every_requirement_is_there_once() -> None:
    asked = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert len(asked) == 253
    assert Counter(name for named, _state, _said in rows() for name in named) == Counter(asked)


def test_every_row_has_a_state_and_its_reason() -> None:
    assert {state for _named, state, _said in rows()} == {"met", "not met", "none here"}
    assert [named for named, state, said in rows() if not said and state != "none here"] == []


def test_every_test_named_exists() -> None:
    named = set(re.findall(r"`((?:tests|scripts|deploy|dgready|accounts)/[\w./-]+)`", PAGE))
    assert len(named) > 60
    assert sorted(path for path in named if not (ROOT / path).exists()) == []
