"""The drill of several machines: web nodes, workers and databases killed and cut off under load. `make drill-nodes`."""
