"""The keys of who takes a role for a while.

A session isn't kept anywhere. Its token says what it is, sealed with a secret of the account's, and
its key's secret follows from the key's id and that secret: so nothing is left over when it ends.
"""

import base64
import hashlib
import hmac
import json
from typing import Final, NamedTuple

from sandbox.api.refusals import missing, refused
from sandbox.cloud.ram.users import new_secret

__all__ = ["Claims", "Credentials", "Sessions"]

_SESSION: Final = "STS."
_ID_LETTERS, _SECRET_LETTERS = 20, 30


class Claims(NamedTuple):
    """What a session is."""

    key: str
    role: str
    name: str
    until: float
    policy: str
    """What narrows the role's rights; nothing where it is empty."""


class Credentials(NamedTuple):
    """What a session's calls are signed with."""

    id: str
    secret: str
    token: str


class Sessions:
    """Makes sessions of roles, and recognizes them.

    Args:
        seal: a secret of the account's.
    """

    def __init__(self, seal: str) -> None:
        self._seal = seal

    @staticmethod
    def has(identity: str) -> bool:
        """Whether a key is a session's, by its id."""
        return identity.startswith(_SESSION)

    def begun(self, role: str, name: str, until: float, policy: str) -> Credentials:
        """A new session of a role.

        Args:
            role: which.
            name: what the caller calls it.
            until: when it ends, in seconds since the epoch.
            policy: what narrows the role's rights.
        """
        identity = _SESSION + new_secret(_ID_LETTERS)
        claims = json.dumps(Claims(identity, role, name, until, policy))
        body = base64.b64encode(claims.encode()).decode()
        return Credentials(identity, self.secret(identity), f"{body}.{self._sealed(body)}")

    def secret(self, identity: str) -> str:
        """The secret of a session's key."""
        return self._sealed(f"secret of {identity}")[:_SECRET_LETTERS]

    def opened(self, identity: str, token: str, now: float) -> Claims:
        """What a session is, by its token.

        Raises:
            CloudError: the token is none of ours, another key's, or has run out.
        """
        if not token:
            raise missing("SecurityToken")
        body, _, seal = token.rpartition(".")
        if not hmac.compare_digest(seal.encode(), self._sealed(body).encode()):
            raise refused("InvalidSecurityToken.Malformed")
        claims = Claims(*json.loads(base64.b64decode(body)))
        if claims.key != identity:
            raise refused("InvalidSecurityToken.MismatchWithAccessKey")
        if claims.until <= now:
            raise refused("InvalidSecurityToken.Expired")
        return claims

    def _sealed(self, text: str) -> str:
        return hmac.new(self._seal.encode(), text.encode(), hashlib.sha256).hexdigest()
