"""make bench-evidence: the whole measured set with its figures; exit code 1 when too few passages are found."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")
os.environ["DGREADY_VAR"] = tempfile.mkdtemp(prefix="dgready-bench-")

import django

django.setup()

from django.conf import settings  # noqa: E402

from dgready.guard.reading import READERS, read_guarded  # noqa: E402
from evidence.reading.extracting import read_document  # noqa: E402
from evidence.reading.suggesting import PlaceTerms, suggest  # noqa: E402
from tests.evidence.reading.documents import documents, long_document  # noqa: E402
from tests.evidence.reading.measuring import measure  # noqa: E402
from tests.evidence.reading.topics import TOPICS  # noqa: E402

DOCUMENTS = 70
LEAST_PASSAGES, LEAST_PAGES = 0.90, 0.95


def _processor_seconds() -> float:
    """Of this process and its children: what a busy machine does not change."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> int:
    """All documents, then the speed of long ones."""
    figures = measure(documents(range(DOCUMENTS)))
    print(f"documents: {figures.documents}")
    print(f"right passage among the first three: {figures.passages} ({figures.passage_share:.1%})")
    print(f"right page among those of the first three: {figures.pages} ({figures.page_share:.1%})")
    print(f"right date: {figures.dates} ({figures.dates / figures.documents:.1%})")
    print("seconds of reading: " + ", ".join(f"{way} {seconds:.1f}" for way, seconds in figures.seconds.items()))
    print(f"slowest suggestion: {figures.slowest:.3f} s")
    for line in figures.wrong:
        print(f"  {line}")
    with tempfile.NamedTemporaryFile() as file:
        file.write(long_document(100))
        file.flush()
        began = _processor_seconds()
        limits = settings.TEXT_LIMITS
        read_guarded(
            f"{READERS}.page_texts:read",
            Path(file.name),
            limits.child,
            kind="pdf",
            most_pages=200,
            most_characters=10**6,
        )
        layer = _processor_seconds() - began
        began = time.perf_counter()
        text = read_document(Path(file.name), "pdf", limits)
        whole = time.perf_counter() - began
    print(f"{len(text.pages)} pages, {text.characters} characters: {layer:.2f} s of the processor")
    print(f"the same, judged too, by the clock of this machine: {whole:.2f} s")
    half = type(text)(text.pages[:50])
    began = time.perf_counter()
    suggest(PlaceTerms(TOPICS[0].option, TOPICS[0].question), [half])
    print(f"suggestion on 50 pages: {time.perf_counter() - began:.3f} s")
    enough = figures.passage_share >= LEAST_PASSAGES and figures.page_share >= LEAST_PAGES
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
