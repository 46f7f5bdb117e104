"""The three ways in which calls to the cloud are signed.

RPC signs the parameters with HMAC-SHA1 and puts the signature among them. ROA signs method, path,
query and some headers with HMAC-SHA1, ACS3 those and the body's digest with HMAC-SHA256; both put
the signature into a header.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

__all__ = [
    "ACS3",
    "acs3_signature",
    "acs3_string",
    "canonical_request",
    "roa_signature",
    "roa_string",
    "rpc_signature",
    "rpc_string",
]

ACS3: Final = "ACS3-HMAC-SHA256"


def _encoded(text: str) -> str:
    """Percent-encoded as RFC 3986 has it: only letters, digits and `-_.~` stay."""
    return quote(text, safe="~")


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{_encoded(name)}={_encoded(parameters[name])}" for name in sorted(parameters))


def rpc_string(method: str, parameters: Mapping[str, str]) -> str:
    """What an RPC call signs: all parameters but the signature, wherever they were sent."""
    signed = {name: value for name, value in parameters.items() if name != "Signature"}
    return f"{method}&{_encoded('/')}&{_encoded(_query(signed))}"


def rpc_signature(secret: str, string: str) -> str:
    return roa_signature(f"{secret}&", string)


def roa_string(method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """What a ROA call signs: nothing of the body, unless a header has its digest.

    Args:
        method: of HTTP.
        path: as it was sent.
        query: the parameters in the URL, decoded; they are signed as they are.
        headers: by their names in small letters.
    """
    said = [headers.get(name, "") for name in ("accept", "content-md5", "content-type", "date")]
    own = [f"{name}:{headers[name]}" for name in sorted(headers) if name.startswith("x-acs-")]
    asked = "&".join(f"{name}={query[name]}" if query[name] else name for name in sorted(query))
    return "\n".join([method, *said, *own, f"{path}?{asked}" if asked else path])


def roa_signature(secret: str, string: str) -> str:
    # SHA-1 is what the cloud's version 1.0 signs with.
    digest = hmac.new(secret.encode(), string.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def canonical_request(  # noqa: PLR0913, PLR0917 - the parts of a request
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    signed: Iterable[str],
    body: bytes,
) -> str:
    """What an ACS3 call signs the digest of.

    Args:
        method: of HTTP.
        path: as it was sent.
        query: the parameters in the URL, decoded.
        headers: by their names in small letters.
        signed: the names of those that are signed.
        body: as it was sent.
    """
    names = sorted(signed)
    lines = "".join(f"{name}:{headers.get(name, '').strip()}\n" for name in names)
    digest = hashlib.sha256(body).hexdigest()
    return "\n".join([method, path, _query(query), lines, ";".join(names), digest])


def acs3_string(canonical: str) -> str:
    return f"{ACS3}\n{hashlib.sha256(canonical.encode()).hexdigest()}"


def acs3_signature(secret: str, string: str) -> str:
    return hmac.new(secret.encode(), string.encode(), hashlib.sha256).hexdigest()
