"""Rehearsals: of one of the sandbox's stacks, before anything is done to it, or of an account's.

The latter is a stack that the `pulumi` on the PATH knows. Its state and its secrets are asked of
that CLI, whoever keeps and encrypts them, and stay in memory. What the copy keeps on disk is
encrypted anew, by a passphrase that is made up for the run and known to nobody afterwards: the
engine reads the copy without the stack's own key.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from judging.preview import SECRET
from sandbox.accounts import Held, held_by_others
from sandbox.cloud import DEFAULT_REGION, Store
from sandbox.engine import find_engine
from sandbox.paths import Paths
from sandbox.rehearsal.existing import existing, remembered
from sandbox.rehearsal.rehearsing import NotRehearsedError, Rehearsed, Subject, rehearsed
from sandbox.rehearsal.telling import told
from stack.command_line import rehearses, tell
from stack.file.references import Outputs
from stack.file.yaml_file import YamlFile
from stack.secrets import secret_paths
from stack.settings import StackSettings
from stack.stack_file import StackFile
from tools.pipeline.engine import Engine
from tools.sandbox.running import ChangeRefusedError
from topologies import TOPOLOGIES

__all__ = [
    "have_as_said",
    "rehearsal_of",
    "rehearsal_of_account",
    "rehearse_first",
]


def rehearse_first(held: Held, file: StackFile, engine: Path) -> bool:
    """Stop what would end badly, unless nobody wants to know.

    Where faults are asked for nothing is rehearsed: they are for seeing failures.

    Returns:
        Whether it is known that there is nothing to do, in the state either.

    Raises:
        ChangeRefusedError: it would; with the step, the reason and what to do instead.
    """
    if not rehearses():
        return False
    with closing(Store(held.paths.cloud)) as store:
        is_to_fail = store.faults.are_asked_for
    if is_to_fail:
        tell("Not rehearsed: faults are asked for.")
        return False
    try:
        found = rehearsal_of(held, file, engine)
    except NotRehearsedError as reason:
        tell(f"Not rehearsed: {reason}.")
        return False
    if not found.ends_well:
        raise ChangeRefusedError(told(found))
    if found.steps:
        tell(told(found))
    return found.changes_nothing


def rehearsal_of(held: Held, file: StackFile, engine: Path) -> Rehearsed:
    """How an update of a stack would end.

    Raises:
        NotRehearsedError: it can't be rehearsed.
    """
    paths = held.paths
    with closing(Store(paths.cloud)) as store:
        quotas = store.quotas
    subject = Subject(
        paths,
        file.settings,
        held.deployment(),
        region=file.settings.region or DEFAULT_REGION,
        outputs=file.outputs,
        quotas={**raised_quotas(file.settings), **quotas},
    )
    return rehearsed(subject, engine)


_QUOTAS: Final[Mapping[str, str]] = {
    "dnat_entries_per_gateway": "forward_entries_per_table",
    "snat_entries_per_gateway": "snat_entries_per_table",
    "eips_per_gateway": "eips_per_nat_gateway",
    "eips_per_account": "eips_per_region",
    "api_apps_per_account": "api_apps_per_region",
    **{
        name: name
        for name in (
            "eips_per_bandwidth_package",
            "vswitches_per_vpc",
            "rules_per_security_group",
            "api_groups_per_region",
            "api_groups_without_domain",
            "apis_per_group",
            "api_plugins_per_region",
        )
    },
}
"""The stack file's words for quotas, and the simulated cloud's."""

_CARDS: Final = 100
"""How many network cards an instance takes: as many as its type, which the rules have judged by."""


def raised_quotas(settings: StackSettings) -> dict[str, int]:
    """The simulated cloud's quotas that the stack file says were raised."""
    quotas = settings.common.quotas
    return {
        ours: getattr(quotas, name)
        for name, ours in _QUOTAS.items()
        if name in quotas.model_fields_set
    }


def have_as_said(held: Held, settings: StackSettings) -> None:
    """Have in the sandbox's cloud what the stack file says of the account: ids, and quotas.

    What stacks of the account have is there, or was deleted behind their backs: nothing is added.
    """
    own = [*remembered(held.deployment(), settings.region or DEFAULT_REGION)]
    taken = {*held_by_others(held.paths), *(one.id for one in own)}
    with closing(Store(held.paths.cloud)) as cloud:
        cloud.raise_quotas(raised_quotas(settings))
        new = [
            one.id
            for one in existing(settings, own)
            if one.id not in taken
            and cloud.assume(one.kind, one.id, one.attributes, region=one.region)
        ]
    if new:
        tell(f"Taken as existing, as the stack file says: {', '.join(new)}.")


def rehearsal_of_account(paths: Paths) -> Rehearsed:
    """How `pulumi up` of a stack would end.

    Args:
        paths: the stack's; nothing is written there.

    Raises:
        NotRehearsedError: it can't be rehearsed.
    """
    asked = Engine(paths.target.stack)
    deployment = _known(asked.state(decrypted=True), "its state can't be read")
    file = StackFile(paths.target.file, paths.target.stack, TOPOLOGIES)
    file = file.knowing({name: _outputs(name) for name in file.stacks})
    settings = file.settings
    subject = Subject(
        paths,
        settings,
        deployment,
        region=settings.region or DEFAULT_REGION,
        outputs=file.outputs,
        quotas=_quotas(settings),
        config=_config(asked, file.source.file),
    )
    return rehearsed(subject, find_engine(tell))


def _known(answer: dict[str, Any] | None, otherwise: str) -> dict[str, Any]:
    if answer is None:
        raise NotRehearsedError(otherwise)
    return answer


def _outputs(name: str) -> Outputs:
    values = _known(Engine(name).outputs(), f"the outputs of the stack {name} can't be read")
    return Outputs(values, frozenset(key for key, one in values.items() if one == SECRET))


def _config(asked: Engine, file: YamlFile) -> dict[str, str]:
    """What the stack file alone doesn't tell; most stack files tell everything."""
    keys = file.values if isinstance(file.values, dict) else {}
    if not any(secret_paths(keys)) and "environment" not in keys:
        return {}
    return _known(asked.config(), "its configuration can't be decrypted")


def _quotas(settings: StackSettings) -> dict[str, int]:
    stated = {ours: getattr(settings.common.quotas, name) for name, ours in _QUOTAS.items()}
    # Once a domain is bound there may be more, and the rules only warn of that.
    groups = {"api_groups_without_domain": settings.common.quotas.api_groups_per_region}
    return {**stated, **groups, "enis_per_instance": _CARDS}
