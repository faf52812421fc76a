"""The framework of B.E. 2559: five dimensions, answered by each agency, averaged to the province."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

AVERAGES = {"1": "48.4", "2": "50.9", "3": "57.7", "4": "59.3", "5": "54.7"}


def table(tmp_path: Path, text: str, framework: str = "2559") -> dict:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    call_command("score", "table", str(path), "--framework", framework, stdout=out)
    return json.loads(out.getvalue())


def test_the_published_averages_give_the_published_score(tmp_path: Path) -> None:
    found = table(tmp_path, "sub_pillar,score\n" + "\n".join(f"{c},{s}" for c, s in AVERAGES.items()))
    assert round(found["total"], 1) == 53.3
    assert found["level"] is None


def test_a_province_is_the_mean_of_its_agencies(tmp_path: Path) -> None:
    lines = ["agency,sub_pillar,score"]
    lines += [f"A,{c},40" for c in AVERAGES] + [f"B,{c},{60 if c != '1' else 100}" for c in AVERAGES]
    found = table(tmp_path, "\n".join(lines))
    assert found["pillars"]["1"]["score"] == 70
    assert found["total"] == 56
    assert found["agencies"]["A"]["total"] == 40
    assert found["agencies"]["B"]["total"] == 72


@pytest.mark.parametrize(
    ("text", "framework", "said"),
    [
        ("agency,sub_pillar,score\nA,1,40\n", "2559", "A: no score for 2"),
        ("agency,sub_pillar,score\n,1,40\n", "2559", "name its agency"),
        ("agency,sub_pillar,score\nA,1.1,40\n", "2567", "answered by the province"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, framework: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        table(tmp_path, text, framework)
