"""Builds model objects from the rows of a compiled queryset, as Django does but without a call for each column.

Django hands each value to an attribute of the model and asks, twice for each object, who wants to hear of it. Where
nobody does, and all attributes are plain, the values are put in place at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import get_related_populators
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

Build = Callable[[Sequence[Any]], Any]

# Attributes that take a value for a new object by putting it into its __dict__ and nothing else.
_PLAIN_ATTRIBUTES: Final = (DeferredAttribute, ForeignKeyDeferredAttribute)


def object_builder(compiler: Any) -> Build:
    """Makes an object of a row of a compiled queryset, with its related ones (select_related)."""
    info = compiler.klass_info
    fields = info["select_fields"]
    own = slice(fields[0], fields[-1] + 1)
    make = _maker(info["model"], [column[0].target.attname for column in compiler.select[own]])
    # The stubs describe Django 6.
    related = _links(get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS))  # type: ignore[call-arg]

    def build(row: Sequence[Any]) -> Any:
        instance = make(row[own])
        for link in related:
            link(row, instance)
        return instance

    return build


def _is_plain(model: type[Model], names: Sequence[str]) -> bool:
    """Whether an object of the model is its values and no more."""
    made: Any = model.from_db
    own_making = model.__init__ is not Model.__init__ or made.__func__ is not vars(Model)["from_db"].__func__
    heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return not own_making and not heard and all(type(getattr(model, name)) in _PLAIN_ATTRIBUTES for name in names)


def _maker(model: type[Model], names: Sequence[str]) -> Build:
    """Makes an object of its own values."""
    if not _is_plain(model, names):
        return lambda values: model.from_db(DEFAULT_DB_ALIAS, names, values)
    new = model.__new__

    def make(values: Sequence[Any]) -> Model:
        instance = new(model)
        state = ModelState()
        state.db, state.adding = DEFAULT_DB_ALIAS, False
        instance.__dict__.update(zip(names, values, strict=True), _state=state)
        return instance

    return make


def _links(populators: Sequence[Any]) -> list[Callable[[Sequence[Any], Any], None]]:
    return [_link(populator) for populator in populators]


def _link(populator: Any) -> Callable[[Sequence[Any], Any], None]:
    """Makes the object that another refers to, and makes them know each other: RelatedPopulator.populate."""
    make, related = _maker(populator.model_cls, populator.init_list), _links(populator.related_populators)
    key, reorder = populator.pk_idx, populator.reorder_for_init
    columns = slice(0) if reorder else slice(populator.cols_start, populator.cols_end)
    set_local, set_remote = populator.local_setter, populator.remote_setter

    def link(row: Sequence[Any], owner: Any) -> None:
        values = reorder(row) if reorder else row[columns]
        if values[key] is None:
            set_local(owner, None)
            return
        instance = make(values)
        for further in related:
            further(row, instance)
        set_local(owner, instance)
        set_remote(instance, owner)

    return link
