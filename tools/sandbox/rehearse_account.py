"""Rehearsals for a real account: of a stack that the `pulumi` on the PATH knows.

Its state and its secrets are asked of that CLI, whoever keeps and encrypts them, and stay in
memory. What the copy keeps on disk is encrypted anew, by a passphrase that is made up for the run
and known to nobody afterwards: the engine reads the copy without the stack's own key.
"""

from collections.abc import Mapping
from typing import Any, Final

from judging.preview import SECRET
from sandbox.cloud import DEFAULT_REGION
from sandbox.engine import find_engine
from sandbox.paths import Paths
from sandbox.rehearsal.rehearsing import NotRehearsedError, Rehearsed, Subject, rehearsed
from stack.command_line import tell
from stack.file.references import Outputs
from stack.file.yaml_file import YamlFile
from stack.secrets import secret_paths
from stack.settings import StackSettings
from stack.stack_file import StackFile
from tools.pipeline.engine import Engine
from topologies import TOPOLOGIES

__all__ = ["rehearsal_of_account"]

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
            "apis_per_group",
            "api_plugins_per_region",
        )
    },
}
"""The stack file's words for quotas, and the simulated cloud's."""

_CARDS: Final = 100
"""How many network cards an instance takes: as many as its type, which the rules have judged by."""


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
