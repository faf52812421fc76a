"""What an upload may be for: the kinds of target, by the name that the browser sends as `target`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from accounts.models import User
from evidence import store
from evidence.uploading.library_target import LibraryTarget
from evidence.uploading.place_target import PlaceTarget

Destination = dict[str, Any]
Settle = Callable[[str], None]
"""Told the public id of what came of the upload, in the transaction that made it; may raise to undo that."""


class UploadTarget(Protocol):
    """A kind of target. Another one is another class like this, and its line in TARGETS."""

    def destination(self, user: User, given: Mapping[str, str], size: int) -> Destination:
        """What it is for, out of the metadata: small plain values that are kept with the upload.

        Raises Http404 where the person may not send this there, EvidenceRefused with the reason in words.
        """

    def finish(self, user: User, destination: Destination, upload: store.Upload, name: str, settle: Settle) -> None:
        """Takes the whole file in, the person's right asked again; `settle` within the same transaction.

        Raises Http404, EvidenceRefused, and StoreAwayError where it is to be tried again.
        """


TARGETS: Final[dict[str, UploadTarget]] = {"place": PlaceTarget(), "library": LibraryTarget()}
