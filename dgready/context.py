"""What every template sees."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Script nonce (made only when a template uses it) and whether this is the demonstration."""
    return {"csp_nonce": getattr(request, "csp_nonce", ""), "demo": settings.DEMO}
