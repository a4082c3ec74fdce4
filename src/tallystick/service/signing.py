"""Signatures of webhooks, as the Standard Webhooks specification has them.

A message carries `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`: `v1,` and the base64 of
HMAC-SHA256 over `id.timestamp.body` under the 32 bytes behind `whsec_`. While a secret is being replaced a
message carries two signatures with a space between, so that the receiver may change over whenever it likes.

>>> told = headers("whsec_" + "QUFB" * 8, "msg_1", 1_790_000_000, b"{}", 0)
>>> verify("whsec_" + "QUFB" * 8, told, b"{}", now_s=1_790_000_010)
True
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final

from tallystick.units import DAY_US, SECOND_US

MARK: Final = "whsec_"
OVERLAP_US: Final = DAY_US
"""For how long the secret before the newest still signs."""
TOLERANCE_S: Final = 300
"""How old a message may be that a receiver believes; more is a replay."""


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def rotated(kept: str, now_us: int) -> str:
    """What to keep when a new secret takes the place of the newest: both, and until when the older counts."""
    return f"{new_secret()} {newest(kept)}@{now_us + OVERLAP_US}"


def newest(kept: str) -> str:
    """The secret that counts from now on, out of what is kept."""
    return kept.split()[0]


def in_use(kept: str, now_us: int) -> list[str]:
    """The secrets that sign at a moment, the newest first."""
    first, *before = kept.split()
    pairs = (text.split("@") for text in before)
    return [first, *(secret for secret, until in pairs if int(until) > now_us)]


def headers(kept: str, message: str, at_s: int, body: bytes, now_us: int) -> dict[str, str]:
    """The headers of a message that is sent at a moment."""
    signed = (signature(secret, message, at_s, body) for secret in in_use(kept, now_us))
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(signed),
    }


def signature(secret: str, message: str, at_s: int, body: bytes) -> str:
    """One signature of a message."""
    key = base64.b64decode(secret.removeprefix(MARK))
    made = hmac.new(key, f"{message}.{at_s}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def verify(secret: str, told: Mapping[str, str], body: bytes, now_s: int) -> bool:
    """What a receiver does: the message is fresh, and one of its signatures is right. It also keeps the ids
    that it has seen for as long as a message counts as fresh, and does nothing twice."""
    at = told.get("webhook-timestamp", "")
    if not at.isdecimal() or abs(now_s - int(at)) > TOLERANCE_S:
        return False
    right = signature(secret, told.get("webhook-id", ""), int(at), body)
    given = told.get("webhook-signature", "").split()
    return any(hmac.compare_digest(right.encode(), one.encode()) for one in given)


def seconds(us: int) -> int:
    """A moment of the store in whole seconds."""
    return us // SECOND_US
