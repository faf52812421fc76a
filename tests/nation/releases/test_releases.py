"""Releases: versions that never change, changelog, showing to the public, the command."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.log import RefusedError
from accounts.models import AccountEvent
from dgready.append_only import AppendOnlyError
from dgready.canonical import sha256_hex
from nation.models import Release, ReleasePublication
from nation.releases.actions import make_release, show_release, withdraw_release
from nation.releases.embargo import public_releases
from nation.releases.queries import NewRelease, changes_between, get_release_content
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from tests.factories import PASSWORD
from tests.nation.released import Nation


def test_a_release_never_changes(nation: Nation) -> None:
    release = nation.release()
    text = release.content
    release.notes = "อื่น"
    for act in (
        release.save,
        release.delete,
        lambda: Release.objects.update(notes="x"),
        lambda: Release.objects.all().delete(),
        lambda: Release.objects.bulk_update([release], ["notes"]),
    ):
        with pytest.raises(AppendOnlyError):
            act()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE nation_release SET notes = 'x'")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release._base_manager.filter(pk=release.pk).update(content="{}")
    stored = Release.objects.get()
    assert (stored.notes, stored.content, stored.sha256) == ("รุ่นแรก", text, sha256_hex(text))


def test_versions_stand_beside_each_other_with_what_changed(nation: Nation) -> None:
    first = nation.release()
    with pytest.raises(RefusedError):
        nation.release("ไม่มีอะไรเปลี่ยน")
    with pytest.raises(RefusedError):
        nation.release(" ")
    nation.change()
    second = nation.release("เพิ่มหนึ่งจังหวัด")
    assert [first.version, second.version] == ["1.0", "1.1"]
    assert get_release_content(nation.year, "1.0")["provinces"] == 4
    assert get_release_content(nation.year, "1.1")["provinces"] == 5
    rates = [c for c in changes_between(first, second).national if c.figure.block["key"] == "rates"]
    assert rates
    with pytest.raises(LookupError):
        get_release_content(nation.year, "1.2")


def test_a_release_is_made_as_it_was_shown_with_the_password(client: Client, nation: Nation) -> None:
    client.force_login(nation.central)
    url = reverse("nation:release-new", args=[nation.year])
    page = client.get(url)
    given = {"notes": "รุ่นแรก", "password": PASSWORD, "seen": page.context["seen"]}
    assert client.post(url, {**given, "password": "wrong"}).status_code == 422
    assert client.post(url, {**given, "notes": ""}).status_code == 422
    assert client.post(url, {**given, "seen": ""}).status_code == 409
    nation.change()
    assert client.post(url, given).status_code == 409  # figures changed since
    assert not Release.objects.exists()
    again = client.get(url).context["seen"]
    made = client.post(url, {**given, "seen": again, "scores": "on"})
    assert made.status_code == 302
    assert Release.objects.get().by == nation.central
    html = client.get(made["Location"]).content.decode()
    assert "รุ่นแรก" in html
    assert Release.objects.get().sha256 in html


def test_the_public_flag_is_an_act_of_its_own_that_is_logged_and_withdrawn(client: Client, nation: Nation) -> None:
    release = nation.release()
    assert not public_releases(nation.year)
    client.force_login(nation.central)
    shown = client.post(reverse("nation:release-show", args=[nation.year, "1.0"]))
    assert list(public_releases(nation.year)) == [release]
    undo = reverse("nation:release-withdraw", args=[nation.year, "1.0"])
    assert undo in client.get(shown["Location"]).content.decode()
    client.post(undo)
    assert not public_releases(nation.year)
    with pytest.raises(RefusedError):
        withdraw_release(by=nation.central, release=release)
    verbs = AccountEvent.objects.filter(verb__endswith="release").order_by("pk").values_list("verb", "by")
    assert list(verbs) == [("show_release", nation.central.pk), ("withdraw_release", nation.central.pk)]
    assert AccountEvent.objects.filter(verb="release_national").count() == 1


def release_faults() -> list[str]:
    """Faults of releases; the other provinces of these tests have no journal, so that there are others."""
    return [code for code in verify_all(files=FileCheck.NONE).codes if code.startswith("release.")]


def test_the_proof_finds_releases_and_publications_that_nobody_made(nation: Nation) -> None:
    release = nation.release()
    show_release(by=nation.central, release=release)
    assert release_faults() == []
    ReleasePublication._base_manager.create(release=release, shown=False, by=nation.central)
    assert release_faults() == ["release.changed"]
    Release._base_manager.create(year=nation.year, number=7, notes="x", content="{}", sha256=sha256_hex("{}"))
    assert sorted(release_faults()) == ["release.changed", "release.unknown"]


def test_the_proof_finds_a_content_that_is_not_what_was_released(nation: Nation) -> None:
    make_release(by=nation.central, year=nation.year, new=NewRelease({}, "{}", "0" * 64), notes="x")
    assert release_faults() == ["release.changed"]


def test_the_command_releases_and_prints_what(nation: Nation, tmp_path: Path) -> None:
    notes, told = tmp_path / "notes.txt", StringIO()
    with pytest.raises(CommandError):
        call_command("national", "release", "--year", str(nation.year), "--notes", str(notes))
    notes.write_text("รุ่นแรก\n", encoding="utf-8")
    call_command(
        "national", "release", "--year", str(nation.year), "--notes", str(notes), "--format", "json", stdout=told
    )
    said = json.loads(told.getvalue())
    assert (said["version"], said["provinces"], said["changed"]) == ("1.0", 4, None)
    assert Release.objects.get().sha256 == said["sha256"]
    shown = StringIO()
    call_command("national", "show", "--year", str(nation.year), "--release", "1.0", "--format", "json", stdout=shown)
    assert json.loads(shown.getvalue()) == get_release_content(nation.year, "1.0")
    with pytest.raises(CommandError):
        call_command("national", "release", "--year", str(nation.year + 1), "--notes", str(notes))


def test_pages_ask_no_more_with_many_provinces(client: Client, nation: Nation) -> None:
    show_release(by=nation.central, release=nation.release())
    client.force_login(nation.central)
    names = ("releases", "release-new", "open", "open-method")
    urls = [reverse(f"nation:{name}", args=[nation.year]) for name in names]
    urls.append(reverse("nation:release", args=[nation.year, "1.0"]))
    counts = []
    for more in (0, 2, 70):
        nation.add(more)
        asked = []
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url)
            assert response.status_code == 200
            asked.append(len(queries))
            assert len(response.content) < 150_000
        counts.append(asked)
    assert counts[0] == counts[1] == counts[2]
    limits = dict(zip([*names, "release"], counts[2], strict=True))
    # The preview reads the report anew, as it is its work: a dozen queries.
    assert max(count for name, count in limits.items() if name != "release-new") <= 10, limits
    assert limits["release-new"] <= 16, limits
