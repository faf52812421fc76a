"""What tells one press of a form from another: the page it stands on, its address, and what it sends.

The token of a page's forms is masked anew for each page (dgready.page_token), so no page shares it with another, and a
form that is sent twice carries the same. What was typed is part of the key: who goes back to the page and writes
something else sends another form.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final

from django.http import HttpRequest

TOKEN_FIELD: Final = "csrfmiddlewaretoken"


def form_key(request: HttpRequest) -> str:
    """The key of a posted form, a hash; empty for what comes from no form of a page."""
    if request.method != "POST" or not request.POST.get(TOKEN_FIELD):
        return ""
    files = sorted((name, file.name, file.size) for name, files in request.FILES.lists() for file in files)
    return sha256(json.dumps([request.path, sorted(request.POST.lists()), files]).encode()).hexdigest()
