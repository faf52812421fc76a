"""Departments: their pages, the reviewed list, and the parent department of an agency."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import actions
from accounts.actions import RefusedError
from accounts.models import AccountEvent, Agency, Province
from accounts.roles import Role
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Province:
    return actions.create_department(
        by=None, code="D-CGD", name_th="กรมบัญชีกลาง", name_en="Comptroller General", ministry="กระทรวงการคลัง"
    )


def test_the_reviewed_list_has_the_21_departments_and_loads_twice(people: People) -> None:
    before = Province.objects.provinces().count()
    for new in (21, 0):
        out = io.StringIO()
        call_command("load_departments", stdout=out)
        assert out.getvalue().strip() == f"21 departments, {new} new"
    rows = Province.objects.departments()
    assert rows.count() == 21
    assert rows.get(code="D-CGD").name_th == "กรมบัญชีกลาง"
    assert all(row.ministry.startswith("กระทรวง") and row.name_en and row.region == "" for row in rows)
    assert Province.objects.provinces().count() == before
    assert AccountEvent.objects.filter(verb="create_department").count() == 21


def test_pages_add_and_change_a_department(client: Client, people: People) -> None:
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    sent = {"code": "D-NEW", "name_th": "กรมใหม่", "name_en": "New", "ministry": "กระทรวงใหม่"}
    assert client.post("/departments/new/", {**sent, "code": "TH-77"}).status_code == 422
    assert client.post("/departments/new/", sent)["Location"] == "/departments/"
    assert client.post("/departments/new/", sent).status_code == 422
    assert client.post("/departments/D-NEW/edit/", {**sent, "name_th": "กรมใหม่กว่า"}).status_code == 302
    html = client.get("/departments/").content.decode()
    assert "กรมใหม่กว่า" in html
    assert "กรมใหม่กว่า" not in client.get("/provinces/").content.decode()
    assert client.get("/provinces/D-NEW/edit/").status_code == 404
    assert client.get(f"/departments/{people.a.code}/edit/").status_code == 404
    assert AccountEvent.objects.exclude(verb="page_refused").latest("pk").verb == "change_department"
    assert "ผู้ใช้ของกรมใหม่กว่า" in client.get("/p/D-NEW/people/").content.decode()
    assert "หัวหน้าส่วนราชการหรือผู้รับมอบอำนาจ" in client.get("/p/D-NEW/people/invite/").content.decode()
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    assert client.get("/departments/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "department", "region": "north"}, {"kind": "province", "region": ""}, {"kind": "x", "region": ""}],
)
def test_the_database_knows_which_kind_has_a_region(wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Province.objects.create(code="X", name_th="x", **wrong)


def test_a_code_is_of_its_kind() -> None:
    for code in ("TH-43", "D-", "D-a", "CGD"):
        with pytest.raises((ValidationError, RefusedError)):
            actions.create_department(by=None, code=code, name_th="x", name_en="", ministry="")
    with pytest.raises(ValidationError):
        actions.create_province(by=None, code="D-CGD", name_th="x", name_en="", region="north")


def test_an_agency_names_its_parent_department(client: Client, people: People, department: Province) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    edit = f"/p/{people.a.code}/agencies/{people.a1.code}/edit/"
    sent = {"code": people.a1.code, "name_th": "คลังจังหวัด", "kind": "regional_agency", "parent": department.pk}
    assert client.post(edit, {**sent, "parent": people.b.pk}).status_code == 422
    assert client.post(edit, sent).status_code == 302
    assert Agency.objects.get(pk=people.a1.pk).parent == department
    assert AccountEvent.objects.latest("pk").data["after"]["parent_id"] == department.pk
    assert "กรมบัญชีกลาง" in client.get(f"/p/{people.a.code}/agencies/").content.decode()
    with pytest.raises(RefusedError):
        actions.change_agency(by=None, agency=people.a2, parent=people.b)
    division = actions.create_agency(by=None, province=department, code="IT", name_th="กอง", kind="other")
    with pytest.raises(RefusedError):
        actions.change_agency(by=None, agency=division, parent=department)


def test_a_list_gives_parents_by_code_or_exact_name(client: Client, people: People, department: Province) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    url = f"/p/{people.a.code}/agencies/import/"
    head = "รหัส,ชื่อ,กรมต้นสังกัด\n"
    wrong = client.post(url, {"pasted": f"{head}N1,ก,D-CGD\nN2,ข,กรมบัญชี\n"})
    assert wrong.status_code == 422
    assert [fault.ref for fault in wrong.context["faults"]] == ["C3"]
    text = f"{head}N1,ก,d-cgd\n{people.a1.code},{people.a1.name_th},กรมบัญชีกลาง\n{people.a2.code},{people.a2.name_th},\n"
    seen = client.post(url, {"pasted": text})
    assert [change.kind for change in seen.context["changes"]] == ["add", "change", "same"]
    assert client.post(f"{url}apply/", {"signed": seen.context["signed"]}).status_code == 302
    stored = dict(Agency.objects.filter(province=people.a).values_list("code", "parent__code"))
    assert stored == {"N1": "D-CGD", people.a1.code: "D-CGD", people.a2.code: None}
    again = client.get(f"{url}template/")
    back = client.post(url, {"file": SimpleUploadedFile("agencies.xlsx", again.content)})
    assert {change.kind for change in back.context["changes"]} == {"same"}
