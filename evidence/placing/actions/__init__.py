"""Acts on the documents of a library that reach its office's evidence; each is told where it was done."""

from evidence.placing.actions.adding import AddedDocument, add_document
from evidence.placing.actions.placing import PlacedDocument, PlaceTarget, place_document
from evidence.placing.actions.rechecking import recheck_file
from evidence.placing.actions.versions import VersionChange, add_version, return_to_version

__all__ = [
    "AddedDocument",
    "PlaceTarget",
    "PlacedDocument",
    "VersionChange",
    "add_document",
    "add_version",
    "place_document",
    "recheck_file",
    "return_to_version",
]
