"""How far a screen has come: the database's epoch and the number reached in each of its audience's streams.

The text is the same for every reader of that audience. It grants nothing: what it may read is asked of the
session each time. The checksum only keeps nonsense out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

import msgspec

from server.record.streams import Vector

CHECK_BYTES = 8
LONGEST = 4096


class Cursors:
    """Writes and reads cursors of one database."""

    def __init__(self, epoch: str, secret: bytes) -> None:
        self.epoch = epoch
        self._key = hmac.new(secret, b"huddle-cursor-v1", hashlib.sha256).digest()
        self._decoder = msgspec.json.Decoder(tuple[str, Vector])

    def write(self, vector: Vector) -> str:
        body = msgspec.json.encode((self.epoch, vector))
        return base64.urlsafe_b64encode(self._check(body) + body).rstrip(b"=").decode()

    def read(self, text: str) -> Vector | None:
        """The vector, or None for anything that this database did not write."""
        if not text or len(text) > LONGEST:
            return None
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            check, body = raw[:CHECK_BYTES], raw[CHECK_BYTES:]
            if not hmac.compare_digest(check, self._check(body)):
                return None
            epoch, vector = self._decoder.decode(body)
        except (binascii.Error, ValueError, msgspec.DecodeError):
            return None
        return vector if epoch == self.epoch else None

    def _check(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=CHECK_BYTES, key=self._key).digest()
