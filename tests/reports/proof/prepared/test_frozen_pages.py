"""Pages and papers tell what was frozen, whatever the row of the version says now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.models import Province, User
from reports.content.approved_source import approved_source
from reports.content.certificate import gather_certificate
from reports.errors import ReportError
from survey.approval.frozen_facts import valid_version
from survey.models import FrozenResponse, Response
from tests.assigned import Assigned

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
FORGED = "ผู้ปลอม แปลง"


@pytest.fixture
def forged(year: Assigned) -> Assigned:
    """The row has another approver and another time; the approver has another name, the province too."""
    User.objects.filter(pk=year.flow.governor.pk).update(first_name="ชื่อ", last_name="เปลี่ยน")
    other = User.objects.create_user(email="forged@example.org", password="x" * 20)
    User.objects.filter(pk=other.pk).update(first_name="ผู้ปลอม", last_name="แปลง")
    rows = FrozenResponse.objects.all()
    rows.update(approved_by=other, approved_at=F("approved_at") - timedelta(days=400))
    Province.objects.filter(pk=year.people.a.pk).update(name_th="จังหวัดปลอม")
    return year


def page(year: Assigned, name: str, *args: Any) -> str:
    client = Client()
    client.force_login(year.flow.governor)
    answer = client.get(reverse(f"survey:{name}", args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_pages_tell_the_frozen_approver_and_time(forged: Assigned) -> None:
    response = Response.objects.get(pk=forged.flow.response.pk)
    facts = valid_version(response)
    assert facts is not None
    assert facts.approved_at is not None
    frozen_name = facts.approved_by
    assert frozen_name.startswith("สมชาย")
    for name, args in (("versions", [response.pk]), ("version", [response.pk, 2]), ("brief", [response.pk])):
        told = page(forged, name, *args)
        assert frozen_name in told, name
        assert FORGED not in told, name
        assert facts.sha256 in told, name


def test_the_public_page_and_the_papers_too(forged: Assigned) -> None:
    response = Response.objects.select_related("round__province", "round__instrument").get(pk=forged.flow.response.pk)
    facts = valid_version(response)
    assert facts is not None
    told = page(forged, "verify", facts.row.public_id)
    assert "จังหวัดเอ" in told
    assert "จังหวัดปลอม" not in told
    certificate = gather_certificate(response)
    assert (certificate.approval.by, certificate.approval.at) == (facts.approved_by, facts.approved_at)
    assert certificate.province == "จังหวัดเอ"
    approval = approved_source(response).approval
    assert approval is not None
    assert (approval.by, approval.at, approval.sha256) == (facts.approved_by, facts.approved_at, facts.sha256)


def test_a_hash_edited_in_the_row_is_not_shown(year: Assigned) -> None:
    """Nor does anything vouch for the version any more."""
    response = Response.objects.select_related("round__province", "round__instrument").get(pk=year.flow.response.pk)
    before = valid_version(response)
    assert before is not None
    FrozenResponse.objects.filter(voided_at=None).update(sha256="f" * 64)
    for name, args in (("versions", [response.pk]), ("version", [response.pk, 2]), ("brief", [response.pk])):
        told = page(year, name, *args)
        assert before.sha256 in told, name
        assert "f" * 64 not in told, name
    assert "ใช้ยืนยันไม่ได้" in page(year, "verify", before.row.public_id)
    for paper in (gather_certificate, approved_source):
        with pytest.raises(ReportError):
            paper(response)


def test_content_and_hash_edited_together_are_seen_by_the_journal(year: Assigned) -> None:
    from survey.approval.snapshot import read_snapshot, seal_snapshot

    row = FrozenResponse.objects.get(voided_at=None)
    text, digest = seal_snapshot({**read_snapshot(row), "open_points": []} | {"year": 2500})
    FrozenResponse.objects.filter(pk=row.pk).update(content=text, sha256=digest)
    assert "ใช้ยืนยันไม่ได้" in page(year, "verify", row.public_id)
    with pytest.raises(ReportError):
        gather_certificate(Response.objects.select_related("round__province").get(pk=row.response_id))


def test_a_void_version_stays_void(year: Assigned) -> None:
    row = FrozenResponse.objects.get(number=1)
    FrozenResponse.objects.filter(voided_at=None).update(voided_at=F("approved_at"))
    FrozenResponse.objects.filter(pk=row.pk).update(voided_at=None)
    assert "โมฆะ" in page(year, "verify", row.public_id)
