"""Reading tables of sub-pillar scores (columns sub_pillar, score, perhaps agency) as people export them. PURE."""

from __future__ import annotations

import csv
import io
from decimal import Decimal, InvalidOperation

from dgready.thai import arabic_digits
from scoring.engine.score_tables import ScoreTableError

WHOLE_PROVINCE = ""  # the name of a table without agencies


def parse_score_table(text: str) -> dict[str, Decimal]:
    """Scores by sub-pillar. Takes a byte order mark, Thai digits, "%" and the asterisk of printed codes.

    Raises ScoreTableError with everything that is wrong.
    """
    return parse_score_tables(text)[WHOLE_PROVINCE]


def parse_score_tables(text: str) -> dict[str, dict[str, Decimal]]:
    """Scores by agency and sub-pillar, as `parse_score_table`; without the column agency all under WHOLE_PROVINCE."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_detect_delimiter(text))
    lines = [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, 1)]
    lines = [(number, row) for number, row in lines if any(row)]
    header = [cell.lower() for cell in lines[0][1]] if lines else []
    if "sub_pillar" not in header or "score" not in header:
        raise ScoreTableError(["the first line must name the columns sub_pillar and score"])
    columns = ("agency", "sub_pillar", "score")
    positions: dict[str, int] = {name: header.index(name) for name in columns if name in header}
    tables: dict[str, dict[str, Decimal]] = {} if "agency" in positions else {WHOLE_PROVINCE: {}}
    problems: list[str] = []
    for number, row in lines[1:]:
        if problem := _parse_row(positions, row, tables):
            problems.append(f"line {number}: {problem}")
    if problems:
        raise ScoreTableError(problems)
    return tables


def _parse_row(positions: dict[str, int], row: list[str], tables: dict[str, dict[str, Decimal]]) -> str:
    """Puts a row into its table; what is wrong with it, or nothing."""
    if len(row) <= max(positions.values()):
        return "not enough columns"
    agency = row[positions["agency"]] if "agency" in positions else WHOLE_PROVINCE
    if "agency" in positions and not agency:
        return "a score of an agency must name its agency"
    code = arabic_digits(row[positions["sub_pillar"]]).rstrip("*").strip()
    score_text = row[positions["score"]]
    try:
        score = Decimal(arabic_digits(score_text).removesuffix("%").strip())
    except InvalidOperation:
        return f"{score_text!r} is not a number"
    scores = tables.setdefault(agency, {})
    if code in scores:
        return f"{code} is given twice"
    scores[code] = score
    return ""


def _detect_delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)
