"""National figures in words: a reason is called one, the source is the report's name."""

from __future__ import annotations

import pytest

from scoring.models import Benchmark
from scoring.national.queries import NationalFigure
from scoring.templatetags.scores import source_words


@pytest.mark.parametrize(
    ("option", "label"),
    [
        ("reason-budget", "เหตุผลที่ไม่มี: ขาดงบ"),
        ("workd-reason-parent", "เหตุผลที่ไม่มี: ขาดงบ"),
        ("done", "ขาดงบ"),
        ("reasonable", "ขาดงบ"),
    ],
)
def test_a_reason_is_called_one(option: str, label: str) -> None:
    row = Benchmark(option=option, label_th="ขาดงบ", label_en="no budget")
    assert NationalFigure(row, None).label.th == label


def test_the_source_is_named_for_readers() -> None:
    assert source_words("national-report-2567: provinces, fact-finding 1.1") == "ที่มา: รายงานผลการสำรวจของ สพร. ปี 2567"
    assert source_words("สำนักงานสถิติ") == "ที่มา: สำนักงานสถิติ"
    assert source_words("") == ""
