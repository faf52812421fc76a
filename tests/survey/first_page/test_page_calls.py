"""Main pages stay cheap: the function calls of one warm request, which no other work on the machine changes.

Milliseconds on PostgreSQL are printed by `make bench`; there a thousand calls were some 0.4 ms on a quiet core.
"""

from __future__ import annotations

from typing import Final

import pytest
from django.template import Template
from django.test.utils import _TestState

from tests.bench.pages import MainPage, count_calls, make_province, pages_of_province, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

AIR: Final = 1.25
# Calls when they were counted last, on SQLite, by person and the end of the address. What is not listed: OTHERS.
COUNTED: Final = {
    "secretariat /": 8_400,
    "admin /": 8_400,
    "health /": 8_900,
    "committee /": 7_900,
    "governor /": 8_000,
    "health desk/": 10_400,
    "secretariat board/": 7_700,
    "secretariat assignments/": 10_200,
    "secretariat consolidate/": 8_700,
    "secretariat P1.1/": 14_100,
    "secretariat answers/": 11_800,
    "secretariat check/": 8_000,
    "secretariat score/": 9_600,
    "secretariat years/": 10_200,
    "secretariat whatif/": 9_900,
    "secretariat plan/": 9_000,
    "secretariat evidence/": 9_700,
    "secretariat threads/": 9_300,
    "secretariat journal/": 8_700,
    "secretariat reports/": 12_900,
    "secretariat library/": 10_400,
    "admin journal/": 10_200,
    "admin people/": 16_600,
    "admin agencies/": 12_000,
    "admin letters/": 9_000,
    "governor brief/": 11_000,
    "central provinces/": 9_400,
    "central /nation/2568/": 24_000,
}
OTHERS: Final = 27_000
CENTRAL: Final = ("/year-files/", "/schemes/", "/results/import/", "/central/people/", "/jobs/", "/system/")


def test_no_main_page_does_more_than_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = make_province()
    nation = f"/nation/{round_.year}/"
    central = [MainPage("central@dga.example.org", url) for url in (nation, f"{nation}reasons/", *CENTRAL)]
    pages = [*pages_of_province(round_), *central]
    # Test runs note each template that is rendered, with a copy of all it was given; what ships does not.
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # type: ignore[attr-defined]
    too_dear, lines = [], []
    for page in pages:
        found, bound = count_calls(sign_in(page.email), page.url), AIR * _counted(page)
        lines.append(f"{page.email.partition('@')[0]} {page.url:<40}{found:8d} of {bound:8.0f}")
        too_dear += [page.url] if found > bound else []
    print("\n".join(lines))
    assert not too_dear


def _counted(page: MainPage) -> int:
    person = page.email.partition("@")[0]
    if page.url == "/":
        return COUNTED.get(f"{person} /", OTHERS)
    return next(
        (calls for name, calls in COUNTED.items() if name.startswith(f"{person} ") and _is_at(page.url, name)), OTHERS
    )


def _is_at(url: str, name: str) -> bool:
    end = name.partition(" ")[2]
    return end != "/" and url.endswith("/" + end.lstrip("/"))
