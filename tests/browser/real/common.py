"""What several acts of the real year use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from playwright.sync_api import Page

from accounts.models import User
from survey.models import (
    Assignment,
)
from tests.browser.steps import Person, enter

AT_ONCE = 3  # agencies that post at the same time
S = Assignment.State
Open = Callable[..., Person]


def go(person: Person, path: str, user: User | None = None) -> Page:
    """Opens a page and looks at it; with `user` a night has passed, and who was signed in before signs in again."""
    if user is not None:  # the clock was set: the session of before may end at this request or at the next one
        person.page.context.clear_cookies()
        enter(person.page, user)
    person.page.goto(path)
    person.look(path)
    return person.page


def at_once(work: Callable[[str], Any], agencies: Iterable[str]) -> None:
    """Several agencies at the same time. A fault of one is a fault of the test."""

    def one(code: str) -> Any:
        try:
            return work(code)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, agencies))
