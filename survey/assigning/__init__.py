"""Assignments as plain data: what they cover, and reading a list of them from a workbook. PURE."""
