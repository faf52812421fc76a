"""The drill: a backup made under load, restored elsewhere and compared. `make drill` runs it; a small one is a test."""
