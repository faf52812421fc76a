"""A whole year of a province, played by made-up people through the actions the pages use."""

from demo.play.acts import play
from demo.play.ground import CannotPlay
from demo.play.stage import Outside

__all__ = ["CannotPlay", "Outside", "play"]
