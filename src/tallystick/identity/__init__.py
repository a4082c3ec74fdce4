"""Identity: which company each party description means.

Idea: descriptions that share a valid identifier mean one company; those that share none are linked by their
names, in any script, and by what relates them, or held where two companies fit about as well (`linking`). Two
different identifiers of one register keep companies apart. A company's key is that of
its strongest identifier, so it depends on the evidence alone and not on the order of arrival; the key of
any other description leads to the same company. What a person judged outranks all of it (`judged`). Companies
that are not one may still be `related`.

Worked example: `id:tradeport.member:17` described once with LEI 5299... and once without; both are the
company of the LEI.
"""

from tallystick.identity.describe import COMPANY
from tallystick.identity.growing import grow
from tallystick.identity.joining import BY_PERSON
from tallystick.identity.judged import JUDGED, VERDICTS, standing
from tallystick.identity.linking import LINK, Filed
from tallystick.identity.numbers import read_numbers, with_numbers
from tallystick.identity.ordering import by_party
from tallystick.identity.related import HALF_PPM, RELATED, families, moved, owned, relate, ties
from tallystick.identity.resolve import Companies, Filing, resolve

__all__ = [
    "BY_PERSON",
    "COMPANY",
    "HALF_PPM",
    "JUDGED",
    "LINK",
    "RELATED",
    "VERDICTS",
    "Companies",
    "Filed",
    "Filing",
    "by_party",
    "families",
    "grow",
    "moved",
    "owned",
    "read_numbers",
    "relate",
    "resolve",
    "standing",
    "ties",
    "with_numbers",
]
