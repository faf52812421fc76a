"""Uploaded tables: workbooks and delimited text as cells, within limits; rows read by their headings."""
