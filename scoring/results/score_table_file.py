"""Reading tables of sub-pillar scores (columns sub_pillar, score, perhaps agency) as people export them. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dgready.typed.codes import fold_code
from dgready.typed.numbers import read_number
from dgready.typed.result import Understood
from dgready.typed.tables import best_heading_row, fold_heading
from scoring.engine.score_tables import ScoreTableError

WHOLE_PROVINCE = ""  # the name of a table without agencies


def parse_score_table(rows: Sequence[Sequence[str]]) -> dict[str, Decimal]:
    """Scores by sub-pillar. Takes Thai digits, "%" and the asterisk of printed codes.

    Raises ScoreTableError with everything that is wrong.
    """
    return parse_score_tables(rows)[WHOLE_PROVINCE]


def parse_score_tables(rows: Sequence[Sequence[str]]) -> dict[str, dict[str, Decimal]]:
    """Scores by agency and sub-pillar, as `parse_score_table`; without the column agency all under WHOLE_PROVINCE."""
    heading_row = best_heading_row(rows, {name: (name,) for name in ("sub_pillar", "score")})
    header = [fold_heading(cell) for cell in rows[heading_row]] if rows else []
    if "sub_pillar" not in header or "score" not in header:
        raise ScoreTableError(["the first line must name the columns sub_pillar and score"])
    lines = [(number, list(row)) for number, row in enumerate(rows[heading_row + 1 :], heading_row + 2) if any(row)]
    columns = ("agency", "sub_pillar", "score")
    positions: dict[str, int] = {name: header.index(name) for name in columns if name in header}
    tables: dict[str, dict[str, Decimal]] = {} if "agency" in positions else {WHOLE_PROVINCE: {}}
    problems: list[str] = []
    for number, row in lines:
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
    code = fold_code(row[positions["sub_pillar"]])
    score_text = row[positions["score"]]
    score = read_number(score_text, units=("%",))
    if not isinstance(score, Understood):
        return f"{score_text!r} is not a number"
    scores = tables.setdefault(agency, {})
    if code in scores:
        return f"{code} is given twice"
    scores[code] = score.value
    return ""
