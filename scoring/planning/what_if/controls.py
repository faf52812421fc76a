"""Controls of the scratch form, what was put into them, and readers of answers they share. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dgready.typed.numbers import read_number
from dgready.typed.result import Understood
from scoring.engine.trace import TraceLeaf
from scoring.scheme.measure_types import CombinedMeasure, Measure, NumberValue, Ratio, RepeatRowCount
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import AnswerValue, CompiledInstrument, LocalizedText

MAX_NEW_ROWS = 10


class NumberRefused(ValueError):
    """A number in the form is none, or unclear; `reason` says which in words, `typed` is the text as given."""

    def __init__(self, reason: LocalizedText, typed: str) -> None:
        super().__init__(typed)
        self.reason = reason
        self.typed = typed


@dataclass(frozen=True, slots=True)
class FormControl:
    """A control: `kind` switch, number or more; `given` is what it shows (a switch: whether it is on)."""

    kind: str
    name: str
    value: str
    label: LocalizedText
    given: str
    most: int = 0


@dataclass(frozen=True, slots=True)
class CriterionControls:
    """The controls of a criterion. `options`: of a single choice, key and label; `picked`: the one shown."""

    id: str
    name: LocalizedText
    controls: tuple[FormControl, ...] = ()
    options: tuple[tuple[str, LocalizedText], ...] = ()
    picked: str = ""


@dataclass(frozen=True, slots=True)
class ScratchInput:
    """What was put into the form."""

    switched_on: frozenset[str]
    texts: Mapping[str, str]


def list_number_addresses(measure: Measure | None) -> Sequence[str]:
    if isinstance(measure, Ratio):
        return measure.part, measure.whole
    if isinstance(measure, NumberValue):
        return (measure.address,)
    if isinstance(measure, CombinedMeasure):
        return [a for part in measure.parts for a in list_number_addresses(part)]
    return ()


def find_row_condition(measure: Measure | None, repeat: str) -> Measure | None:
    """What a measure asks for inside the rows of a repeat."""
    if isinstance(measure, RepeatRowCount):
        return measure.having if item_id_of(repeat) in measure.addresses else None
    if isinstance(measure, CombinedMeasure):
        return next((h for part in measure.parts if (h := find_row_condition(part, repeat)) is not None), None)
    return None


def list_row_ids(values: Mapping[str, AnswerValue], repeat: str) -> list[str]:
    value = values.get(repeat)
    return list(value) if isinstance(value, list) else []


def remove_key(value: list[str], key: str) -> list[str] | None:
    return [v for v in value if v != key] or None


def parse_number(text: str, most: Decimal | None = None, *, whole: bool = False) -> Decimal:
    """Raises NumberRefused."""
    result = read_number(text, minimum=Decimal(0), maximum=most, whole=whole)
    if not isinstance(result, Understood):
        raise NumberRefused(result.reason if result else LocalizedText(), text)
    return result.value


def is_repeat(instrument: CompiledInstrument, leaf: TraceLeaf) -> bool:
    """Whether a leaf stands for a whole repeat, to which rows can be added."""
    answer_address = leaf.answer_address or leaf.address
    if "=" in answer_address or "#" in answer_address.rsplit("/", 1)[-1]:
        return False
    return instrument.items[item_id_of(answer_address)].kind == "repeat"
