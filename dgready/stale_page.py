"""What was posted was made for a state that is gone; the page that says so is of dgready.store_away."""

from __future__ import annotations


class StalePage(Exception):
    """The page that was posted is out of date in a way that its view does not merge; nothing was written."""
