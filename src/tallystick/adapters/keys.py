"""The keys of a book: it signs with one of its own, and publishes the other half beside it.

Idea: `keys/signing.pem` (Ed25519, mode 0600) is made when something is first signed; `keys/<16 digits>.pub` is
its public half, to be given to whoever must check what the book signed. A key that is lost or withdrawn is
replaced by taking `signing.pem` away: the next signature makes a new one, and what the old one signed can
still be verified by its `.pub`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from tallystick.adapters.ledger.durable import exclusive, write_whole
from tallystick.evidence.ledger import EvidenceError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEYS: Final = "keys"
SIGNING: Final = "signing.pem"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs. `public`: its public half, in hex."""

    public: str
    _key: Ed25519PrivateKey

    def sign(self, message: bytes) -> str:
        """The signature, in hex."""
        return self._key.sign(message).hex()


def signer(book: Path) -> Signer:
    """The key of the book; it is made, and its public half published, where there is none."""
    key = _signing_key(book / KEYS)
    return Signer(key.public_key().public_bytes_raw().hex(), key)


def verifies(public: str, message: bytes, signature: str) -> bool:
    """Whether that key signed that message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(signature), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def published(book: Path) -> dict[str, Path]:
    """The public keys of a book, in hex, with their files."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    out = {}
    for path in sorted((book / KEYS).glob("*.pub")):
        try:
            key = load_pem_public_key(path.read_bytes())
        except ValueError:
            raise EvidenceError(
                f"{path} holds no public key: restore it from a backup, or take it away"
            ) from None
        if isinstance(key, Ed25519PublicKey):
            out[key.public_bytes_raw().hex()] = path
    return out


def _signing_key(folder: Path) -> Ed25519PrivateKey:
    folder.mkdir(exist_ok=True)
    path = folder / SIGNING
    with exclusive(folder / "lock"):
        if not path.exists():
            _make(path)
        key = _load(path)
        public = folder / f"{key.public_key().public_bytes_raw().hex()[:16]}.pub"
        if not public.exists():
            _publish(key, public)
    return key


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    pem = Ed25519PrivateKey.generate().private_bytes(
        s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()
    )

    def fill(file: BinaryIO) -> None:
        os.fchmod(file.fileno(), 0o600)
        file.write(pem)

    write_whole(path, fill)


def _load(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise EvidenceError(
            f"the key {path} may be read by others (mode {mode:03o}): nothing is signed with it; "
            f"close it with `chmod 600 {path}`, or take it away and a new one is made"
        )
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise EvidenceError(
            f"{path} holds no Ed25519 key: restore it from a backup, or take it away "
            "and a new one is made"
        )
    return key


def _publish(key: Ed25519PrivateKey, path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as s

    pem = key.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    write_whole(path, lambda file: file.write(pem))
