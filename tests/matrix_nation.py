"""Rows of the table of tests/matrix_urls.py for reasons, examples and releases, and what their addresses name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from accounts.models import User
from accounts.roles import Capability as C  # noqa: N817
from accounts.roles import Role
from dgready.canonical import canonical_json, sha256_hex
from nation.bulk.actions import draft_act
from nation.models import BulkAct, CodingAct, Release
from nation.reasons.actions import Choice, add_code, code_reasons
from nation.reasons.example_actions import pick_example
from nation.reasons.example_rows import ExampleRow
from nation.releases.actions import make_release, show_release
from nation.releases.content import make_content
from nation.releases.queries import NewRelease
from survey.models import Response
from tests.matrix_rows import Row, central, everybody, province
from tests.matrix_world import World
from tests.nation.made_up_report import made_up_report
from tests.nation.many_provinces import make_provinces

Made = TypeVar("Made", bound=Callable[[World], Any])
ITEM, GROUP = "T1.1", "T6"
METHOD = {"rules": [], "form": {"key": "x", "year": 1, "version": 1, "title": {"th": "x", "en": "x"}}, "pillars": {}}


def once(make: Made) -> Made:
    """What an address names is made once in a world, however often it is asked for."""

    @wraps(make)
    def kept(w: World) -> Any:
        made = w.__dict__.setdefault("made_for_nation", {})
        if make.__name__ not in made:
            made[make.__name__] = make(w)
        return made[make.__name__]

    return kept  # type: ignore[return-value]


def _central(w: World) -> User:
    return w.people.who(Role.CENTRAL_ADMIN)


@once
def _answer(w: World) -> Response:
    given = {
        "T1": {"T1": "none", "T1.1": "ไม่มีงบประมาณ"},
        "T6": {"T6": ["r1"], "T6#r1/T6.name": "หลักสูตร", "T6#r1/T6.form": "room"},
    }
    [response] = make_provinces(1, lambda _n: given)
    return response


def of_year(w: World) -> dict[str, Any]:
    _answer(w)
    return {"year": w.trial.round.year}


@once
def of_approved_year(w: World) -> dict[str, Any]:
    response = _answer(w)
    Response.objects.filter(pk=response.pk).update(state=Response.State.APPROVED)
    response.figures.facts |= {"form": response.round.instrument.key, "items": {}, "cells": {}, "rows": {}, "inner": {}}
    response.figures.save()
    return {"year": response.round.year}


def of_item(w: World) -> dict[str, Any]:
    return {**of_year(w), "item": ITEM}


@once
def of_code(w: World) -> dict[str, Any]:
    year = w.trial.round.year
    return {"year": year, "number": add_code(by=_central(w), year=year, label_th="ขาดงบประมาณ").pk}


@once
def of_act(w: World) -> dict[str, Any]:
    found = of_item(w)
    code = add_code(by=_central(w), year=found["year"], label_th="ขาดงบประมาณ")
    code_reasons(by=_central(w), choices={"ไม่มีงบประมาณ": Choice("", code.key)}, **found)
    return {**found, "number": CodingAct.objects.get().pk}


@once
def after_a_list(w: World) -> dict[str, Any]:
    return {"year": add_code(by=_central(w), year=2500, label_th="x").year + 1}


def of_group(w: World) -> dict[str, Any]:
    return {**of_year(w), "item": GROUP}


def of_offer(w: World) -> dict[str, Any]:
    response = _answer(w)
    return {"year": response.round.year, "item": GROUP, "response": response.pk}


@once
def of_example(w: World) -> dict[str, Any]:
    response, row = _answer(w), ExampleRow(f"{GROUP}#r1", "หลักสูตร")
    year, block = response.round.year, f"repeats.{GROUP}"
    example = pick_example(by=_central(w), year=year, block=block, response=response, row=row, text=row.text)
    return {"year": year, "item": GROUP, "number": example.pk}


def released(w: World, *, shown: bool = False) -> Release:
    """A release of the made-up report."""
    report = made_up_report()
    content = make_content(report, {}, {**METHOD, "scheme": None})
    text = canonical_json(content)
    new = NewRelease(content, text, sha256_hex(text))
    release = make_release(by=_central(w), year=report.population.year, new=new, notes="รุ่นแรก")
    if shown:
        show_release(by=_central(w), release=release)
    return release


@once
def of_release(w: World) -> dict[str, Any]:
    release = released(w)
    return {"year": release.year, "version": release.version}


@once
def of_shown(w: World) -> dict[str, Any]:
    return {"year": released(w, shown=True).year}


def of_open_file(w: World) -> dict[str, Any]:
    return {**of_shown(w), "name": "national.csv"}


@once
def of_scores(w: World) -> dict[str, Any]:
    """The preview of a department's table, which names no round of any province."""
    rows = {"rows": [{"sub_pillar": "2.2", "score": "1.00", "method": "x", "source": "x", "dated": "2024-01-01"}]}
    code, year = w.people.a.code, w.trial.round.year
    params = {"file": "x", "department": "D-NONE"}
    more = {"codes": [code], "params": params, "given": {code: rows}}
    return {"year": year, "number": draft_act(by=_central(w), kind=BulkAct.Kind.SCORES, year=year, **more).pk}


def of_agency_round(w: World) -> dict[str, Any]:
    """A round of province a that each of its agencies answers."""
    return {"code": w.people.a.code, "year": w.agency_round.year}


def of_agency_year(w: World) -> dict[str, Any]:
    return {"year": of_agency_round(w)["year"]}


NATION: dict[str, Row] = {
    "nation:scores": central(C.EXTERNAL_SCORE_EDIT, of_year),
    "nation:scores-template": central(C.EXTERNAL_SCORE_EDIT, of_year),
    "nation:scores-choose": central(C.EXTERNAL_SCORE_EDIT, of_scores, method="post"),
    "nation:agency-year": central(C.NATION_READ, of_agency_year),
    "nation:agency-year-csv": central(C.NATION_READ, of_agency_year),
    "nation:agency-year-json": central(C.NATION_READ, of_agency_year),
    "nation:agency-round": province(C.RESPONSE_READ, of_agency_round),
    "nation:agency-round-ask": province(C.ASSIGN, of_agency_round, method="post"),
    "nation:agency-round-csv": province(C.RESPONSE_READ, of_agency_round),
    "nation:agency-round-json": province(C.RESPONSE_READ, of_agency_round),
    "nation:reasons": central(C.NATION_READ, of_year),
    "nation:reason": central(C.NATION_READ, of_item),
    "nation:reason-suggested": central(C.NATION_MANAGE, of_item),
    "nation:reason-undo": central(C.NATION_MANAGE, of_act, method="post"),
    "nation:reason-codes": central(C.NATION_READ, of_year),
    "nation:reason-codes-take": central(
        C.NATION_MANAGE,
        after_a_list,
        method="post",
    ),
    "nation:reason-code-drop": central(C.NATION_MANAGE, of_code, method="post"),
    "nation:reason-code-restore": central(C.NATION_MANAGE, of_code, method="post"),
    "nation:examples": central(C.NATION_READ, of_year),
    "nation:examples-of": central(C.NATION_READ, of_group),
    "nation:example-pick": central(C.NATION_MANAGE, of_offer, query=f"?row={GROUP}%23r1"),
    "nation:example-drop": central(C.NATION_MANAGE, of_example, method="post"),
    "nation:example-restore": central(C.NATION_MANAGE, of_example, method="post"),
    "nation:releases": central(C.NATION_READ, of_year),
    "nation:release-new": central(C.NATION_MANAGE, of_approved_year),
    "nation:release": central(C.NATION_READ, of_release),
    "nation:release-file": central(C.NATION_READ, of_release),
    "nation:release-show": central(C.NATION_MANAGE, of_release, method="post"),
    "nation:release-withdraw": central(C.NATION_MANAGE, of_release, method="post"),
    # Open to everybody only while the centre shows the release: tests/nation/releases/test_embargo.py.
    "nation:open": everybody(of_shown),
    "nation:open-method": everybody(of_shown),
    "nation:open-file": everybody(of_open_file),
}
