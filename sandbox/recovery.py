"""Recovery from a run that was killed: what a person would do by hand, done on the sandbox.

A killed run leaves two things: the lock of the state, and "pending operations", which are calls
whose end the state never saw. A create among them may or may not have happened in the cloud.
Forgetting it could leave an address behind that nobody knows and everybody pays; repeating it could
make a second one. So each is looked up in the cloud: what is there is imported, what isn't is
forgotten, and a refresh makes the state true. `docs/recovery.md` says how to do the same in a real
account.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from sandbox.cloud.store import Store
from sandbox.driver import Driver
from sandbox.provider.identity import pulumi_id


def lock_owners(locks: Path) -> Iterator[int]:
    """Process ids of live runs that hold the state's lock."""
    for file in locks.rglob("*.json"):
        try:
            process = int(json.loads(file.read_text(encoding="utf-8"))["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # half-written by a killed run, or gone meanwhile
        if _is_alive(process):
            yield process


def recover(driver: Driver) -> list[str]:
    """Unlock the state and settle what was pending; returns what was done, a line each."""
    done: list[str] = []
    driver.stack.cancel()
    arguments: list[str] = []
    for operation in driver.pending_operations():
        urn = str(operation["resource"]["urn"])
        name = urn.rsplit("::", 1)[-1]
        if operation["type"] != "creating":
            done.append(f"{name}: was being changed; read again from the cloud")
            continue
        made = _made_in_cloud(driver, urn)
        if made is None:
            done.append(f"{name}: had not been created; forgotten")
        else:
            arguments += ["--import-pending-creates", urn, "--import-pending-creates", made]
            done.append(f"{name}: had been created as {made}; imported")
    driver.run("refresh", "--yes", "--clear-pending-creates", *arguments)
    return done


def _made_in_cloud(driver: Driver, urn: str) -> str | None:
    """The id of what a create made, where it did; the call log is the sandbox's ActionTrail."""
    store = Store(driver.paths.cloud)
    try:
        existing = {resource.id: pulumi_id(resource) for resource in store.all()}
        for call in reversed(store.calls("create")):
            if call.key == urn and call.id in existing:
                return existing[call.id]
    finally:
        store.close()
    return None


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
