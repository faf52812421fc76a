"""A row of many parts: its table fits on paper, and the bars of its parts are told apart."""

from __future__ import annotations

import pytest
from django.utils import translation

from dgready.localized_text import LocalizedText
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from nation.national.charts import LABEL_LETTERS
from nation.national.presentation import MOST_COLUMNS, block_view
from tests.nation.made_up_report import row, text

CODES = [f"TH-{number}" for number in range(10, 20)]
LONG = "ประชาชนหรือผู้ใช้บริการมีโอกาสแสดงความเห็นเรื่องนโยบายและการบริการของหน่วยงานในจังหวัด"


def block_of(kinds: int) -> FactBlock:
    """Two rows with long labels, each with so many channels of which several may be picked."""
    rows = tuple(
        FactRow(
            key,
            LocalizedText(f"{LONG} {key}"),
            parts=tuple(row(f"{key}:{n}", 9, CODES, label=f"ช่องทางที่ {n}") for n in range(kinds)),
        )
        for key in "ab"
    )
    kind = next(iter(BlockKind))
    return FactBlock("wide", kind, "4", text("ช่องทาง"), 10, 10, 10, rows, shape=ChartShape.STACKED)


@pytest.mark.parametrize("kinds", [MOST_COLUMNS, MOST_COLUMNS + 1, 20])
def test_no_table_is_wider_than_its_paper(kinds: int) -> None:
    with translation.override("th"):
        view = block_view(block_of(kinds), "th")
    assert view.table is not None
    assert len(view.table.columns) <= MOST_COLUMNS + 1
    assert all(len(cells) == len(view.table.columns) for _label, cells in view.table.rows)
    figures = sum(any(cell.text.startswith(("9", "90.00")) for cell in cells) for _label, cells in view.table.rows)
    assert figures == (2 if kinds <= MOST_COLUMNS else 2 * kinds)


def test_bars_of_one_row_are_told_apart() -> None:
    with translation.override("th"):
        view = block_view(block_of(9), "th")
    assert view.chart is not None
    labels = [bar.label for bar in view.chart.bars]
    assert len(labels) == 18
    assert all(label.endswith(f"ช่องทางที่ {index % 9}") for index, label in enumerate(labels))
    assert max(map(len, labels)) <= LABEL_LETTERS
