"""The jwtAuth plugin: requests need a JSON Web Token that was signed with a key of yours.

Only public keys belong here; the parts of a private one are no keys of these settings, and no
report shows their values. API Gateway, "JWT authentication plug-in", which shows RSA keys; keys of
elliptic curves are as RFC 7518 has them. It says that tokens are read from cookies, too, and not
how that is written: `cookie` is the word beside `header` and `query`.
"""

import re
from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.base import BoundApi, Data, DataValue, PluginKind, documented

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_SHORTEST_MODULUS = 342  # characters of base64url: 2048 bits (RFC 7518, section 3.3)

_COORDINATES = {"P-256": 43, "P-384": 64, "P-521": 88}  # characters (RFC 7518, section 6.2.1)
_ALGORITHMS = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}  # RFC 7518, section 3.4

_EXAMPLE_KEY: dict[str, str] = {
    "kty": "RSA",
    "e": "AQAB",
    "kid": "showJwt",
    "alg": "RS256",
    "n": "gNHI8tm3lnsdCi09SrBPs9…",
}


KeyType = Literal["RSA", "EC"]


KeyUse = Literal["sig"]


Algorithm = Literal["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]


Curve = Literal["P-256", "P-384", "P-521"]


TokenLocation = Literal["header", "query", "cookie"]


_PARTS: dict[KeyType, tuple[str, ...]] = {"RSA": ("e", "n"), "EC": ("crv", "x", "y")}


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

    kty: KeyType = Field(examples=["RSA"])
    """The kind of key: RSA, with e and n; or EC, with crv, x and y."""

    e: str | None = Field(default=None, examples=["AQAB"])
    """Of RSA, the exponent, in base64url."""

    kid: str | None = Field(default=None, examples=["showJwt"])
    """The key's id, by which a token names it. Needed where there are several keys."""

    use: KeyUse | None = Field(default=None, examples=["sig"])
    """What the key is for."""

    alg: Algorithm | None = Field(default=None, examples=["RS256"])
    """How tokens are signed with it."""

    n: str | None = Field(default=None, examples=[_EXAMPLE_KEY["n"]])
    """Of RSA, the modulus, in base64url, on one line."""

    crv: Curve | None = Field(default=None, examples=["P-256"])
    """Of EC, the curve."""

    x: str | None = Field(default=None, examples=["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"])
    """Of EC, a coordinate, in base64url."""

    y: str | None = Field(default=None, examples=["x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"])
    """Of EC, the other one."""


class JwtAuthSettings(PluginKind):
    """Which tokens are accepted, where they are, and what the backend learns from them."""

    parameter: str = Field(examples=["X-Token"])
    """The name of the parameter that carries the token. With `Authorization` in a header, the
    gateway takes `Bearer <token>` too."""

    parameter_location: TokenLocation | None = Field(default=None, examples=["header"])
    """Where that parameter stands: header, query or cookie. Left out, it is the parameter of this
    name of the APIs, which they map."""

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

    @property
    def checks_tokens(self) -> bool:
        """It does."""
        return True

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

    def binding_warnings(self, path: KeyPath, at: KeyPath, api: BoundApi) -> Iterator[Problem]:
        """APIs that don't map the parameter, where nothing else says where it stands."""
        if self.parameter_location is None and self.parameter not in api.parameters:
            rule = (
                f"without parameterLocation the token is {api.name}'s parameter {self.parameter}, "
                "and it maps none of this name"
            )
            name = str(path[-2])
            remedy = f"say parameterLocation: header in {name}, or add the parameter there"
            yield Problem(at, name, rule, remedy)

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
    texts = {"e": key.e, "n": key.n, "crv": key.crv, "x": key.x, "y": key.y}
    wanted = _PARTS[key.kty]
    for name, text in texts.items():
        if name not in wanted and text is not None:
            rule = f"{name} is no part of a key of the kind {key.kty}"
            yield Problem((*path, name), text, rule, f"remove {name}, or say another kty")
        elif name in wanted and text is None:
            rule = f"a key of the kind {key.kty} has {' and '.join(wanted)}"
            yield Problem((*path, name), None, rule, f"copy {name} from the public key")
        elif name != "crv" and text is not None and not _BASE64URL.fullmatch(text):
            rule = f"{name} is base64url: letters, digits, '-' and '_', nothing else"
            remedy = "write it on one line, without spaces, '=', '+' or '/'"
            yield Problem((*path, name), text, rule, remedy)
    if key.alg is not None and (key.kty == "RSA") == (key.alg in _ALGORITHMS):
        rule = f"{key.alg} is no algorithm of {key.kty} keys"
        yield Problem((*path, "alg"), key.alg, rule, f"write one of {_algorithms(key.kty)}")
    elif key.crv is not None and (curve := _ALGORITHMS.get(key.alg or "", key.crv)) != key.crv:
        rule = f"{key.alg} signs with keys of {curve}, and this one is of {key.crv}"
        yield Problem((*path, "alg"), key.alg, rule, "write the algorithm of the curve")
    length = _COORDINATES[key.crv] if key.crv is not None else 0
    for name, text in (("x", key.x), ("y", key.y)) if length else ():
        if text is not None and _BASE64URL.fullmatch(text) and len(text) != length:
            rule = f"a coordinate of {key.crv} has {length} characters, not {len(text)}"
            yield Problem((*path, name), text, rule, f"copy the whole of {name}")
    if key.n is not None and _BASE64URL.fullmatch(key.n) and len(key.n) < _SHORTEST_MODULUS:
        rule = f"an RSA key has at least 2048 bits: {_SHORTEST_MODULUS} characters of n, not "
        remedy = "copy the whole of n, or make a longer key"
        yield Problem((*path, "n"), key.n, f"{rule}{len(key.n)}", remedy)


def _algorithms(kind: KeyType) -> str:
    curves = kind == "EC"
    return ", ".join(one for one in get_args(Algorithm) if (one in _ALGORITHMS) == curves)


def _claim_problems(path: KeyPath, claims: list[ClaimParameter]) -> Iterator[Problem]:
    taken: dict[tuple[DataValue, str], str] = {}
    for index, claim in enumerate(claims):
        place = (claim.location, claim.parameter_name)
        if place in taken:
            rule = f"a parameter has one value; the claim {taken[place]} is put there already"
            where = (*path, index, "parameterName")
            yield Problem(where, claim.parameter_name, rule, "rename one of the two")
        taken.setdefault(place, claim.claim_name)
