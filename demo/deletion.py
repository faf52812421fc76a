"""Deleting rows with everything that refers to them."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction


@transaction.atomic
def delete_with_dependents(rows: models.QuerySet[Any]) -> None:
    """Deletes rows and everything that refers to them, protected or not. Only for rounds of the demonstration."""
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.on_delete in (models.PROTECT, models.CASCADE):
            dependents = relation.related_model._base_manager
            delete_with_dependents(dependents.filter(**{f"{relation.field.name}__in": keys}))
    rows.model._base_manager.filter(pk__in=keys).delete()
