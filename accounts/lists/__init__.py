"""Lists of people and of agencies, from a workbook, delimited text or pasted lines."""
