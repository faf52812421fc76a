"""Six journeys through the demonstration, each with its number of steps: what is pressed, typed or opened by address.

A change that makes one of them longer is seen here; PRINT_STEPS=1 prints the numbers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings as django_settings
from playwright.sync_api import Locator, Page

from accounts import actions, mail
from accounts.models import Agency, Invitation, Membership, User
from accounts.roles import Role
from demo.people import DEMO_PASSWORD
from demo.sample_file import load_sample
from demo.sample_users import users_with_role
from survey.approval import actions as workflow
from survey.models import Assignment, Meeting, Opinion, Response, Round
from tests.browser.arriving import arriving
from tests.browser.looking import PHONE

Open = Callable[..., Page]
PASSWORD = "another-long-word-9"


@dataclass
class Steps:
    """A person at a browser whose steps are counted."""

    page: Page
    count: int = 0

    def open(self, path: str) -> None:
        """Opens an address: typed, or from a letter."""
        self.count += 1
        self.page.goto(path)

    def fill(self, name: str, text: str) -> None:
        """Types into a field."""
        self.count += 1
        self.page.locator(f'[name="{name}"]').first.fill(text)

    def press(self, control: Locator) -> None:
        """Presses what stays on the page: an option."""
        self.count += 1
        control.first.click()

    def follow(self, control: Locator) -> None:
        """Presses a link or a button that leads to a page."""
        self.count += 1
        with arriving(self.page):
            control.first.click()

    def link(self, name: str | re.Pattern[str]) -> None:
        """Presses a link of the page's content."""
        self.follow(self.page.get_by_role("main").get_by_role("link", name=name))

    def button(self, name: str | re.Pattern[str]) -> None:
        """Presses a button of the page's content."""
        self.follow(self.page.get_by_role("main").get_by_role("button", name=name))

    def begin(self) -> None:
        """Presses the one primary act of the first page."""
        self.follow(self.page.get_by_role("main").locator("a.btn-primary, button.btn-primary"))

    def sign_in(self, user: User) -> None:
        """Signs in from the address of the installation."""
        self.open("/")
        self.fill("username", user.email)
        self.fill("password", DEMO_PASSWORD)
        self.follow(self.page.get_by_role("main").locator("button[type=submit]:not([disabled])"))

    def done(self, name: str, most: int) -> None:
        """The journey is over, in no more steps than it took before."""
        if os.environ.get("PRINT_STEPS"):
            print(f"{name}: {self.count} steps")
        assert self.count <= most, f"{name} takes {self.count} steps, it took {most}"


def somebody(role: Role) -> User:
    """The first person of the demonstration with a role."""
    return users_with_role(load_sample(), role)[0]


def six_journeys(round_: Round, open_page: Open) -> None:
    """One after the other."""
    new_coordinator(Steps(open_page()), round_)
    secretariat(Steps(open_page()), round_)
    member(Steps(open_page()), round_)
    without_javascript(Steps(open_page(js=False)), round_)
    province_admin(Steps(open_page()), round_)
    governor(Steps(open_page(width=PHONE)), round_)


def new_coordinator(steps: Steps, round_: Round) -> None:
    """From the letter of invitation to the first part handed in."""
    busy = Membership.objects.exclude(agency=None).values("agency")
    asked = Assignment.objects.filter(round=round_, role="R", sub_pillar__code="1.1").exclude(agency__in=busy)
    agency = Agency.objects.get(pk=asked.values("agency").order_by("pk")[:1])
    names = {"first_name": "มาลี", "last_name": "ตัวอย่าง"}
    invited = {"role": Role.COORDINATOR, "province": round_.province, "agency": agency, "send": False, **names}
    _invitation, token = actions.invite_user(by=None, email="new@example.org", **invited)
    steps.open(mail.invitation_link(token).removeprefix(django_settings.PUBLIC_URL))
    steps.fill("password1", PASSWORD)
    steps.fill("password2", PASSWORD)
    steps.follow(steps.page.get_by_role("main").locator("button[type=submit]:not([disabled])"))
    steps.begin()
    with steps.page.expect_response(re.compile("/answer/")):
        steps.press(steps.page.locator("form[data-question] label.opt", has_text="ไม่มี"))
    steps.follow(steps.page.get_by_role("navigation").get_by_role("link", name="งานของหน่วยงาน"))
    steps.link(re.compile("ตรวจแล้วส่ง"))
    steps.button("ส่งส่วนนี้")
    assert Assignment.objects.filter(round=round_, agency=agency, state="submitted").exists()
    steps.done("new coordinator", 9)


def secretariat(steps: Steps, round_: Round) -> None:
    """From signing in to the waiting part read and accepted."""
    steps.sign_in(somebody(Role.SECRETARIAT))
    steps.link("ตรวจและรับ")
    steps.follow(steps.page.get_by_role("main").locator("a[href*='/parts/']"))
    steps.button("รับส่วนนี้")
    assert Assignment.objects.filter(round=round_, state="accepted").exists()
    steps.done("secretariat", 7)


def member(steps: Steps, round_: Round) -> None:
    """From signing in to one's own agreement recorded."""
    steps.sign_in(somebody(Role.COMMITTEE))
    steps.begin()
    steps.link("บันทึกความเห็นของท่าน")
    steps.press(steps.page.get_by_role("main").locator("label", has_text=re.compile("^เห็นด้วย$")))
    steps.button("บันทึก")
    assert Opinion.objects.filter(meeting__round=round_).exists()
    steps.done("member", 8)


def without_javascript(steps: Steps, round_: Round) -> None:
    """From signing in to one open point answered and the next one before the eyes."""
    steps.sign_in(somebody(Role.SECRETARIAT))
    steps.link("ดูรายการค้าง")
    steps.link(re.compile("^ไปจุดที่ยังค้าง"))
    steps.fill("cover.province", "จังหวัดตัวอย่าง")
    steps.follow(steps.page.locator("form[data-question='cover'] button.q-save"))
    steps.link(re.compile("จุดที่ยังค้างถัดไป"))
    assert "cover.province" not in steps.page.url
    steps.done("without JavaScript", 9)


def province_admin(steps: Steps, round_: Round) -> None:
    """From signing in to three coordinators invited."""
    codes = Agency.objects.filter(province=round_.province, active=True).order_by("pk").values_list("code", flat=True)
    before = Invitation.objects.count()
    steps.sign_in(somebody(Role.PROVINCE_ADMIN))
    steps.begin()
    steps.link("เชิญหลายคนพร้อมกัน")
    steps.fill("pasted", "\n".join(f"p{n}@example.org\tคนที่{n} ตัวอย่าง\t{code}" for n, code in enumerate(codes[:3])))
    steps.button("ตรวจรายชื่อก่อน")
    steps.button("เชิญ 3 คน")
    assert Invitation.objects.count() == before + 3
    steps.done("province admin", 9)


def governor(steps: Steps, round_: Round) -> None:
    """On a phone, from signing in to the answer approved."""
    Meeting.objects.filter(round=round_).update(cancelled_at=round_.closes_at)  # what stands in the way of submitting
    response = Response.objects.get(round=round_, agency=None)
    overrides = dict.fromkeys(round_.submission_guards, "ตัวอย่าง")
    submitted = {"points": lambda _response: [], "reasons": {}, "overrides": overrides}
    workflow.submit_response(by=somebody(Role.SECRETARIAT), response=response, **submitted)
    steps.sign_in(somebody(Role.GOVERNOR))
    steps.begin()
    steps.fill("password", DEMO_PASSWORD)
    steps.button("อนุมัติ")
    response.refresh_from_db()
    assert response.state == Response.State.APPROVED
    steps.done("governor on a phone", 7)
