"""The night a round closes, played on the processes that ship: 3,000 people save, 76 governors approve."""
