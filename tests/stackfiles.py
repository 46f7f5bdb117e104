"""Stack files for tests: the dev stack as text, with one edit, and what is wrong with it then."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.problems import Problem, StackFileError
from stack.settings import StackSettings
from stack.stack_file import StackFile
from topologies import TOPOLOGIES

FILE = Path("Pulumi.dev.yaml")
NAMESPACE = "alicloud-gateways"

Edit = Callable[[dict[str, Any]], object]

DEV = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: shared-bandwidth
  alicloud-gateways:tags: {project: alicloud-gateways, env: dev}
  alicloud-gateways:network:
    vpc: {cidr: 192.168.0.0/16}
    vswitches:
      apps: {cidr: 192.168.1.0/24, zone: cn-shanghai-a}
    hosts:
      ecs1: {ip: 192.168.1.1, vswitch: apps, instanceId: i-1}
      ecs2: {ip: 192.168.1.2, vswitch: apps}
      ecs3: {ip: 192.168.1.3, vswitch: apps, instanceId: i-3}
      ecs4: {ip: 192.168.1.4, vswitch: apps, instanceId: i-4}
      ecs5: {ip: 192.168.1.5, vswitch: apps, instanceId: i-5}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 150
    natGateway: {name: MyNatGW, description: My first NAT Gateway, vswitch: apps}
    publicIps:
      ip1: {}
      ip3: {}
      ip5: {spare: true}
      ip6: {}
    portMappings:
      app1: {publicIp: ip1, host: ecs1, acknowledged: true}
      web: {publicIp: ip3, port: 80, protocol: tcp, host: ecs3, hostPort: 80}
      web-tls: {publicIp: ip3, port: 443, protocol: tcp, host: ecs4, hostPort: 443}
    egress:
      apps: {vswitch: apps, publicIps: [ip6]}
"""


def loaded(text: str) -> Any:
    """The values of a YAML text, read by libyaml: ten times as fast as in Python."""
    return yaml.load(text, yaml.CSafeLoader)


def dumped(values: object) -> str:
    """YAML of these values, their order kept and each on one line."""
    return yaml.dump(values, Dumper=yaml.CSafeDumper, sort_keys=False, width=10_000)


def dev_stack(edit: Edit | None = None) -> str:
    """The dev stack as text; `edit` changes its settings, keyed without the namespace."""
    document: dict[str, Any] = loaded(DEV)
    config = document["config"]
    settings = {key.removeprefix(f"{NAMESPACE}:"): value for key, value in config.items()}
    if edit is not None:
        edit(settings)
    document["config"] = {
        key if ":" in key else f"{NAMESPACE}:{key}": value for key, value in settings.items()
    }
    return dumped(document)


def settings_of(text: str, stack: str = "dev") -> StackSettings:
    """The settings that a stack file's text holds."""
    file = YamlFile(FILE, text)
    return StackFile(Source.of(file), stack, TOPOLOGIES).settings


def problems_of(text: str, stack: str = "dev") -> tuple[Problem, ...]:
    """What is wrong with a stack file's text; nothing where it is accepted."""
    try:
        settings_of(text, stack)
    except StackFileError as error:
        return error.problems
    return ()


def warnings_of(text: str, stack: str = "dev") -> tuple[Problem, ...]:
    """What an accepted stack file is warned about."""
    return settings_of(text, stack).warnings


def only_problem(edit: Edit) -> Problem:
    """The one problem that an edit of the dev stack makes."""
    problems = problems_of(dev_stack(edit))
    assert len(problems) == 1, problems
    return problems[0]


def where(problem: Problem) -> str:
    """A problem's path as one word: sharedBandwidth.egress.apps.publicIps.0."""
    return ".".join(str(part) for part in problem.path)


def line_of(text: str, needle: str, nth: int = 1) -> int:
    """The number of the nth line that contains `needle`."""
    found = [number for number, line in enumerate(text.splitlines(), 1) if needle in line]
    return found[nth - 1]


def refused(place: str, **entries: object) -> list[tuple[str, object]]:
    """Where the dev stack is refused, and with which values, when `place` gets more entries."""
    return [(where(p), p.value) for p in problems_of(edited(place, **entries))]


def edited(place: str, **entries: object) -> str:
    def edit(settings: dict[str, Any]) -> None:
        for part in filter(None, place.split(".")):
            settings = settings[part]
        settings.update(entries)

    return dev_stack(edit)


def one(place: str, **entries: object) -> tuple[str, str, str]:
    """The one problem of the dev stack when `place` gets more entries: where, rule, remedy."""
    text = edited(place, **entries)
    found = problems_of(text)
    assert len(found) == 1, found
    (problem,) = found
    assert problem.line is not None
    written = text.splitlines()[problem.line - 1]
    # The very key; what isn't there has the line of what should hold it.
    keys = problem.path[-1:] if problem.value is not None else problem.path[-2:]
    assert any("- " in written if isinstance(k, int) else f"{k}:" in written for k in keys), written
    return where(problem), problem.rule, problem.remedy
