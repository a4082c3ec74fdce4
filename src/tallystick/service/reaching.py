"""Sending to an address that somebody else named, without being led into one's own network.

The name is looked up once; every address that it has must be a public one; the connection goes to the address
that was checked and to no other, while TLS still proves the name. So neither a name that resolves inward, nor
one that changes its answer between the check and the call, nor a redirect reaches anything private.

Worked example: `https://hooks.example.org/x` has 203.0.113.9 and 10.0.0.5: refused, though the first would do,
since whoever runs that name server may hand out either.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx2

SECONDS: Final = 5.0
"""To connect, to send, and for each part of the answer."""
IN_ALL_SECONDS: Final = 10.0
"""For everything, so that nobody holds a worker by dripping."""
MOST_BYTES: Final = 65_536
LONGEST: Final = 2000
_NAME: Final = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_INWARD: Final = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "arpa",
    "onion",
)
"""Last labels of names that mean nothing outside, or something inside."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
"""Special-purpose addresses (registries of RFC 6890): this network, private, shared, loopback, link-local,
documentation, benchmarks, multicast, reserved, and tunnels that carry an IPv4 address inside (6to4, Teredo)."""
_GLOBAL_6: Final = ipaddress.ip_network("2000::/3")
"""Where public IPv6 addresses lie; mapped, translated, unique local and link-local ones lie elsewhere."""


class Refused(Exception):
    """An address that nothing is sent to. `str()` says why, in words for whoever named it."""


class Unreached(Exception):
    """Nobody answered. `str()` says why, without what only an insider should know."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises `OSError` where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: where to connect, and for which name."""

    url: httpx2.URL
    host: str
    port: int
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Sender:
    """Sends. `allowed`: networks that count as public all the same, and `plain`: http besides https; both are
    for tests and never come from the environment. `trust`: certificates, default those of the machine."""

    look_up: Callable[[str, int], Sequence[str]] = resolve
    allowed: tuple[Network, ...] = ()
    plain: bool = False
    trust: ssl.SSLContext | None = None
    in_all_s: float = IN_ALL_SECONDS
    agent: str = field(default="Tallystick-Webhooks/1")

    def check(self, text: str) -> Target:
        """The target that a URL means. Raises `Refused` for one that nothing is sent to, `Unreached` where its
        name cannot be found."""
        url = self._url(text)
        host, port = url.host.rstrip("."), url.port or (443 if url.scheme == "https" else 80)
        if not _NAME.fullmatch(host) or host.rsplit(".", 1)[-1] in _INWARD:
            raise Refused(
                f"{host[:100]!r} is no public name of a server: write one such as hooks.example.org"
            )
        try:
            found = self.look_up(host, port)
        except OSError:
            raise Unreached(f"the name {host} cannot be found") from None
        if not found or not all(self._public(one) for one in found):
            raise Refused(f"{host} has an address that is not public")
        return Target(url, host, port, tuple(found[:4]))

    def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> int:
        """Send to a checked target; the status of the answer, redirects not followed. Raises `Unreached`."""
        return self._ask(target, "POST", headers, body)[0]

    def get(self, target: Target) -> tuple[int, bytes]:
        """Read a checked target; status and (the beginning of) the answer. Raises `Unreached`."""
        return self._ask(target, "GET", {}, b"")

    def _ask(
        self, target: Target, method: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        try:
            return asyncio.run(self._within(target, method, headers, body))
        except TimeoutError:
            raise Unreached("no answer in time") from None
        except httpx2.ConnectError as error:
            certificate = "certificate" in str(error).lower()
            raise Unreached(
                "its certificate is not valid" if certificate else "no connection"
            ) from None
        except httpx2.HTTPError as error:
            late = isinstance(error, httpx2.TimeoutException)
            raise Unreached("no answer in time" if late else "the answer is no HTTP") from None

    async def _within(
        self, target: Target, method: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        async with asyncio.timeout(self.in_all_s):
            last: Exception | None = None
            for address in target.addresses:
                try:
                    return await self._send(target, address, method, headers, body)
                except httpx2.ConnectError as error:
                    last = error
            assert last is not None
            raise last

    async def _send(
        self, target: Target, address: str, method: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """One request to one checked address; no proxy and no cookie of the machine takes part in it."""
        url = target.url.copy_with(host=address)
        usual = target.port == (443 if url.scheme == "https" else 80)
        sent = {
            **headers,
            "host": target.host if usual else f"{target.host}:{target.port}",
            "user-agent": self.agent,
            "accept-encoding": "identity",
        }
        trust = True if self.trust is None else self.trust
        async with httpx2.AsyncClient(
            verify=trust, trust_env=False, follow_redirects=False, timeout=SECONDS
        ) as client:
            name = {"sni_hostname": target.host}
            request = client.build_request(method, url, headers=sent, content=body, extensions=name)
            answer = await client.send(request, stream=True)
            taken = b""
            async for part in answer.aiter_raw():
                taken += part[: MOST_BYTES - len(taken)]
                if len(taken) >= MOST_BYTES:
                    break
            await answer.aclose()
            return answer.status_code, taken

    def _url(self, text: str) -> httpx2.URL:
        """A URL read strictly. Raises `Refused`."""
        if (
            len(text) > LONGEST
            or not text.isascii()
            or not text.isprintable()
            or " " in text
            or "\\" in text
        ):
            raise Refused("it is no URL, or too long: write https://NAME/PATH in ASCII")
        try:
            url = httpx2.URL(text)
        except (httpx2.InvalidURL, ValueError):
            raise Refused("it is no URL: write https://NAME/PATH") from None
        if url.scheme != "https" and not (self.plain and url.scheme == "http"):
            raise Refused("it does not begin with https://")
        if url.userinfo or "@" in text.split("/", 3)[2]:
            raise Refused("it has a login in it: prove yourself by the signature instead")
        if url.fragment:
            raise Refused("it has a part behind #, which is never sent")
        return url

    def _public(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:  # with a zone, such as fe80::1%eth0, or nonsense
            return False
        if any(address in net for net in self.allowed if net.version == address.version):
            return True
        if address.version == 6 and address not in _GLOBAL_6:
            return False
        return not any(address in net for net in _NOT_PUBLIC if net.version == address.version)
