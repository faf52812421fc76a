"""A department's year from the opening of its round to the national page: part 8 of the survey, made up."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts import actions as accounts
from accounts.models import Province
from accounts.respondents import DEPARTMENT_ROLES, RespondentKind, kind_of_code, role_label
from accounts.roles import Role
from nation.facts.departments import DepartmentAnswer, department_blocks
from nation.figures.department_queries import read_department_blocks
from nation.models import ProvinceFigures
from survey.instrument.actions import InstrumentRejected, load_instrument
from survey.instrument.check import check_instrument
from survey.instrument.schema import RESPONDENTS
from survey.instrument.source import read_yaml
from survey.models import FrozenResponse, Response
from survey.rounds import actions as rounds
from tests.factories import MembershipFactory, UserFactory
from tests.nation.released import Nation
from tests.nation.releases.conftest import nation
from tests.nation.respondents.world import DONE, FORM, answers_of, make_department
from tests.proven import codes
from tests.trial import TRIAL, form, make_trial, publish

pytestmark = pytest.mark.django_db
__all__ = ["nation"]


def unreadable_pages(client: Client, code: str, year: int, response: int) -> list[str]:
    """The pages of the department that do not open."""
    places = (f"{year}/board/", f"{year}/assignments/", f"{year}/meetings/", "committee/", "delegations/", "journal/")
    pages = [f"/p/{code}/{place}" for place in places]
    pages += [f"/r/{response}/{place}/" for place in ("score", "versions", "versions/1", "answers")]
    statuses = {page: client.get(page).status_code for page in pages}
    return [page for page, status in statuses.items() if status != 200]


def test_a_year_of_a_department_from_opening_to_the_national_page(nation: Nation, client: Client) -> None:
    faults = codes()
    department = make_department()
    year, code = department.round.year, department.row.code
    client.force_login(nation.central)
    assert "ที่ส่วนราชการทำให้จังหวัด" not in client.get(f"/nation/{year}/report/").content.decode()
    department.answer()
    client.force_login(department.coordinator)
    assert client.get(f"/p/{code}/{year}/desk/").status_code == 200
    client.force_login(department.secretariat)
    html = client.get(f"/r/{department.response.pk}/submit/").content.decode()
    assert "เสนอหัวหน้าส่วนราชการ" in html
    assert "ผู้ว่าราชการจังหวัด" not in html.split("<main", 1)[1].split("</main>")[0]
    department.submit()
    assert department.response.state == Response.State.SUBMITTED
    assert department.response.state_label == "เสนอหัวหน้าส่วนราชการแล้ว"
    client.force_login(department.head)
    brief = client.get(f"/r/{department.response.pk}/brief/").content.decode()
    assert "สรุปสำหรับหัวหน้าส่วนราชการ" in brief
    for address in (
        f"/p/{code}/{year}/",
        f"/r/{department.response.pk}/answers/",
        f"/r/{department.response.pk}/approve/",
    ):
        assert client.get(address).status_code == 200, address
    department.decide()
    client.force_login(department.secretariat)
    assert unreadable_pages(client, code, year, department.response.pk) == []
    assert department.response.state == Response.State.APPROVED
    assert FrozenResponse.objects.filter(response=department.response).count() == 1
    assert codes() == faults  # none of the department: those are of answers that the tests wrote in bulk
    assert not ProvinceFigures.objects.filter(response=department.response).exists()
    client.force_login(nation.central)
    check_national_report(client, year)


def check_national_report(client: Client, year: int) -> None:
    """Its section is on the page, within the limit of queries, and in every file; not in a report about a group."""
    client.get(f"/nation/{year}/report/D/")
    with CaptureQueriesContext(connection) as queries:
        html = client.get(f"/nation/{year}/report/D/").content.decode()
    assert len(queries) <= 10
    assert "ดำเนินการแล้ว 3 จาก 76 คู่ (3.95%)" in html
    assert "กรมบัญชีกลาง" in html
    assert "ที่ส่วนราชการทำให้จังหวัด" not in client.get(f"/nation/{year}/report/?of=region:northeast").content.decode()
    shown = io.StringIO()
    call_command("national", "show", "--year", str(year), "--format", "json", stdout=shown)
    told = json.loads(shown.getvalue())
    [block] = [one for one in told["blocks"] if one["key"].startswith("departments.")]
    assert [row["count"] for row in block["rows"]] == [76, 76]


def test_done_for_k_of_76_is_counted_from_the_keys_of_the_rows(nation: Nation) -> None:
    compiled = form(FORM)
    keys = [key for key, _row in compiled.items["D2"].answer_rows]
    whole = {a: v for value in answers_of(keys).values() for a, v in value.items()}
    name = Province(name_th="x")
    some = {"D1": "yes", "D2/TH-43/state": "doing"}
    answers = [
        DepartmentAnswer(code, name, values)  # type: ignore[arg-type]
        for code, values in (("D-AA", whole), ("D-BB", some), ("D-CC", {"D1": "no"}))
    ]
    [block] = department_blocks(compiled, answers)
    assert [(row.key, tuple(part.count for part in row.parts), row.count, row.base) for row in block.rows] == [
        ("all", (len(DONE), 1, 76 - len(DONE)), 77, 152),
        ("D-AA", (len(DONE), 0, 76 - len(DONE)), 76, 76),
        ("D-BB", (0, 1, 0), 1, 76),
    ]
    assert (block.asked, block.answered, block.n, str(block.rows[0].parts[0].percent)) == (3, 2, 77, "3.90")
    assert department_blocks(form(TRIAL), answers) == ()  # its tables are not about provinces
    assert department_blocks(compiled, answers[2:]) == ()  # who said nothing there is told nowhere


def test_an_unapproved_answer_is_not_told(nation: Nation) -> None:
    department = make_department()
    department.answer()
    assert read_department_blocks(department.round.year) == ()


def test_a_form_is_taken_by_its_own_kind_alone(client: Client) -> None:
    trial = make_trial()
    department = make_department()
    dates = {name: getattr(department.round, name) for name in rounds.DATE_FIELDS}
    other = accounts.create_department(by=None, code="D-XX", name_th="กรมอื่น", name_en="", ministry="")
    with pytest.raises(rounds.WrongForm, match="แบบสำรวจนี้เป็นของจังหวัด"):
        rounds.open_round(by=None, province=other, instrument=trial.round.instrument, dates=dates)
    with pytest.raises(rounds.WrongForm, match="แบบสำรวจนี้เป็นของหน่วยงาน"):
        rounds.open_round(by=None, province=trial.province, instrument=department.round.instrument, dates=dates)
    client.force_login(MembershipFactory(user=UserFactory(), role=Role.CENTRAL_ADMIN, province=None).user)
    page = client.get("/p/D-XX/rounds/new/")
    assert [row.pk for row in page.context["form"].fields["instrument"].queryset] == [department.round.instrument_id]
    refused = client.post("/p/D-XX/rounds/new/", {"instrument": trial.round.instrument_id})
    assert refused.status_code == 422
    assert "แบบสำรวจนี้เป็นของจังหวัด" in refused.content.decode()


def test_who_answers_is_checked_when_a_form_is_loaded() -> None:
    text = FORM.read_text(encoding="utf8")
    assert set(RESPONDENTS) == set(RespondentKind.values)
    _form, faults = check_instrument(text.replace("respondents: department", "respondents: ministry"))
    assert [fault.message for fault in faults] == ["`respondents` is province or department"]
    assert publish(FORM).respondents == RespondentKind.DEPARTMENT
    later = text.replace("version: 1", "version: 2").replace("respondents: department\n", "")
    with pytest.raises(InstrumentRejected, match="answered by others"):
        load_instrument(data=read_yaml(later))


def test_words_of_a_department() -> None:
    row = Province(kind="department", code="D-CGD", name_th="กรมบัญชีกลาง")
    assert (row.title, row.chief_title, row.kind_word) == ("กรมบัญชีกลาง", "หัวหน้าส่วนราชการ", "หน่วยงาน")
    province = Province(code="TH-43", name_th="หนองคาย", name_en="Nong Khai")
    assert (province.title, province.chief_title) == ("จังหวัดหนองคาย", "ผู้ว่าราชการจังหวัด")
    assert role_label(Role.GOVERNOR, row.kind) == "หัวหน้าส่วนราชการหรือผู้รับมอบอำนาจ"
    assert DEPARTMENT_ROLES.keys() <= set(Role.values)
    assert role_label(Role.GOVERNOR) == Role.GOVERNOR.label
    assert (kind_of_code("D-CGD"), kind_of_code("TH-43")) == ("department", "province")
    with translation.override("en"):
        assert (province.title, row.chief_title) == ("Nong Khai", "the head of the department")
