"""Calling the cloud as the real provider does: with retries where it retries, and only there.

A create or delete that meets `OperationConflict`, `TaskConflict`, a VPN gateway that is being
configured or an EIP that is bound elsewhere is tried again; throttling and lost answers are tried
again with the same client token. Everything else fails at once, so that an edge missing between two
resources shows instead of hiding behind minutes of retries.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from facts.calls import Operation
from sandbox.cloud import CloudError, LostAnswerError, Resource, Store
from sandbox.provider.ram_check import RamCheck

__all__ = ["Client"]

_Answer = TypeVar("_Answer")

# Seconds. The real provider waits five between two tries; the sandbox's entries take 0.02.
_FIRST_WAIT = 0.01
_LONGEST_WAIT = 0.2
_PATIENCE = 60.0
_EIP_PATIENCE = 5.0
"""Who has an EIP lets go of it in the same update, or not at all; the real one waits 5 minutes."""

_CONFLICTS = {
    "OperationConflict": _PATIENCE,
    "TaskConflict": _PATIENCE,
    "VpnGateway.Configuring": _PATIENCE,
    "IncorrectEipStatus": _EIP_PATIENCE,
}
_UNDER_WAY = {"Pending", "Deleting"}


class Client:
    """One region's cloud, as one provider instance sees it.

    Args:
        store: the cloud.
        region: the instance's.
        patience: for how many seconds conflicts are tried again.
        ram: says which calls the provider's identity may make; any without one.
    """

    def __init__(
        self, store: Store, region: str, patience: float = _PATIENCE, ram: RamCheck | None = None
    ) -> None:
        self._store = store
        self._region = region
        self._patience = patience
        self._ram = ram

    def _allowed(
        self, operation: Operation, kind: str, identity: str, asked: Mapping[str, Any]
    ) -> None:
        """Refuse what the provider's identity may not do, before the cloud is asked."""
        if self._ram is not None:
            about = self._store.look(kind, identity, region=self._region) if identity else None
            self._ram.check(operation, kind, self._region, identity, about, asked)

    def create(self, kind: str, wanted: Mapping[str, Any], urn: str) -> Resource:
        """Make a resource and wait until it is there."""
        self._allowed("create", kind, "", wanted)
        token = str(uuid4())
        made = self._persist(
            lambda: self._store.create(kind, wanted, region=self._region, token=token, key=urn),
            conflicts=True,
        )
        return self._settled(made, urn) or made

    def read(self, kind: str, identity: str, urn: str) -> Resource | None:
        self._allowed("read", kind, identity, {})
        return self._persist(
            lambda: self._store.read(kind, identity, region=self._region, key=urn),
            conflicts=False,
        )

    def update(self, kind: str, identity: str, changes: Mapping[str, Any], urn: str) -> Resource:
        """Change a resource and wait until it is done. A conflict isn't retried here."""
        self._allowed("update", kind, identity, changes)
        changed = self._persist(
            lambda: self._store.update(kind, identity, changes, region=self._region, key=urn),
            conflicts=False,
        )
        return self._settled(changed, urn) or changed

    def delete(self, kind: str, identity: str, urn: str, *, force: bool) -> None:
        """Delete a resource and wait until it is gone; one that is gone already is fine."""
        self._allowed("delete", kind, identity, {})
        try:
            self._persist(
                lambda: self._store.delete(
                    kind, identity, region=self._region, force=force, key=urn
                ),
                conflicts=True,
            )
        except CloudError as refusal:
            # An attachment that is gone answers with a code of its own.
            if not refusal.is_not_found and refusal.code != "OperationUnsupported.IpNotInCbwp":
                raise
            return
        if left := self.read(kind, identity, urn):
            self._settled(left, urn)

    def _settled(self, resource: Resource, urn: str) -> Resource | None:
        """Poll until a change that is under way has ended."""
        found: Resource | None = resource
        while found is not None and found["status"] in _UNDER_WAY:
            time.sleep(max(found.until - time.time(), 0.001))
            found = self.read(found.kind, found.id, urn)
        return found

    def _persist(self, call: Callable[[], _Answer], *, conflicts: bool) -> _Answer:
        wait, began = _FIRST_WAIT, time.monotonic()
        while True:
            try:
                return call()
            except LostAnswerError:
                if time.monotonic() > began + self._patience:
                    raise
            except CloudError as refusal:
                patience = _CONFLICTS.get(refusal.code, 0.0) if conflicts else 0.0
                if refusal.code.startswith("Throttling"):
                    patience = self._patience
                if not patience or time.monotonic() > began + min(patience, self._patience):
                    raise
            time.sleep(wait)
            wait = min(wait * 1.5, _LONGEST_WAIT)
