"""The values of columns as the database's driver takes them, as Django prepares them for saving.

Django asks three to five methods for each value, and most values come back as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, models

# Of these fields, and no class made of them, a value of just this type is saved as it is.
_AS_THEY_ARE: Final[dict[type, type]] = {
    **dict.fromkeys((models.AutoField, models.BigAutoField, models.SmallAutoField), int),
    **dict.fromkeys((models.IntegerField, models.BigIntegerField, models.SmallIntegerField), int),
    **dict.fromkeys((models.PositiveIntegerField, models.PositiveSmallIntegerField), int),
    **dict.fromkeys((models.CharField, models.TextField), str),
    models.BooleanField: bool,
}


def _plain_type(field: models.Field[Any, Any]) -> type | None:
    while type(field) in (models.ForeignKey, models.OneToOneField):
        field = field.target_field  # type: ignore[attr-defined]
    return _AS_THEY_ARE.get(type(field))


class Columns:
    """Columns that take values together."""

    def __init__(self, fields: Sequence[models.Field[Any, Any]]) -> None:
        self._fields = [(field, _plain_type(field)) for field in fields]

    def prepare(self, values: Sequence[Any]) -> list[Any]:
        """A value for each column, as the driver takes it."""
        connection = connections[DEFAULT_DB_ALIAS]
        return [
            value if type(value) is plain else field.get_db_prep_save(value, connection)
            for value, (field, plain) in zip(values, self._fields, strict=True)
        ]
