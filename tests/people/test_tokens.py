"""The token of the cookie, against everything that others accept by mistake (H4 to H7)."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import assume, given
from hypothesis import strategies as st

from server.people.tokens import ISSUER, Tokens, seconds
from server.record.refusals import Reauth

SECRET = b"0123456789abcdef0123456789abcdef"
HERE = "https://huddle.example"
NOW = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)
ENDS = NOW + timedelta(hours=12)
TOKENS = Tokens(SECRET, HERE)
KEY = hmac.digest(SECRET, b"huddle session token", hashlib.sha256)
HEADER = {"alg": "HS256", "typ": "JWT"}
CLAIMS = {
    "iss": ISSUER,
    "aud": HERE,
    "sub": "priya",
    "sid": "s1",
    "iat": seconds(NOW),
    "exp": seconds(ENDS),
    "jti": "j1",
}


def part(value: Any) -> str:
    said = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def signed(header: Any = HEADER, claims: Any = CLAIMS, key: bytes = KEY) -> str:
    body = f"{part(header)}.{part(claims)}"
    return f"{body}.{part(hmac.digest(key, body.encode(), hashlib.sha256))}"


def refused(token: str, now: datetime = NOW) -> bool:
    try:
        TOKENS.read(token, now)
    except Reauth:
        return True
    return False


def test_what_was_minted_is_read() -> None:
    claims = TOKENS.read(TOKENS.mint("priya", "s1", NOW, ENDS), NOW)
    assert (claims.sub, claims.sid, claims.exp) == ("priya", "s1", seconds(ENDS))


def test_a_token_made_by_hand_with_the_right_key_is_read() -> None:
    assert not refused(signed()), "else the tables below would mean nothing"


def test_a_token_says_nothing_but_its_seven_claims() -> None:
    middle = TOKENS.mint("priya", "s1", NOW, ENDS).split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(middle + "=="))
    assert set(said) == {"iss", "aud", "sub", "sid", "iat", "exp", "jti"}


def test_two_tokens_of_the_same_moment_differ() -> None:
    assert TOKENS.mint("priya", "s1", NOW, ENDS) != TOKENS.mint("priya", "s1", NOW, ENDS)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, "HS384", "HS512", "RS256", "hs256"])
def test_h4_no_other_algorithm(alg: str | None) -> None:
    header = {"alg": alg, "typ": "JWT"}
    assert refused(signed(header))
    assert refused(f"{part(header)}.{part(CLAIMS)}.")


def test_h5_a_public_key_is_no_secret() -> None:
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    for encoding, form in (
        (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        (serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH),
    ):
        assert refused(signed(key=public.public_bytes(encoding, form)))
    assert refused(signed(key=SECRET)), "the service's secret itself signs nothing"


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["exp"]},
        {"kid": "../../etc/passwd"},
        {"kid": "x" * 10_000},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"x5c": ["AAAA"]},
        {"typ": "at+jwt"},
        {"typ": None},
        {"b64": False},
    ],
)
def test_h6_no_other_header(more: dict[str, Any]) -> None:
    assert refused(signed(HEADER | more))


def test_h6_no_header_said_twice_and_none_that_lacks_a_type() -> None:
    assert refused(signed(b'{"alg":"none","alg":"HS256","typ":"JWT"}'))
    assert refused(signed({"alg": "HS256"}))
    assert refused(signed([HEADER]))


@pytest.mark.parametrize("name", list(CLAIMS))
def test_h7_every_claim_is_needed(name: str) -> None:
    assert refused(signed(claims={n: v for n, v in CLAIMS.items() if n != name}))


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": seconds(NOW)},
        {"exp": seconds(NOW - timedelta(seconds=1))},
        {"exp": str(seconds(ENDS))},
        {"exp": seconds(ENDS) + 0.5},
        {"exp": 10**400},
        {"exp": -1},
        {"exp": True},
        {"exp": None},
        {"iat": seconds(NOW + timedelta(minutes=2))},
        {"iat": "now"},
        {"aud": "https://elsewhere.example"},
        {"aud": [HERE]},
        {"aud": ""},
        {"iss": "elsewhere"},
        {"sub": ""},
        {"sub": 7},
        {"sid": None},
        {"nbf": seconds(NOW)},
        {"roles": ["administrator"]},
    ],
)
def test_h7_every_claim_is_of_its_own_type_and_none_is_added(changed: dict[str, Any]) -> None:
    assert refused(signed(claims=CLAIMS | changed))


def test_a_token_runs_out_and_still_says_whose_it_was() -> None:
    token = TOKENS.mint("priya", "s1", NOW, ENDS)
    assert refused(token, ENDS)
    assert TOKENS.whose(token).sub == "priya"


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(b"short", HERE)


@given(st.text(max_size=200))
def test_nonsense_is_refused_like_anything_else(token: str) -> None:
    assert refused(token)


TOKEN = TOKENS.mint("priya", "s1", NOW, ENDS)
"""Minted once: a property is about one token, and each has an id of its own."""


@given(st.integers(0, len(TOKEN) - 2), st.sampled_from("ABCDabcd0123-_."))
def test_no_byte_can_be_changed(at: int, other: str) -> None:
    assume(other != TOKEN[at])
    assert refused(TOKEN[:at] + other + TOKEN[at + 1 :])
