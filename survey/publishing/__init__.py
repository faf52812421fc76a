"""Giving a year's files to the installation: form, scheme, links; their faults, differences, preview, publishing."""
