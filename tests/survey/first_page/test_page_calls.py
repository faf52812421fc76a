"""Main pages stay cheap: the function calls of one warm request, which no other work on the machine changes.

Milliseconds on PostgreSQL are printed by `make bench`; there a thousand calls were some 0.4 ms on a quiet core.
"""

from __future__ import annotations

import re
from typing import Final

import pytest
from django.template import Template
from django.test.utils import _TestState

from accounts.models import User
from tests.bench.pages import MainPage, count_calls, make_province, pages_of_province, sign_in
from tests.survey.notices.told import tell

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

AIR: Final = 1.25
# Calls when they were counted last, on SQLite, by person and the end of the address. What is not listed: OTHERS.
COUNTED: Final = {
    "secretariat /": 6_000,
    "admin /": 5_900,
    "health /": 6_900,
    "committee /": 5_600,
    "governor /": 5_700,
    "health desk/": 8_500,
    "secretariat 2568/": 6_600,
    "secretariat board/": 5_900,
    "secretariat assignments/": 6_000,
    "secretariat meetings/": 6_100,
    "secretariat meetings/one/": 6_200,
    "secretariat consolidate/": 6_300,
    "secretariat answers/": 8_200,
    "secretariat check/": 5_200,
    "secretariat score/": 7_100,
    "secretariat years/": 7_700,
    "secretariat whatif/": 7_500,
    "secretariat plan/": 6_500,
    "secretariat evidence/": 6_000,
    "secretariat threads/": 6_400,
    "secretariat journal/": 6_100,
    "secretariat reports/": 10_600,
    "secretariat consolidate/P1.1/": 6_400,
    "secretariat history/P1.1/": 5_500,
    "secretariat library/": 6_900,
    "secretariat committee/": 7_200,
    "secretariat notices/": 5_300,
    "admin journal/": 5_800,
    "admin rounds/": 7_200,
    "admin people/": 5_700,
    "admin agencies/": 6_000,
    "admin delegations/": 9_600,
    "admin letters/": 6_500,
    "governor brief/": 8_600,
    "central provinces/": 7_800,
    "central reasons/": 7_900,
    "central year-files/": 4_100,
    "central schemes/": 4_200,
    "central results/import/": 5_000,
    "central central/people/": 4_900,
    "central jobs/": 4_500,
    "central system/": 6_500,  # with a queue to ask; 6,000 without
    "central /nation/2568/": 7_400,
    "central /nation/2568/?size=all": 7_200,
    "central /nation/2568/act/": 7_700,
    "central /nation/2568/report/": 8_000,
    "central /nation/2568/report/1/": 8_000,
    "central /nation/2568/replies/": 7_100,
    "central /nation/2568/examples/": 6_600,
}
OTHERS: Final = 10_000
_A_MEETING: Final = re.compile(r"/meetings/\d+/")  # its key is another in each run
CENTRAL: Final = ("/year-files/", "/schemes/", "/results/import/", "/central/people/", "/jobs/", "/system/")


def test_no_main_page_does_more_than_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = make_province()
    tell(User.objects.get(email="secretariat@nongkhai.example.org"), 60)  # a page of notices is full
    central = [MainPage("central@dga.example.org", url) for url in (f"/nation/{round_.year}/reasons/", *CENTRAL)]
    pages = [*pages_of_province(round_), *_of_the_nation(round_.year), *central]
    # Test runs note each template that is rendered, with a copy of all it was given; what ships does not.
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # type: ignore[attr-defined]
    too_dear, lines = [], []
    for page in pages:
        found, bound = count_calls(sign_in(page.email), page.url), AIR * _counted(page)
        lines.append(f"{page.email.partition('@')[0]} {page.url:<40}{found:8d} of {bound:8.0f}")
        too_dear += [page.url] if found > bound else []
    print("\n".join(lines))
    assert not too_dear


def _of_the_nation(year: int) -> list[MainPage]:
    """Pages of all 76 provinces; `make bench` measures them with an answer of each."""
    names = ("", "?size=all", "act/", "report/", "report/1/", "replies/", "examples/")
    return [MainPage("central@dga.example.org", f"/nation/{year}/{name}") for name in names]


def _counted(page: MainPage) -> int:
    person = page.email.partition("@")[0]
    if page.url == "/":
        return COUNTED.get(f"{person} /", OTHERS)
    return next(
        (calls for name, calls in COUNTED.items() if name.startswith(f"{person} ") and _is_at(page.url, name)), OTHERS
    )


def _is_at(url: str, name: str) -> bool:
    end = name.partition(" ")[2]
    return end != "/" and _A_MEETING.sub("/meetings/one/", url).endswith("/" + end.lstrip("/"))
