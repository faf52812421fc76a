"""manage.py national: what `show` prints, and when `sample` is refused."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from nation.figures.actions import count_year, find_differences
from nation.management.commands import _national_show
from nation.models import ProvinceFigures
from tests.flow import make_flow
from tests.nation.figures.worlds import make_nation
from tests.people import People
from tests.trial import REAL, publish

pytestmark = pytest.mark.django_db


def show(*args: str) -> str:
    told = StringIO()
    call_command("national", "show", *args, stdout=told)
    return told.getvalue()


def test_show_prints_the_whole_report_and_one_for_each_member_of_a_group() -> None:
    year = str(make_nation(publish(), 3)[0].round.year)
    told = json.loads(show("--year", year, "--format", "json"))
    assert told["provinces"] == told["invited"] == 3
    blocks = {block["key"]: block for block in told["blocks"]}
    assert blocks["question.T1"]["asked"] == 3
    assert "question.T1" in show("--year", year)
    groups = json.loads(show("--year", year, "--group", "region", "--format", "json"))["groups"]
    assert {member: report["provinces"] for member, report in groups.items()} == {"north": 2, "south": 1}
    with pytest.raises(CommandError):
        show("--year", str(int(year) + 5))


def test_show_reads_a_release_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    content = {"year": 1, "groups": {"kpi": {"1": {"provinces": 4}}}}
    monkeypatch.setattr(_national_show, "release_content", lambda year, version: content)
    assert json.loads(show("--year", "1", "--release", "1.0")) == content
    part = json.loads(show("--year", "1", "--release", "1.0", "--group", "kpi"))
    assert part == {"groups": {"1": {"provinces": 4}}}
    with pytest.raises(CommandError):
        show("--year", "1", "--release", "1.0", "--group", "size")


def test_kept_facts_equal_a_full_recount(people: People) -> None:
    flow = make_flow(people)
    flow.save("T1", {"T1": "none", "T1.1": "ยังไม่มีงบประมาณ"})
    year = flow.round.year
    count_year(year)
    assert ProvinceFigures.objects.get().facts["reasons"] == {"T1.1": "ยังไม่มีงบประมาณ"}
    assert find_differences(year) == []
    row = ProvinceFigures.objects.get()
    row.facts["items"]["T1"] = "done"
    row.save()
    assert [one["figure"] for one in find_differences(year)] == ["facts"]


def test_a_sample_is_refused_in_production_and_beside_real_provinces(people: People, settings: object) -> None:
    instrument = publish(REAL)
    make_nation(instrument, 1)
    like = ("national", "sample", "--like", "benchmarks/2567.csv")
    with pytest.raises(CommandError, match="not of the made-up nation"):
        call_command(*like, stdout=StringIO())
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="production"):
        call_command(*like, stdout=StringIO())
