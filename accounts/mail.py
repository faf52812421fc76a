"""E-mails about accounts. A failing mail server never rolls back the change the e-mail is about."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Invitation, User

log = logging.getLogger(__name__)


def absolute_url(path: str) -> str:
    """The public URL of a path: from the settings, never from a request's Host header."""
    return f"{settings.PUBLIC_URL}{path}"


def send_template_mail(name: str, *, to: str, language: str, context: dict[str, Any]) -> bool:
    """Send templates/accounts/mail/<name>.txt, its first line being the subject; False when that failed."""
    with translation.override(language):
        text = render_to_string(f"accounts/mail/{name}.txt", context)
    subject, _, body = text.strip().partition("\n")
    try:
        return send_mail(subject.strip(), body.strip() + "\n", None, [to]) == 1
    except (SMTPException, OSError):
        log.exception("mail %s was not sent", name)
        return False


def invitation_link(token: str) -> str:
    """The public URL at which an invitation is accepted."""
    return absolute_url(reverse("accounts:invitation", args=[token]))


def send_invitation(invitation: Invitation, token: str) -> bool:
    """Send the invitation link, in the language of the account if there is one; False when that failed."""
    language = User.objects.filter(email=invitation.email).values_list("language", flat=True).first() or "th"
    context = {"invitation": invitation, "link": invitation_link(token)}
    return send_template_mail("invitation", to=invitation.email, language=language, context=context)
