"""The heads of what proves itself: each journal's newest hash, each approved version's hash, the account log."""

from __future__ import annotations

from typing import Any

from accounts.models import AccountEvent
from survey.models import Event, FrozenResponse, Response


def read_heads() -> dict[str, Any]:
    """As plain values; two databases with the same heads have the same journals and approved versions."""
    responses = Response.objects.order_by("pk").values_list("pk", "head")
    frozen = FrozenResponse.objects.order_by("pk").values_list("public_id", "sha256")
    newest = AccountEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    return {
        "responses": {str(pk): head for pk, head in responses.iterator()},
        "frozen": {str(public): sha256 for public, sha256 in frozen.iterator()},
        "events": Event.objects.count(),
        "accounts": [AccountEvent.objects.count(), newest or 0],
    }


def differing_heads(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What is not the same, in words for operators."""
    faults = []
    for kind, word in (("responses", "journal of response"), ("frozen", "approved version")):
        one, other = expected[kind], found[kind]
        faults += [f"{word} {key}: {one.get(key)} became {other.get(key)}" for key in sorted({*one, *other})
                   if one.get(key) != other.get(key)]  # fmt: skip
    for kind in ("events", "accounts"):
        if expected[kind] != found[kind]:
            faults.append(f"{kind}: {expected[kind]} became {found[kind]}")
    return faults
