"""The guard opens whatever comes from outside: read from the code. A parser elsewhere needs its reason here."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.sources import read_source
from tests.test_unlimited import calls, last
from tests.test_walls import files, imports

READERS = "dgready.guard.readers"
PARSERS = (
    "zipfile tarfile gzip bz2 lzma zlib xml lxml defusedxml olefile oletools msoffcrypto PIL pillow_heif pikepdf pypdf "
    "pypdfium2 fitz docx pptx odf xlrd pandas magic puremagic email mailbox plistlib shelve pickle marshal html"
).split()
# Parsers imported outside the guard: (parser, module) → why what they open is not from outside.
ELSEWHERE = {
    ("pikepdf", "demo.sample_documents"): "our own paper",
    ("pikepdf", "reports.documents.archive"): "our own paper",
    ("pikepdf", "reports.documents.render"): "our own paper",
    ("pikepdf", "reports.documents.signature_field"): "our own paper",
    ("pikepdf", "reports.documents.text_layer"): "our own paper",
    ("gzip", "reports.backup.manifest"): "our own backup",
    ("pikepdf", "reports.journal.pdf"): "our own paper",
    ("pikepdf", "reports.management.report_all"): "our own papers, their pages counted",
    ("pikepdf", "reports.handover.index_pdf"): "our own paper",
    ("pikepdf", "reports.handover.sheets"): "our own paper",
    ("xml", "evidence.renditions.office"): "writes",
    ("xml", "evidence.renditions.thai_fonts"): "writes",
    ("zipfile", "reports.handover.bundle"): "writes",
    ("zipfile", "reports.jobs.making.many"): "writes",
    ("zipfile", "reports.handover.index"): "our own workbook",
    ("zipfile", "demo.simulation.sample_files"): "writes",
    ("html", "dgready.repeated"): "escapes; nothing is read",
    ("pickle", "dgready.templatetags.keep"): "writes; nothing is read",
    ("zlib", "evidence.attaching.views.panel"): "a checksum of an address",
    ("zlib", "scoring.uncertainty.draws"): "a checksum names a stream of random numbers",
    ("zlib", "evidence.reading.pages"): "texts that we packed ourselves",
}
# Calls that read what these libraries could also write.
READING = {"load_workbook", "reader", "DictReader", "Sniffer", "unpack_archive", "open_workbook"}
READ_ELSEWHERE = {
    ("DictReader", "survey.linking.figure_codes"): "our own table of figures, or one that an operator names"
}


def imported(module: str) -> Iterator[str]:
    """The first part of each name that a module imports."""
    for node in read_source(files()[module]).imports:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif not node.level:
            yield (node.module or "").partition(".")[0]


def is_reader(module: str) -> bool:
    return module == READERS or module.startswith(READERS + ".")


@pytest.mark.slow
def test_parsers_of_files_are_in_the_guard_only() -> None:
    found = {(name, m) for m in files() if not is_reader(m) for name in imported(m) if name in PARSERS}
    assert found == set(ELSEWHERE)


@pytest.mark.slow
def test_nothing_outside_the_guard_reads_a_table() -> None:
    found = {(last(name), module) for module, name, _call in calls() if last(name) in READING and not is_reader(module)}
    assert found == set(READ_ELSEWHERE)


@pytest.mark.slow
def test_readers_run_in_the_child_only() -> None:
    """Nothing of the house imports them: the guard names them in a text, and the child imports that."""
    faults = [f"{m} imports {n}" for m in files() if not is_reader(m) for n in imports(m) if is_reader(n)]
    assert faults == []


def test_readers_know_no_settings_and_no_app() -> None:
    """The child has no environment of ours and starts in a tenth of a second."""
    faults = [
        f"{m} imports {n}"
        for m in files()
        if is_reader(m)
        for n in imports(m)
        if n.split(".")[0] in ("django", "accounts", "survey", "evidence", "scoring", "nation", "reports", "demo")
    ]
    assert faults == []
