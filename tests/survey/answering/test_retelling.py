"""What answers show and changes elsewhere is shown at once: names of people, what a guard finds in a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actions.people import change_profile
from accounts.models import User
from accounts.roles import Role
from evidence.models import File
from survey.threads.actions import ThreadSubject, start_thread
from tests.evidence.conftest import pdf
from tests.factories import MembershipFactory
from tests.flow import Flow
from tests.kept_pages import page_text
from tests.survey.agencies import agency, coordinator, give
from tests.survey.consolidating.test_consolidation_pages import YES, attach, filled, item, shown

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

OLD, NEW = "ชื่อก่อนเปลี่ยน", "ชื่อหลังเปลี่ยน"
T8: Final = "/r/{pk}/fill/2.1/"


def rename(user: User, name: str) -> None:
    change_profile(by=user, user=user, first_name=name, last_name="", language=user.language)


def answered(flow: Flow) -> tuple[User, str]:
    flow.save("T8", {"T8": "yes"})
    return flow.secretariat, T8


def remarked(flow: Flow) -> tuple[User, str]:
    start_thread(
        by=flow.governor, response=flow.response, about=ThreadSubject(question=flow.question("T8")), text="โปรดตรวจ"
    )
    return flow.governor, T8


def answered_by_an_agency(flow: Flow) -> tuple[User, str]:
    give(flow.round, "PO", "T8", YES)
    return coordinator(agency(flow.round, "PO")), item(flow, "T8")


def merged(flow: Flow) -> tuple[User, str]:
    answered_by_an_agency(flow)
    web = Client()
    web.force_login(flow.secretariat)
    address = item(flow, "T8")
    web.post(address, {**filled(shown(web, flow, "T8", "?take=all")), "_do": "save"})
    return flow.secretariat, address


@pytest.mark.parametrize("act", [answered, remarked, answered_by_an_agency, merged])
def test_a_new_name_is_shown_at_once(flow: Flow, act: Callable[[Flow], tuple[User, str]]) -> None:
    author, address = act(flow)
    reader = Client()
    reader.force_login(MembershipFactory(province=flow.province, role=Role.SECRETARIAT).user)
    address = address.format(pk=flow.response.pk)
    rename(author, OLD)
    assert OLD in page_text(reader, address)
    rename(author, NEW)
    page = page_text(reader, address)
    assert NEW in page
    assert OLD not in page


def test_what_a_newer_guard_finds_is_shown_at_once(
    flow: Flow, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = give(flow.round, "PO", "T8", YES)
    attach(flow, "PO", "T8=yes", pdf("a"))
    File.objects.update(active_content=["macro"])  # as an earlier guard saw it
    give(flow.round, "PO", "T8", {**YES, "T8.1": "4"})
    reader = Client()
    reader.force_login(coordinator(agency(flow.round, "PO")))
    address = f"/r/{first.pk}/fill/2.1/?all=1"
    assert "มีเนื้อหาที่ทำงานเอง" in page_text(reader, address)
    with django_capture_on_commit_callbacks(execute=True):
        attach(flow, "SO", "T8=yes", pdf("a"), mark=False)
    assert page_text(reader, address)
    assert "มีเนื้อหาที่ทำงานเอง" not in page_text(reader, address)
