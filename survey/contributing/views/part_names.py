"""Names of parts of the form on pages: the target in words and the codes of its questions."""

from __future__ import annotations

from collections.abc import Sequence

from dgready.language import reader_language
from survey.assigning.targets import AssignmentTarget
from survey.instrument.schema import CompiledInstrument
from survey.journal.event_texts import item_title


def target_name(instrument: CompiledInstrument, target: AssignmentTarget) -> str:
    """A target in words: code and name of the sub-pillar, or code and wording of the question or part."""
    if not target.question:
        sub = instrument.sub_pillars[target.sub_pillar]
        return f"{sub.code} {sub.name.to(reader_language())}"
    return item_title(instrument.items[target.item or target.question], reader_language())


def question_codes(instrument: CompiledInstrument, target: AssignmentTarget, asked: Sequence[str]) -> str:
    """The codes of the questions of a sub-pillar, as P1.4 P1.5."""
    if target.question:
        return ""
    return " ".join(instrument.items[q].code or q for q in asked)
