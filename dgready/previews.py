"""What a dry run found, signed: applied later exactly as it was shown, to the person it was shown to."""

from typing import Any

from django.core import signing

LIFETIME = 3600  # seconds between the dry run and applying it


def sign_preview(salt: str, owner: int, place: int, content: Any) -> str:
    """The content for a hidden field. `owner`: the user's id; `place`: the id of what it is about."""
    return signing.dumps([owner, place, content], salt=salt, compress=True)


def unsign_preview(salt: str, owner: int, place: int, signed: str) -> Any:
    """The content that was signed for this owner and place. Raises signing.BadSignature, also when it is too old."""
    of_owner, of_place, content = signing.loads(signed, salt=salt, max_age=LIFETIME)
    if (of_owner, of_place) != (owner, place):
        raise signing.BadSignature
    return content
