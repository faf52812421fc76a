"""The plan optimiser: changes of answers, steps that raise a score, and the plan of least effort. PURE."""
