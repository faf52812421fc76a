"""Made-up answers: valid, on the path, free of contradictions, and the same for the same seed."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.content import SampleSetting, sample_values, values_by_question
from survey.answering.checker import find_open_points
from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.schema import CompiledInstrument
from survey.instrument.values import drop_empty_rows, parse_posted_card
from tests.trial import REAL, TRIAL

FORMS = [TRIAL, REAL]
seeds = st.integers(0, 10_000)
few = settings(max_examples=12)


@cache
def form(path: Path) -> CompiledInstrument:
    compiled, faults = check_instrument(path.read_text(encoding="utf8"))
    assert compiled, faults
    return compiled


def kinds_open(instrument: CompiledInstrument, values: dict) -> set[str]:
    path = resolve_path(instrument, values)
    return {p.kind for p in find_open_points(path, {}, period=instrument.period, unsure={}, comments={})}


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
@few
@given(seed=seeds, share=st.sampled_from([0.2, 0.66, 1.0]))
def test_valid_and_on_the_path(path: Path, seed: int, share: float) -> None:
    instrument = form(path)
    values = sample_values(instrument, seed, share)
    assert resolve_path(instrument, values).values == values
    assert drop_empty_rows(values, instrument.items) == values
    for question, card in values_by_question(instrument, values).items():
        submitted = {a: v if isinstance(v, list) else [v] for a, v in card.items()}
        assert parse_posted_card(instrument.items[question], submitted) == (card, [])


@pytest.mark.slow
@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
@few
@given(seed=seeds)
def test_whole_form_leaves_only_evidence_open(path: Path, seed: int) -> None:
    instrument = form(path)
    values = sample_values(instrument, seed, 1.0)
    assert resolve_path(instrument, values).missing() == []
    assert kinds_open(instrument, values) <= {"no_file"}


@pytest.mark.slow
@few
@given(seed=seeds, share=st.sampled_from([0.0, 0.3, 0.5, 0.66, 0.9]))
def test_share_of_required_fields(seed: int, share: float) -> None:
    instrument = form(REAL)
    path = resolve_path(instrument, sample_values(instrument, seed, share))
    required = [f for f in path.fields.values() if f.required]
    # The largest table is answered whole or not at all; nothing is answered where nothing is asked for.
    assert abs(1 - len(path.missing()) / len(required) - share) <= (0.2 if share else 0)
    assert not kinds_open(instrument, dict(path.values)) & {"contradiction", "date", "url"}


@few
@given(seed=seeds)
def test_same_seed_same_values(seed: int) -> None:
    instrument = form(TRIAL)
    assert sample_values(instrument, seed, 0.8) == sample_values(instrument, seed, 0.8)


def test_every_text_and_address_says_that_it_is_made_up() -> None:
    instrument = form(REAL)
    values = sample_values(instrument, 1, setting=SampleSetting("หนองคาย", "nongkhai.example.org"))
    fields = resolve_path(instrument, values).fields
    for address, value in values.items():
        item = fields[address].item
        if item.kind == "url":
            assert ".nongkhai.example.org/" in value
        elif item.kind == "text" and item.format is None:
            assert value.startswith("ตัวอย่าง")


def test_a_part_builds_on_what_stands() -> None:
    instrument = form(TRIAL)
    whole = sample_values(instrument, 3)
    part = sample_values(instrument, 4, given=whole, only={"T8"})
    assert {a: v for a, v in part.items() if a in whole} == whole
    only = sample_values(instrument, 4, only={"T6", "T7"})
    assert set(values_by_question(instrument, only)) <= {"T6", "T7"}
