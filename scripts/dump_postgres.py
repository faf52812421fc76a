"""Copies a SQLite database of dgready, row by row, into an empty migrated PostgreSQL database."""

import sqlite3
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extras import execute_values


def copy(source: sqlite3.Connection, url: str) -> None:
    """Replaces what `migrate` put into the tables of `url`; sequences go on after the highest key.

    Each value goes over as text and PostgreSQL reads it by the type of its column: "1" as true, hex as a UUID, a time
    without a zone as UTC. Foreign keys are checked at the end, as Django declares them.
    """
    connection = psycopg2.connect(url, options="-c TimeZone=UTC")
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = sorted(name for (name,) in cursor.fetchall())
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            cursor.execute(sql.SQL("TRUNCATE {}").format(names))
            for table in tables:
                _copy_table(source, cursor, table)
                _set_sequence(cursor, table)
    finally:
        connection.close()


def _copy_table(source: sqlite3.Connection, cursor: Any, table: str) -> None:
    found = source.execute(f'SELECT * FROM "{table}"')
    columns = sql.SQL(", ").join(sql.Identifier(column[0]) for column in found.description)
    rows = [tuple(value if value is None else str(value) for value in row) for row in found]
    insert = sql.SQL("INSERT INTO {} ({}) VALUES %s").format(sql.Identifier(table), columns)
    execute_values(cursor, insert.as_string(cursor), rows)


def _set_sequence(cursor: Any, table: str) -> None:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'YES'", [table]
    )
    for (column,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT max({}) FROM {}))").format(
                sql.Identifier(column), sql.Identifier(table)
            ),
            [table, column],
        )
