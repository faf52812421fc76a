"""Options of a field or cell prepared for counting, with the labels their reasons show. PURE."""

from __future__ import annotations

from scoring.engine.facts import CountedOption, build_counted_option
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.measure_types import OptionCount
from survey.instrument.schema import LocalizedText, Option


def prepare_option(lookup: InstrumentLookup, address: str, option: Option, label: LocalizedText) -> CountedOption:
    """An option of a field or cell, ready for counting."""
    column = lookup.find_field(address)[1]
    asks = column is not None and column.evidence == "required"
    return build_counted_option(option, address, lookup.opened_items(address, option), asks, label)


def prepare_counted_options(lookup: InstrumentLookup, address: str, measure: OptionCount) -> list[CountedOption]:
    """The options of a field that the measure counts, ready for counting."""
    item, column, _ = lookup.find_field(address)
    # "Yes" says nothing without its question.
    about = (measure.name or item.ask) if (column or item).kind == "single" else None
    return [
        prepare_option(lookup, address, option, _with_question(about, option.label) if about else option.label)
        for option in lookup.counted_options(address, measure)
    ]


def _with_question(about: LocalizedText, label: LocalizedText) -> LocalizedText:
    return LocalizedText(f"{about.th}: {label.th}", f"{about.to('en')}: {label.to('en')}")
