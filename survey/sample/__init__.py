"""Plausible made-up answers to any instrument: for the demonstration, tests and measurements. PURE."""

from survey.sample.scene import Scene
from survey.sample.walk import cards, sample_values

__all__ = ["Scene", "cards", "sample_values"]
