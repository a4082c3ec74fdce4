"""The synthetic economy with known truth: `simulate` writes what its contributors would hand in."""

from tallystick.world.config import DescriptionConfig, WorldConfig, WorldError, WorldSummary
from tallystick.world.descriptions import chunks_of_descriptions, described
from tallystick.world.simulate import simulate

__all__ = [
    "DescriptionConfig",
    "WorldConfig",
    "WorldError",
    "WorldSummary",
    "chunks_of_descriptions",
    "described",
    "simulate",
]
