"""Assignments of parts of the form to agencies. PURE."""
