"""The centre's desk: all provinces of a year together."""
