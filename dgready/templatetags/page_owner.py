"""`{% csrf_token %}` that also writes the person a page was made for; a builtin, so that every form sends it."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dgready import page_owner as owners

register = template.Library()

# Where a context has this name, both fields are filled in later (dgready.templatetags.keep).
OWNED_TOKEN_SLOT: Final = "owned_token"


@register.simple_tag(takes_context=True)
def page_owner(context: Context) -> str:
    """The signed key of the person this page is made for; empty for nobody."""
    request = context.get("request")
    return owners.page_owner(getattr(request, "user", None))


class OwnedTokenNode(CsrfTokenNode):
    """The CSRF token and the page's owner as hidden fields."""

    def render(self, context: Context) -> SafeString:
        """Both fields; none where there is no token."""
        if OWNED_TOKEN_SLOT in context:
            slot: SafeString = context[OWNED_TOKEN_SLOT]
            return slot
        token: Any = super().render(context)
        owner = page_owner(context) if token else ""
        if not owner:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', owners.OWNER_FIELD, owner)


@register.tag
def csrf_token(parser: Parser, token: Token) -> OwnedTokenNode:
    """Take the place of Django's tag of this name."""
    return OwnedTokenNode()
