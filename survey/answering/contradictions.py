"""Contradictions between answers, by the fields where they are said: the instrument's checks that are false. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from survey.instrument.addresses import item_id_of
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import CompiledInstrument, ConsistencyCheck, LocalizedText

Contradictions = Mapping[str, Mapping[str, tuple[LocalizedText, ...]]]


def check_places(instrument: CompiledInstrument, check: ConsistencyCheck) -> dict[str, str]:
    """The field at which each question of a check says it: the check's own, elsewhere the first that it reads."""
    places: dict[str, str] = {}
    for address in (check.address, *check.condition.addresses()):
        item = instrument.items[item_id_of(address)]
        places.setdefault(item.question or item.id, address)
    return places


def checked_addresses(instrument: CompiledInstrument) -> frozenset[str]:
    """Every field at which a contradiction may be said."""
    return frozenset(a for check in instrument.checks for a in check_places(instrument, check).values())


def contradictions_by_question(path: QuestionnairePath) -> Contradictions:
    """The contradictions on the path: messages by field, by question."""
    found: dict[str, dict[str, tuple[LocalizedText, ...]]] = {}
    for check in path.false_checks:
        for question, address in check_places(path.instrument, check).items():
            fields = found.setdefault(question, {})
            fields[address] = (*fields.get(address, ()), check.message)
    return found


def checks_of(instrument: CompiledInstrument, addresses: Collection[str]) -> list[ConsistencyCheck]:
    """The checks that read one of these answers."""
    found = {check.id for address in addresses for check in instrument.checks_by_address.get(address, ())}
    return [check for check in instrument.checks if check.id in found] if found else []


def contradictions_around(path: QuestionnairePath, addresses: Collection[str]) -> dict[str, tuple[LocalizedText, ...]]:
    """Of each field that may contradict these answers, and of their own: the messages now, none where all agrees."""
    found = contradictions_by_question(path)
    return {
        address: found.get(question, {}).get(address, ())
        for question, address in _places(path.instrument, checks_of(path.instrument, addresses))
    }


def no_contradictions(
    instrument: CompiledInstrument, checks: Collection[ConsistencyCheck]
) -> dict[str, tuple[LocalizedText, ...]]:
    """As `contradictions_around`, where none of the checks is false."""
    return {address: () for _question, address in _places(instrument, checks)}


def _places(instrument: CompiledInstrument, checks: Collection[ConsistencyCheck]) -> Iterator[tuple[str, str]]:
    for check in checks:
        yield from check_places(instrument, check).items()


def join_messages(messages: tuple[LocalizedText, ...], language: str) -> str:
    """Several contradictions of one field as one text."""
    return " · ".join(message.to(language) for message in messages)
