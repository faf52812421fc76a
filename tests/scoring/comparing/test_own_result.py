"""The published result of the running year stands beside the estimate: pages, brief, JSON."""

import json
import re
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from scoring.comparing.own_result import compare_own_result
from scoring.engine.queries import score_response
from scoring.results.actions import official as results
from scoring.results.queries import read_results
from scoring.scheme.queries import get_scheme_of_year
from tests.factories import MembershipFactory, ProvinceFactory
from tests.scoring.published import published
from tests.trial import REAL, Trial, make_trial

HEAD = "ปี,จังหวัด,1.1,1.2,ตัวชี้วัด 1,คะแนนรวม,อันดับ,ระดับ,ที่มา"


@pytest.fixture
def real(db: None) -> Trial:
    """The real year with its result published."""
    trial = make_trial(REAL, ProvinceFactory(code="TH-43"))
    table = published(f"{HEAD}\n2568,TH-43,33.33,20,30,44.44,9,3,ประกาศ\n2567,TH-43,,,,70.93,7,,ประกาศ")
    results.import_official_results(table=table)
    return trial


def words(client: Client, address: str) -> str:
    html = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_pages_say_it_within_ten_queries(real: Trial, client: Client, django_assert_max_num_queries) -> None:
    client.force_login(real.secretariat)
    addresses = [reverse(f"scoring:{name}", args=[real.response.pk]) for name in ("score", "years")]
    for address in [*addresses, reverse("survey:brief", args=[real.response.pk])]:
        said = words(client, address)
        assert "ผลที่ประกาศปี 2568 44.44 ระดับ 3" in said
        assert "อันดับ 9" in said
        assert "ประมาณการต่างไป" in said
        with django_assert_max_num_queries(10):
            client.get(address)
    score = words(client, addresses[0])
    assert "ผลที่ประกาศ 33.33 ประมาณการต่างไป −33.33 (อยู่ในช่วง)" in score or "33.33 ประมาณการต่างไป −33.33" in score
    assert "ผลที่ประกาศปี 2567: 70.93" in score, "last year's stands as before"
    why = words(client, reverse("scoring:why", args=[real.response.pk, "1.1"]))
    assert "ผลที่ประกาศ 33.33" in why


def test_the_command_adds_it(real: Trial) -> None:
    out = StringIO()
    call_command("score", "response", "--province", "TH-43", "--year", "2568", "--format", "json", stdout=out)
    told = json.loads(out.getvalue())
    official = told["official"]
    assert (official["year"], official["total"], official["rank"], official["level"]) == (2568, "44.44", 9, 3)
    assert official["level_from"] == "official"
    assert [s["code"] for s in official["sub_pillars"]] == ["1.1", "1.2"]
    first = next(s for s in told["pillars"][0]["sub_pillars"] if s["code"] == "1.1")
    assert Decimal(official["sub_pillars"][0]["difference"]) == Decimal(first["score"]) - Decimal("33.33")
    out = StringIO()
    call_command("score", "response", "--province", "TH-43", "--year", "2568", stdout=out)
    assert "official result 2568: 44.44, level 3, rank 9" in out.getvalue()


def test_without_one_nothing_is_said(client: Client, db: None) -> None:
    trial = make_trial(REAL, ProvinceFactory(code="TH-43"))
    results.import_official_results(table=published(f"{HEAD}\n2568,average,33.33,20,30,44.44,,,ประกาศ"))
    client.force_login(trial.secretariat)
    assert "ผลที่ประกาศปี" not in words(client, reverse("scoring:score", args=[trial.response.pk]))
    out = StringIO()
    call_command("score", "response", "--province", "TH-43", "--year", "2568", "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["official"] is None


def test_a_level_that_is_not_printed_follows_from_the_sub_pillars(real: Trial) -> None:
    codes = list(get_scheme_of_year(2568).scheme.sub_pillars)
    head, line = ",".join(["ปี", "จังหวัด", *codes, "คะแนนรวม", "ที่มา"]), ",".join(["50"] * len(codes))
    results.import_official_results(table=published(f"{head}\n2568,TH-43,{line},50,ประกาศ"))
    own = compare_own_result(score_response(real.response), read_results(real.province, 2568)[0])
    assert own is not None
    assert (own.level, own.level_is_derived, own.rank) == (3, True, None)


def test_the_centre_sees_it_among_all_provinces(real: Trial, client: Client, django_assert_max_num_queries) -> None:
    make_trial(REAL, ProvinceFactory(code="TH-41"))
    client.force_login(MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user)
    address = reverse("nation:desk", args=[real.round.year])
    client.get(address)
    with django_assert_max_num_queries(10):
        said = words(client, address + "?rank=1")
    assert said.count("44.44") == 1, "a province without a result says nothing"
