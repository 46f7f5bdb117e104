"""Who calls: access keys, and whether a call was signed with one, just now and for the first time.

An account has a key pair of its own. It is drawn when it is first asked for and kept in the store,
so that it stays the same from one `make cloud` to the next. Users of the account have keys, and who
takes a role has one for a while.
"""

import base64
import hashlib
import hmac
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

from sandbox.api.refusals import missing, refused
from sandbox.api.requests import Request
from sandbox.api.sessions import Claims, Sessions
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
from sandbox.cloud import ACCOUNT_ID, CloudError, Store
from sandbox.cloud.core import Session
from sandbox.cloud.core.ids import role_arn
from sandbox.cloud.ram import Rights, documents_of
from sandbox.cloud.ram.documents import parsed
from sandbox.cloud.ram.users import new_secret, user_arn

__all__ = ["ROOT", "Caller", "Callers", "Key", "root_key"]

_SETTING: Final = "access_key"
_PREFIX: Final = "LTAI"
_ID_LETTERS: Final = 20
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_DATE: Final = "%a, %d %b %Y %H:%M:%S GMT"
"""As HTTP writes it."""

_ARN: Final = "acs:PrincipalARN"
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
            kept = [_PREFIX + new_secret(_ID_LETTERS), new_secret()]
            store.database.set_setting(_SETTING, kept)
    return Key(*kept)


@dataclass(frozen=True)
class Caller:
    """Who made a call."""

    name: str
    """As the log has it."""

    sort: Literal["Account", "RAMUser", "AssumedRoleUser"]
    arn: str
    id: str
    """The account's, the user's or the role's."""

    session: str = ""
    """What a session of a role is called."""

    rights: Rights | None = None
    """What the caller may do; everything without."""


ROOT: Final = Caller("root", "Account", f"acs:ram::{ACCOUNT_ID}:root", ACCOUNT_ID)
"""The account itself."""


class Callers:
    """Those who may call one account.

    Args:
        store: the account's cloud, with its users, roles and their policies.
        clock: what says now.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._root = root_key(store)
        self._sessions = Sessions(self._root.secret)
        self.clock = clock
        self._lock = threading.Lock()
        self._nonces: dict[str, float] = {}

    def of(self, request: Request) -> Caller:
        """Who signed a request.

        Raises:
            CloudError: nobody did, or not as the cloud wants it, or not now.
        """
        ways = {"RPC": self._of_rpc, "ROA": self._of_roa, "ACS3": self._of_acs3}
        return self._whose(ways[request.signed_as](request), request)

    def _of_rpc(self, request: Request) -> str:
        said = request.common
        _check_given(said, "AccessKeyId", "Signature", "SignatureNonce", "Timestamp")
        method = said.get("signaturemethod", "HMAC-SHA1")
        if method != "HMAC-SHA1" or said.get("signatureversion", "1.0") != "1.0":
            raise refused("UnsupportedSignatureMethod", "HMAC-SHA1, version 1.0, is.")
        secret, identity = self._known(said["accesskeyid"])
        self._check_time(said["timestamp"])
        expected = rpc_string(request.method, request.sent)
        if not _same(rpc_signature(secret, expected), said["signature"]):
            raise _differs(expected)
        self._check_nonce(said["accesskeyid"], said["signaturenonce"])
        return identity

    def _of_roa(self, request: Request) -> str:
        headers = request.headers
        _check_given(headers, "Date")
        if headers.get("x-acs-signature-method", "HMAC-SHA1") != "HMAC-SHA1":
            raise refused("UnsupportedSignatureMethod", "HMAC-SHA1, version 1.0, is.")
        key, _, signature = headers["authorization"].removeprefix("acs ").partition(":")
        secret, identity = self._known(key)
        self._check_time(headers["date"], _DATE)
        body = base64.b64encode(hashlib.md5(request.body, usedforsecurity=False).digest()).decode()
        is_whole = _same(headers.get("content-md5", body), body)
        expected = roa_string(request.method, request.path, request.query, headers)
        if not is_whole or not _same(roa_signature(secret, expected), signature):
            raise _differs(expected)
        # The `aliyun` command line sends none with such a call, and the cloud takes it.
        if nonce := headers.get("x-acs-signature-nonce"):
            self._check_nonce(identity, nonce)
        return identity

    def _of_acs3(self, request: Request) -> str:
        headers = request.headers
        _check_given(headers, "Authorization", "x-acs-date", "x-acs-signature-nonce")
        found = _AUTHORIZATION.fullmatch(headers["authorization"])
        if found is None:
            raise refused("UnsupportedSignatureMethod", f"{ACS3} is.")
        secret, identity = self._known(found["id"])
        self._check_time(headers["x-acs-date"])
        signed = found["signed"].lower().split(";")
        if unsigned := sorted({it for it in headers if it.startswith("x-acs-")}.difference(signed)):
            raise refused("IncompleteSignature", f"It leaves out {', '.join(unsigned)}.")
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
        return identity

    def _known(self, identity: str) -> tuple[str, str]:
        """The secret of a key, and the key's own id, by which `_whose` says who has it."""
        if identity == self._root.id:
            return self._root.secret, identity
        if Sessions.has(identity):
            return self._sessions.secret(identity), identity
        key = self._store.look("ram_access_key", identity)
        if key is None or not key["secret"]:  # of one that a state tells, the secret isn't known
            raise refused("InvalidAccessKeyId.NotFound")
        if key["status"] != "Active":
            raise refused("InvalidAccessKeyId.Inactive")
        return key.text("secret"), identity

    def _whose(self, identity: str, request: Request) -> Caller:
        if identity == self._root.id:
            return ROOT
        conditions = {
            "acs:CurrentTime": datetime.fromtimestamp(self.clock(), UTC).strftime(_TIME),
            "acs:SourceIp": request.peer,
            "acs:SecureTransport": str(request.is_secure).lower(),
        }
        if Sessions.has(identity):
            claims = self._sessions.opened(identity, request.security_token, self.clock())
            return self._store.view(lambda session: _in_role(session, claims, conditions))
        return self._store.view(lambda session: _user(session, identity, conditions))

    def _check_time(self, text: str, form: str = _TIME) -> None:
        try:
            at = datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise refused("InvalidTimeStamp.Format") from None
        if abs(self.clock() - at) > _SECONDS:
            raise refused("InvalidTimeStamp.Expired")

    def _check_nonce(self, identity: str, nonce: str) -> None:
        """Refuse a call that was heard before; whoever couldn't sign it uses no nonce up."""
        now, mark = self.clock(), f"{identity}:{nonce}"
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


def _check_given(said: Mapping[str, str], *needed: str) -> None:
    """Refuse a call without these, among parameters or headers by their names in small letters."""
    for name in needed:
        if not said.get(name.lower()):
            raise missing(name)


def _differs(expected: str) -> CloudError:
    """The refusal of a signature with HMAC-SHA1."""
    return CloudError(
        "SignatureDoesNotMatch",
        "Specified signature is not matched with our calculation. "
        f"server string to sign is:{expected}",
    )


def _user(session: Session, key: str, conditions: Mapping[str, str]) -> Caller:
    name = session.need("ram_access_key", key).text("user_name")
    if not name:  # the account's own
        return ROOT
    (user,) = session.find("ram_user", name=name)
    arn = user_arn(name)
    rights = Rights(
        documents_of(session, "user", name), who=name, context={**conditions, _ARN: arn}
    )
    return Caller(name, "RAMUser", arn, user.id, rights=rights)


def _in_role(session: Session, claims: Claims, conditions: Mapping[str, str]) -> Caller:
    """Whoever took a role; one that is gone by now allows nothing any more."""
    role = session.get("ram_role", claims.role)
    arn = f"acs:ram::{ACCOUNT_ID}:assumed-role/{claims.role.lower()}/{claims.name}"
    context = {**conditions, _ARN: role_arn(claims.role)}
    rights = Rights(
        documents_of(session, "role", role.id) if role else (),
        (parsed(claims.policy),) if claims.policy else None,
        who=f"{claims.role}/{claims.name}",
        context=context,
    )
    identity = role.text("role_id") if role else ""
    name = f"{claims.role}/{claims.name}"
    return Caller(name, "AssumedRoleUser", arn, identity, claims.name, rights)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
