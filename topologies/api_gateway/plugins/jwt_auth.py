"""The jwtAuth plugin: requests need a JSON Web Token that was signed with a key of yours.

Only public keys belong here; the parts of a private one are no keys of these settings, and no
report shows their values. API Gateway, "JWT authentication plug-in"; of key types it shows RSA
alone, so that no other is taken here. Tokens in cookies aren't offered: the gateway reads them, but
how that is written couldn't be read.
"""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.base import Data, DataValue, PluginKind, documented

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_SHORTEST_MODULUS = 342  # characters of base64url: 2048 bits (RFC 7518, section 3.3)

_EXAMPLE_KEY: dict[str, str] = {
    "kty": "RSA",
    "e": "AQAB",
    "kid": "showJwt",
    "alg": "RS256",
    "n": "gNHI8tm3lnsdCi09SrBPs9…",
}


KeyType = Literal["RSA"]


KeyUse = Literal["sig"]


Algorithm = Literal["RS256", "RS384", "RS512"]


TokenLocation = Literal["header", "query"]


ClaimLocation = Literal["query", "header", "path", "formData"]


class ClaimParameter(Model):
    """A claim of the token that the backend gets as a parameter."""

    claim_name: str = Field(examples=["userId"])
    """The claim's name in the token."""

    parameter_name: str = Field(examples=["userId"])
    """The parameter's name towards the backend."""

    location: ClaimLocation = Field(examples=["query"])
    """query, header, path or formData."""


class JsonWebKey(Model):
    """The public half of a key (RFC 7517)."""

    not_offered = "of key types, the gateway's pages show RSA alone"

    kty: KeyType = Field(examples=["RSA"])
    """The kind of key."""

    e: str = Field(examples=["AQAB"])
    """The exponent, in base64url."""

    kid: str | None = Field(default=None, examples=["showJwt"])
    """The key's id, by which a token names it. Needed where there are several keys."""

    use: KeyUse | None = Field(default=None, examples=["sig"])
    """What the key is for."""

    alg: Algorithm | None = Field(default=None, examples=["RS256"])
    """How tokens are signed with it."""

    n: str = Field(examples=[_EXAMPLE_KEY["n"]])
    """The modulus, in base64url, on one line."""


class JwtAuthSettings(PluginKind):
    """Which tokens are accepted, where they are, and what the backend learns from them."""

    checks_tokens = True

    parameter: str = Field(examples=["X-Token"])
    """The name of the parameter that carries the token. With `Authorization` in a header, the
    gateway takes `Bearer <token>` too."""

    parameter_location: TokenLocation = Field(examples=["header"])
    """Where that parameter stands: header or query."""

    prevent_jti_replay: bool = False
    """Accept each token (by its claim jti) once."""

    bypass_empty_token: bool = False
    """Let requests without a token through, unchecked."""

    ignore_expiration_check: bool = False
    """Accept tokens that have expired."""

    claim_parameters: list[ClaimParameter] = Field(
        default_factory=list[ClaimParameter],
        examples=[[{"claimName": "userId", "parameterName": "userId", "location": "query"}]],
    )
    """Claims that the backend gets as parameters."""

    jwk: JsonWebKey | None = Field(default=None, examples=[_EXAMPLE_KEY])
    """The public key; or `jwks` for several."""

    jwks: list[JsonWebKey] = Field(default_factory=list[JsonWebKey], examples=[[_EXAMPLE_KEY]])
    """Public keys, each with a `kid`; or `jwk` for one."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a jwtAuth plugin may not say."""
        if not self.parameter.strip():
            yield Problem((*path, "parameter"), self.parameter, "it has a name", "write X-Token")
        if self.jwk is not None and self.jwks:
            rule = "the keys are one jwk, or several as jwks"
            yield Problem((*path, "jwk"), None, rule, "move it into jwks")
        elif self.jwk is None and not self.jwks:
            rule = "a token is checked with a public key"
            remedy = "add jwk: {kty: RSA, e: AQAB, kid: …, alg: RS256, n: …}"
            yield Problem((*path, "jwk"), None, rule, remedy)
        if self.jwk is not None:
            yield from _key_problems((*path, "jwk"), self.jwk)
        yield from _keys_problems((*path, "jwks"), self.jwks)
        yield from _claim_problems((*path, "claimParameters"), self.claim_parameters)

    def warnings(self, path: KeyPath) -> Iterator[Problem]:
        """What a jwtAuth plugin may say, and opens doors."""
        for key, on, what in (
            ("bypassEmptyToken", self.bypass_empty_token, "requests without a token get through"),
            ("ignoreExpirationCheck", self.ignore_expiration_check, "a token is good for ever"),
        ):
            if on:
                rule = f"with {key}, {what}"
                yield Problem((*path, key), True, rule, f"if that isn't meant, remove {key}")  # noqa: FBT003 - the value

    def written(self) -> Data:
        """A jwtAuth plugin as the gateway documents it."""
        data = documented(self)
        switches = ("preventJtiReplay", "bypassEmptyToken", "ignoreExpirationCheck")
        return {key: value for key, value in data.items() if key not in switches or value is True}


def _keys_problems(path: KeyPath, keys: list[JsonWebKey]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        where = (*path, index)
        yield from _key_problems(where, key)
        if key.kid is None and len(keys) > 1:
            rule = "where there are several keys, each has a kid, by which a token names it"
            yield Problem((*where, "kid"), None, rule, "add the key's kid")
        elif key.kid is not None and key.kid in seen:
            rule = "a kid names one key"
            yield Problem((*where, "kid"), key.kid, rule, "give each key its own kid")
        seen |= {key.kid} if key.kid is not None else set()


def _key_problems(path: KeyPath, key: JsonWebKey) -> Iterator[Problem]:
    for name, text in (("e", key.e), ("n", key.n)):
        if not _BASE64URL.fullmatch(text):
            rule = f"{name} is base64url: letters, digits, '-' and '_', nothing else"
            remedy = "write it on one line, without spaces, '=', '+' or '/'"
            yield Problem((*path, name), text, rule, remedy)
    if _BASE64URL.fullmatch(key.n) and len(key.n) < _SHORTEST_MODULUS:
        rule = f"an RSA key has at least 2048 bits: {_SHORTEST_MODULUS} characters of n, not "
        remedy = "copy the whole of n, or make a longer key"
        yield Problem((*path, "n"), key.n, f"{rule}{len(key.n)}", remedy)


def _claim_problems(path: KeyPath, claims: list[ClaimParameter]) -> Iterator[Problem]:
    taken: dict[tuple[DataValue, str], str] = {}
    for index, claim in enumerate(claims):
        place = (claim.location, claim.parameter_name)
        if place in taken:
            rule = f"a parameter has one value; the claim {taken[place]} is put there already"
            where = (*path, index, "parameterName")
            yield Problem(where, claim.parameter_name, rule, "rename one of the two")
        taken.setdefault(place, claim.claim_name)
