"""Recovery from a run that didn't end: what a person would do by hand, done on the sandbox.

A killed run leaves two things: the lock of the state, and "pending operations", which are calls
whose end the state never saw. A create among them may or may not have happened in the cloud.
Forgetting it could leave an address behind that nobody knows and everybody pays; repeating it could
make a second one. So each is looked up in the cloud: what is there is kept, what isn't is
forgotten, and a refresh makes the state true. A state that the engine can't load any more is worse:
where something stands in it twice, that is settled (`tools.settle`); what else keeps it from being
loaded (`stack.whole_state`) can't be, and the latest file that can be is put in its place.
`docs/recovery.md` says how to do the same in a real account.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sandbox.accounts import is_readable
from sandbox.cloud import Store
from sandbox.driver import Driver
from sandbox.paths import Paths
from sandbox.provider.quirks import pulumi_id
from stack.pulumi_wire import name_of
from stack.whole_state import CREATING, pending_creates, settled, undoubled


def lock_owners(locks: Path) -> Iterator[int]:
    """Process ids of live runs that hold the state's lock."""
    for file in locks.rglob("*.json"):
        try:
            process = int(json.loads(file.read_text(encoding="utf-8"))["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # half-written by a killed run, or gone meanwhile
        if _is_alive(process):
            yield process


def unlock_and_settle(driver: Driver, region: str) -> list[str]:
    """Unlock the state and settle what was pending; returns what was done, a line each."""
    driver.unlock()
    deployment, done = undoubled(driver.deployment())
    done += [
        f"{name_of(operation['resource']['urn'])}: was being changed; read again from the cloud"
        for operation in deployment.get("pending_operations") or ()
        if operation["type"] != CREATING
    ]
    found: dict[str, str] = {}
    for urn in pending_creates(deployment):
        made = _made_in_cloud(driver, region, urn)
        if made is None:
            done.append(f"{name_of(urn)}: had not been created; forgotten")
        else:
            found[urn] = made
            done.append(f"{name_of(urn)}: had been created as {made}; kept")
    driver.replace_deployment(settled(deployment, found))
    driver.refresh()
    return done


def at_work(paths: Paths) -> str | None:
    """That another run is at work on the stack, if one is."""
    busy = ", ".join(map(str, lock_owners(paths.locks)))
    if not busy:
        return None
    return f"Another run is at work on this stack (process {busy}). Wait for it, or end it first."


def put_back_readable(paths: Paths) -> list[str]:
    """Put the latest state that can be read in the place of one that can't; says so, if it did.

    The file that can't be read is kept beside it.
    """
    state = paths.checkpoint
    if not state.exists() or is_readable(state):
        return []
    kept = paths.state / ".pulumi"
    earlier = [
        *(kept / "backups").rglob(f"{paths.target.stack}.*.json"),
        *(kept / "history").rglob(f"{paths.target.stack}-*.checkpoint.json"),
    ]
    earlier.sort(key=lambda file: file.stat().st_mtime, reverse=True)
    for file in (state.with_name(f"{state.name}.bak"), *earlier):
        if file.exists() and is_readable(file):
            unreadable = state.with_name(f"{state.name}.unreadable")
            state.replace(unreadable)
            shutil.copyfile(file, state)
            return [f"The state can't be read ({unreadable}); the one in {file.name} is used."]
    return []


def _made_in_cloud(driver: Driver, region: str, urn: str) -> str | None:
    """The id of what a create made, where it did; the call log is the sandbox's ActionTrail."""
    with closing(Store(driver.paths.cloud)) as store:
        existing = {resource.id: pulumi_id(resource) for resource in store.all(region=region)}
        for call in reversed(store.calls("create")):
            if call.key == urn and call.id in existing:
                return existing[call.id]
    return None


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return True  # no such file system here, or not for us to read
    # Killed, and still listed because nobody has asked how it ended.
    return status.rpartition(")")[2].split()[0] != "Z"
