"""Fitting answers to another version of their form: which have a place there, and which have not. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn
from survey.instrument.values import card_fields


@dataclass(frozen=True, slots=True)
class FormFit:
    """Answers fitted to a form. `values`: by question; `aside`: those without a place, by address.

    `gone_options`: by address the chosen options that the form does not have; the answer is kept as it is.
    """

    values: Mapping[str, Mapping[str, AnswerValue]]
    aside: Mapping[str, AnswerValue]
    gone_options: Mapping[str, tuple[str, ...]]


def fit_values(form: CompiledInstrument, values: Mapping[str, AnswerValue]) -> FormFit:
    """The answers by question of the form. An answer has a place where the form has its address for such a value."""
    rows = {address: value if isinstance(value, list) else [value] for address, value in values.items()}
    fields = {
        address: (question.id, owner)
        for question in form.questions
        for address, owner in card_fields(question, "", rows)
    }
    fitted: dict[str, dict[str, AnswerValue]] = {}
    aside: dict[str, AnswerValue] = {}
    gone_options: dict[str, tuple[str, ...]] = {}
    for address, value in values.items():
        question, owner = fields.get(address, ("", None))
        if owner is None or isinstance(value, list) != (owner.kind in ("multi", "repeat")):
            aside[address] = value
            continue
        fitted.setdefault(question, {})[address] = value
        if gone := _gone_options(owner, value):
            gone_options[address] = gone
    return FormFit(fitted, aside, gone_options)


def _gone_options(owner: Item | TableColumn, value: AnswerValue) -> tuple[str, ...]:
    if owner.kind not in ("single", "multi"):
        return ()
    return tuple(key for key in (value if isinstance(value, list) else [value]) if key not in owner.by_key)
