"""Who picked everything: of a choice of several and of a table, only where the form says to tell it."""

from __future__ import annotations

from nation.facts.complete_blocks import count_complete
from nation.facts.tally import Tally
from survey.instrument.check import check_instrument

FORM = """
instrument: dg-sample
year: 2571
version: 1
title: {th: ตัวอย่าง}
period: {from: 2027-06-01, to: 2028-05-31}
pillars:
  - {number: 1, name: {th: หนึ่ง}, sub_pillars: [{code: "1.1", name: {th: ย่อย}}]}
sections:
  - id: "1.1"
    sub_pillar: "1.1"
    title: {th: ย่อย}
    items:
      - id: M
        kind: multi
        tell_complete: true
        ask: {th: เลือก}
        options: &options
          - {key: a, label: {th: ก}}
          - {key: b, label: {th: ข}}
          - {key: none, label: {th: ไม่มี}, exclusive: true}
      - id: T
        kind: table
        tell_complete: true
        ask: {th: ตาราง}
        rows: [{key: "1", label: {th: แถวหนึ่ง}}, {key: "2", label: {th: แถวสอง}}]
        columns: [{key: c, label: {th: ช่อง}, kind: multi, options: *options}]
"""


def test_only_whoever_picked_everything_is_complete() -> None:
    form, faults = check_instrument(FORM)
    assert (form is not None, faults) == (True, [])
    assert form is not None
    both = ["a", "b"]
    tally = Tally(
        form,
        {
            "A": {"items": {"M": both}, "cells": {"T/1/c": both, "T/2/c": both}},
            "B": {"items": {"M": ["a"]}, "cells": {"T/1/c": both, "T/2/c": ["b"]}},
            "C": {"items": {"M": None}, "cells": {"T/1/c": None, "T/2/c": None}},
            "D": {"items": {}, "cells": {}},
        },
    )
    block = count_complete(tally, form.items["M"])
    assert (block.key, block.asked, block.answered, block.n) == ("complete.M", 3, 2, 3)
    assert [(row.key, row.count, str(row.percent), row.provinces) for row in block.rows] == [
        ("all", 1, "33.33", ("A",))
    ]
    assert str(block.rows[0].of_all) == "25.00", "of all provinces, one of which was not asked"
    block = count_complete(tally, form.items["T"])
    assert {row.key: (row.count, row.provinces) for row in block.rows} == {
        "1": (2, ("A", "B")),
        "2": (1, ("A",)),
        "all": (1, ("A",)),
    }


def test_nothing_else_is_told_so() -> None:
    for wrong in ("kind: single", "kind: text"):
        _form, faults = check_instrument(FORM.replace("kind: multi", wrong, 1))
        assert any("`tell_complete` is of choices of several" in str(fault) for fault in faults)
