"""Model fields that keep out what has no place in a text of one line, whichever way it comes in."""

from __future__ import annotations

from typing import Any

from django.db import models

from dgready.typed.characters import clean_line


def _cleaned(value: Any) -> Any:
    return clean_line(value) if isinstance(value, str) else value


class NameField(models.CharField):
    """A name of a person, an agency or a place: one line, never a control or invisible character.

    Such a name ends up in subjects and headers of e-mail and in names of files. It is cleaned on every way into the
    database: forms, sheets and commands, and also bulk writes and updates. In migrations it is a CharField.
    """

    def deconstruct(self) -> Any:
        """As the CharField that it is for the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def to_python(self, value: Any) -> Any:
        """The name, cleaned."""
        return _cleaned(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        """The name as it is stored and looked up."""
        return _cleaned(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The name as it is stored, also on the instance."""
        value = _cleaned(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
