"""The list of a year's files, read as plain rows by statements that are made once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count

from accounts.models import AccountEvent, User
from dgready.lazy_values import LazyValues
from dgready.prepared_select import PreparedSelect
from dgready.templatetags.keep import digest_of
from scoring.scheme import registry as schemes
from survey.linking.registry import list_link_files
from survey.models import DataFile, DataFileKind, Instrument

LATEST: Final = 10
LOG_VERBS: Final = ("load_data_file", "publish_data_file", "attach_official_text")
_NAMES: Final = ("first_name", "last_name", "email")
_FORM: Final = ("pk", "key", "year", "version", "title_th", "published_at")
_FILE: Final = ("pk", "kind", "key", "year", "version", "from_key", "from_year", "loaded_at", "published_at")
_SUBJECT: Final = ("key", "year", "version")
Row = tuple[Any, ...]

_FORMS: PreparedSelect[Row] = PreparedSelect(
    lambda: Instrument.objects.annotate(round_count=Count("rounds")).values_list(*_FORM, "round_count")
)
_FILES: PreparedSelect[Row] = PreparedSelect(
    lambda: DataFile.objects.exclude(kind=DataFileKind.INSTRUMENT).values_list(
        *_FILE, "loaded_by", *(f"loaded_by__{name}" for name in _NAMES)
    )
)
# What is told of no province and nobody is found by index; the rest of the log is the long one.
_EVENTS: PreparedSelect[Row] = PreparedSelect(
    lambda: AccountEvent.objects.filter(province=None, subject=None, verb__in=LOG_VERBS).values_list(
        *("at", "verb", *(f"data__after__{name}" for name in _SUBJECT)), "by", *(f"by__{name}" for name in _NAMES)
    )[:LATEST]
)


def listed_files() -> LazyValues:
    """What stands, by kind: forms from the newest year down, schemes and links with those that ship. Three queries."""
    forms, files, events = _FORMS.all(), _FILES.all(), _EVENTS.all()
    shipped_schemes = tuple(path.name for path in schemes.list_scheme_files())
    shipped_links = tuple(path.name for path, _header in list_link_files())

    def make() -> dict[str, Any]:
        kept = [_file(row) for row in files]
        return {
            "forms": [{**dict(zip(_FORM, row, strict=False)), "round_count": row[-1]} for row in forms],
            "schemes": [file for file in kept if file.kind == DataFileKind.SCHEME],
            "shipped_schemes": shipped_schemes,
            "links": [file for file in kept if file.kind == DataFileKind.LINKS],
            "shipped_links": shipped_links,
            "latest": [_event(row) for row in events],
        }

    return LazyValues((digest_of((forms, files, events)), shipped_schemes, shipped_links), make)


def _file(row: Row) -> DataFile:
    own = len(_FILE)
    return DataFile(**dict(zip(_FILE, row[:own], strict=True)), loaded_by=_person(row[own:]))


def _event(row: Row) -> AccountEvent:
    at, verb, *told = row
    own = len(_SUBJECT)
    after = dict(zip(_SUBJECT, told[:own], strict=True))
    return AccountEvent(at=at, verb=verb, data={"after": after}, by=_person(told[own:]))


def _person(row: Sequence[Any]) -> User | None:
    pk, *names = row
    return User(pk, **dict(zip(_NAMES, names, strict=True))) if pk else None
