"""Who calls: access keys, and whether a call was signed with one, just now and for the first time.

An account has one key pair, its root's. It is drawn when it is first asked for and kept in the
store, so that it stays the same from one `make cloud` to the next.
"""

import hashlib
import hmac
import re
import secrets
import string
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sandbox.api.refusals import missing, refused
from sandbox.api.requests import Request
from sandbox.api.signing import (
    ACS3,
    acs3_signature,
    acs3_string,
    canonical_request,
    roa_signature,
    roa_string,
    rpc_signature,
    rpc_string,
)
from sandbox.cloud import CloudError, Store

__all__ = ["Callers", "Key", "root_key"]

_SETTING: Final = "access_key"
_LETTERS: Final = string.ascii_letters + string.digits
_PREFIX: Final = "LTAI"
_ID_LETTERS, _SECRET_LETTERS = 20, 30
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_DATE: Final = "%a, %d %b %Y %H:%M:%S GMT"
"""As HTTP writes it."""

_SECONDS: Final = 15 * 60
"""How far a call's time may be from ours, and for how long its nonce is remembered."""

_AUTHORIZATION: Final = re.compile(
    rf"{ACS3} *Credential=(?P<id>[^,]+), *SignedHeaders=(?P<signed>[^,]+), *Signature=(?P<is>\S+)"
)


class Key(NamedTuple):
    """An access key pair."""

    id: str
    secret: str


def root_key(store: Store) -> Key:
    """The key pair of the account itself."""
    with store.database.transaction():
        kept: list[str] | None = store.database.setting(_SETTING)
        if kept is None:
            kept = [_PREFIX + _drawn(_ID_LETTERS), _drawn(_SECRET_LETTERS)]
            store.database.set_setting(_SETTING, kept)
    return Key(*kept)


def _drawn(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


class Callers:
    """Those who may call: a name for each access key."""

    def __init__(self, names: Mapping[Key, str], clock: Callable[[], float] = time.time) -> None:
        self._secrets = {key.id: (key.secret, name) for key, name in names.items()}
        self._clock = clock
        self._lock = threading.Lock()
        self._nonces: dict[str, float] = {}

    def of(self, request: Request) -> str:
        """The name of who signed a request.

        Raises:
            CloudError: nobody did, or not as the cloud wants it, or not now.
        """
        ways = {"RPC": self._of_rpc, "ROA": self._of_roa, "ACS3": self._of_acs3}
        return ways[request.signed_as](request)

    def _of_rpc(self, request: Request) -> str:
        said = request.common
        for name in ("AccessKeyId", "Signature", "SignatureNonce", "Timestamp"):
            if not said.get(name.lower()):
                raise missing(name)
        method = said.get("signaturemethod", "HMAC-SHA1")
        if method != "HMAC-SHA1" or said.get("signatureversion", "1.0") != "1.0":
            raise refused("UnsupportedSignatureMethod", "HMAC-SHA1, version 1.0, is.")
        secret, name = self._known(said["accesskeyid"])
        self._check_time(said["timestamp"])
        expected = rpc_string(request.method, request.sent)
        if not _same(rpc_signature(secret, expected), said["signature"]):
            raise CloudError(
                "SignatureDoesNotMatch",
                "Specified signature is not matched with our calculation. "
                f"server string to sign is:{expected}",
            )
        self._check_nonce(said["accesskeyid"], said["signaturenonce"])
        return name

    def _of_roa(self, request: Request) -> str:
        headers = request.headers
        _check_headers(headers, "Date", "x-acs-signature-nonce")
        if headers.get("x-acs-signature-method", "HMAC-SHA1") != "HMAC-SHA1":
            raise refused("UnsupportedSignatureMethod", "HMAC-SHA1, version 1.0, is.")
        identity, _, signature = headers["authorization"].removeprefix("acs ").partition(":")
        secret, name = self._known(identity)
        self._check_time(headers["date"], _DATE)
        expected = roa_string(request.method, request.path, request.query, headers)
        if not _same(roa_signature(secret, expected), signature):
            raise CloudError(
                "SignatureDoesNotMatch",
                "Specified signature is not matched with our calculation. "
                f"server string to sign is:{expected}",
            )
        self._check_nonce(identity, headers["x-acs-signature-nonce"])
        return name

    def _of_acs3(self, request: Request) -> str:
        headers = request.headers
        _check_headers(headers, "Authorization", "x-acs-date", "x-acs-signature-nonce")
        found = _AUTHORIZATION.fullmatch(headers["authorization"])
        if found is None:
            raise refused("UnsupportedSignatureMethod", f"{ACS3} is.")
        secret, name = self._known(found["id"])
        self._check_time(headers["x-acs-date"])
        signed = found["signed"].lower().split(";")
        canonical = canonical_request(
            request.method, request.path, request.query, headers, signed, request.body
        )
        digest = headers.get("x-acs-content-sha256", "")
        is_whole = _same(digest, hashlib.sha256(request.body).hexdigest())
        expected = acs3_string(canonical)
        if not is_whole or not _same(acs3_signature(secret, expected), found["is"]):
            raise CloudError(
                "SignatureDoesNotMatch",
                "Specified signature does not match our calculation. "
                f"server string to sign is:{expected}, server canonical request is:{canonical}",
            )
        self._check_nonce(found["id"], headers["x-acs-signature-nonce"])
        return name

    def _known(self, identity: str) -> tuple[str, str]:
        try:
            return self._secrets[identity]
        except KeyError:
            raise refused("InvalidAccessKeyId.NotFound") from None

    def _check_time(self, text: str, form: str = _TIME) -> None:
        try:
            at = datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise refused("InvalidTimeStamp.Format") from None
        if abs(self._clock() - at) > _SECONDS:
            raise refused("InvalidTimeStamp.Expired")

    def _check_nonce(self, identity: str, nonce: str) -> None:
        """Refuse a call that was heard before; whoever couldn't sign it uses no nonce up."""
        now, mark = self._clock(), f"{identity}:{nonce}"
        with self._lock:
            # Oldest first: each is put in when it is used, and a call's time has run out when its
            # nonce is forgotten.
            while self._nonces:
                oldest = next(iter(self._nonces))
                if now - self._nonces[oldest] <= 2 * _SECONDS:
                    break
                del self._nonces[oldest]
            if mark in self._nonces:
                raise refused("SignatureNonceUsed")
            self._nonces[mark] = now


def _check_headers(headers: Mapping[str, str], *needed: str) -> None:
    for header in needed:
        if not headers.get(header.lower()):
            raise missing(header)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
