"""Company names compared across scripts and languages, with the reason told.

>>> match = compare_names("ООО «Газпром экспорт»", "Gazprom Export LLC")
>>> match.verdict
'same'
>>> compare_names("Bosch Thermotechnik GmbH", "Bosch Rexroth AG").verdict
'different'
"""

from tallystick.identity.names.compare import (
    DIFFERENT_BELOW,
    SAME_FROM,
    Evidence,
    NameMatch,
    compare_names,
    count_words,
)
from tallystick.identity.names.tokens import Name, Token, read_name

__all__ = [
    "DIFFERENT_BELOW",
    "SAME_FROM",
    "Evidence",
    "Name",
    "NameMatch",
    "Token",
    "compare_names",
    "count_words",
    "read_name",
]
