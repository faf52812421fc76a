"""Forms that made something, so that a form sent twice makes it once."""

from django.conf import settings
from django.db import models


class FormPress(models.Model):
    """A form that somebody sent and that made something, and the page it led to. Kept for some days."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)  # dgready.form_key: a hash
    location = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="form_press_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"
