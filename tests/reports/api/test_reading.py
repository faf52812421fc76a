"""What the API tells: the same as the pages, in few queries, page by page."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from reports.content.approved_source import verify_address
from scoring.models import OfficialResult
from survey.answering.opening import ensure_response
from survey.models import FrozenResponse
from tests.flow import Flow
from tests.reports.api.conftest import Program, program_of

MOST_BYTES = 150_000


@pytest.fixture
def reader(filled: Flow) -> Program:
    return program_of(filled.secretariat, filled.province)


def whole(program: Program, path: str, limit: int = 7) -> list[Any]:
    """A list read to its end in small parts."""
    found: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        part = program.read(f"{path}?limit={limit}&offset={offset}")
        found += part["items"]
        assert len(part["items"]) <= limit
        offset = part["next"]
    assert len(found) == part["total"]
    return found


def test_rounds_and_their_answers(filled: Flow, reader: Program) -> None:
    (found,) = reader.read("rounds")["items"]
    assert (found["id"], found["year"], found["province"]) == (filled.round.pk, filled.round.year, "TH-91")
    (response,) = reader.read(f"rounds/{found['id']}/responses")["items"]
    assert (response["id"], response["agency"], response["state"]) == (filled.response.pk, None, "draft")


def test_answers_are_typed_and_worded(filled: Flow, reader: Program) -> None:
    found = {one["address"]: one for one in whole(reader, f"responses/{filled.response.pk}/answers")}
    one = found["T1"]
    assert (one["value"], one["type"], one["state"]) == ("none", "single", "answered")
    assert one["text"]
    assert one["text"] != "none"
    assert one["saved_at"]
    assert found["T6"]["value"] == ["r1"]
    assert found["T6#r1/T6.name"]["value"] == "หลักสูตรตัวอย่าง"
    assert any(other["state"] in ("off", "closed") and other["value"] is None for other in found.values())
    english = reader.read(f"responses/{filled.response.pk}/answers", **{"Accept-Language": "en"})["items"]
    assert [o["label"] for o in english] != [found[o["address"]]["label"] for o in english]


def test_progress_is_that_of_the_pages(filled: Flow, reader: Program) -> None:
    found = reader.read(f"responses/{filled.response.pk}/progress")
    assert found["overall"]["percent"] == 100
    assert found["overall"]["missing_evidence"] == 0
    names = ("total", "answered", "evidence", "missing_evidence")
    assert {n: sum(s[n] for s in found["sections"]) for n in names} == {n: found["overall"][n] for n in names}


def test_evidence_has_hashes_marks_and_verdicts_but_no_contents(filled: Flow, reader: Program) -> None:
    found = whole(reader, f"responses/{filled.response.pk}/evidence", limit=1)
    assert found
    attached = filled.response.attachments.filter(file__isnull=False).first()
    one = next(o for o in found if o["address"] == attached.address)
    assert (one["sha256"], one["size"]) == (attached.file.sha256, attached.file.size)
    assert one["counts"] is True
    assert one["marks"][0]["pages"]
    assert one["verdict"] == ""


def test_the_score_is_that_of_the_command(filled: Flow, reader: Program) -> None:
    out = StringIO()
    province, year = filled.province.code, str(filled.round.year)
    call_command("score", "response", "--province", province, "--year", year, "--format", "json", stdout=out)
    told = reader.read(f"responses/{filled.response.pk}/score")
    assert {"response": filled.response.pk, "version": told["version"], **json.loads(out.getvalue())} == told
    assert told["uncertainty"]["total"]


def test_releases_are_the_frozen_versions(filled: Flow, reader: Program) -> None:
    path = f"responses/{filled.response.pk}/releases"
    assert reader.read(path)["items"] == []
    filled.approve()
    row = FrozenResponse.objects.get()
    (found,) = reader.read(path)["items"]
    assert (found["number"], found["sha256"], found["check"]) == (1, row.sha256, verify_address(row))
    assert found["in_force"] is True
    assert found["intact"] is True
    FrozenResponse.objects.update(content=row.content.replace("none", "nine"))
    assert reader.read(path)["items"][0]["intact"] is False
    assert reader.ask(f"responses/{filled.response.pk}/evidence").status_code == 503


def test_results_are_the_provinces_own_beside_average_and_best(filled: Flow, reader: Program) -> None:
    def result(**values: Any) -> None:
        OfficialResult.objects.create(
            **{"year": 2567, "kind": "total", "code": "total", "score": Decimal("61.5"), "origin": "official"} | values
        )

    result(province=filled.province, rank=9, source="ประกาศ")
    result(label="average", source="ประกาศ")
    result(province=filled.people.b, score=Decimal("99.99"), source="ประกาศ")
    found = reader.read("results?year=2567")["items"]
    assert [(one["subject"], one["score"], one["rank"]) for one in found] == [
        ("province", "61.50", 9),
        ("average", "61.50", None),
    ]
    assert reader.read("results?year=2566")["total"] == 0


def test_contributions_are_read_by_their_own_agency(flow: Flow) -> None:
    mine = ensure_response(by=None, round_=flow.round, agency=flow.people.a1)
    other = ensure_response(by=None, round_=flow.round, agency=flow.people.a2)
    asked = program_of(flow.people.who(Role.COORDINATOR), flow.province)
    found = asked.read(f"rounds/{flow.round.pk}/responses")["items"]
    assert [one["id"] for one in found] == [mine.pk]
    for path in ("answers", "progress", "evidence"):
        assert asked.ask(f"responses/{mine.pk}/{path}").status_code == 200
        assert asked.ask(f"responses/{other.pk}/{path}").status_code == 404
    assert asked.ask(f"responses/{mine.pk}/score").status_code == 404
    whole_province = program_of(flow.secretariat, flow.province)
    assert whole_province.read(f"rounds/{flow.round.pk}/responses")["total"] == 3


def test_few_queries_and_bounded_answers(filled: Flow, reader: Program) -> None:
    pk = filled.response.pk
    paths = ["rounds", f"rounds/{filled.round.pk}/responses", "results", "openapi.json"]
    paths += [f"responses/{pk}/{name}" for name in ("answers", "progress", "evidence", "score", "releases")]
    for path in paths:
        with CaptureQueriesContext(connection) as asked:
            answer = reader.ask(path)
        assert answer.status_code == 200, path
        assert len(asked) <= 10, (path, [q["sql"][:150] for q in asked])
        assert len(answer.content) <= MOST_BYTES, path
        assert answer["Cache-Control"] == "private, no-store"
