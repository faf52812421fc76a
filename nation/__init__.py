"""The nation: all provinces of a year together, what DGA sees, decides and publishes."""
