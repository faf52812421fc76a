"""The instrument as frozen data, and the pure rules that read it. Imports neither django nor models."""
