"""What counts as proof: every place of the form is told of, texts are inherited, faults have their lines."""

from __future__ import annotations

from functools import cache
from math import prod
from pathlib import Path

import pytest

from evidence.places import find_place
from survey.instrument.check import check_instrument
from survey.instrument.proof.guide import PROOF_ORIGINS, without_row_ids
from survey.instrument.proof.reader import evidence_addresses
from survey.instrument.schema import CompiledInstrument
from survey.instrument.tree import ancestor_ids
from tests.trial import REAL, TRIAL

VERSION_1 = REAL.with_name("dg-province-2568.yaml")


@cache
def compiled(path: Path) -> CompiledInstrument:
    """The instrument of a file, which has no faults."""
    instrument, faults = check_instrument(path.read_text(encoding="utf8"))
    assert instrument is not None, faults
    return instrument


def place_in_rows(instrument: CompiledInstrument, key: str) -> tuple[str, int]:
    """An address of the place inside rows that could be there, and how many such places the form has at most."""
    item = instrument.items[key.partition("=")[0].partition("/")[0]]
    around = [instrument.items[i] for i in reversed(ancestor_ids(instrument.items, item))]
    repeats = [i for i in around if i.kind == "repeat"]
    prefix = "".join(f"{repeat.id}#r1x/" for repeat in repeats)
    own = f"{key}#r2y" if item.kind == "repeat" else key
    rows = prod(r.max_rows or 1 for r in [*repeats, *([item] if item.kind == "repeat" else [])])
    return prefix + own, rows


def test_every_evidence_place_of_the_real_form_says_what_counts() -> None:
    instrument, places = compiled(REAL), 0
    for key in evidence_addresses(instrument.items):
        address, rows = place_in_rows(instrument, key)
        assert find_place(instrument, address) is not None, address
        assert without_row_ids(address) == key
        places += rows
        guide = instrument.proof_of(address)
        assert guide.accepts, address
        assert guide.example, address
        assert {text.origin for text in guide.accepts} <= PROOF_ORIGINS
        assert all(text.text.en for text in guide.accepts), address
        assert all(link.address.startswith("https://") for link in guide.links)
    assert places == 221


@pytest.mark.parametrize("path", [TRIAL, REAL])
def test_no_place_is_left_out(path: Path) -> None:
    """The addresses that the proof reader knows are all that the form can open."""
    instrument = compiled(path)
    known = set(evidence_addresses(instrument.items))
    for item in instrument.items.values():
        fields = (
            [item.id]
            if item.kind != "table"
            else [f"{item.id}/{key}/{column.key}" for key, _ in item.answer_rows for column in item.columns]
        )
        options = {o.key for o in item.options} | {o.key for c in item.columns for o in c.options}
        for place in [*fields, *(f"{f}={key}" for f in fields for key in options)]:
            address, _rows = place_in_rows(instrument, place)
            assert (find_place(instrument, address) is not None) == (place in known), place


def test_a_place_takes_what_is_nearest() -> None:
    proof_of = compiled(TRIAL).proof_of
    weekend = proof_of("T2=weekend")
    assert [t.text.th for t in weekend.accepts] == ["ประกาศเวลาให้บริการ"]
    assert weekend.example.en == "Open on Saturdays and Sundays"
    assert proof_of("T2=evening").example.en == "Open outside office hours"
    paid = proof_of("T4/van/use=pay")  # its column's option before its row, the row before the table
    assert [t.text.en for t in paid.accepts] == ["Report of payments"]
    assert paid.example.en == "Service van"
    assert [t.text.en for t in proof_of("T4/kiosk/amount").accepts] == ["Photograph of the equipment"]
    online = proof_of("T6#r1/T6.form=online")  # an empty list says that there is none
    assert online.links == ()
    assert online.example.en == "This course has two rounds"
    assert [link.key for link in proof_of("T6#r7").links] == ["service-law"]
    plan = proof_of("T1=done")
    assert [t.is_official for t in plan.accepts] == [True, False]
    assert [t.text.en for t in plan.official] == ["The plan in force"]
    assert plan.rejects[0].text.en == "A draft"


def test_what_is_asked_about_a_repair_system_is_inherited_from_the_question_above() -> None:
    assert [t.origin for t in compiled(TRIAL).proof_of("T5.1.1").accepts] == ["dossier"]


def test_version_1_says_nothing_and_compiles() -> None:
    instrument = compiled(VERSION_1)
    assert not instrument.proofs
    assert not instrument.references
    assert not instrument.proof_of("G1=yes")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("links: [service-law]", "links: [other-law]", "no reference 'other-law'"),
        ("source: dossier", "source: hearsay", "`source` is one of dossier, form, list, ours, found 'hearsay'"),
        ("  T8=yes:", "  T8=maybe:", "no evidence place is there or below"),
        ("  T8=yes:", "  T8=maybe:", "nothing says what `accepts` is at 'T8=yes'"),
        ("https://law.example.org", "http://law.example.org", "`address` begins with https://"),
        ("https://law.example.org", "https:///law", "`address` begins with https://"),
        ("kind: law", "kind: rumour", "`kind` is one of law, site, standard, found 'rumour'"),
        ("    links: []\n", "    link: []\n", "unknown key 'link'"),
        ("    links: [service-law]\n", "", "no proof links to it"),
        ("    example: {th: ได้ 4.2 จาก 5, en: 4.2 out of 5}\n", "", "nothing says what `example` is at 'T8=yes'"),
        ("{th: โครงการอบรม, en: Course papers}", "{en: Course papers}", "`accepts` needs {th: …, en: …}"),
    ],
)
def test_faults_say_what_is_wrong_and_where(old: str, new: str, message: str) -> None:
    text = TRIAL.read_text(encoding="utf8")
    head, proof = text.split("\nreferences:")
    assert old in proof
    instrument, faults = check_instrument(f"{head}\nreferences:" + proof.replace(old, new))
    assert instrument is None
    found = [fault for fault in faults if message in fault.message]
    assert found, faults
    assert all(fault.line > head.count("\n") for fault in found)
