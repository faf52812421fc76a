"""Fitting assumed steps to an official result."""

import json
from decimal import Decimal
from hashlib import sha256
from io import StringIO
from pathlib import Path
from time import perf_counter

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from accounts.roles import Capability, Role
from scoring.engine import queries
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.models import OfficialResult, SchemeVersion
from scoring.results.actions import scheme_versions as schemes
from scoring.results.fitting.joint_fit import fit_scheme
from scoring.results.fitting.scheme_text import write_fitted_scheme
from scoring.results.fitting.types import FitCase
from scoring.scheme.load import parse_scheme
from survey.access import get_response
from survey.answering import actions as answers
from survey.approval import actions as workflow
from survey.approval.review import read_evidence_and_score
from survey.instrument.path import resolve_path
from survey.models import Event
from survey.verifying.verify import verify_journal
from tests.factories import MembershipFactory, ProvinceFactory
from tests.scoring.worlds import full_answers, sheet_of, text, world
from tests.trial import REAL, Trial, make_trial

FILE = "fixtures/schemes/dg-province-2568.v3.yaml"


def cases(sheet: ScoreSheet, **official: str) -> list[FitCase]:
    """One province with these official scores."""
    return [FitCase("TH-43", sheet, {code: Decimal(score) for code, score in official.items()})]


def test_only_assumed_steps_move_and_only_as_far_as_needed() -> None:
    sheet = sheet_of("real", {"P1.1": "done", "P1.1a2": ["1", "2", "3"]})
    found = fit_scheme(world("real")[1], cases(sheet, **{"1.1": "50", "1.2": "20"}))
    moved = {(m.criterion, m.key): (m.old, m.new) for m in found.moves}
    assert moved == {("issues-covered", "2"): (40, 50)}
    assert found.unfitted == ("1.2",), "nothing was counted there, so no step can explain points"
    scheme, faults = parse_scheme(write_fitted_scheme(text(FILE), found.moves, "ทดสอบ", "test"))
    assert not faults
    assert scheme is not None
    assert scheme.version == world("real")[1].version + 1
    step = next(c for c in scheme.criteria if c.id == "issues-covered").steps[2]
    assert (step.points.value, step.points.origin, step.points.source.en) == (50, "estimated", "test")


def test_a_published_step_is_never_touched() -> None:
    sheet = sheet_of("real", {"P1.3": "done"})
    found = fit_scheme(world("real")[1], cases(sheet, **{"1.3": "80"}))
    assert not found.moves
    assert found.unfitted == ("1.3",)


@pytest.mark.parametrize("official", ["70", "68.33", "71.23", "90"])
def test_several_criteria_are_fitted_together(official: str) -> None:
    """All in tens where that is enough; otherwise one takes the value that is needed, to two places."""
    whole = full_answers("real")
    kept = {a: v for a, v in whole.items() if a.startswith("G")} | {"G3.list": ["r1"]}
    sheet = sheet_of("real", kept)
    before = next(s for s in sheet.sub_pillars if s.code == "3.1")
    assert before.score == 80
    found = fit_scheme(world("real")[1], cases(sheet, **{"3.1": official}))
    assert found.moves or found.unfitted
    if not found.moves:
        return
    scheme, faults = parse_scheme(write_fitted_scheme(text(FILE), found.moves, "ทดสอบ", "test"))
    assert scheme is not None, faults
    path = resolve_path(world("real")[0], kept)
    after = compute_score_sheet(world("real")[0], scheme, ResponseFacts(path, frozenset(path.places), {}))
    assert next(s for s in after.sub_pillars if s.code == "3.1").score == Decimal(official)


def test_fitting_the_largest_sub_pillar_is_quick() -> None:
    """4.1 has six criteria in three parts."""
    values = {k: v for k, v in full_answers("real").items() if k.startswith("P4")}
    values |= {"P4.2.1.count": "6", "P4.4.2": ["1", "2"]}
    sheet = sheet_of("real", values)
    started = perf_counter()
    found = fit_scheme(world("real")[1], cases(sheet, **{"4.1": "71.43"}))
    assert perf_counter() - started < 2
    assert found.moves
    assert not found.unfitted


# -- versions -------------------------------------------------------------------------------------


@pytest.fixture
def fitted(db: None) -> Trial:
    """A real round with one criterion answered, and an official score that is not the estimate."""
    trial = make_trial(REAL, ProvinceFactory(code="TH-43"))
    value = {"P2.3.1.1": "done", "P2.3.1.1.1": "https://a.example.org"}
    value = {k: v for k, v in value.items() if k in {i.id for i in trial.compiled.items["P2.3.1.1"].card()}}
    question = trial.question("P2.3.1.1")
    answers.save_answer(by=trial.secretariat, response=trial.response, question=question, value=value, base_revision=0)
    OfficialResult.objects.create(
        year=2568, province=trial.province, kind="sub_pillar", code="2.3", score=20, origin="official", source="test"
    )
    return trial


def centre() -> User:
    """Somebody of the centre."""
    return MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user


def now(trial: Trial) -> Decimal | None:
    """The score of 2.3 as anybody reads it now."""
    response = get_response(trial.secretariat, trial.response.pk, Capability.RESPONSE_READ)
    return {s.code: s.score for s in queries.get_score_sheet(response).sub_pillars}["2.3"]


def test_a_version_is_made_reviewed_and_then_used(fitted: Trial, client: Client) -> None:
    admin = centre()
    client.force_login(admin)
    assert now(fitted) == Decimal("33.33")
    years = client.get(reverse("scoring:years", args=[fitted.response.pk])).content.decode()
    assert "33.33" in years
    assert "+13.33" in years
    address = reverse("scoring:fit", args=[fitted.response.pk])
    assert address in years
    page = client.get(address).content.decode()
    assert "ตอบ “" in page
    assert "จาก 100 เป็น 60 คะแนน" in page
    client.post(address)
    row = SchemeVersion.objects.get()
    assert (row.version, row.made_by, row.fitted_to) == (4, admin, fitted.province)
    assert now(fitted) == Decimal("33.33"), "nothing is scored by it until it is chosen"
    file = client.get(reverse("scoring:scheme-file", args=[row.pk]))
    assert sha256(file.content).hexdigest() == row.checksum
    listed = client.get(reverse("scoring:schemes")).content.decode()
    assert "จาก 100 เป็น 60 คะแนน" in listed
    client.post(reverse("scoring:scheme-use", args=[row.pk]))
    assert now(fitted) == 20
    event = Event.objects.filter(response=fitted.response).latest("seq")
    assert (event.verb, event.by, event.data["after"]["version"]) == ("scheme.use", admin, 4)
    assert [e.verb for e in AccountEvent.objects.all()[:2]] == ["use_scheme_version", "make_scheme_version"]
    assert schemes.adopt_scheme_version(by=admin, version=row) == 0, "a second time moves nothing"
    with pytest.raises(schemes.NothingToFit):
        schemes.create_scheme_version(
            by=admin, response=get_response(admin, fitted.response.pk, Capability.RESPONSE_READ)
        )


def test_what_is_frozen_keeps_its_version(fitted: Trial) -> None:
    governor, admin = fitted.user(Role.GOVERNOR), centre()
    workflow.submit_response(by=fitted.secretariat, response=fitted.response, points=lambda r: [], reasons={})
    frozen = workflow.approve_response(by=governor, response=fitted.response, compose=read_evidence_and_score)
    content = json.loads(frozen.content)
    assert content["scheme"]["version"] == 3
    assert sha256(content["scheme"]["source"].encode()).hexdigest() == content["scheme"]["checksum"]
    row = schemes.create_scheme_version(by=admin, response=fitted.response)
    assert schemes.adopt_scheme_version(by=admin, version=row) == 0
    assert now(fitted) == Decimal("33.33")
    frozen.refresh_from_db()
    assert json.loads(frozen.content) == content


def test_an_approval_freezes_the_fitted_version(fitted: Trial) -> None:
    admin = centre()
    row = schemes.create_scheme_version(by=admin, response=fitted.response)
    schemes.adopt_scheme_version(by=admin, version=row)
    response = get_response(fitted.secretariat, fitted.response.pk, Capability.RESPONSE_READ)
    parts = queries.build_score_snapshot(response)
    assert (parts["scheme"]["version"], parts["scheme"]["checksum"]) == (4, row.checksum)
    assert parts["scheme"]["source"] == row.text
    assert verify_journal().faults == []


def test_a_version_never_changes(fitted: Trial) -> None:
    row = schemes.create_scheme_version(by=None, response=fitted.response)
    row.text = "x"
    with pytest.raises(TypeError):
        row.save()


def test_without_an_official_result_there_is_nothing_to_fit(client: Client, trial: Trial) -> None:
    client.force_login(centre())
    address = reverse("scoring:fit", args=[trial.response.pk])
    assert "ยังไม่มีผลที่ประกาศ" in client.get(address).content.decode()
    assert client.post(address, follow=True).status_code == 200
    assert not SchemeVersion.objects.exists()


def test_the_pages_cost_few_queries(fitted: Trial, client: Client, django_assert_max_num_queries) -> None:
    client.force_login(centre())
    schemes.create_scheme_version(by=None, response=fitted.response)
    for address in (reverse("scoring:fit", args=[fitted.response.pk]), reverse("scoring:schemes")):
        client.get(address)
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200


def test_the_command_tells_writes_and_stores(fitted: Trial, tmp_path: Path) -> None:
    file, out = tmp_path / "new.yaml", StringIO()
    more = ("--province", "TH-43", "--year", "2568", "--format", "json")
    call_command("score", "fit", *more, "--out", str(file), stdout=out)
    told = json.loads(out.getvalue())
    assert [(m["criterion"], m["before"], m["after"]) for m in told["moves"]] == [
        ("open-data-published", "100.00", "60.00")
    ]
    assert told["unfitted"] == []
    scheme, faults = parse_scheme(file.read_text(encoding="utf-8"))
    assert scheme is not None, faults
    assert not SchemeVersion.objects.exists()
    call_command("score", "fit", *more, "--store", stdout=StringIO())
    assert SchemeVersion.objects.get().version == 4
    OfficialResult.objects.all().delete()
    with pytest.raises(CommandError, match="no official result"):
        call_command("score", "fit", *more)
