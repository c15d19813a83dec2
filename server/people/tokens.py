"""The token in the cookie: it says which session this is, and nothing about whether that session still holds.

The only module that knows the token library. Its defaults accept too much (no expiry, another algorithm, a
short key, an unknown `crit`), so nothing is left to them: HS256 alone, an exact header, exactly these claims,
each of its own type, and the signature before anything else is believed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from jose import jws
from jose.exceptions import JOSEError

from server.record.chain import micros
from server.record.refusals import Reauth

ALGORITHM = "HS256"
HEADER = {"alg": ALGORITHM, "typ": "JWT"}
ISSUER = "huddle"
KEY_BYTES = 32
LONGEST = 1024
"""No token of ours is longer; a longer one is not even read."""
AHEAD = timedelta(minutes=1)
"""By how much another node's clock may be ahead of ours."""

Seconds = Annotated[int, msgspec.Meta(gt=0, lt=2**53)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a token says. Times are whole seconds since 1970."""

    iss: Name
    aud: Name
    sub: Name
    sid: Name
    iat: Seconds
    exp: Seconds
    jti: Name


class Tokens:
    """Makes and reads tokens for one address (`audience`) with a key drawn from the service's secret."""

    def __init__(self, secret: bytes, audience: str) -> None:
        if len(secret) < KEY_BYTES:
            raise ValueError("the key of the session token must have at least 32 bytes")
        self._key = hmac.digest(secret, b"huddle session token", hashlib.sha256)
        self._audience = audience

    def mint(self, person: str, sid: str, now: datetime, ends: datetime) -> str:
        """The token of a session of `person` that ends at `ends` at the latest."""
        claims = Claims(
            ISSUER, self._audience, person, sid, seconds(now), seconds(ends), secrets.token_urlsafe(16)
        )
        token: str = jws.sign(msgspec.json.encode(claims), self._key, algorithm=ALGORITHM)
        return token

    def read(self, token: str, now: datetime) -> Claims:
        """What a token says that holds at `now`, or `Reauth`."""
        claims = self.whose(token)
        if not claims.iat <= seconds(now + AHEAD) or not seconds(now) < claims.exp:
            raise Reauth
        return claims

    def whose(self, token: str) -> Claims:
        """What a token of ours says, even one that has run out: enough to ask that same person again."""
        try:
            check_header(token)
            claims = msgspec.json.decode(jws.verify(token, self._key, [ALGORITHM]), type=Claims)
        except (JOSEError, ValueError, msgspec.MsgspecError) as error:
            raise Reauth from error
        if claims.iss != ISSUER or claims.aud != self._audience:
            raise Reauth
        return claims


def seconds(at: datetime) -> int:
    return micros(at) // 1_000_000


def check_header(token: str) -> None:
    """Refuse every header but our own: another algorithm or type, `crit`, `kid`, `jwk`, a key said twice."""
    if len(token) > LONGEST or not token.isascii():
        raise ValueError("not a token of ours")
    first = token.partition(".")[0]
    said = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)), object_pairs_hook=once_each)
    if said != HEADER:
        raise ValueError("not a header of ours")


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("said twice")
    return dict(pairs)
