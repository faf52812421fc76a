"""Schemes and links from a browser: what is published is chosen by rounds, and used at the question at once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from scoring.models import SchemeVersion
from scoring.results.actions.scheme_versions import adopt_scheme_version
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import MissingScheme
from survey.instrument.queries import compiled_instrument
from survey.linking.registry import MissingLinks, links_between, links_into
from survey.models import DataFile, Instrument
from survey.publishing.actions import AlreadyDecided, load_form, publish_links
from tests.survey.publishing.conftest import LINKS, NEXT_FORM, SCHEME, Upload, read
from tests.trial import Trial, make_trial, publish


@pytest.fixture
def bare(settings: Any) -> None:
    """An installation that ships no scheme of the made-up year."""
    settings.SCHEME_DIRS = []


def publish_file(client: Client, file: DataFile) -> None:
    client.post(reverse("survey:year-file-publish", args=[file.pk]), {"checksum": file.checksum})
    file.refresh_from_db()


def both_forms() -> tuple[Instrument, Instrument]:
    old, new = publish(), publish(NEXT_FORM)
    return old, new


# -- schemes ----------------------------------------------------------------------------------------


@pytest.fixture
def trial(db: None, bare: None) -> Trial:
    """A round of the made-up year in an installation without its scheme."""
    return make_trial()


def test_a_scheme_is_checked_against_its_form(bare: None, upload: Upload) -> None:
    answer = upload(read(SCHEME))
    assert answer.status_code == 422
    assert "โปรดนำแบบเข้าก่อน" in answer.content.decode()
    publish()
    answer = upload(read(SCHEME).replace("count: {", "count: {no_such: 1, ", 1).replace("weight: ", "wait: ", 1))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "wait" in html
    assert "บรรทัด" in html
    assert not DataFile.objects.filter(kind="scheme").exists()


def test_a_published_scheme_scores_the_rounds_that_had_none(trial: Trial, upload: Upload, signed_in: Client) -> None:
    with pytest.raises(MissingScheme):
        get_round_scheme(trial.round)
    assert upload(read(SCHEME), "scheme.yaml").status_code == 302
    draft = DataFile.objects.get(kind="scheme")
    with pytest.raises(MissingScheme):
        get_round_scheme(trial.round)
    html = signed_in.get(reverse("survey:year-file", args=[draft.pk])).content.decode()
    assert draft.checksum in html
    assert "ไม่เปลี่ยนอีก" in html
    publish_file(signed_in, draft)
    assert draft.published_at is not None
    version = SchemeVersion.objects.get()
    assert (version.fitted_to, version.text) == (None, read(SCHEME))
    assert get_round_scheme(trial.round).checksum == version.checksum
    given = signed_in.get(reverse("survey:year-file-text", args=[draft.pk]))
    assert given.content == read(SCHEME).encode()
    listed = signed_in.get(reverse("scoring:schemes")).content.decode()
    assert version.checksum in listed


def test_a_later_scheme_changes_no_round_until_it_is_chosen(
    trial: Trial, centre: User, upload: Upload, signed_in: Client
) -> None:
    later = read(SCHEME).replace("version: 1", "version: 2", 1).replace("made up for tests", "made up later", 1)
    for text in (read(SCHEME), later):
        upload(text)
        publish_file(signed_in, DataFile.objects.first())  # type: ignore[arg-type]
    first, second = SchemeVersion.objects.order_by("version")
    assert get_round_scheme(trial.round).checksum == first.checksum
    draft = DataFile.objects.filter(kind="scheme").first()
    html = signed_in.get(reverse("survey:year-file-differences", args=[draft.pk])).content.decode()  # type: ignore[union-attr]
    assert "dg-trial-2570 v1" in html
    assert "made up later" in html
    assert adopt_scheme_version(by=centre, version=second) == 1
    trial.round.refresh_from_db()
    assert get_round_scheme(trial.round).checksum == second.checksum


def test_a_published_version_of_a_scheme_is_refused_with_advice(upload: Upload) -> None:
    publish()
    answer = upload(read(SCHEME).replace("made up for tests", "made up again", 1))
    assert answer.status_code == 422, "the version ships with the installation"
    assert "เพิ่มเลข version" in answer.content.decode()
    assert upload(read(SCHEME)).status_code == 302, "the very file is there already"
    assert not DataFile.objects.filter(kind="scheme").exists()


# -- links ------------------------------------------------------------------------------------------


def test_links_are_used_when_they_are_published(upload: Upload, signed_in: Client) -> None:
    old, new = both_forms()
    assert upload(read(LINKS)).status_code == 302
    draft = DataFile.objects.get(kind="links")
    before = compiled_instrument(new)
    with pytest.raises(MissingLinks):
        links_between(compiled_instrument(old), before)
    assert links_into(before) is None
    publish_file(signed_in, draft)
    new.refresh_from_db()
    assert new.links_checksum
    after = compiled_instrument(new)
    assert links_between(compiled_instrument(old), after).added == ("T11",)
    found = links_into(after)
    assert found is not None
    assert found.year == 2570
    event = AccountEvent.objects.get(verb="publish_data_file", data__after__kind="links")
    assert event.data["after"]["sha256"] == draft.checksum


def test_links_are_read_once_and_a_page_of_the_form_asks_nothing(
    upload: Upload, signed_in: Client, django_assert_num_queries: Any
) -> None:
    _old, new = both_forms()
    upload(read(LINKS))
    publish_file(signed_in, DataFile.objects.get(kind="links"))
    new.refresh_from_db()
    links_into(compiled_instrument(new))
    with django_assert_num_queries(0):
        assert links_into(compiled_instrument(new)) is not None


def test_corrected_links_take_the_place_of_the_earlier_ones(upload: Upload, signed_in: Client, centre: User) -> None:
    _old, new = both_forms()
    for text in (read(LINKS), read(LINKS).replace("comparable: false", "comparable: true")):
        upload(text)
        publish_file(signed_in, DataFile.objects.first())  # type: ignore[arg-type]
    second, first = DataFile.objects.filter(kind="links")
    assert (first.version, second.version) == (1, 2)
    new.refresh_from_db()
    found = links_into(compiled_instrument(new))
    assert found is not None
    assert [x.comparable for x in found.links if "T7" in x.old] == [True]
    html = signed_in.get(reverse("survey:year-file-differences", args=[second.pk])).content.decode()
    assert "เทียบกันได้" in html
    assert "<ins" in html
    with pytest.raises(AlreadyDecided):
        publish_links(by=centre, file=first)


def test_another_version_of_the_form_has_the_same_links(upload: Upload, signed_in: Client) -> None:
    both_forms()
    upload(read(LINKS))
    publish_file(signed_in, DataFile.objects.get(kind="links"))
    corrected = read(NEXT_FORM).replace("version: 1", "version: 2", 1)
    row, _file, _changed = load_form(by=None, text=corrected)
    assert links_into(compiled_instrument(row)) is not None


def test_faults_of_links_have_lines(upload: Upload) -> None:
    both_forms()
    text = read(LINKS).replace("relation: dropped", "relation: gone")
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "relation: gone" in one)
    html = upload(text).content.decode()
    assert f"บรรทัด {line}" in html
    assert "relation: gone" in html


def test_what_ships_is_handed_out_letter_by_letter(signed_in: Client) -> None:
    address = reverse("survey:year-files-shipped", args=["scheme", SCHEME.name])
    assert signed_in.get(address).content == SCHEME.read_bytes()
    for kind, name in (("scheme", "no.yaml"), ("links", "..%2Fsettings.py")):
        assert signed_in.get(reverse("survey:year-files-shipped", args=[kind, name])).status_code == 404
