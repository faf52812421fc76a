"""Formulas of the offline form: whether a line is asked, by the same rules as the questionnaire's path. PURE.

Conditions know three values (survey.instrument.conditions): here 1 is true, 0 false and 0.5 undecided, so that "all"
is the least, "any" the greatest and "not" the difference from 1. Only functions that Excel, LibreOffice and Google
Sheets have alike are used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reports.offline_form.fields import list_name
from reports.offline_form.layout import FormLayout, FormLine, Opener
from survey.instrument.conditions import Condition
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import AnswerValue

ANSWER: Final = "D"
STATE: Final = "F"
ASKED: Final = "H"
UNDECIDED: Final = "0.5"
MAX_LITERAL: Final = 250  # characters of a text in a formula; Excel takes 255
_COMPARISONS: Final = {"le": "<=", "lt": "<", "ge": ">=", "gt": ">", "eq": "="}


@dataclass(slots=True)
class FormulaWriter:
    """Writes the formulas of one workbook. `lists`: the cell that holds an option's title, by list and key.

    What is answered elsewhere than in this workbook stands in the formulas as it is on `path`.
    """

    layout: FormLayout
    sheets: Sequence[str]
    path: QuestionnairePath
    lists: Mapping[tuple[str, str], str]
    _lines: dict[str, FormLine] = field(default_factory=dict)
    _fields: dict[str, list[FormLine]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.layout.lines:
            if line.key:
                self._lines[line.key] = line
            if line.field:
                self._fields.setdefault(line.field, []).append(line)

    def asked(self, line: FormLine) -> str | int:
        """1 or a formula that is 1 where the line is asked and 0 where it is not."""
        terms = [term for opener in line.openers for term in self._terms(opener)]
        terms = [term for term in dict.fromkeys(terms) if term != "TRUE"]
        return f"=IF(AND({','.join(terms)}),1,0)" if terms else 1

    def state(self, line: FormLine, words: Mapping[str, str], message: tuple[Condition, str] | None) -> str | None:
        """The formula of the state of a line: not asked, not answered, or what contradicts it."""
        if not line.key or (line.heading and not line.id):
            return None
        shown = '""'
        if message is not None:
            told = _literal(message[1])
            shown = f"IF({self._tree(message[0].tree, ('',))}=0,{told},{shown})"
        if line.required and line.field and not line.option:
            shown = f"IF({self._is_blank(line.field)},{_literal(words['open'])},{shown})"
        asked = f"{ASKED}{line.row}"
        return f"=IF({asked}<1,{_literal(words['not_asked'])},{shown})"

    def _terms(self, opener: Opener) -> list[str]:
        if opener.line:
            line = self._lines.get(opener.line)
            return [f"{self._cell(line, ASKED)}=1"] if line else ["TRUE"]
        if opener.condition is not None:
            return [f"{self._tree(opener.condition.tree, opener.prefixes)}=1"]
        picked = self._picked(opener.field, opener.option)
        return [f"NOT({picked})" if opener.skips else picked]

    def _cell(self, line: FormLine, column: str) -> str:
        name = self.sheets[line.sheet].replace("'", "''")
        return f"'{name}'!${column}${line.row}"

    def _picked(self, address: str, option: str) -> str:
        """Whether an option of a field on the path is picked."""
        lines = self._fields.get(address)
        if lines is None:
            value = self.path.values.get(address)
            return "TRUE" if option in (value if isinstance(value, list) else (value,)) else "FALSE"
        head = self._lines[address]
        asked = f"{self._cell(head, ASKED)}=1"
        if head.owner is not None and head.owner.kind == "multi":
            tick = next((line for line in lines if line.option == option), None)
            return f'AND({asked},{self._cell(tick, ANSWER)}<>"")' if tick else "FALSE"
        title = self.lists.get((list_name(head.field), option))
        return f"AND({asked},{self._cell(head, ANSWER)}={title})" if title else "FALSE"

    def _is_blank(self, address: str) -> str:
        ticks = [line for line in self._fields.get(address, ()) if line.option]
        if not ticks:
            return f'{self._cell(self._lines[address], ANSWER)}=""'
        return "AND(" + ",".join(f'{self._cell(tick, ANSWER)}=""' for tick in ticks) + ")"

    def _find(self, address: str, prefixes: Sequence[str]) -> str | None:
        """The address in the innermost repeat row that has it in this workbook."""
        found = (prefix + address for prefix in reversed(prefixes))
        return next((a for a in found if a in self._fields or a in self.layout.slots), None)

    def _stored(self, address: str, prefixes: Sequence[str]) -> AnswerValue | None:
        found = (self.path.values.get(prefix + address) for prefix in reversed(prefixes))
        return next((value for value in found if value is not None), None)

    def _is_given(self, address: str) -> str:
        asked = f"{self._cell(self._lines[address], ASKED)}=1"
        if address in self.layout.slots:
            return f"AND({asked},{self._count(address)}>0)"
        return f"AND({asked},NOT({self._is_blank(address)}))"

    def _count(self, address: str) -> str:
        """How many options are ticked, or how many rows have anything in them."""
        if address in self.layout.slots:
            names = [name.replace("'", "''") for name in self.sheets]
            blocks = [
                f"IF(COUNTA('{names[sheet]}'!${ANSWER}${first}:${ANSWER}${last})>0,1,0)"
                for sheet, first, last in self.layout.slots[address]
            ]
            return f"({'+'.join(blocks)})"
        ticks = [line for line in self._fields[address] if line.option]
        if not ticks:
            return "1"
        return "(" + "+".join(f'IF({self._cell(tick, ANSWER)}<>"",1,0)' for tick in ticks) + ")"

    def _tree(self, tree: Any, prefixes: Sequence[str]) -> str:
        (operator, body), *_ = tree.items()
        if operator in ("all", "any"):
            parts = ",".join(self._tree(part, prefixes) for part in body)
            return f"{'MIN' if operator == 'all' else 'MAX'}({parts})"
        if operator == "not":
            return f"(1-{self._tree(body, prefixes)})"
        if operator in ("answered", "blank"):
            return self._given(operator, body, prefixes)
        if operator in ("in", "has"):
            keys = body[1] if operator == "in" else [body[1]]
            return self._membership(body[0]["answer"], keys, prefixes)
        return self._comparison(operator, body, prefixes)

    def _given(self, operator: str, address: str, prefixes: Sequence[str]) -> str:
        given, missing = ("1", UNDECIDED) if operator == "answered" else ("0", "1")
        found = self._find(address, prefixes)
        if found is None:
            return given if self._stored(address, prefixes) else missing
        return f"IF({self._is_given(found)},{given},{missing})"

    def _membership(self, address: str, keys: Sequence[str], prefixes: Sequence[str]) -> str:
        found = self._find(address, prefixes)
        if found is None:
            value = self._stored(address, prefixes)
            if value is None:
                return UNDECIDED
            return str(int(any(key in (value if isinstance(value, list) else [value]) for key in keys)))
        picked = ",".join(self._picked(found, str(key)) for key in keys) or "FALSE"
        return f"IF({self._is_given(found)},IF(OR({picked}),1,0),{UNDECIDED})"

    def _comparison(self, operator: str, body: Sequence[Any], prefixes: Sequence[str]) -> str:
        left, right = (self._operand(one, prefixes) for one in body)
        compared = f"IF({left}{_COMPARISONS[operator]}{right},1,0)"
        # A missing operand is a text, which no number is added to without an error.
        return f"IFERROR(IF(ISNUMBER({left}+{right}),{compared},{UNDECIDED}),{UNDECIDED})"

    def _operand(self, operand: Any, prefixes: Sequence[str]) -> str:
        if not isinstance(operand, dict):
            return str(operand)
        (kind, address), *_ = operand.items()
        found = self._find(address, prefixes)
        if found is None:
            value = self._stored(address, prefixes)
            if value is None:
                return '"-"'
            if kind == "count":
                return str(len(value) if isinstance(value, list) else 1)
            return value if isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdigit() else '"-"'
        if kind == "count":
            return f'IF({self._is_given(found)},{self._count(found)},"-")'
        cell = self._cell(self._lines[found], ANSWER)
        return f'IF({self._is_given(found)},VALUE({cell}),"-")'


def _literal(text: str) -> str:
    """A text in a formula, in pieces that Excel takes."""
    pieces = [text[i : i + MAX_LITERAL] for i in range(0, len(text), MAX_LITERAL)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
