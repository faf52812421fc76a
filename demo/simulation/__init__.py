"""The simulation of a whole year of a province, by made-up people through the actions the pages use."""

from demo.simulation.preparation import CannotSimulate
from demo.simulation.simulation import ActionCallbacks
from demo.simulation.year import simulate_year

__all__ = ["ActionCallbacks", "CannotSimulate", "simulate_year"]
