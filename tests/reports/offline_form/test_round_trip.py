"""Answers go into an offline form and come back the same, by hand and by LibreOffice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from survey.instrument.path import resolve_path
from tests.reports.offline_form.filling import (
    Values,
    answers_after,
    compare,
    form_file,
    put,
    random_values,
    resave,
    rows_of,
)
from tests.trial import REAL, TRIAL, form


@pytest.mark.parametrize(("source", "seed"), [(TRIAL, 1), (TRIAL, 2), (TRIAL, 3), (REAL, 4), (REAL, 5)])
def test_nothing_typed_changes_nothing(source: Path, seed: int, tmp_path: Path) -> None:
    instrument = form(source)
    values = random_values(instrument, seed)
    changes = compare(instrument, form_file(instrument, values, tmp_path / "form.xlsx"), values)
    assert [(c.question, c.changed, c.conflicts) for c in changes.questions] == []
    assert (changes.faults, changes.refused, changes.notes) == ([], [], [])


def typed_form(source: Path, wanted: Values, path: Path) -> Path:
    """A form that was empty but for its free rows, with these answers typed into it."""
    form_file(form(source), wanted, path)
    book = load_workbook(path)
    rows = rows_of(book)
    cells = {address: sheet[f"D{row}"].value for address, (sheet, row) in rows.items()}
    for sheet, row in rows.values():
        sheet[f"D{row}"] = None
    book.save(path)
    return put(path, {address: value for address, value in cells.items() if value is not None})


def asked_by_formulas(path: Path, wanted: Values) -> dict[str, bool]:
    """By field of the rows that are used, whether its formula says that it is asked."""
    used = {row for value in wanted.values() if isinstance(value, list) for row in value}
    found = {}
    for address, (sheet, row) in rows_of(load_workbook(path, data_only=True)).items():
        is_field = sheet[f"D{row}"].protection.locked is False
        if is_field and set(re.findall(r"#(\w+)/", address)) <= used:
            found[address.partition("=")[0]] = sheet[f"H{row}"].value == 1
    return found


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is optional at run time")
def test_libreoffice_recalculates_and_resaves(tmp_path: Path) -> None:
    """What was typed comes back exactly, and the formulas ask what the questionnaire's path asks."""
    wanted = {source: random_values(form(source), 11) for source in (TRIAL, REAL)}
    paths = {source: typed_form(source, values, tmp_path / f"{source.stem}.xlsx") for source, values in wanted.items()}
    resave(*paths.values())
    for source, values in wanted.items():
        instrument = form(source)
        changes = compare(instrument, paths[source], {})
        assert (changes.faults, changes.refused, changes.notes) == ([], [], [])
        assert answers_after(changes, {}, instrument) == values
        on_path = resolve_path(instrument, values).fields
        asked = asked_by_formulas(paths[source], values)
        assert asked == {address: address in on_path for address in asked}
