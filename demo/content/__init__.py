"""Plausible made-up answers to any instrument: for the demonstration, tests and measurements. PURE."""

from demo.content.scene import Scene
from demo.content.walk import cards, sample_values

__all__ = ["Scene", "cards", "sample_values"]
