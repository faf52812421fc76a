"""Placeholders, Thai digits, the shipped texts, and two people wording one letter."""

from __future__ import annotations

import pytest

from reports.letters.merging import find_clashes, merge_texts
from reports.letters.shipped import shipped_text
from reports.letters.wording import (
    ALL,
    LetterText,
    fill_text,
    letter_digits,
    placeholders_of,
    unknown_placeholders,
)


@pytest.mark.parametrize(
    ("text", "letter", "unknown"),
    [
        ("เรียน {head} {agency}", "invite", []),
        ("{Agency} {agency } {agency}", "invite", ["{Agency}", "{agency }"]),
        ("{open_points}", "invite", ["{open_points}"]),
        ("{open_points}", "remind", []),
        ("{{agency}}", "invite", ["{", "}"]),
        ("{agency", "invite", ["{"]),
        ("{}", "memo", ["{}"]),
        ("{0.__class__}", "memo", ["{0.__class__}"]),
    ],
)
def test_unknown_placeholders_are_named(text: str, letter: str, unknown: list[str]) -> None:
    assert unknown_placeholders(text, letter) == unknown


def test_values_are_filled_once() -> None:
    text = LetterText(subject="{agency} {year}", body="{agency}")
    filled = fill_text(text, {"agency": "สำนักงาน {year} %(x)s \\g<0>", "year": "2568"})
    assert filled.subject == "สำนักงาน {year} %(x)s \\g<0> 2568"
    assert filled.body == "สำนักงาน {year} %(x)s \\g<0>"


def test_thai_digits_leave_addresses_alone() -> None:
    assert letter_digits("ที่ 12/2568 (ว 3)", True) == "ที่ ๑๒/๒๕๖๘ (ว ๓)"
    assert letter_digits("a1@example.org V2 12", True) == "a1@example.org V2 ๑๒"
    assert letter_digits("12", False) == "12"


@pytest.mark.parametrize("letter", ALL)
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_shipped_texts_have_only_known_placeholders(letter: str, language: str) -> None:
    text = shipped_text(letter, language)
    assert [part for _name, part in text.texts() if unknown_placeholders(part, letter)] == []
    values = {one.name: "ค่า" for one in placeholders_of(letter)}
    assert not any("{" in part for _name, part in fill_text(text, values).texts())
    assert text.subject
    assert text.signatory
    limits = {"office": 400, "subject": 300, "addressee": 200, "reference": 300, "body": 6000}
    assert all(len(getattr(text, name)) <= most for name, most in limits.items())


def test_what_only_one_changed_is_kept_and_what_both_changed_is_shown() -> None:
    base = LetterText(subject="เดิม", body="เดิม", signatory="เดิม")
    theirs = LetterText(subject="ของเขา", body="ของเขา", signatory="เดิม", thai_digits=False)
    mine = LetterText(subject="ของฉัน", body="เดิม", signatory="ของฉัน")
    assert [(c.name, c.both) for c in find_clashes(base, theirs, mine)] == [
        ("subject", True),
        ("body", False),
        ("signatory", False),
    ]
    merged = merge_texts(base, theirs, mine)
    assert (merged.subject, merged.body, merged.signatory, merged.thai_digits) == ("ของฉัน", "ของเขา", "ของฉัน", False)
