"""The state of the system in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from reports.models import FileFault, Job, JobState, ReportKind
from reports.system.runs import record_run
from survey.models import Letter
from tests.browser.arriving import assert_fits
from tests.browser.conftest import PAGE_WAYS
from tests.browser.looking import assert_accessible
from tests.people import People

Open = Callable[..., Page]


@pytest.fixture
def troubles(people: People) -> People:
    """A bit of everything that can be wrong."""
    now = timezone.now()
    admin = people.who(Role.CENTRAL_ADMIN)
    for kind, ok in (("verify", True), ("verify_files", False), ("backup", False)):
        record_run(kind=kind, started=now, ok=ok, detail={"total": 9, "pass_checked": 4, "pass_faults": 1})
    sent = {"user": admin, "body": "x", "made_at": now - timedelta(hours=1), "fault": "refused: 550 no such user"}
    Letter.objects.create(key="x", subject="มอบหมายงาน", message_id="x", **sent)
    Job.objects.create(kind=ReportKind.RESULT, state=JobState.QUEUED, created_at=now - timedelta(hours=1))
    FileFault.objects.create(
        store="evidence", name="ab/" + "0" * 64, expected="0" * 64, what="แผน.pdf", first_at=now, last_at=now
    )
    return people


@pytest.mark.parametrize(("width", "js"), PAGE_WAYS)
def test_every_part_by_word_and_sign(troubles: People, open_page: Open, width: int | None, js: bool) -> None:
    page = open_page(troubles.who(Role.CENTRAL_ADMIN), width=width, js=js)
    page.goto(reverse("reports:system"))
    expect(page.get_by_role("heading", level=1)).to_have_text("สถานะระบบ")
    expect(page.locator(".state-part.is-fail .state-level").first).to_contain_text("ต้องแก้")
    expect(page.locator(".state-part.is-fail .state-advice").first).to_be_visible()
    assert_fits(page)
    if js:
        assert_accessible(page)
