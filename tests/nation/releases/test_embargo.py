"""The embargo, attacked: every address of nation, papers and the API, for every role, before and after a release."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.api_tokens import create_api_token
from accounts.models import User
from accounts.roles import API_CAPABILITIES, CENTRAL_ROLES, Capability, Role
from nation.facts.folding import fold_reason
from nation.reasons.actions import Choice, add_code, code_reasons
from nation.releases.actions import show_release, withdraw_release
from nation.releases.embargo import may_see_national, public_releases, released_version, sees_live_figures
from tests.nation.released import MARK, Nation
from tests.test_matrix import patterns, refused, signed_in
from tests.walking import browser, short_refusals, unwatched_templates

OPEN = {"open", "open-method", "open-file"}
FILES = ("national.json", "national.csv", "dictionary.csv", "licence.txt")
# What may stand for the arguments of any address of nation; keys are the names of the arguments.
ARGUMENTS = {
    "version": "1.0",
    "item": "T1.1",
    "number": 1,
    "response": 1,
    "section": "front",
    "block": "rates",
    "row": "answered",
    "part": "1",
    "name": "national.csv",
    "kind": "csv",
    "code": "TH-91",
    "verb": "open",
    "pk": 1,
}

OF_PROVINCE = {"reply", "objection-edit", "objection-file", "objection-withdraw"}  # its own result and objections


@pytest.fixture
def secret(nation: Nation) -> Nation:
    """The year with a mark that stands in the report of the nation and nowhere else."""
    code = add_code(by=nation.central, year=nation.year, label_th=MARK)
    choices = {fold_reason("ไม่มีงบประมาณ"): Choice("", code.key)}
    code_reasons(by=nation.central, year=nation.year, item="T1.1", choices=choices)
    return nation


def addresses(year: int) -> Iterator[tuple[str, str]]:
    """Every address of nation by name, with arguments of the year."""
    for name, pattern in patterns():
        if name.startswith("nation:"):
            wanted = pattern.pattern.converters
            given = {key: year if key == "year" else ARGUMENTS.get(key, 1) for key in wanted}
            yield name.removeprefix("nation:"), reverse(name, kwargs=given)


def others(nation: Nation) -> Iterator[tuple[str, User | None]]:
    """Everybody who is not of the centre, and nobody."""
    yield "signed out", None
    for name, user in nation.flow.people.everyone():
        if not any(name.startswith(role.value) for role in CENTRAL_ROLES):
            yield name, user


def client_of(user: User | None) -> Client:
    return signed_in(user) if user else browser()


def open_addresses(year: int) -> list[str]:
    pages = [reverse("nation:open", args=[year]), reverse("nation:open-method", args=[year])]
    return pages + [reverse("nation:open-file", args=[year, name]) for name in FILES]


def body(response: object) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return content.decode(errors="replace")


def let_in(people: Iterable[tuple[str, User | None]], year: int, mark: str) -> list[str]:
    """Who of these people comes in at an address of nation, read or posted, or reads the mark there."""
    found = []
    for name, user in people:
        client = client_of(user)
        for address, url in addresses(year):
            for method in ("get", "post"):
                response = getattr(client, method)(url)
                led = method == "get" and response.status_code == 302  # to the page of a form, which refuses by itself
                own = address in OF_PROVINCE and name.partition(":")[2].startswith("a")  # the province of ARGUMENTS
                if not (refused(response) or response.status_code == 405 or led or own) or mark in body(response):
                    found.append(f"{name} {method} {address}: {response.status_code}")
        found += [f"{name} {url}" for url in open_addresses(year) if client.get(url).status_code != 404]
    return found


def test_closed_until_the_centre_releases(secret: Nation) -> None:
    """Before a release no address of nation lets anybody in but the centre, read or posted."""
    with short_refusals(), unwatched_templates():
        assert let_in(others(secret), secret.year, MARK) == []
    assert not [name for name, user in others(secret) if user and may_see_national(user, secret.year)]


def test_after_a_release_a_province_reads_what_it_says_and_the_public_nothing(secret: Nation) -> None:
    secret.release()
    everybody = dict(others(secret))
    for url in open_addresses(secret.year):
        assert client_of(None).get(url).status_code == 404
        assert client_of(everybody["nobody"]).get(url).status_code == 404
        assert client_of(everybody["coordinator:a1"]).get(url).status_code == 404
        assert client_of(everybody["secretariat:b"]).get(url).status_code == 200
    secretary = client_of(everybody["secretariat:a"])
    assert MARK in body(secretary.get(reverse("nation:open-file", args=[secret.year, "national.json"])))
    found = []
    for address, url in addresses(secret.year):
        response = secretary.get(url)
        if address not in OPEN | OF_PROVINCE and not refused(response) and response.status_code not in (302, 405):
            found.append(f"{address}: {response.status_code}")
    assert found == []


def test_what_changes_after_a_release_is_not_seen(secret: Nation) -> None:
    """Who is not of the centre reads the release, not what is counted now."""
    secret.release()
    secret.add(5)
    secretary = client_of(dict(others(secret))["secretariat:a"])
    told = json.loads(body(secretary.get(reverse("nation:open-file", args=[secret.year, "national.json"]))))
    assert told["provinces"] == 4


def test_the_public_reads_only_while_it_is_shown_and_only_that_version(secret: Nation) -> None:
    first = secret.release()
    show_release(by=secret.central, release=first)
    secret.add(2)
    secret.release("รุ่นที่สอง")
    public = client_of(None)
    for url in open_addresses(secret.year):
        assert public.get(url).status_code == 200
        assert public.get(f"{url}?version=1.1").status_code == 404
    told = json.loads(body(public.get(reverse("nation:open-file", args=[secret.year, "national.json"]))))
    assert (told["version"], told["provinces"], told["sha256"]) == ("1.0", 4, first.sha256)
    assert "รุ่นที่สอง" not in body(public.get(reverse("nation:open-method", args=[secret.year])))
    withdraw_release(by=secret.central, release=first)
    assert [public.get(url).status_code for url in open_addresses(secret.year)] == [404] * 6


def test_nothing_shown_names_a_person_or_ranks_a_province(secret: Nation) -> None:
    show_release(by=secret.central, release=secret.release())
    people = [user.last_name for _name, user in secret.flow.people.everyone()]
    for url in open_addresses(secret.year):
        text = body(client_of(None).get(url))
        assert not [name for name in [*people, secret.flow.province.name_th, "จังหวัดที่ 2", '"rank"'] if name in text], url


def test_other_years_stay_closed(secret: Nation) -> None:
    show_release(by=secret.central, release=secret.release())
    assert client_of(None).get(reverse("nation:open", args=[secret.year + 1])).status_code == 404
    assert released_version(secret.year + 1) is None
    secretary = dict(others(secret))["secretariat:a"]
    assert secretary is not None
    assert not may_see_national(secretary, secret.year + 1)
    assert not sees_live_figures(secretary)
    assert not public_releases(secret.year + 1)


def test_neither_papers_nor_api_tell_what_is_closed(secret: Nation) -> None:
    """Every address of reports that a province may read, and the API with a token of it, before the release."""
    secretary = secret.flow.who(Role.SECRETARIAT)
    offer = {"name": "x", "capabilities": list(API_CAPABILITIES), "days": 9}
    _row, token = create_api_token(by=secretary, province=secret.flow.province, **offer)
    client, found, asked = client_of(secretary), [], 0
    given = {**ARGUMENTS, "pk": secret.flow.response.pk, "code": secret.flow.province.code, "year": secret.year}
    for name, pattern in patterns():
        if not name.startswith("reports:"):
            continue
        wanted = {key: given[key] for key in pattern.pattern.converters if key in given}
        if len(wanted) < len(pattern.pattern.converters):
            continue
        url = reverse(name, kwargs=wanted) if wanted or not pattern.pattern.converters else ""
        for one, more in ((client, {}), (Client(), {"headers": {"authorization": f"Bearer {token}"}})):
            response = one.get(url, **more)
            asked += response.status_code == 200
            if MARK in body(response) or ('"blocks"' in body(response) and name != "reports:api-openapi"):
                found.append(name)
    national, headers = f"/api/v1/national?year={secret.year}", {"authorization": f"Bearer {token}"}
    assert Client().get(national, headers=headers).status_code == 404
    assert found == []
    assert asked > 3
    assert Capability.NATION_READ not in API_CAPABILITIES
