"""A message on the cached layout is shown once."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.models import User
from dgready import cached_layout as shell
from tests.factories import UserFactory
from tests.trial import make_trial

pytestmark = pytest.mark.django_db


def _ask(user: User) -> HttpRequest:
    request = RequestFactory().get("/x/?a=<b>")
    request.user = user
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def _shown(request: HttpRequest) -> HttpResponse:
    slots = {"title": "T", "heading": "H", "body": "<p>B</p>"}
    trial = make_trial()
    return shell.render_with_cached_layout(
        request, "survey/answering/fill.html", key=("k",), slots=slots, context={"response": trial.response}
    )


def test_message_is_shown_once_and_not_kept() -> None:
    user = UserFactory()
    request = _ask(user)
    messages.success(request, "บอกครั้งเดียว")
    first = _shown(request).content.decode()
    assert "บอกครั้งเดียว" in first
    assert "<p>B</p>" in first
    again = _shown(_ask(user)).content.decode()
    assert "บอกครั้งเดียว" not in again
    assert "/x/?a=%3Cb%3E" in again
    assert "<b>" not in again
