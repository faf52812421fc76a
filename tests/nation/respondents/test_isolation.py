"""A department with an approved round changes no national figure, desk row, rank, export or count."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Province
from accounts.roles import Role
from nation.bulk.queries import form_to_open, is_survey_year, read_standings
from nation.desk.queries import list_desk_years, read_desk
from nation.facts.departments import SECTION
from nation.facts.types import Population
from nation.figures.actions import count_year, find_differences
from nation.figures.national_queries import list_members, read_national
from nation.figures.provinces import list_provinces
from nation.figures.queries import provincial_answers, read_basis, years_with_rounds
from nation.models import ProvinceFigures
from nation.national.queries import section_titles
from nation.reasons.example_queries import readable_answers
from nation.reasons.queries import read_form, read_written_reasons
from nation.releases.queries import approved_provinces, compose_release
from scoring.results.actions.subjects import Subjects
from scoring.results.fit_cases import read_year_cases
from survey.first_page.queries import count_rounds_by_year
from tests.nation.desk.worlds import publish_total
from tests.nation.released import Nation
from tests.nation.releases.conftest import nation
from tests.nation.respondents.world import make_department

pytestmark = pytest.mark.django_db
__all__ = ["nation"]


def told(year: int) -> dict[str, Any]:
    """Everything that is said of all provinces."""
    now = timezone.localtime().replace(hour=12, minute=0)
    cases = read_year_cases(year)
    release = compose_release(year, scores=True)
    return {
        "provinces": list_provinces(year),
        "years": (list_desk_years(), years_with_rounds(), is_survey_year(year)),
        "desk": read_desk(year, now),
        "report": _of_provinces(read_national(Population(year)).json()),
        "submitted": _of_provinces(read_national(Population(year, submitted=True)).json()),
        "groups": [list_members(group, year) for group in ("region", "size", "kpi")],
        "standings": read_standings(year),
        "form": form_to_open(year),
        "subjects": sorted(Subjects().provinces),
        "summary": count_rounds_by_year(),
        "answers": [response.pk for response in provincial_answers()],
        "basis": read_basis(year).by_scheme,
        "differences": find_differences(year),
        "figures": ProvinceFigures.objects.count(),
        "approved": approved_provinces(year),
        "release": _of_provinces(release.content),
        "titles": section_titles(year),
        "reasons": (read_form(year), read_written_reasons(year), sorted(r.pk for r in readable_answers(year))),
        "cases": cases and (cases.skipped, [case.province for case in cases.cases]),
        "command": _of_provinces(json.loads(_show(year))),
    }


def _show(year: int) -> str:
    out = io.StringIO()
    call_command("national", "show", "--year", str(year), "--format", "json", stdout=out)
    return out.getvalue()


def _of_provinces(value: Any) -> Any:
    """What is told without the section of departments, which has nothing but their own answers."""
    if isinstance(value, dict):
        return {name: _of_provinces(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_of_provinces(one) for one in value if not (isinstance(one, dict) and one.get("section") == SECTION)]
    return value


def _page_of_provinces(page: str, text: str) -> str:
    if page.endswith(".json"):
        return json.dumps(_of_provinces(json.loads(text)), ensure_ascii=False)
    if page.endswith(".csv"):
        return "".join(line for line in text.splitlines(keepends=True) if "departments." not in line)
    return text


def test_a_department_is_never_counted_among_provinces(nation: Nation, client: Client) -> None:
    year = nation.year
    for number, province in enumerate(Province.objects.provinces()):
        publish_total(province, year, f"{60 + number}.00")
    count_year(year)
    client.force_login(nation.central)
    paths = ("", "act/", "report/", "report/data.csv", "report/data.json")
    pages = ["/provinces/", *(f"/nation/{year}/{path}" for path in paths)]
    before = told(year)
    seen = {page: client.get(page) for page in pages}
    department = make_department()
    department.approve()
    assert department.round.year == year
    count_year(year)
    after = told(year)
    assert {name: after[name] for name in before} == before
    for page, answer in seen.items():
        assert answer.status_code == 200, page
        again = client.get(page)
        assert again.status_code == answer.status_code
        assert department.row.code not in _page_of_provinces(page, again.content.decode())
    assert client.get(f"/nation/{year}/act/?all").content.decode().count('name="provinces"') == len(before["provinces"])


def test_a_year_that_only_departments_answer_is_no_year_of_the_nation(nation: Nation) -> None:
    form = make_department().round.instrument
    type(form).objects.filter(pk=form.pk).update(year=form.year + 1)
    department_round = form.rounds.get()
    form.rounds.update(year=form.year + 1)
    assert not is_survey_year(form.year + 1)
    assert form.year + 1 not in list_desk_years()
    assert form.year + 1 not in years_with_rounds()
    assert section_titles(department_round.year + 1) is None


def test_bulk_acts_refuse_the_code_of_a_department(nation: Nation, client: Client) -> None:
    department = make_department()
    client.force_login(nation.flow.who(Role.CENTRAL_ADMIN))
    sent = {"kind": "remind", "provinces": department.row.code}
    assert client.post(f"/nation/{nation.year}/act/preview/", sent).status_code == 422
