"""What is told of a deal's goods: inspection, dispatch, carriage, customs, receipt."""

from __future__ import annotations

import numpy as np

from tallystick.world.bargain import Agreement
from tallystick.world.columns import Code, Day, Party, Same, Word
from tallystick.world.companies import FAR, Bools, Ints
from tallystick.world.course import Goods, Money
from tallystick.world.teller import Columns, Teller, told

_RECEIPTS = ("accepted", "short", "damaged", "rejected")


def tell_goods(t: Teller, a: Agreement, g: Goods, m: Money) -> None:
    """Inspection to receipt."""
    order: Columns = {"ref_order": t.order}
    shipped = t.quantity(g.shipped)
    _inspect(t, g, order)
    sent: Columns = {
        "number": Code("DN", t.o.deal),
        "due_on": Day(np.maximum(a.deliver_on, g.eta)),
        **order,
        **shipped,
    }
    t.market("dispatch", g.dispatched_on, 9, sent)
    _call_off(t, g, order)
    _carriage(t, g, order)
    _customs(t, g, m, order)
    wrong = np.where(g.refused, 3, np.where(g.damaged, 2, 0))
    status = np.where((wrong == 0) & (g.shipped < t.o.quantity), 1, wrong)
    heard = t.o.trade | ~t.o.goods_seen | (t.o.deal % 5 == 0)
    taken: Columns = {"number": Code("RC", t.o.deal), "status": Word(_RECEIPTS, status), **order}
    t.market("receipt", told(heard, g.received_on), 19, {**taken, **shipped})


def _inspect(t: Teller, g: Goods, order: Columns) -> None:
    """The certificate, by the inspector of the deal."""
    o = t.o
    issuer = t.companies.first["inspector"] + o.inspector
    columns: Columns = {
        "number": Code("IC", o.deal),
        "status": Word(("passed", "failed"), g.faulty.astype(np.int8)),
        "issuer_id": Party(issuer),
        **order,
    }
    t.tell(("inspector",), o.deal * 0, "inspection", g.inspected_on, 8, columns)


def _carriage(t: Teller, g: Goods, order: Columns) -> None:
    """What the carrier saw. An event says whose fault it is where it is somebody's: a late collection
    for goods that stood ready is the carrier's, a hold is of customs."""
    o = t.o
    carrier: Columns = {"carrier_id": t.carrier, **order}
    booking: Columns = {"number": Code("BK", o.deal), "due_on": Day(g.collect_by), **carrier}
    t.carried("booking", g.booked_on, 8, booking)
    bill: Columns = {"number": t.shipment, "due_on": Day(g.eta), **carrier}
    t.carried("shipment", told(g.waybill, g.collected_on), 11, bill)
    waybill: Columns = {"ref_shipment": Code("WB", o.deal, g.waybill), **carrier}
    for place, (status, day, step, fault, blamed) in enumerate(_events(t, g)):
        event: Columns = {
            "number": Code("EV", o.deal * 10 + place),
            "status": Same(status),
            "fault": Word((fault,), np.where(blamed, 0, -1)),
            **waybill,
        }
        t.carried("transport_event", day, step, event)


def _events(t: Teller, g: Goods) -> tuple[tuple[str, Ints, int, str, Bools], ...]:
    """Status, day, step, and who is to blame in which deals."""
    seen = t.o.goods_seen
    far = seen & t.o.trade
    late, held, always = g.collected_on > g.collect_by, g.held_on < FAR, seen
    return (
        ("collected", told(seen, g.collected_on), 10, "carrier", late),
        ("departed", told(far, g.collected_on + 1), 12, "carrier", late),
        ("held", told(far, g.held_on), 13, "customs", held),
        ("arrived", told(far, g.arrived_on), 14, "customs", held),
        ("damaged", told(seen & g.damaged, g.arrived_on), 16, "carrier", always),
        ("lost", told(seen, g.lost_on), 16, "carrier", always),
        ("delivered", told(seen, g.delivered_on), 17, "customs", held),
        ("returned", told(seen, g.returned_on), 20, "buyer", always),
    )


def _customs(t: Teller, g: Goods, m: Money, order: Columns) -> None:
    """Declarations and what customs answered."""
    o = t.o
    left = told(g.declares, g.collected_on)
    there = told(g.declares, g.arrived_on)
    for kind, day, step, prefix, issuer, ppm in (
        ("export_declaration", left, 11, "EX", t.seller, g.export_ppm),
        ("import_declaration", there, 14, "IM", t.buyer, g.import_ppm),
    ):
        declared = m.invoice_minor * (ppm // 1000) // 1000
        said: Columns = {
            "number": Code(prefix, o.deal),
            "issuer_id": issuer,
            "ref_invoice": t.invoice,
            **order,
            **t.amount(np.maximum(1, declared)),
            **t.quantity(g.shipped),
        }
        t.tell(("customs",), o.deal * 0, kind, day, step, said)
    for status, day, step in (
        ("held", told(g.declares, g.held_on), 13),
        ("released", there, 15),
    ):
        number = Code("CE", o.deal * 100 + step)
        event: Columns = {"number": number, "status": Same(status), **order}
        t.tell(("customs",), o.deal * 0, "customs_event", day, step, event)


def _call_off(t: Teller, g: Goods, order: Columns) -> None:
    """Orders that are off: by the seller, by the buyer, or by the platform for the seller's silence."""
    for issuer, fault, reason, day in (
        (t.seller, "seller", "cannot_supply", g.seller_off_on),
        (t.buyer, "buyer", "changed_mind", g.buyer_off_on),
        (t.platform, "seller", "not_dispatched", g.overdue_on),
    ):
        said: Columns = {
            "number": Code("CA", t.o.deal),
            "issuer_id": issuer,
            "reason": Same(reason),
            "fault": Same(fault),
            **order,
        }
        t.market("order_cancellation", day, 8, said)
