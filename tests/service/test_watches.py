"""Watches: everybody is told once, messages are signed, and nothing reaches into the own network."""

from __future__ import annotations

import ipaddress
import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tallystick.adapters.store import accounts, jobs, notices, served
from tallystick.adapters.store.tables import DELIVERY, JOB
from tallystick.service import Service, signing, uploads, watches, worker
from tallystick.service.reaching import MOST_BYTES, Refused, Sender, Unreached
from tallystick.units import SECOND_US

from .test_live import BILL, PAID, bank_of, hand_in

LOCAL = (ipaddress.ip_network("127.0.0.1/32"),)
NAME = "hooks.example.org"


def local(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@dataclass
class Receiver:
    """A real server that keeps what it got, and answers as it is told."""

    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] | None = None
    status: int = 204

    def url(self, path: str = "/hook", scheme: str = "http") -> str:
        return f"{scheme}://{NAME}:{self.port}{path}"


def serving(receiver: Receiver, trust: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            if receiver.answer is not None:
                receiver.answer(self)
                return
            self.send_response(receiver.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    server = serving(made)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def watched(service: Service, receiver: Receiver) -> tuple[Service, dict[str, Any], Receiver]:
    """A service whose buyer of `BILL` is watched, with messages to the receiver."""
    service.sender = Sender(look_up=local, allowed=LOCAL, plain=True)
    with service.store.write() as db:
        who = accounts.create(db, service.clock(), "ana", "Ana", "analyst", None)
    cut = service.cut()
    assert cut is not None
    buyer = service.book.company_key("id:tradeport.member:00000002", cut)
    return service, watches.begin(service, who.id, buyer, receiver.url()), receiver


def rows_of(service: Service) -> list[Any]:
    with service.store.read() as db:
        return list(db.execute(sa.select(DELIVERY)))


def now_s(service: Service) -> int:
    return service.clock() // SECOND_US


def test_a_watcher_is_told_once_by_notice_and_signed_message(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    hand_in(service, bank_of(service), [BILL, PAID])
    worker.drain(service)
    with service.store.read() as db:
        moved = [c for c in served.changes_since(db, 0, 1000) if c["company"] == watch["company"]]
        told = notices.of_account(db, watch["account"], 2**62, 100)
    assert len(moved) == len(told) == len(receiver.got) > 0
    headers, body = receiver.got[0]
    assert signing.verify(watch["secret"], headers, body, now_s(service))
    assert not signing.verify(watch["secret"], headers, body + b" ", now_s(service))
    assert not signing.verify(signing.new_secret(), headers, body, now_s(service))
    assert not signing.verify(watch["secret"], headers, body, now_s(service) + 400), "a replay"
    message = json.loads(body)
    assert message["type"] == "rating.changed" and message["data"]["cause"] == "evidence"
    assert message["data"]["before"] != message["data"]["after"]
    assert headers["host"] == f"{NAME}:{receiver.port}"
    with service.store.write() as db:
        jobs.put(db, service.clock(), "watched", key="watched")
    worker.drain(service)
    assert len(receiver.got) == len(moved), "nothing is told twice"


def test_whoever_begins_later_or_has_ended_is_not_told(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    who = bank_of(service)
    with service.store.write() as db:
        watches.end(db, watch["id"], service.clock())
    upload = hand_in(service, who, [BILL, PAID])
    uploads.take(service, upload)
    service.rate()
    late = watches.begin(service, who.id, watch["company"], receiver.url())
    worker.drain(service)
    with service.store.read() as db:
        assert notices.of_account(db, late["account"], 2**62, 9) == []
        assert notices.of_account(db, watch["account"], 2**62, 9) == []
    assert receiver.got == []


def test_a_message_is_sent_again_later_with_the_same_id_and_then_given_up(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    began = time.time_ns() // 1000
    shift = 0
    service.clock = lambda: began + shift
    receiver.status = 503
    message = watches.try_out(service, watch)
    worker.drain(service)
    assert len(receiver.got) == 1, "not again at once"
    for wait_s in watches.RETRY_S:
        shift += wait_s * SECOND_US
        worker.drain(service)
    assert len(receiver.got) == len(watches.RETRY_S) + 1
    assert {headers["webhook-id"] for headers, _ in receiver.got} == {message}
    headers, body = receiver.got[-1]
    assert signing.verify(watch["secret"], headers, body, now_s(service)), "signed anew"
    (row,) = rows_of(service)
    assert (row.state, row.attempts, row.last) == ("failed", len(receiver.got), "HTTP 503")
    with service.store.read() as db:
        (notice,) = notices.of_account(db, watch["account"], 2**62, 9)
    assert notice["kind"] == "webhook.failed"


def test_a_message_arrives_after_the_receiver_was_down(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    began, shift = time.time_ns() // 1000, 0
    service.clock = lambda: began + shift
    receiver.status = 500
    watches.try_out(service, watch)
    worker.drain(service)
    receiver.status = 200
    shift = watches.RETRY_S[0] * SECOND_US
    worker.drain(service)
    (row,) = rows_of(service)
    assert (row.state, row.attempts, row.last) == ("done", 2, "HTTP 200")


def test_a_killed_worker_leaves_its_message_to_another(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    watches.try_out(service, watch)
    assert jobs.take(service.store, "killed", service.clock(), {worker.SEND}) is not None
    assert jobs.take(service.store, "other", service.clock()) is None
    with service.store.write() as db:
        db.execute(sa.update(JOB).values(lease_us=service.clock() - 1))
    worker.drain(service)
    assert len(receiver.got) == 1 and rows_of(service)[0].state == "done"


def test_gone_ends_the_watch(watched: tuple[Service, dict[str, Any], Receiver]) -> None:
    service, watch, receiver = watched
    receiver.status = 410
    watches.try_out(service, watch)
    worker.drain(service)
    with service.store.read() as db:
        assert watches.one(db, watch["account"], watch["id"]) is None


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    with service.store.write() as db:
        new = watches.rotate(db, watch, service.clock())
    watches.try_out(service, watch)
    worker.drain(service)
    headers, body = receiver.got[0]
    for secret in (new, watch["secret"]):
        assert signing.verify(secret, headers, body, now_s(service))
    with service.store.read() as db:
        row = watches.one(db, watch["account"], watch["id"])
    assert row is not None
    assert signing.in_use(row["secret"], service.clock() + signing.OVERLAP_US) == [new]


def test_ratings_do_not_wait_for_a_receiver_that_is_slow(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    hold = threading.Event()
    receiver.answer = lambda _: (hold.wait(8), None)[1]
    watches.try_out(service, watch)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(service, stop))
    thread.start()
    try:
        while not receiver.got:
            time.sleep(0.02)
        with service.store.write() as db:
            jobs.put(db, service.clock(), "watched")
        end = time.monotonic() + 4
        while time.monotonic() < end:
            with service.store.read() as db:
                if jobs.counts(db).get(("watched", "done")):
                    break
            time.sleep(0.05)
        with service.store.read() as db:
            counts = jobs.counts(db)
        assert counts.get(("watched", "done")) and counts.get((worker.SEND, "running"))
    finally:
        hold.set()
        stop.set()
        thread.join(20)


# where nothing is sent to


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1/",
        "https://8.8.8.8/",
        "https://localhost/",
        "https://a.localhost/",
        "https://metadata.google.internal/",
        "https://printer.local/",
        "https://intranet/",
        "https://user@hooks.example.org/",
        "https://user:pass@hooks.example.org/",
        "https://hooks.example.org@10.0.0.1/",
        "https://hooks.example.org#@10.0.0.1/",
        "https://hooks.example.org\\@10.0.0.1/",
        "https://hooks.example.org/ x",
        "https://hooks.example.org/\r\nx: y",
        "https://höoks.example.org/",
        "https:///x",
        "https://",
        "ftp://hooks.example.org/",
        "file:///etc/passwd",
        "gopher://hooks.example.org/",
        "//hooks.example.org/",
        "hooks.example.org",
        "",
        "https://hooks.example.org/" + "x" * 2000,
    ],
)
def test_urls_that_nothing_is_sent_to(url: str) -> None:
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"]

    with pytest.raises(Refused):
        Sender(look_up=look_up).check(url)
    assert asked == [], "it is not even looked up"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254",
        "0.0.0.0", "100.64.0.1", "192.0.0.8", "198.18.0.1", "203.0.113.5", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2002:7f00:1::", "2001::1", "2001:db8::1", "100::1", "5f00::1", "nonsense",
    ],
)  # fmt: skip
def test_names_that_resolve_inward_are_refused(address: str) -> None:
    for found in ([address], ["93.184.216.34", address], [address, "93.184.216.34"]):
        with pytest.raises(Refused, match="not public"):
            Sender(look_up=lambda host, port, found=found: found).check(f"https://{NAME}/")


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "172.32.0.1"])
def test_names_that_resolve_outward_are_taken(address: str) -> None:
    target = Sender(look_up=lambda host, port: [address]).check(f"https://{NAME}:8443/x?y=1")
    assert (target.addresses, target.host, target.port) == ((address,), NAME, 8443)


def test_a_name_is_looked_up_once_and_that_address_is_called(receiver: Receiver) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    sender = Sender(look_up=lambda host, port: next(answers), allowed=LOCAL, plain=True)
    target = sender.check(receiver.url())
    assert sender.post(target, {}, b"{}") == 204 and len(receiver.got) == 1
    with pytest.raises(Refused):
        sender.check(receiver.url())


def test_a_name_that_turns_inward_later_is_not_reached(
    watched: tuple[Service, dict[str, Any], Receiver],
) -> None:
    service, watch, receiver = watched
    service.sender = Sender(look_up=local, plain=True)  # the same name, no longer allowed
    watches.try_out(service, watch)
    worker.drain(service)
    (row,) = rows_of(service)
    assert receiver.got == [] and (row.state, row.attempts) == ("waiting", 1)
    assert "not public" in row.last and "127" not in row.last


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    inner = Receiver()
    server = serving(inner)

    def away(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("location", f"http://127.0.0.1:{inner.port}/")
        handler.send_header("content-length", "0")
        handler.end_headers()

    receiver.answer = away
    sender = Sender(look_up=local, allowed=LOCAL, plain=True)
    assert sender.post(sender.check(receiver.url()), {}, b"{}") == 307
    assert inner.got == []
    server.shutdown()
    server.server_close()


def test_an_answer_is_read_so_far_and_so_long(receiver: Receiver) -> None:
    sent = [0]

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(2000):
                handler.wfile.write(b"x" * 65_536)
                sent[0] += 65_536
        except OSError:
            pass

    def drip(handler: BaseHTTPRequestHandler) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100:
                handler.wfile.write(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            pass

    sender = Sender(look_up=local, allowed=LOCAL, plain=True, in_all_s=1.0)
    target = sender.check(receiver.url())
    receiver.answer = flood
    assert sender.post(target, {}, b"{}") == 200
    time.sleep(0.2)
    assert sent[0] < 2000 * 65_536 and MOST_BYTES == 65_536
    receiver.answer = drip
    began = time.monotonic()
    with pytest.raises(Unreached, match="in time"):
        sender.post(target, {}, b"{}")
    assert time.monotonic() - began < 4


def test_nobody_there_is_told_without_inner_detail() -> None:
    sender = Sender(look_up=local, allowed=LOCAL, plain=True)
    with pytest.raises(Unreached, match=r"^no connection$"):
        sender.post(sender.check(f"http://{NAME}:9/"), {}, b"{}")

    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(Unreached, match="cannot be found"):
        Sender(look_up=unknown).check(f"https://{NAME}/")


def test_tls_proves_the_name_while_the_checked_address_is_called(tmp_path: Path) -> None:
    right, wrong = Receiver(), Receiver()
    servers = []
    for receiver, name in ((right, NAME), (wrong, "other.example.org")):
        files = certificate(tmp_path, name)
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(*files)
        servers.append(serving(receiver, trust))
    known = ssl.create_default_context()
    for name in (NAME, "other.example.org"):
        known.load_verify_locations(tmp_path / f"{name}.pem")
    sender = Sender(look_up=local, allowed=LOCAL, trust=known)
    assert sender.post(sender.check(right.url(scheme="https")), {}, b"{}") == 204
    assert right.got[0][0]["host"] == f"{NAME}:{right.port}"
    with pytest.raises(Unreached, match="certificate"):
        sender.post(sender.check(wrong.url(scheme="https")), {}, b"{}")
    with pytest.raises(Unreached, match="certificate"):
        unknown = Sender(look_up=local, allowed=LOCAL)
        unknown.post(unknown.check(right.url(scheme="https")), {}, b"{}")
    assert wrong.got == [] and len(right.got) == 1
    for server in servers:
        server.shutdown()
        server.server_close()


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for a name, signed by itself, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, private = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, private


def test_the_signature_is_that_of_the_specification() -> None:
    """The worked example of the Standard Webhooks libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    told = signing.signature(
        secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_the_documents_tell_receivers_to_do_works() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/api.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    told: dict[str, Any] = {}
    exec(code, told)
    secret, now, body = signing.new_secret(), int(time.time()), b'{"type": "watch.test"}'
    fresh = signing.headers(signing.rotated(secret, now * SECOND_US), "msg_1", now, body, 0)
    assert told["verified"](secret, fresh, body), "the older of two secrets counts"
    assert not told["verified"](secret, fresh, body), "it was seen before"
    other = signing.headers(secret, "msg_2", now, body, 0)
    assert not told["verified"](secret, other, body + b" ")
    assert not told["verified"](signing.new_secret(), other, body)
    late = signing.headers(secret, "msg_3", now - 400, body, 0)
    assert not told["verified"](secret, late, body)
