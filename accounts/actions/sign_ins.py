"""Sessions of a person: noted when they begin, ended from another device."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions.log import record_account_event
from accounts.models import SignIn, User
from dgready.cached_sessions import BEGAN_KEY
from dgready.http import client_ip
from dgready.typed.characters import clean_line


def note_sign_in(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    """Notes a session that begins; rows of the person's sessions that have ended go."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    SignIn.objects.filter(~Exists(alive), user=user).delete()
    request.session[BEGAN_KEY] = int(time.time())
    _note(request, user)


def _note(request: HttpRequest, user: User) -> None:
    browser = clean_line(request.META.get("HTTP_USER_AGENT", ""))[:300]
    key = request.session.session_key
    if key:
        SignIn.objects.update_or_create(
            session_key=key, defaults={"user": user, "address": client_ip(request), "browser": browser}
        )


def note_new_key(*, request: HttpRequest, user: User) -> None:
    """After every other session of the person was ended and this one got a new key: it is the only one."""
    SignIn.objects.filter(user=user).delete()
    _note(request, user)


@transaction.atomic
def end_sign_in(*, by: User, sign_in: SignIn) -> None:
    """Ends one session of the person's own."""
    engine = import_module(settings.SESSION_ENGINE)
    engine.SessionStore(sign_in.session_key).delete()
    sign_in.delete()
    record_account_event(by=by, verb="end_session", subject=by)


@transaction.atomic
def end_other_sign_ins(*, by: User, request: HttpRequest) -> None:
    """Ends every session of the person but the one of the request, which gets a new key."""
    User.objects.filter(pk=by.pk).update(session_epoch=F("session_epoch") + 1)
    by.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, by)
    note_new_key(request=request, user=by)
    record_account_event(by=by, verb="end_other_sessions", subject=by)
