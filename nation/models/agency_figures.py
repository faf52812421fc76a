"""Scores kept of agencies that answer a whole form each for itself, so that pages about all of them count nothing."""

from __future__ import annotations

from django.db import models

from survey.models import Response


class AgencyFigures(models.Model):
    """The scores of one agency's handed-in answer; counted again when that state is no longer its newest.

    Made from the answer alone, so any row may be deleted: the next count makes it again. `basis` names the state.
    """

    response = models.OneToOneField(Response, models.CASCADE, related_name="agency_figures")
    version = models.PositiveIntegerField(help_text="of the response when it was counted")
    basis = models.CharField(max_length=64, help_text="checksum of the form and the scheme it was counted by")
    counted_at = models.DateTimeField()
    components = models.JSONField(
        default=dict, help_text="score by code of the sub-pillar; what was not answered is left out"
    )

    def __str__(self) -> str:
        return f"{self.response_id} v{self.version}"
