"""The synthetic economy with known truth: `simulate` writes what its contributors would hand in."""

from tallystick.world.config import WorldConfig, WorldError, WorldSummary
from tallystick.world.simulate import simulate

__all__ = ["WorldConfig", "WorldError", "WorldSummary", "simulate"]
