"""Conditions of items: a closed tree of operators over earlier answers, without eval (design, wall 4). PURE.

Operators: all, any, not, in, has, count, answered, blank, le, lt, ge, gt, eq.
Operands: {"answer": ADDRESS}, {"count": ADDRESS} (options picked or rows given), numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

AnswerLookup = Callable[[str], "str | list[str] | None"]

COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "le": lambda a, b: a <= b,
    "lt": lambda a, b: a < b,
    "ge": lambda a, b: a >= b,
    "gt": lambda a, b: a > b,
    "eq": lambda a, b: a == b,
}
OPERATORS = frozenset({"all", "any", "not", "in", "has", "answered", "blank", *COMPARISONS})


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: a checked operator tree, stored as the plain data of the file."""

    tree: Any

    def holds(self, lookup: AnswerLookup) -> bool:
        """Whether the condition is true; a missing answer makes comparisons and `in` false."""
        return _evaluate(self.tree, lookup) is True

    def evaluate(self, lookup: AnswerLookup) -> bool | None:
        """True, false, or None where a missing answer leaves it undecided (Kleene logic)."""
        return _evaluate(self.tree, lookup)

    def addresses(self) -> tuple[str, ...]:
        """Addresses of the answers the condition reads."""
        return tuple(address for address, _ in _references(self.tree))

    def references(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Addresses of the answers the condition reads, each with the option keys it compares them to."""
        return tuple(_references(self.tree))


def condition_faults(tree: Any) -> Iterator[str]:
    """Faults in the shape of an operator tree, as messages."""
    if not isinstance(tree, dict) or len(tree) != 1:
        yield f"a condition is one operator, found {tree!r}"
        return
    (operator, body), *_ = tree.items()
    if operator not in OPERATORS:
        yield f"unknown operator {operator!r}"
    elif operator in ("all", "any"):
        if not isinstance(body, list) or not body:
            yield f"{operator!r} needs a list of conditions"
            return
        for part in body:
            yield from condition_faults(part)
    elif operator == "not":
        yield from condition_faults(body)
    elif operator in ("answered", "blank"):
        if not isinstance(body, str):
            yield f"{operator!r} needs the address of an answer"
    elif operator == "in":
        if not (_is_pair(body) and _is_answer(body[0]) and isinstance(body[1], list)):
            yield "'in' needs [{answer: …}, [keys]]"
    elif operator == "has":
        if not (_is_pair(body) and _is_answer(body[0]) and isinstance(body[1], str)):
            yield "'has' needs [{answer: …}, key]"
    elif not (_is_pair(body) and all(_is_operand(o) for o in body)):
        yield f"{operator!r} needs two operands: answer, count or number"


def _is_pair(body: Any) -> bool:
    return isinstance(body, list) and len(body) == 2


def _is_answer(operand: Any) -> bool:
    return isinstance(operand, dict) and list(operand) == ["answer"] and isinstance(operand["answer"], str)


def _is_operand(operand: Any) -> bool:
    is_count = isinstance(operand, dict) and list(operand) == ["count"] and isinstance(operand["count"], str)
    is_number = isinstance(operand, int | str) and not isinstance(operand, bool) and _to_decimal(operand) is not None
    return is_count or _is_answer(operand) or is_number


def _references(tree: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    (operator, body), *_ = tree.items()
    if operator in ("all", "any"):
        for part in body:
            yield from _references(part)
    elif operator == "not":
        yield from _references(body)
    elif operator in ("answered", "blank"):
        yield body, ()
    elif operator == "in":
        yield body[0]["answer"], tuple(map(str, body[1]))
    elif operator == "has":
        yield body[0]["answer"], (body[1],)
    else:
        for operand in body:
            if isinstance(operand, dict):
                yield next(iter(operand.values())), ()


def _evaluate(tree: Any, lookup: AnswerLookup) -> bool | None:
    (operator, body), *_ = tree.items()
    if operator == "all":
        return _evaluate_all([_evaluate(part, lookup) for part in body])
    if operator == "any":
        return _negate(_evaluate_all([_negate(_evaluate(part, lookup)) for part in body]))
    if operator == "not":
        return _negate(_evaluate(body, lookup))
    if operator == "answered":
        return bool(lookup(body)) or None
    if operator == "blank":  # unlike "not answered" never open: a missing answer is what it asks for
        return not lookup(body)
    if operator in ("in", "has"):
        value = lookup(body[0]["answer"])
        keys = body[1] if operator == "in" else [body[1]]
        if value is None:
            return None
        picked = value if isinstance(value, list) else [value]
        return any(key in picked for key in keys)
    left, right = (_operand_number(o, lookup) for o in body)
    return None if left is None or right is None else COMPARISONS[operator](left, right)


def _evaluate_all(parts: list[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _negate(part: bool | None) -> bool | None:
    return None if part is None else not part


def _operand_number(operand: Any, lookup: AnswerLookup) -> Decimal | None:
    if not isinstance(operand, dict):
        return _to_decimal(operand)
    if "count" in operand:
        value = lookup(operand["count"])
        return None if value is None else Decimal(len(value) if isinstance(value, list) else 1)
    value = lookup(operand["answer"])
    return _to_decimal(value) if isinstance(value, str) else None


def _to_decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
        return number if number.is_finite() else None
    except InvalidOperation:
        return None
