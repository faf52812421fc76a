"""Blocks of reasons for "none": free texts by the centre's list, and reasons the form lists itself. PURE."""

from __future__ import annotations

from typing import Final

from dgready.localized_text import LocalizedText
from nation.facts import sentences
from nation.facts.folding import fold_reason
from nation.facts.form_facts import ReasonSource
from nation.facts.tally import Coding, Tally, answered, picked_by, section_of, title_of
from nation.facts.types import BlockKind, ChartShape, FactBlock
from survey.instrument.schema import Item

UNCODED: Final = "uncoded"
BLANK: Final = "blank"
_UNCODED_LABEL: Final = LocalizedText("ยังไม่จัดกลุ่ม", "Not grouped yet")
_BLANK_LABEL: Final = LocalizedText("ไม่ระบุ", "Not given")
_NOTE: Final = LocalizedText(
    "ร้อยละของจังหวัดที่ตอบว่าไม่มี เหตุผลที่เขียนเองจัดกลุ่มโดยส่วนกลาง",
    "Shares of the provinces without; free texts are grouped by the centre.",
)
Found = dict[str, tuple[LocalizedText, list[str]]]  # key of the reason → its label, and the provinces that gave it


def count_reasons(tally: Tally, source: ReasonSource, coding: Coding) -> FactBlock:
    """Why there is none: a row per reason, of those who answered "none"."""
    item = source.question
    answers = tally.answers(item.id)
    without = picked_by(answered(answers), source.option.key)
    found: Found = {}
    if source.listed is not None:
        _add_listed(found, tally, source, source.listed, coding)
    elif source.text is not None:
        _add_texts(found, tally, source.text, coding)
    given = {code for _label, codes in found.values() for code in codes}
    if blank := [code for code in without if code not in given]:
        found[BLANK] = (found[BLANK][0], found[BLANK][1] + blank) if BLANK in found else (_BLANK_LABEL, blank)
    rows = tuple(
        tally.row(key, label, codes, len(without)) for key, (label, codes) in sorted(found.items(), key=_order)
    )
    title = title_of(tally.instrument, item)
    return FactBlock(
        f"reasons.{item.id}",
        BlockKind.REASONS,
        section_of(item),
        LocalizedText(f"เหตุผลที่ไม่มี: {title.th}", f"Reasons for none: {title.to('en')}"),
        len(answers),
        len(without),
        len(without),
        rows,
        sentences.say_reason(rows, len(without)),
        ChartShape.BARS,
        _NOTE,
    )


def _order(entry: tuple[str, tuple[LocalizedText, list[str]]]) -> tuple[bool, bool, int, str]:
    """Frequent ones first; what says nothing comes last."""
    key, (_label, codes) = entry
    return key == BLANK, key == UNCODED, -len(codes), key


def _add_texts(found: Found, tally: Tally, item: Item, coding: Coding) -> None:
    """Free texts by their code; those without one together."""
    for code, text in tally.reasons(item.id).items():
        key, label = coding.get((item.id, fold_reason(text)), (UNCODED, _UNCODED_LABEL))
        found.setdefault(key, (label, []))[1].append(code)


def _add_listed(found: Found, tally: Tally, source: ReasonSource, listed: Item, coding: Coding) -> None:
    """The form's own reasons; one that asks for a text is told by the codes of its texts."""
    answers = answered(tally.answers(listed.id))
    written = source.others or {}
    for option in listed.options:
        codes = picked_by(answers, option.key)
        if option.key not in written:
            if codes:
                found[option.key] = (option.label, codes)
            continue
        texts = tally.reasons(written[option.key].id)
        _add_texts(found, tally, written[option.key], coding)
        if silent := [code for code in codes if code not in texts]:
            found.setdefault(option.key, (option.label, []))[1].extend(silent)
