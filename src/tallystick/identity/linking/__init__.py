"""Linking: companies that share no identifier, by what they are called and by what relates them.

Worked example: "HUAQIANG ELEC SZ" and 深圳市华强电子有限公司 are one at 14 bits; "Huaqiang Electronics"
alone, where there is one in Shenzhen and one in Dongguan, is held and shown to a person.
"""

from tallystick.identity.linking.link import LINK, Linked, Spread, link
from tallystick.identity.linking.settle import APART, JOINED, OUTCOMES

__all__ = ["APART", "JOINED", "LINK", "OUTCOMES", "Linked", "Spread", "link"]
