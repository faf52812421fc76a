"""What the national report says: blocks of figures counted from the answers of all provinces."""
