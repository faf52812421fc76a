"""The kept frame of a page: rendered once per reader and place, and never another's."""

from unittest import mock

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from dgready import cached_layout as shell
from survey.notices import actions as notices
from tests.factories import MembershipFactory
from tests.trial import Trial, make_trial

pytestmark = pytest.mark.django_db


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.Backend")
    return client


def _page(client: Client, trial: Trial, number: int = 0) -> str:
    section = trial.compiled.sections[number].id
    return client.get(f"/r/{trial.response.pk}/fill/{section}/").content.decode()


def test_frame_is_made_once_for_all_pages_of_a_person() -> None:
    trial = make_trial()
    client = _client(trial.secretariat)
    _page(client, trial)
    with mock.patch.object(shell, "render_to_string", side_effect=AssertionError("rendered again")):
        second = _page(client, trial, 1)
    title = trial.compiled.sections[1].title.to("th")
    assert f"{title} · dgready</title>" in second
    assert "\x00" not in second
    assert f'value="/r/{trial.response.pk}/fill/{trial.compiled.sections[1].id}/"' in second


def test_each_reader_sees_their_own_name_and_tabs() -> None:
    trial = make_trial()
    colleague = MembershipFactory(province=trial.province, role="secretariat").user
    mine, theirs = _page(_client(trial.secretariat), trial), _page(_client(colleague), trial)
    assert trial.secretariat.email in mine
    assert colleague.email not in mine
    assert colleague.email in theirs
    reader = _client(MembershipFactory(province=trial.province, role="committee").user)
    text = reader.get(f"/r/{trial.response.pk}/", follow=True).content.decode()  # readers get text, not this form
    consolidate = f"/r/{trial.response.pk}/consolidate/"
    assert consolidate in mine
    assert consolidate not in text


def test_changes_of_name_and_notices_show_at_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    trial = make_trial()
    client = _client(trial.secretariat)
    assert "app-count" not in _page(client, trial)
    with django_capture_on_commit_callbacks(execute=True):
        notices.notify(users=[trial.secretariat], kind="comment", key="x", round_=trial.round, url="/")
    assert "app-count" in _page(client, trial)
    trial.secretariat.first_name = "ชื่อใหม่"
    trial.secretariat.save()
    assert "ชื่อใหม่" in _page(client, trial)
    trial.province.name_th = "จังหวัดทดสอบใหม่"
    trial.province.save()
    assert "จังหวัดทดสอบใหม่" in _page(client, trial)


def test_token_and_nonce_are_of_this_request() -> None:
    trial = make_trial()
    client = _client(trial.secretariat)
    for _ in range(2):
        answer = client.get(f"/r/{trial.response.pk}/fill/{trial.compiled.sections[0].id}/")
        nonce = answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        assert f'nonce="{nonce}"' in answer.content.decode()
    assert 'name="csrfmiddlewaretoken" value=""' not in answer.content.decode()
