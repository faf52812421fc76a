"""The texts of e-mails about accounts, and the addresses in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dgready.typed.characters import clean_line, clean_lines


def absolute_url(path: str) -> str:
    """The public URL of a path: from the settings, never from a request's Host header."""
    return f"{settings.PUBLIC_URL}{path}"


def render_mail(name: str, *, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and body of templates/accounts/mail/<name>.txt, whose first line is the subject."""
    with translation.override(language):
        text = render_to_string(f"accounts/mail/{name}.txt", context)
    subject, _, body = text.strip().partition("\n")
    return clean_line(subject), clean_lines(body) + "\n"


def invitation_link(token: str) -> str:
    """The public URL at which an invitation is accepted."""
    return absolute_url(reverse("accounts:invitation", args=[token]))
