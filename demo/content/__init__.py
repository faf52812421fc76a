"""Plausible made-up answers to any instrument: for the demonstration, tests and measurements. PURE."""

from demo.content.phrases import SampleSetting
from demo.content.sampler import sample_values, values_by_question

__all__ = ["SampleSetting", "values_by_question", "sample_values"]
