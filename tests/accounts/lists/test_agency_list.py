"""Lists of agencies: added, renamed, never removed; every fault with its cell."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, Agency
from accounts.roles import Role
from tests.people import People


@pytest.fixture
def list_url(client: Client, people: People) -> str:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    return reverse("accounts:agencies-import", args=[people.a.code])


def apply_url(people: People) -> str:
    return reverse("accounts:agencies-import-apply", args=[people.a.code])


def test_added_changed_and_left(client: Client, people: People, list_url: str) -> None:
    text = (
        "บัญชีหน่วยงาน\nรหัส,ชื่อหน่วยงาน,ประเภท\n"
        f"{people.a1.code.lower()},ชื่อใหม่,รัฐวิสาหกิจ\n{people.a2.code},{people.a2.name_th},\nNEW-1,หน่วยใหม่,\n"
    )
    seen = client.post(list_url, {"pasted": text})
    assert [c.kind for c in seen.context["changes"]] == ["change", "same", "add"]
    assert not Agency.objects.filter(code="NEW-1").exists()
    assert client.post(apply_url(people), {"signed": seen.context["signed"]}).status_code == 302
    people.a1.refresh_from_db()
    assert (people.a1.name_th, people.a1.kind) == ("ชื่อใหม่", "state_enterprise")
    assert Agency.objects.get(province=people.a, code="NEW-1").kind == "regional_agency"
    assert set(AccountEvent.objects.values_list("verb", flat=True)) == {"change_agency", "create_agency"}
    assert client.post(list_url, {"pasted": text}).context["moved"] == 0


@pytest.mark.parametrize(
    ("row", "ref"),
    [("ก ข,ชื่อ,", "A2"), (",ชื่อ,", "A2"), ("A,,", "B2"), (f"A,{'ก' * 201},", "B2"), ("A,ชื่อ,ปราสาท", "C2")],
)
def test_each_fault_names_its_cell(client: Client, list_url: str, row: str, ref: str) -> None:
    seen = client.post(list_url, {"pasted": f"รหัส,ชื่อ,ประเภท\n{row}\n"})
    assert seen.status_code == 422
    assert [f.ref for f in seen.context["faults"]] == [ref]


def test_a_stale_preview_changes_nothing(client: Client, people: People, list_url: str) -> None:
    assert client.post(apply_url(people), {"signed": "x"}).status_code == 409
    assert client.get(apply_url(people)).status_code == 302


def test_the_template_has_the_agencies_as_they_stand(client: Client, people: People, list_url: str) -> None:
    response = client.get(reverse("accounts:agencies-import-template", args=[people.a.code]))
    assert "attachment" in response["Content-Disposition"]
    seen = client.post(list_url, {"file": SimpleUploadedFile("agencies.xlsx", response.content)})
    assert {c.kind for c in seen.context["changes"]} == {"same"}
