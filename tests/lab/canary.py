"""A word that must not be found where it does not belong, however it is written."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterable

CANARY = "Kestrel-\N{LATIN SMALL LETTER E WITH ACUTE}-4471"


def disguises(word: str = CANARY) -> set[bytes]:
    """The word as text of several encodings, in hex, in base64 at every alignment, escaped and backwards."""
    plain = word.encode()
    found = {plain, plain[::-1], plain.hex().encode(), urllib.parse.quote(word).encode()}
    found |= {word.encode(encoding) for encoding in ("latin-1", "utf-16-le", "utf-16-be", "utf-32-le")}
    found |= {json.dumps(word)[1:-1].encode(), repr(plain)[2:-1].encode(), word.encode("punycode")}
    found |= {word.encode("ascii", "xmlcharrefreplace"), b"Kestrel"}
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"x" * shift + plain)[(4, 4, 4)[shift] if shift else 0 : -4])
    return {disguise.lower() for disguise in found}


def sightings(texts: Iterable[str | bytes]) -> list[str]:
    """Those of `texts` in which the canary shows."""
    looked_for = disguises()
    found = []
    for text in texts:
        raw = (text if isinstance(text, bytes) else text.encode()).lower()
        if any(disguise in raw for disguise in looked_for):
            found.append(raw.decode("utf-8", "replace"))
    return found
