"""Which addresses are evidence places, whatever was answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import places
from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.schema import CompiledInstrument, Item

SOURCE = Path(__file__).with_name("instrument.yaml").read_text(encoding="utf-8")


def _instrument() -> CompiledInstrument:
    instrument, faults = check_instrument(SOURCE)
    assert instrument is not None, faults
    return instrument


INSTRUMENT = _instrument()
KNOWN = [
    "E1=done",
    "E1a=1",
    "E1a=2",
    "E1b",
    "E2=yes",
    "E3/1.1/state=done",
    "E3/2/state=done",
    "E3/2/paper",
    "E3.freq",
    "E4#r1",
    "E4#rabc123/E4.open=yes",
    "E4#r1/E4.results#r2",
    "E4#r1/E4.results#r2/E4.result",
]
UNKNOWN = [
    "",
    "E1",
    "E1=none",
    "E1=nothing",
    "E1=done=done",
    "E1a",
    "E9=done",
    "E2.url",
    "E3",
    "E3=done",
    "E3/1.1",
    "E3/1.1/state",
    "E3/1.1/state=none",
    "E3/9/state=done",
    "E3/1.1/other=done",
    "E3/1.1/state/done",
    "E4",
    "E4#",
    "E4#x1",
    "E4#r1/",
    "E4#r1/E1=done",
    "E4#r1/E4.name",
    "E4.results#r1",
    "E4.open=yes",
    "E4#r1/E4.results",
    "E4#r1/E4.result",
    "E4#r1/E4#r1",
    "E4#r1/E4.results#r2/E4.open=yes",
    "E1#r1",
    "E1b#r1/E1b",
    "../E1=done",
    "E1=done\n",
    "E4#r1/E4.results#r2/E4.result" + "/x" * 200,
]


@pytest.mark.parametrize("address", KNOWN)
def test_known(address: str) -> None:
    assert places.is_evidence_place(INSTRUMENT, address)


@pytest.mark.parametrize("address", UNKNOWN)
def test_unknown(address: str) -> None:
    assert not places.is_evidence_place(INSTRUMENT, address)


@given(st.text(alphabet="E1234abdfostuy.#/=r\n", max_size=40))
def test_no_address_crashes(address: str) -> None:
    places.is_evidence_place(INSTRUMENT, address)


def _value(item: Item, draw: st.DrawFn) -> Any:
    keys = [o.key for o in item.options]
    if item.kind == "single":
        return draw(st.sampled_from(keys))
    if item.kind == "multi":
        return draw(st.lists(st.sampled_from(keys), unique=True))
    if item.kind == "repeat":
        return draw(st.lists(st.sampled_from(["r1", "r2", "rabc123"]), unique=True))
    return "1"


@st.composite
def _responses(draw: st.DrawFn) -> dict[str, Any]:
    values: dict[str, Any] = {}

    def fill(item: Item, prefix: str) -> None:
        if item.kind == "table":
            for key, _row in item.answer_rows:
                for column in item.columns:
                    keys = [o.key for o in column.options] or ["text"]
                    values[f"{prefix}{item.id}/{key}/{column.key}"] = draw(st.sampled_from(keys))
        elif item.kind != "group":
            values[prefix + item.id] = _value(item, draw)
        rows = values.get(prefix + item.id) if item.kind == "repeat" else None
        for at in [f"{prefix}{item.id}#{r}/" for r in rows] if rows is not None else [prefix]:
            for child in item.children:
                fill(child, at)

    for section in INSTRUMENT.sections:
        for item in section.items:
            fill(item, "")
    return values


@given(_responses())
def test_every_open_place_is_known_with_the_same_need(values: dict[str, Any]) -> None:
    for address, place in resolve_path(INSTRUMENT, values).places.items():
        found = places.find_place(INSTRUMENT, address)
        assert found is not None
        assert (found.need, found.url, found.question) == (place.need, place.url, place.question)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("E1=done", ("ทำแล้ว",)),
        ("E1a=2", ("E1a ครอบคลุมเรื่องใด", "เรื่องสอง")),
        ("E1b", ("E1b จำนวนโครงการ",)),
        ("E3/1.1/state=done", ("การกำกับดูแล", "สถานะ", "ทำแล้ว")),
        ("E4#r7", ("รายการที่ 2",)),
        ("E4#r7/E4.results#r1/E4.result", ("รายการที่ 2", "E4.results ผลลัพธ์", "รายการที่ r1", "E4.result ผล")),
    ],
)
def test_a_place_is_described_below_its_question(address: str, words: tuple[str, ...]) -> None:
    place = places.find_place(INSTRUMENT, address)
    assert place is not None
    assert places.describe_place(INSTRUMENT, place, {"E4": ["r3", "r7"]}) == words
