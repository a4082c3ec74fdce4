"""Linking: companies that share no identifier, by what they are called and by what relates them.

Worked example: "HUAQIANG ELEC SZ" and 深圳市华强电子有限公司 are one at 14 bits; "Huaqiang Electronics"
alone, where there is one in Shenzhen and one in Dongguan, is held and shown to a person.
"""

from tallystick.identity.linking.candidates import Around, Filed, looked_into
from tallystick.identity.linking.keys import EXACT
from tallystick.identity.linking.link import (
    LINK,
    Linked,
    alike,
    filed_under,
    link,
)
from tallystick.identity.linking.settle import APART, JOIN_FROM, JOINED, OUTCOMES
from tallystick.identity.linking.units import country_number, in_country
from tallystick.identity.linking.weigh import MOST_SHARE
from tallystick.identity.names.bulk import Spread

__all__ = [
    "APART",
    "EXACT",
    "JOINED",
    "JOIN_FROM",
    "LINK",
    "MOST_SHARE",
    "OUTCOMES",
    "Around",
    "Filed",
    "Linked",
    "Spread",
    "alike",
    "country_number",
    "filed_under",
    "in_country",
    "link",
    "looked_into",
]
