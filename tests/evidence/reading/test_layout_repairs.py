"""Thai text of PDF files is mended."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dgready.thai_repair import (
    find_key,
    is_consonant,
    key_origins,
    repair_text,
    repair_with_origins,
    skeleton,
)


@pytest.mark.parametrize(
    ("layer", "printed"),
    [
        ("อุุดมศึึกษา", "อุดมศึกษา"),
        ("สำำนัักงาน", "สำนักงาน"),
        ("ที่่\ufffdคาดว่่า", "ที่คาดว่า"),
        ("ผลสััมฤทธิ์์\ufffd", "ผลสัมฤทธิ์"),
        ("จํานวน จาํแนก", "จำนวน จำแนก"),
        ("รวมทัÊงสิÊน มัÉนคง", "รวมทั้งสิ้น มั่นคง"),
        ("ผู\uf70aว\uf70aา", "ผู่ว่า"),
        ("ห น่ วย", "ห น่ วย"),
        ("ปี งบ", "ปี งบ"),
        ("É in English, ÉCOLE", "É in English, ÉCOLE"),
    ],
)
def test_repairs(layer: str, printed: str) -> None:
    assert repair_text(layer) == printed


THAI = st.text(alphabet="กขคงจทนบปมรลวสหอะาำเแโใไัิีึืุู็่้๊๋์ํ \n\ufffdÊ\uf70aaB1๒", max_size=60)


@given(THAI)
@example(" ำ")  # a blank at the beginning of a line is repaired with it
@example("ก\n ำ")
def test_repairing_twice_changes_nothing_more_and_the_map_stays_inside(text: str) -> None:
    once, origins = repair_with_origins(text)
    assert repair_text(once) == once
    assert len(origins) == len(once)
    assert all(0 <= origin < len(text) for origin in origins)


@given(THAI)
def test_keys_know_where_their_letters_stand(text: str) -> None:
    text = repair_text(text)
    for made, origins in ((find_key(text), key_origins(text)), (skeleton(text), key_origins(text, bare=True))):
        assert len(made) == len(origins) == len(set(origins))
        assert all(text[o] == c for c, o in zip(made, origins, strict=True) if is_consonant(c))
