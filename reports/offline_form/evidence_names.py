"""File names typed beside answers, matched to the documents of the office's library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from dgready.shortened import Shortened, shorten_list
from dgready.thai import fold_text
from dgready.typed.characters import clean_name
from evidence.models import Attachment, Document
from evidence.places import find_place
from reports.offline_form.changes import FormChanges
from reports.offline_form.fields import find_field
from reports.offline_form.form_content import FILES
from reports.offline_form.queries import FormPlace
from reports.offline_form.returned import ReturnedForm, ReturnedRow
from survey.instrument.addresses import option_address
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Response

MAX_DOCUMENTS = 20_000  # of a library whose names are looked through
MAX_OFFERS = 200


@dataclass(frozen=True, slots=True)
class EvidenceOffer:
    """A file name typed at an evidence place, and the documents of the library that have it.

    `address`: empty where the answer asks for no evidence.
    """

    name: str
    address: str
    question: str
    sheet: str
    ref: str
    documents: Sequence[Document]

    def keys(self) -> list[str]:
        """What picks each of its documents in a form."""
        return [f"{document.public_id}|{self.address}" for document in self.documents]


def offer_evidence(
    place: FormPlace,
    response: Response,
    instrument: CompiledInstrument,
    returned: ReturnedForm,
    changes: FormChanges,
    writable: Mapping[str, Iterable[str]],
) -> Shortened[EvidenceOffer]:
    """What could be attached, less what is attached already. At most four queries, none without names."""
    named = [row for row in returned.rows if row.files]
    if not named:
        return Shortened([])
    values = _values_after(response, changes)
    attached = _attached_names(response)
    known = set().union(*attached.values())
    library = _documents_by_name(place, {_folded(name) for row in named for name in row.files})
    offers: list[EvidenceOffer] = []
    for row in named:
        found = _place_address(instrument, row, values)
        if found is None:
            offers += _unused(instrument, row, known)
            continue
        address, question, item = found
        if item not in writable.get(question, ()):
            continue
        for name in row.files:
            if _folded(name) not in attached.get(address, ()):
                where = (row.sheet, row.ref(FILES))
                offers.append(EvidenceOffer(name, address, question, *where, library.get(_folded(name), ())))
    return shorten_list(offers, MAX_OFFERS)


def _unused(instrument: CompiledInstrument, row: ReturnedRow, known: Collection[str]) -> Iterator[EvidenceOffer]:
    """Names typed where the answer asks for no evidence, so that they are not lost unseen."""
    if (definition := find_field(instrument, row.id.partition("=")[0])) is not None:
        for name in row.files:
            if _folded(name) not in known:
                yield EvidenceOffer(name, "", definition.question, row.sheet, row.ref(FILES), ())


def _place_address(
    instrument: CompiledInstrument, row: ReturnedRow, values: Mapping[str, AnswerValue]
) -> tuple[str, str, str] | None:
    """The evidence place of a row, its question and item: of the row itself, or of the option that is picked in it."""
    picked = values.get(row.id)
    keys = picked if isinstance(picked, list) else [picked] if picked else []
    for address in (row.id, *(option_address(row.id, key) for key in keys)):
        if (place := find_place(instrument, address)) is not None:
            return address, place.question, place.item.id
    return None


def _values_after(response: Response, changes: FormChanges) -> dict[str, AnswerValue]:
    values: dict[str, AnswerValue] = {}
    if response.pk is not None:
        for value in response.answers.values_list("value", flat=True):
            values.update(value)
    for change in changes.questions:
        values = {a: v for a, v in values.items() if a not in change.stored.theirs} | change.resolved({})
    return values


def _attached_names(response: Response) -> Mapping[str, set[str]]:
    names: dict[str, set[str]] = {}
    if response.pk is not None:
        rows = Attachment.objects.filter(response=response, removed_at=None).values_list("address", "name")
        for address, name in rows:
            names.setdefault(address, set()).update((_folded(name), _folded(PurePath(name).stem)))
    return names


def _documents_by_name(place: FormPlace, wanted: Collection[str]) -> Mapping[str, list[Document]]:
    """The documents of the office with the wanted names, with or without their ending."""
    rows = Document.objects.filter(province=place.round.province_id, agency=place.agency, removed_at=None)
    names = {
        pk: {_folded(name), _folded(PurePath(name).stem)}.intersection(wanted)
        for pk, name in rows.values_list("pk", "name")[:MAX_DOCUMENTS]
    }
    found: dict[str, list[Document]] = {}
    for document in rows.filter(pk__in=[pk for pk, own in names.items() if own]):
        for name in names[document.pk]:
            found.setdefault(name, []).append(document)
    return found


def _folded(name: str) -> str:
    return fold_text(clean_name(name))
