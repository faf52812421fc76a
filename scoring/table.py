"""Reading a table of sub-pillar scores (columns sub_pillar, score) as people export it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal, InvalidOperation

from dgready.thai import arabic_digits
from scoring.levels import TableError


def read_table(text: str) -> dict[str, Decimal]:
    """Scores by sub-pillar. Takes a byte order mark, Thai digits, "%" and the asterisk of printed codes.

    Raises TableError with everything that is wrong.
    """
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text))
    lines = [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, 1)]
    lines = [(number, row) for number, row in lines if any(row)]
    header = [cell.lower() for cell in lines[0][1]] if lines else []
    if "sub_pillar" not in header or "score" not in header:
        raise TableError(["the first line must name the columns sub_pillar and score"])
    at_code, at_score = header.index("sub_pillar"), header.index("score")
    scores: dict[str, Decimal] = {}
    problems: list[str] = []
    for number, row in lines[1:]:
        if len(row) <= max(at_code, at_score):
            problems.append(f"line {number}: not enough columns")
            continue
        code = arabic_digits(row[at_code]).rstrip("*").strip()
        try:
            score = Decimal(arabic_digits(row[at_score]).removesuffix("%").strip())
        except InvalidOperation:
            problems.append(f"line {number}: {row[at_score]!r} is not a number")
            continue
        if code in scores:
            problems.append(f"line {number}: {code} is given twice")
        scores[code] = score
    if problems:
        raise TableError(problems)
    return scores


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)
