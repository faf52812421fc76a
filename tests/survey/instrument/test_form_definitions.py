"""Definitions and placeholders of a form, and what is wrong with them."""

from __future__ import annotations

import pytest

from survey.instrument.check import check_instrument
from survey.instrument.definitions import first_used_definitions
from survey.instrument.schema import CompiledInstrument
from tests.trial import TRIAL

DEFINITION = "  - key: point\n    term: {th: จุดบริการ, en: service point}"


def trial(*changes: tuple[str, str]) -> tuple[CompiledInstrument | None, list[str]]:
    """The made-up year with some of its text changed: the compiled form and its faults."""
    text = TRIAL.read_text(encoding="utf8")
    for old, new in changes:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    compiled, faults = check_instrument(text)
    return compiled, [str(fault) for fault in faults]


@pytest.mark.parametrize("typed", ["{years}", "{year-}", "{}", "{year - 1}", "{fiscal+100}"])
def test_another_placeholder_is_a_fault_with_its_line(typed: str) -> None:
    ask = "ask: {th: ช่องทางติดต่อ, en: Contact}"
    line = TRIAL.read_text(encoding="utf8").split(ask)[0].count("\n") + 1
    compiled, faults = trial((ask, f'ask: {{th: "ช่องทางติดต่อ {typed}", en: Contact}}'))
    assert compiled is None
    assert faults == [f"line {line}: T0: `ask`: unknown placeholder {typed}"]


def test_a_page_defines_the_terms_it_uses_and_a_paper_each_once() -> None:
    compiled, faults = trial()
    assert compiled is not None, faults
    users = [s.id for s in compiled.sections if s.definitions]
    assert users[:2] == ["1.1", "1.2.1"]
    assert [s for s, found in first_used_definitions(compiled).items() if found] == users[:1]
    assert compiled.definitions[0].source.th == "สมมุติขึ้นสำหรับปีงบประมาณ 2570"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("    words: [จุดบริการ, ตู้บริการ]", "    words: [เรือเหาะ]", "no page of the form uses this term"),
        ("    words: [จุดบริการ, ตู้บริการ]", "    words: จุดบริการ", "`words` is a list of texts"),
        (DEFINITION, "  - key: a point\n    term: {th: จุดบริการ}", "key 'a point' is not a plain key"),
        (DEFINITION, "  - key: point\n    term: {en: service point}", "`term` needs {th: …, en: …}"),
        (DEFINITION, f"{DEFINITION}\n    text: &t {{th: ก}}\n    source: *t\n{DEFINITION}", "key already used on line"),
        ("definitions:\n", "definitions: {}\nelse:\n", ""),
        ("    words: [จุดบริการ, ตู้บริการ]", "    wrods: [จุดบริการ]", "unknown key 'wrods'"),
    ],
)
def test_what_is_wrong_with_a_definition_is_a_fault(old: str, new: str, fault: str) -> None:
    compiled, faults = trial((old, new))
    assert (compiled is not None) is (not fault)
    assert [f for f in faults if fault in f and not f.startswith("line 0")] if fault else not faults
