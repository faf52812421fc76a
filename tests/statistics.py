"""What an idle database learns by itself: how many rows a test has just made."""

from __future__ import annotations

from django.db import connection


def tell_planner() -> None:
    """Lets the database count the rows of this transaction: joins of tables it holds for empty take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
