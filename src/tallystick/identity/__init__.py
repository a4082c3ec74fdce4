"""Identity: which company each party description means.

Idea, first cut: descriptions that share a valid identifier mean one company; a description that has only
a name and a country joins the single company known under that name there, and stays apart where there
are several. Two different identifiers of one register keep companies apart. A company's key is that of
its strongest identifier, so it depends on the evidence alone and not on the order of arrival; the key of
any other description leads to the same company. What a person judged outranks all of it (`judged`). Companies
that are not one may still be `related`.

Worked example: `id:tradeport.member:17` described once with LEI 5299... and once without; both are the
company of the LEI.
"""

from tallystick.identity.describe import COMPANY
from tallystick.identity.joining import BY_PERSON
from tallystick.identity.judged import JUDGED, VERDICTS, standing
from tallystick.identity.ordering import by_party
from tallystick.identity.related import HALF_PPM, RELATED, families, moved, owned, relate, ties
from tallystick.identity.resolve import Companies, resolve

__all__ = [
    "BY_PERSON",
    "COMPANY",
    "HALF_PPM",
    "JUDGED",
    "RELATED",
    "VERDICTS",
    "Companies",
    "by_party",
    "families",
    "moved",
    "owned",
    "relate",
    "resolve",
    "standing",
    "ties",
]
