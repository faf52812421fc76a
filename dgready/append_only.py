"""Rows that are only ever added: a model that refuses to change or delete what is stored."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """Raised on an attempt to change or delete a row of an append-only table."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Queryset that refuses update and delete."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse; raises AppendOnlyError."""
        raise AppendOnlyError

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse; raises AppendOnlyError."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse; raises AppendOnlyError."""
        raise AppendOnlyError


class AppendOnlyModel(models.Model):
    """Abstract model whose rows are added and never changed or deleted."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append; raises AppendOnlyError for a row that is already stored."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse; raises AppendOnlyError."""
        raise AppendOnlyError
