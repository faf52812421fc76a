"""Averages of a year that each agency answers, as releases: closed before, frozen after, the same in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.actions.api_tokens import create_api_token
from accounts.models import User
from accounts.roles import API_CAPABILITIES, Role
from nation.agency_rounds.queries import read_averages
from nation.facts.types import NationalReport, Population
from nation.models import AgencyFigures, Release
from nation.releases.actions import make_release, show_release
from nation.releases.queries import NotCounted, compose_release, preview_release
from tests.nation.agency_rounds.many import make_agency_nation
from tests.nation.releases.test_embargo import FILES, client_of, let_in, open_addresses
from tests.people import People
from tests.reports.conftest import read_back, squeezed
from tests.walking import short_refusals, unwatched_templates

YEAR = 2559


@dataclass
class Averages:
    """A year of eight provinces that agencies answered, and who asks for it."""

    people: People

    @property
    def report(self) -> NationalReport:
        """What is counted now."""
        found = read_averages(Population(YEAR))
        assert found is not None
        return found

    @property
    def mark(self) -> str:
        """What the averages say, and nothing else does."""
        block = self.report.block("scores.dimensions")
        assert block is not None
        return block.sentence.th

    def others(self) -> list[tuple[str, User | None]]:
        """Everybody who is not of the centre, and nobody."""
        central = ("central", "reviewer", "auditor")
        people = [(name, user) for name, user in self.people.everyone() if not name.startswith(central)]
        return [("signed out", None), *people]

    def release(self, notes: str = "รุ่นแรก", *, scores: bool = False) -> Release:
        """Releases what stands now."""
        new = compose_release(YEAR, scores=scores)
        return make_release(by=self.people.who(Role.CENTRAL_ADMIN), year=YEAR, new=new, notes=notes)

    def change(self) -> None:
        """One agency's scores are others now."""
        row = AgencyFigures.objects.order_by("pk").first()
        assert row is not None
        row.components = dict.fromkeys(row.components, "1")
        row.save()

    @cached_property
    def token(self) -> str:
        """That of a secretary's program."""
        people = self.people
        offer = {"name": "x", "capabilities": list(API_CAPABILITIES), "days": 9}
        return create_api_token(by=people.who(Role.SECRETARIAT), province=people.a, **offer)[1]

    def ask_api(self, path: str) -> Any:
        """What the API answers it."""
        return Client().get(f"/api/v1/{path}", headers={"authorization": f"Bearer {self.token}"})


@pytest.fixture
def averages(people: People) -> Averages:
    make_agency_nation(8)
    return Averages(people)


def test_closed_until_the_centre_releases(averages: Averages) -> None:
    """Before a release nobody but the centre is let in anywhere, nor reads what the averages say; the API is silent."""
    with short_refusals(), unwatched_templates():
        assert let_in(averages.others(), YEAR, averages.mark) == []
    assert averages.ask_api(f"national?year={YEAR}").status_code == 404


def test_a_release_is_frozen_and_the_next_says_what_changed(averages: Averages) -> None:
    mark, first = averages.mark, averages.release()
    averages.change()
    assert averages.mark != mark
    secretary, nobody = client_of(averages.people.who(Role.SECRETARIAT)), client_of(None)
    address = reverse("nation:open", args=[YEAR])
    assert mark in secretary.get(address).content.decode()
    assert [nobody.get(url).status_code for url in open_addresses(YEAR)] == [404] * (2 + len(FILES))
    told = averages.ask_api(f"national?year={YEAR}").json()
    assert (told["version"], told["answered_by"], told["sha256"]) == ("1.0", "each_agency", first.sha256)
    assert next(b for b in told["blocks"] if b["key"] == "scores.dimensions")["sentence"]["th"] == mark
    north = averages.ask_api(f"national?year={YEAR}&group=region&member=north").json()
    assert (north["member"], north["provinces"]) == ("north", 8)
    assert averages.ask_api(f"national?year={YEAR}&group=region&member=south").status_code == 404
    second = averages.release("คิดใหม่")
    assert (second.version, Release.objects.get(pk=first.pk).content) == ("1.1", first.content)
    shown = secretary.get(reverse("nation:open-method", args=[YEAR])).content.decode()
    assert "แต่ละหน่วยงานตอบแบบสำรวจทั้งฉบับของตนเอง" in shown
    assert "คะแนนเฉลี่ยของแต่ละมิติ" in shown, "the changelog names the figures"
    assert mark in secretary.get(f"{address}?version=1.0").content.decode()
    show_release(by=averages.people.who(Role.CENTRAL_ADMIN), release=first)
    assert mark in nobody.get(address).content.decode()
    assert nobody.get(f"{address}?version=1.1").status_code == 404
    assert not re.search(r"จังหวัดที่ \d|TX-\d", first.content), "no province is named unless that is chosen"


def test_scores_of_provinces_are_told_only_when_chosen(averages: Averages) -> None:
    release = averages.release(scores=True)
    scores = json.loads(release.content)["scores"]
    assert len(scores) == 8
    assert all(Decimal(row["score"]) > 0 and row["rank"] is None for row in scores)


def test_means_of_few_provinces_are_not_released(people: People) -> None:
    make_agency_nation(2)
    content = preview_release(YEAR).content
    told = {block["key"]: block for block in content["blocks"]}
    assert all(row.get("hidden") and row["percent"] is None for row in told["scores.dimensions"]["rows"])
    assert "value" not in json.dumps(told["scores.1"]["rows"])
    row = AgencyFigures.objects.first()
    assert row is not None
    row.delete()
    with pytest.raises(NotCounted):
        preview_release(YEAR)


def test_every_format_tells_the_same_averages_live_and_released(averages: Averages, tmp_path: Path) -> None:
    """The commands and the page: PDF, workbook, CSV and JSON, of what is counted now and of a release."""
    notes = tmp_path / "notes.txt"
    notes.write_text("รุ่นแรก", encoding="utf-8")
    call_command("national", "release", "--year", str(YEAR), "--notes", str(notes), stdout=io.StringIO())
    report = averages.report
    expected = {(b.key, r.key): (r.count, r.value) for b in report.blocks for r in b.rows}
    for more in ((), ("--release", "1.0")):
        shown = io.StringIO()
        call_command("national", "show", "--year", str(YEAR), "--format", "json", *more, stdout=shown)
        files = {}
        for verb, name in (("export", "n.json"), ("export", "n.csv"), ("export", "n.xlsx"), ("report", "n.pdf")):
            files[name] = tmp_path / name
            call_command(verb, "national", "--year", str(YEAR), "--out", str(files[name]), *more, stdout=io.StringIO())
        for text in (shown.getvalue(), files["n.json"].read_text(encoding="utf-8")):
            assert _figures(json.loads(text)["blocks"]) == expected
        rows = list(csv.DictReader(io.StringIO(files["n.csv"].read_text(encoding="utf-8-sig"))))
        assert {(r["block"], r["row"]): r["value"] for r in rows} == {
            key: "" if value is None else f"{value:f}" for key, (_count, value) in expected.items()
        }
        book = openpyxl.load_workbook(files["n.xlsx"])
        cells = [c.value for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
        numbers = {round(float(value), 2) for value in cells if isinstance(value, int | float)}
        paper = squeezed(read_back(files["n.pdf"], "-raw"))
        assert squeezed(averages.mark) in paper
        values = [value for _count, value in expected.values() if value is not None]
        assert len(values) > 20
        for value in values:
            assert float(value) in numbers
            assert f"{value:f}".rstrip("0").rstrip(".") in paper


def _figures(blocks: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int | None, Decimal | None]]:
    return {
        (block["key"], row["key"]): (row["count"], Decimal(row["value"]) if row.get("value") else None)
        for block in blocks
        for row in block["rows"]
    }
