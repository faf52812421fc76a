"""What a request tells of its sender: the client's address behind trusted proxies, a page's script or a browser."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """IP address of the client as our own outermost proxy saw it; entries further left can be forged by the client."""
    proxies = settings.TRUSTED_PROXIES
    forwarded_for = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = proxies and len(forwarded_for) >= proxies
    address = forwarded_for[-proxies] if trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def is_script_request(request: HttpRequest) -> bool:
    """Whether a page's script sent the request, so that a redirect to a whole page would be of no use."""
    return (
        request.headers.get("HX-Request") == "true"
        or "X-Requested-With" in request.headers
        or request.headers.get("Accept", "").startswith("application/json")
        or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    )
