"""The same keys in every test for the rows of a form on PostgreSQL, so that what is compiled of it is found again.

PostgreSQL's sequences go on when a test is rolled back, SQLite's do not: each test on PostgreSQL had a form of another
key, and compiled it anew. The keys of all other rows go on as they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from survey.models import Instrument, Pillar, Question, SubPillar

MODELS = (Instrument, Pillar, SubPillar, Question)
APART = 1_000_000  # between the keys of one file and the next, and far above what sequences reach by themselves
_starts: dict[Path, int] = {}


@contextmanager
def fixed_keys(path: Path) -> Iterator[None]:
    """Rows of forms made inside get the keys that belong to this file; only while no other form is stored."""
    if connection.vendor != "postgresql":
        yield
        return
    start = _starts.setdefault(path, (len(_starts) + 1) * APART)
    sequences = [connection.ops.quote_name(f"{model._meta.db_table}_id_seq") for model in MODELS]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', last_value, is_called FROM {name}" for name in sequences))
        before = cursor.fetchall()
        cursor.execute("SELECT " + ", ".join(f"setval('{name}', {start}, false)" for name in sequences))
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"setval('{n}', {last}, {called})" for n, last, called in before))
