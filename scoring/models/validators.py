"""Validators that the models share."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator

SCORE_RANGE = [MinValueValidator(0), MaxValueValidator(100)]
