"""Deals: the documents of one transaction, linked by reference or, with a stated strength, by inference.

Idea: every number that a document bears or refers to is a node, every document ties its nodes together,
and a deal is a connected component. A number counts only together with the company whose numbering it
belongs to. The deal's key is the smallest node in it, so it does not depend on the order of arrival.

Worked example: a quotation answers RFQ "G867B", an invoice names order "AEG012345", a payment names the
invoice. That is two components until inference, finding one order to the quoting seller in the validity
of one quotation, joins them with the strength 600,000 ppm.
"""

from tallystick.deals.breaks import BESIDE, breaks, breaks_among
from tallystick.deals.infer import INFERRED, MONEY, WORDED, infer
from tallystick.deals.link import (
    SAID,
    Linked,
    close,
    define_linked,
    define_said,
    linked_among,
    live_table,
    node_deals,
    stated_edges,
)
from tallystick.deals.overview import overview

__all__ = [
    "BESIDE",
    "INFERRED",
    "MONEY",
    "SAID",
    "WORDED",
    "Linked",
    "breaks",
    "breaks_among",
    "close",
    "define_linked",
    "define_said",
    "infer",
    "linked_among",
    "live_table",
    "node_deals",
    "overview",
    "stated_edges",
]
