"""A whole year of a province, played by made-up people through the actions the pages use."""

from dgready.play.acts import play
from dgready.play.ground import CannotPlay
from dgready.play.stage import Outside

__all__ = ["CannotPlay", "Outside", "play"]
