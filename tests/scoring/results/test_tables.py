"""Published results: what the table rule must give, to the hundredth."""

import csv
import io
from decimal import Decimal

import pytest

from scoring.engine.aggregates import AggregateScore
from scoring.engine.as_json import serialize_aggregate_score
from scoring.engine.score_tables import ScoreTableError, score_table
from scoring.results.score_table_file import parse_score_table
from scoring.scheme.load import parse_scheme
from scoring.scheme.types import ScoringScheme
from tests.scoring.published import rows_of
from tests.scoring.worlds import text

CENT = Decimal("0.01")
SUBJECTS = ("TH-43", "rank-1", "average")
# One figure of the average column is printed apart from its only sub-pillar (domain facts §3).
MISPRINTS = {("average", "7"): Decimal("0.04")}


def scheme_of(year: int) -> ScoringScheme:
    scheme, faults = parse_scheme(text(f"fixtures/schemes/dg-province-{year}.yaml"))
    assert scheme is not None, faults
    return scheme


def rows(year: int, subject: str, kind: str) -> dict[str, Decimal]:
    """Published figures by code."""
    found = csv.DictReader(io.StringIO(text(f"fixtures/results/{year}.csv")))
    wanted = [r for r in found if r["subject"] == subject and r["kind"] == kind]
    return {r["code"]: Decimal(r["score"]) for r in wanted}


def standing(year: int, subject: str) -> AggregateScore:
    return score_table(scheme_of(year), rows(year, subject, "sub_pillar") or rows(year, subject, "pillar"))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_2567_gives_every_published_figure(subject: str) -> None:
    found = standing(2567, subject)
    published = rows(2567, subject, "pillar")
    assert [p.number for p in found.pillars] == list(published)
    for pillar in found.pillars:
        allowed = MISPRINTS.get((subject, pillar.number), CENT)
        assert abs(pillar.score - published[pillar.number]) <= allowed, pillar.number
    assert abs(found.total - rows(2567, subject, "total")["total"]) < CENT


@pytest.mark.parametrize(("subject", "total"), [("TH-43", "39.78"), ("average", "44.88"), ("rank-1", "72.64")])
def test_2566_totals_follow_from_the_pillars(subject: str, total: str) -> None:
    found = standing(2566, subject)
    assert serialize_aggregate_score(found)["total"] == float(total)
    assert {p.level for p in found.pillars} == {None}, "no level follows without sub-pillars"
    assert found.level is None


def test_levels_of_the_sample_province() -> None:
    found = standing(2567, "TH-43")
    assert [p.level for p in found.pillars] == [4, 2, 3, 3, 4, 3, 5]
    indexes = [str(round(p.index, 2)) for p in found.pillars]
    assert indexes == ["4.75", "2.67", "3.67", "3.75", "4.50", "3.00", "5.00"]
    assert found.level == 3
    assert sum(p.level >= 3 for p in found.pillars) == 6
    assert max(found.pillars, key=lambda p: p.level).number == "7"
    assert min(found.pillars, key=lambda p: p.level).number == "2"


def test_level_of_the_best_province() -> None:
    assert standing(2567, "rank-1").level == 4


def test_json_is_the_contract() -> None:
    found = serialize_aggregate_score(standing(2567, "TH-43"))
    assert list(found) == ["pillars", "total", "level"]
    assert found["pillars"]["2"] == {"score": 48.33, "index": 2.67, "level": 2}
    assert found["total"] == 70.93


def test_a_table_must_be_whole_and_in_range() -> None:
    scores = rows(2567, "TH-43", "sub_pillar")
    del scores["1.1"]
    scores |= {"9.9": Decimal(1), "1.2": Decimal(101), "1.3": Decimal("NaN")}
    with pytest.raises(ScoreTableError) as raised:
        score_table(scheme_of(2567), scores)
    said = "; ".join(raised.value.problems)
    assert all(part in said for part in ("no score for 1.1", "9.9 is not in", "1.2: 101", "1.3: NaN"))


def test_tables_are_read_as_people_write_them() -> None:
    found = parse_score_table(rows_of("Sub_pillar;Score;note\n1.1; ๙๖.๖๗ %;x\n\n3.3*;49.83;\n"))
    assert found == {"1.1": Decimal("96.67"), "3.3": Decimal("49.83")}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "name the columns"),
        ("code,score\n1.1,2\n", "name the columns"),
        ("sub_pillar,score\n1.1,x\n", "line 2: 'x' is not a number"),
        ("sub_pillar,score\n1.1,1\n1.1,2\n", "line 3: 1.1 is given twice"),
        ("sub_pillar,score\n1.1\n", "line 2: not enough columns"),
    ],
)
def test_faulty_tables_say_where(table: str, said: str) -> None:
    with pytest.raises(ScoreTableError, match=said):
        parse_score_table(rows_of(table))
