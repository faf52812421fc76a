"""What an offline form is made from, and how its columns are laid. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reports.offline_form.layout import FormLayout
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import AnswerValue, CompiledInstrument

HIDDEN_SHEET: Final = "_dgready"
FORMAT: Final = 1
FORM, BULK = "form", "bulk"
FILES: Final = "G"
WIDTHS: Final = {"A": 4, "B": 12, "C": 64, "D": 44, "E": 26, "F": 18, "G": 34, "H": 4}


@dataclass(frozen=True, slots=True)
class FormContent:
    """What an offline form is made from. `head`: the facts of its hidden sheet; `about`: those that people read.

    `revisions`: of the answers, by question; `files`: names of attached files by evidence place; `beside`: names and
    answers of the agencies, to be read beside the answers that are filled in.
    """

    instrument: CompiledInstrument
    layout: FormLayout
    path: QuestionnairePath
    values: Mapping[str, AnswerValue]
    revisions: Mapping[str, int]
    files: Mapping[str, Sequence[str]]
    head: Mapping[str, str]
    about: Sequence[tuple[str, str]]
    language: str
    beside: Sequence[tuple[str, Mapping[str, AnswerValue]]] = ()


@dataclass(frozen=True, slots=True)
class OptionLists:
    """Where the options stand on the hidden sheet: the cell of a title by list and key, the range of a list."""

    titles: Mapping[tuple[str, str], str]
    ranges: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
