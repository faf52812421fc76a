"""Evidence taken over, on three sides: what one side changed stands, what both changed is told and left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.following.sides import EvidenceSide, MarkKey, compare_sides

A, B, C = (MarkKey("1", quote) for quote in "abc")
BASE = EvidenceSide("sha", "2055-07-01", frozenset({A}))


def test_nothing_changed() -> None:
    assert not compare_sides(BASE, BASE, BASE)


@pytest.mark.parametrize(
    ("theirs", "mine", "kinds", "conflicts"),
    [
        ({"marks": frozenset({A, B})}, {}, ("marks",), ()),
        ({"marks": frozenset()}, {}, ("unmarked",), ()),
        ({"marks": frozenset({A, B})}, {"marks": frozenset({A, B})}, (), ()),
        ({"marks": frozenset({B})}, {"marks": frozenset({A, C})}, ("marks", "unmarked"), ()),
        ({}, {"marks": frozenset()}, (), ()),
        ({"removed": True}, {}, ("removed",), ()),
        ({"removed": True}, {"marks": frozenset({A, C})}, (), ("removed",)),
        ({"removed": True}, {"marks": frozenset()}, ("removed",), ()),
        ({"removed": True}, {"day": ""}, (), ("removed",)),
        ({"content": "new"}, {}, ("version",), ()),
        ({"content": "new"}, {"content": "own"}, (), ("version",)),
        ({"content": "new"}, {"content": "new"}, (), ()),
        ({"day": "2056-01-01"}, {}, ("date",), ()),
        ({"day": "2056-01-01"}, {"day": "2055-12-31"}, (), ("date",)),
        ({"day": "2056-01-01"}, {"day": "2056-01-01"}, (), ()),
        ({"copied": True}, {}, ("copy",), ()),
        ({"copied": True}, {"copied": True}, (), ()),
        ({}, {"to_confirm": True}, ("confirmed",), ()),
        ({"removed": True, "content": "new"}, {"removed": True}, (), ()),
    ],
)
def test_what_changed(theirs: dict, mine: dict, kinds: tuple, conflicts: tuple) -> None:
    found = compare_sides(BASE, replace(BASE, **theirs), replace(BASE, **mine))
    assert (found.kinds, found.conflicts) == (kinds, conflicts)


def test_a_date_that_is_not_known_is_no_change() -> None:
    base = replace(BASE, day=None)
    assert not compare_sides(base, replace(BASE, day="2056-01-01"), BASE)
