"""What a rating must beat: baselines of the field, fitted and judged on the same promises.

From plain counting to what machine learning gets out of the same raw facts. `rivals()` names them in order;
those that need LightGBM or OptBinning (the extra `fit`) are asked for by `learned=True`.
"""

from tallystick.adapters.rivals.boosted import Boosted
from tallystick.adapters.rivals.extra import RivalMissing
from tallystick.adapters.rivals.features import FEATURES, raw_features
from tallystick.adapters.rivals.network import EigenTrust
from tallystick.adapters.rivals.simple import BaseRate, BetaReputation, DecayedBeta, KeptRate
from tallystick.adapters.rivals.woe import WoeScorecard
from tallystick.rating.validation.rolling import Model

__all__ = [
    "FEATURES",
    "BaseRate",
    "BetaReputation",
    "Boosted",
    "DecayedBeta",
    "EigenTrust",
    "KeptRate",
    "RivalMissing",
    "WoeScorecard",
    "raw_features",
    "rivals",
]


def rivals(learned: bool = True) -> list[Model]:
    """The baselines, from the simplest; `learned`: with the WoE scorecard and LightGBM too.

    Raises `RivalMissing` where those are asked for and not installed.
    """
    plain: list[Model] = [BaseRate(), KeptRate(), BetaReputation(), DecayedBeta(), EigenTrust()]
    if not learned:
        return plain
    return [*plain, WoeScorecard(), Boosted(), Boosted(tuned=True)]
