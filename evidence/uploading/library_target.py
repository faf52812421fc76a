"""The library of an office as the target of an upload: the file becomes a document there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404

from accounts.models import User
from evidence import access, store
from evidence.attaching.actions.quota import check_space
from evidence.placing.actions import AddedDocument, add_document


class LibraryTarget:
    """Metadata: `province` (code), `office` (as the page of the library names it)."""

    def destination(self, user: User, given: Mapping[str, str], size: int) -> dict[str, Any]:
        """The library. Raises Http404, EvidenceRefused where the space is used up."""
        wanted = {"province": given.get("province", ""), "office": given.get("office", "")}
        check_space(_fetch(user, wanted).province.pk, size)
        return wanted

    def finish(
        self,
        user: User,
        destination: dict[str, Any],
        upload: store.Upload,
        name: str,
        settle: Callable[[str], None],
    ) -> None:
        """Puts the file into the library."""
        library = _fetch(user, destination)
        agency = library.agency.pk if library.agency else None

        def then(added: AddedDocument) -> None:
            settle(str(added.document.public_id))

        add_document(by=user, province=library.province.pk, agency=agency, upload=upload, name=name, then=then)


def _fetch(user: User, wanted: Mapping[str, Any]) -> access.Library:
    """The library, which this person may add to now. Raises Http404."""
    if not wanted["office"]:
        raise Http404
    library = access.get_library(user, wanted["province"], wanted["office"])
    if not library.is_editable:
        raise Http404
    return library
