"""What a request tells of its sender: the address behind trusted proxies, a page's script, who watches the system."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

# What a proxy adds: who asks through one comes from outside, whatever the proxy's own address is.
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


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


def is_watcher(request: HttpRequest) -> bool:
    """Whether the sender may read metrics: with METRICS_TOKEN; where none is set, who asks directly from inside."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def referer_path(request: HttpRequest) -> str:
    """Path of our page that the request was sent from; the first page when it says none of ours."""
    prefix = f"{request.scheme}://{request.get_host()}"
    referer = request.headers.get("Referer", "")
    return referer.removeprefix(prefix) if referer.startswith(f"{prefix}/") else "/"


def own_path(request: HttpRequest, target: str) -> str:
    """The path, if it is one of this site; else empty. What else a shortcut could resolve, nobody was sent here for."""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target.startswith("/") and is_ours else ""
