"""Template context processor of the project: CSP nonce, current address, demonstration flag."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import escape


def page_variables(request: HttpRequest) -> dict[str, Any]:
    """Variables for every template: CSP nonce (made only when used), current address, whether this is a demonstration.

    `here`: path and query as HTML; `here_quoted`: for use inside another address.
    """
    path = request.get_full_path()
    return {
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "demo": settings.DEMO,
        "here": escape(path),
        "here_quoted": quote(path, safe="/"),
    }
