"""The published JSON of an instrument: its items, options, rows and columns (issue 2, §3). PURE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survey.instrument.schema import CompiledInstrument, EvidenceRequirement, Item, Option, TableColumn


def item_json(item: Item, instrument: CompiledInstrument) -> dict[str, Any]:
    """One item in the published JSON shape (issue 2, §3)."""
    return {
        "id": item.id,
        "code": item.code,
        "pillar": item.pillar,
        "sub_pillar": item.sub_pillar,
        "parent": item.parent,
        "kind": item.kind,
        "label": item.ask.json(),
        "help": item.help.json() if item.help else None,
        "required": item.required,
        "scored": item.scored,
        "evidence": _evidence_json(item.evidence),
        "min_rows": item.min_rows,
        "max_rows": item.max_rows,
        "options": _options_json(item.options),
        "rows": list(_rows_json(item)),
        "columns": [_column_json(c) for c in item.columns],
        "opened_by": item.opened_by,
        "shown_if": _shown_if(item, instrument),
    }


def _options_json(options: tuple[Option, ...]) -> list[dict[str, Any]]:
    """The options that the paper has."""
    return [_option_json(option) for option in options if not option.own]


def _option_json(option: Option) -> dict[str, Any]:
    return {
        "key": option.key,
        "label": option.title.json(),
        "evidence": _evidence_json(option.evidence),
        "opens": [i.id for i in option.then],
        "skip_to": option.skip_to,
    }


def _evidence_json(evidence: EvidenceRequirement) -> str | None:
    return None if evidence == "none" else evidence


def _rows_json(item: Item) -> Iterator[dict[str, Any]]:
    """The answered rows, each with the heading it stands under."""
    heading: dict[str, str] | None = None
    for row in item.rows:
        if row.key is None:
            heading = row.label.json()
            continue
        opens = {place: [i.id for i in items] for place, items in row.then.items()}
        yield {"key": row.key, "label": row.label.json(), "heading": heading, "opens": opens}


def _column_json(column: TableColumn) -> dict[str, Any]:
    return {
        "key": column.key,
        "label": column.label.json(),
        "kind": column.kind,
        "evidence": _evidence_json(column.evidence),
        "required": column.required,
        "shown_if": column.when,
        "options": _options_json(column.options),
    }


def _shown_if(item: Item, instrument: CompiledInstrument) -> Any:
    conditions = [{"not": {"in": [{"answer": s.source}, [s.option]]}} for s in instrument.skips.get(item.id, ())]
    if item.when:
        conditions.append(item.when.tree)
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"all": conditions}


def instrument_json(instrument: CompiledInstrument) -> dict[str, Any]:
    """The published JSON of an instrument (issue 2, §3)."""
    return {
        "key": instrument.key,
        "year": instrument.year,
        "version": instrument.version,
        "period": {"from": instrument.period[0].isoformat(), "to": instrument.period[1].isoformat()},
        "pillars": [
            {"number": p.number, "name": p.name.json(), "sub_pillars": [s.code for s in p.sub_pillars]}
            for p in instrument.pillars
        ],
        "items": [item_json(i, instrument) for i in instrument.items.values() if not i.own],
    }
