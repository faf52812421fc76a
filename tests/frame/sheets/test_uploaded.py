"""Workbooks are read in a process of their own: the same cells, and what would take minutes ends with the child."""

from __future__ import annotations

import dataclasses
import resource
import time
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from dgready.guard.readers.workbooks import read_table_sheet
from dgready.sheets.uploaded import read_uploaded_sheet
from dgready.sheets.workbook import BOMB
from scoring.results.actions.cells import TableRejected
from scoring.results.table_files import read_table_file
from tests.survey.assigning.test_assignments_import import book, repacked

pytestmark = pytest.mark.slow

LIMITS, CHILD = settings.WORKBOOK_LIMITS, settings.READER_LIMITS
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
# 55 KB to send; opened here it took 282 seconds and 3.8 GB.
STYLES = b"<styleSheet " + NAMESPACE + b"><cellXfs>" + b"<xf/>" * 7_000_000 + b"</cellXfs></styleSheet>"


def test_the_same_cells_come_out() -> None:
    rows = [
        ["PO", "1.1", "R", "ใช่", datetime(2025, 6, 24), "หมายเหตุ"],  # noqa: DTZ001 - as Excel has them
        ["SO", 1.25, True, None, date(2025, 6, 24), 3],
        ["PH", "=LOWER(A1)", "#REF!"],
    ]
    content = book(*rows)
    found, faults = read_uploaded_sheet(content, LIMITS, CHILD)
    assert (found, faults) == read_table_sheet(content, LIMITS)
    assert len(faults) == 2


@pytest.mark.parametrize("content", [b"PK", book()[:500], b"0" * (LIMITS.size + 1)])
def test_the_same_refusals_come_out(content: bytes) -> None:
    assert read_uploaded_sheet(content, LIMITS, CHILD) == read_table_sheet(content, LIMITS)


def test_a_broken_sheet_is_refused_in_the_same_words() -> None:
    content = repacked({"xl/worksheets/sheet1.xml": b"<broken"})
    assert read_uploaded_sheet(content, LIMITS, CHILD) == read_table_sheet(content, LIMITS)


def test_a_workbook_that_would_take_minutes_is_ended() -> None:
    content = repacked({"xl/styles.xml": STYLES})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    found, faults = read_uploaded_sheet(content, LIMITS, dataclasses.replace(CHILD, seconds=3))
    assert time.monotonic() - started < 20  # its three seconds, on a machine that does other work too
    assert found is None
    assert "unpacks to more" in faults[0].say.en
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


def test_a_table_of_results_is_read_the_same_way(settings: Any) -> None:
    settings.READER_LIMITS = dataclasses.replace(CHILD, seconds=3)
    assert read_table_file(SimpleUploadedFile("a.xlsx", book(["ก", 0.5]))).rows[1] == ("ก", "0.5", "", "", "", "")
    with pytest.raises(TableRejected) as caught:
        read_table_file(SimpleUploadedFile("a.xlsx", repacked({"xl/styles.xml": STYLES})))
    assert caught.value.faults == [BOMB.th]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('<row><c t="inlineStr"><is><t>x</t></is></c></row>', "ขยายแล้วใหญ่ผิดปกติ"),  # over 40 MB unpacked
        ("<row><c><v>1</v></c></row>", "มีมากกว่า 5000 แถว"),  # below: the rows are not all read
    ],
)
def test_a_million_rows_cost_this_process_nothing(row: str, said: str) -> None:
    rows = row * 1_000_000
    start = b'><dimension ref="A1:A1000000"/><sheetData>'
    sheet = b"<worksheet " + NAMESPACE + start + rows.encode() + b"</sheetData></worksheet>"
    content = repacked({"xl/worksheets/sheet1.xml": sheet})
    assert len(content) < LIMITS.size
    del rows, sheet
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(TableRejected, match=said):
        read_table_file(SimpleUploadedFile("a.xlsx", content))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kilobytes
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(children, CHILD.memory >> 10)
