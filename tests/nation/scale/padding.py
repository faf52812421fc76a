"""Rows by the ten thousand in the tables that grow with years and provinces, so that plans are those of a nation."""

from __future__ import annotations

from typing import Final

from django.db import connection

ROWS: Final = 20_000  # at which PostgreSQL takes an index for one row of a hundred pages as it does among millions
TABLES: Final = (
    "survey_event",
    "survey_answer",
    "survey_notice",
    "survey_letter",
    "survey_comment",
    "survey_consolidationsource",
    "evidence_attachment",
    "evidence_mark",
    "evidence_document",
    "accounts_accountevent",
    "reports_job",
)
# What must differ from row to row, since it is unique; and that the post is out.
UNIQUE: Final = {
    ("survey_event", "response_id"): "1000000 + n",
    ("survey_event", "question_id"): "(SELECT min(id) FROM survey_question)",  # nearly all are about one
    ("survey_answer", "response_id"): "1000000 + n",
    ("survey_notice", "key"): "'padding ' || n",
    ("survey_notice", "mailed_at"): "now()",
    ("survey_comment", "response_id"): "1000000 + n",
    ("evidence_attachment", "response_id"): "1000000 + n",
    ("survey_letter", "key"): "'padding ' || n",
    ("survey_letter", "sent_at"): "now()",
    ("survey_consolidationsource", "consolidation_id"): "1000000 + n",
    ("evidence_attachment", "public_id"): "gen_random_uuid()",
    ("evidence_attachment", "address"): "'padding ' || n",
    ("evidence_mark", "attachment_id"): "1000000 + n",
    ("evidence_document", "public_id"): "gen_random_uuid()",
    ("evidence_document", "file_id"): "1000000 + n",
    ("reports_job", "public_id"): "gen_random_uuid()",
    ("reports_job", "request_key"): "''",
}


def pad() -> None:
    """Fills the tables with copies of their newest row, keys of other rows unchecked."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        for table in TABLES:
            _pad(cursor, table)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


def _pad(cursor: object, table: str) -> None:
    names = [c.name for c in connection.introspection.get_table_description(cursor, table) if c.name != "id"]
    values = ", ".join(UNIQUE.get((table, name), f'pattern."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {table} ({columns}) SELECT {values} "
        f"FROM (SELECT * FROM {table} ORDER BY id DESC LIMIT 1) AS pattern, generate_series(1, %s) AS n",
        [ROWS],
    )
    assert cursor.rowcount == ROWS, f"{table} has no row to copy"  # type: ignore[attr-defined]
