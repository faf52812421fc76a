"""A form that makes something makes it once: a double press, a post sent again, a reload lead to what was made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import FormPress, User
from dgready.form_key import form_key
from dgready.http import referer_path

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
KEPT: Final = timedelta(days=7)  # a page left open over a weekend and sent again makes nothing new
_PAGE: Final = "dgready_made_page"
LONGEST: Final = 500  # characters of an address; of a longer one the page of the form is shown


def made_once(view: View) -> View:
    """View decorator of a form that makes something new; put it right above the view, below what may ask or refuse.

    What is made and the key are stored together, so either both are there or none; of two presses at once the second
    waits for the first. A refused form keeps no key: it may be sent again.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = form_key(request)
        if not key or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            press = _claim(request.user, key)
            if press is not None:
                answer = view(request, *args, **kwargs)
                _settle(press, answer, getattr(request, _PAGE, ""))
                return answer
        return _lead_to_first(request, request.user, key)

    return once  # type: ignore[return-value]


def _claim(user: User, key: str) -> FormPress | None:
    """The row of the key; None where another press has it. Waits for one that is at work."""
    now = timezone.now()
    try:
        with transaction.atomic():
            press = FormPress.objects.create(user=user, key=key, at=now)
    except IntegrityError:
        return None
    FormPress.objects.filter(at__lt=now - KEPT).delete()
    return press


def note_page(request: HttpRequest, address: str) -> None:
    """Notes where what was made is shown, for an answer that leads nowhere: a part of a page for a script."""
    setattr(request, _PAGE, address)


def _settle(press: FormPress, answer: HttpResponseBase, page: str) -> None:
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        press.delete()
        return
    location = answer.get("Location", page)
    press.location = location if len(location) <= LONGEST else ""
    press.save(update_fields=["location"])


def _lead_to_first(request: HttpRequest, user: User, key: str) -> HttpResponseBase:
    first = FormPress.objects.filter(user=user, key=key).first()
    messages.info(request, _("ได้รับแบบนี้แล้วก่อนหน้านี้ ระบบบันทึกให้เพียงครั้งเดียว"))
    return HttpResponseRedirect((first.location if first else "") or referer_path(request))
