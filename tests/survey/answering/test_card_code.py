"""The cards' own code generator writes what Jinja2's own would, letter by letter."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2.compiler import CodeGenerator

from demo.content import sample_values
from evidence.attaching.queries import AttachmentSummary
from survey.answering import card_compiler
from survey.answering.card_renderer import CardContext, render_card, render_section
from survey.answering.queries import AnswerRow
from survey.instrument import addresses
from survey.instrument.path import resolve_path
from survey.instrument.progress import Progress
from survey.instrument.schema import AnswerValue, CompiledInstrument, LocalizedText
from survey.instrument.values import InvalidField
from tests.trial import REAL, TRIAL, form

ODD = "<b>\"'&amp;{{ 7 }}"  # what an official might type, and Jinja2 must escape
FILES = (
    AttachmentSummary(ODD, marked=True, active=True, claimed=True),
    AttachmentSummary("x.pdf", marked=False, infected=True),
    AttachmentSummary("y.pdf", marked=False, claimed=True, verdict="passage"),
    AttachmentSummary("z.pdf", marked=False, to_confirm=True),
    *(AttachmentSummary("q.pdf", marked=False, lacking=lacking) for lacking in ("missing", "unread", "lost", "")),
)


@pytest.mark.parametrize("path", [TRIAL, pytest.param(REAL, marks=pytest.mark.slow)], ids=["trial", "real"])
def test_every_card_in_every_state(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "new_row_id", lambda taken: f"r{len(taken)}")  # by chance otherwise
    instrument = form(path)
    ours = pages(instrument)
    monkeypatch.setattr(card_compiler._CardEnvironment, "code_generator_class", CodeGenerator)
    theirs = pages(instrument)
    assert len(ours) == len(theirs) > 20
    for mine, other in zip(ours, theirs, strict=True):
        assert mine == other
    assert any("&lt;b&gt;" in page for page in ours)
    assert not any(ODD in page for page in ours)


def pages(instrument: CompiledInstrument) -> list[str]:
    """Every section empty, filled, filled with odd texts, evidence and folded cards, locked; each card refused."""
    cards = card_compiler.compile_cards(instrument, "th")
    filled = sample_values(instrument, seed=1, share=1.0)
    odd = {a: ODD if isinstance(v, str) and instrument_text(instrument, a) else v for a, v in filled.items()}
    states: Sequence[dict[str, Any]] = (
        {"values": {}},
        {"values": filled, "given": Given()},
        {"values": odd, "files": FILES, "folded": True, "notes": True},
        {"values": odd, "files": FILES, "readonly": True},
    )
    contexts = [context(instrument, cards, **state) for state in states]
    sections = [render_section(one, section.id) for one in contexts for section in instrument.sections]
    why = LocalizedText("ไม่ถูก <ต้อง>", "wrong <it is>")
    refused = [
        render_card(contexts[2], q, invalid=[InvalidField(a, (ODD, "2568"), "x", why) for a in fields_of(q.id, odd)])
        for q in instrument.questions
    ]
    return [*sections, *refused]


class Given(dict[str, str]):
    """Every table as if its last rows had just been answered in one act."""

    def get(self, key: str, default: Any = None) -> str:
        return "1,2"


def instrument_text(instrument: CompiledInstrument, address: str) -> bool:
    """Whether free text stands at the address of an item."""
    item = instrument.items.get(address.rpartition("/")[2])
    return item is not None and item.kind == "text"


def fields_of(question: str, values: dict[str, AnswerValue]) -> list[str]:
    return [a for a, v in values.items() if a.startswith(question) and isinstance(v, str)]


def context(
    instrument: CompiledInstrument,
    cards: Any,
    values: dict[str, AnswerValue],
    files: Sequence[Any] = (),
    folded: bool = False,
    readonly: bool = False,
    notes: bool = False,
    given: Any = None,
) -> CardContext:
    path = resolve_path(instrument, values)
    asked = [q.id for q in instrument.questions]
    row = AnswerRow(values, 3, True, ODD, datetime(2026, 1, 2, 3, 4, tzinfo=UTC), ODD)
    return CardContext(
        base="/r/7/",
        path=path,
        values=values,
        answers=dict.fromkeys(asked, row) if values else {},
        cards=cards,
        language="th",
        csrf="aB3",
        owner="7:signed",
        readonly=readonly,
        evidence=dict.fromkeys(path.places, files),
        notes=dict.fromkeys(asked, ODD) if notes else {},
        contradictions={},
        given_rest={} if given is None else given,
        folded={q: Progress(total=3, answered=2, evidence=1, missing_evidence=1) for q in asked} if folded else {},
    )
