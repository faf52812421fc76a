"""Carrying last year's answers into a new round, to be confirmed. PURE."""
