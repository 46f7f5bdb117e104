"""`arguments`: each arrives at the resource of its section, and what can't is refused."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stack.arguments import Made, argument_problems
from stack.file.source import Source
from stack.file.tree import maps
from stack.file.yaml_file import YamlFile
from stack.model import fields_of, parts_of
from stack.problems import KeyPath, Problem, describe
from stack.settings import StackSettings
from stack.stack_file import StackFile
from tests.example_stacks import STACK_FILES
from tests.stackfiles import (
    FILE,
    NAMESPACE,
    dev_stack,
    dumped,
    loaded,
    only_problem,
    problems_of,
    where,
)
from tests.topologies.api_stacks import SECURE
from tests.topologies.cross_region import ATTACHMENTS, LINKS, basic_stack, branch, cross_stack
from tests.topologies.unified import put, shared_stack, unified_stack
from tools.schema import stack_schema
from topologies import TOPOLOGIES, chosen
from topologies.arguments import NAMES
from topologies.nat.settings import NatGatewaySettings
from topologies.recorder import SECRET, RecordedResource, record

PACKED = unified_stack(
    put("unifiedEgress", bandwidth=100),
    put("unifiedEgress.publicIps", egress={}, web1={}),
)
"""Addresses in a package of their own section."""

Texts = dict[Path, str]
Recorded = dict[str, RecordedResource]


@cache
def texts() -> Texts:
    """Stack files that have every kind of section, by where their code lies."""
    found = {path: path.read_text("utf-8") for path in STACK_FILES}
    return {**found, Path("packed.yaml"): PACKED, Path("vpn.yaml"): cross_stack(branch())}


def settings_of(path: Path, text: str) -> StackSettings:
    return StackFile(Source.of(YamlFile(path, text)), "dev", TOPOLOGIES).settings


def recorded(settings: StackSettings) -> Recorded:
    return {resource.name + resource.type: resource for resource in record(settings)}


def made(settings: StackSettings) -> Iterator[tuple[KeyPath, Made]]:
    sections = [((), settings.common), *(((t.section,), s) for t, s in chosen(settings))]
    for path, section in sections:
        for place, part in parts_of(section, path):
            if isinstance(part, Made):
                yield place, part


def shape_of(path: KeyPath) -> str:
    """The row of the table of names that a place belongs to."""
    (shape,) = (
        shape
        for shape in NAMES
        if len(parts := shape.split(".")) == len(path)
        and all(one in {"*", part} for one, part in zip(parts, path, strict=True))
    )
    return shape


def name_of(shape: str, path: KeyPath) -> str:
    """The name of the resource there: the last of the path's own names in the stars' places."""
    own = [str(part) for one, part in zip(shape.split("."), path, strict=True) if one == "*"]
    name = NAMES[shape]
    for part in own[len(own) - name.count("*") :]:
        name = name.replace("*", part, 1)
    return name


@cache
def everything() -> list[tuple[Path, KeyPath, Made, RecordedResource]]:
    """Every section that stands for a resource which its stack makes."""
    found: list[tuple[Path, KeyPath, Made, RecordedResource]] = []
    for file, text in texts().items():
        settings = settings_of(file, text)
        resources = recorded(settings)
        for path, section in made(settings):
            name = name_of(shape_of(path), path)
            resource = resources.get(name + section.makes.token)
            if resource is not None:
                found.append((file, path, section, resource))
    return found


@cache
def examples() -> dict[str, dict[str, Any]]:
    """What the schema offers for each kind of section, by the names that it takes."""
    found: dict[str, dict[str, Any]] = {}
    for path, part in maps(stack_schema()):
        if path and path[-1] == "arguments" and "propertyNames" in part:
            found[",".join(part["propertyNames"]["enum"])] = part["examples"][0]
    return found


def test_every_kind_of_section_with_arguments_has_a_resource_and_nothing_else_has() -> None:
    assert {shape_of(path) for _, path, _, _ in everything()} == set(NAMES)
    all_made = {
        type(part) for file, text in texts().items() for _, part in made(settings_of(file, text))
    }
    assert all_made == {type(section) for _, _, section, _ in everything()}


@pytest.mark.parametrize("shape", NAMES)
def test_arguments_arrive_at_the_resource_of_their_section_and_nowhere_else(shape: str) -> None:
    file, path, section, resource = next(one for one in everything() if shape_of(one[1]) == shape)
    example = examples()[",".join(sorted(section.makes.free))]
    document = loaded(texts()[file])
    place = document["config"]
    for part in (f"{NAMESPACE}:{path[0]}", *path[1:]):
        if place.get(part) is None:
            place[part] = {}
        place = place[part]
    place["arguments"] = example
    before = recorded(settings_of(file, texts()[file]))
    after = recorded(settings_of(file, dumped(document)))
    changed = [name for name in after if after[name] != before[name]]
    assert changed == [resource.name + resource.type]
    assert before.keys() == after.keys()
    (name,) = changed
    assert after[name].inputs == {**before[name].inputs, **example}


def test_what_components_pass_is_the_programs_own() -> None:
    passed = {
        (section.makes.name, argument)
        for _, _, section, resource in everything()
        for argument in (*resource.inputs, *resource.ignore_changes)
        if argument not in section.makes.owned
    }
    assert passed == set()


def test_what_the_program_owns_is_known_to_the_provider_and_said_by_keys_that_are_there() -> None:
    for _, path, section, _ in everything():
        inputs = {one.camel for one in section.makes.contract.inputs.values()}
        assert section.makes.owned <= inputs, path
        keys = {word for word in section.makes.said.values() if " " not in word}
        assert keys <= fields_of(type(section)).keys(), path


@pytest.mark.parametrize("shape", NAMES)
def test_every_argument_can_be_judged(shape: str) -> None:
    section = next(made for _, path, made, _ in everything() if shape_of(path) == shape)
    whole = section.model_copy(update={"arguments": dict.fromkeys(section.makes.free)})
    told = {problem.path[1] for problem in argument_problems(whole, ())}
    assert told == set(section.makes.free)


GATEWAY = "sharedBandwidth.natGateway"
HOST = "network.hosts.ecs1.instance"
CREATED = {"ip": "192.168.1.1", "vswitch": "apps"}
IMAGE = {"type": "ecs.g7.large", "image": "aliyun_3.vhd"}


def refused(place: str, **arguments: object) -> Problem:
    """The one problem that the dev stack has with arguments somewhere."""

    def edit(settings: dict[str, Any]) -> None:
        settings["network"]["hosts"]["ecs1"] = {**CREATED, "instance": {**IMAGE}}
        for part in place.split("."):
            settings = settings[part]
        settings["arguments"] = arguments

    problem = only_problem(edit)
    assert problem.line is not None
    assert where(problem).startswith(f"{place}.arguments")
    return problem


@pytest.mark.parametrize(
    ("arguments", "rule", "remedy"),
    [
        (
            {"acessMode": {"modeValue": "route"}},
            "acessMode is no argument that NatGateway takes",
            "did you mean accessMode?",
        ),
        (
            {"access_mode": {"modeValue": "route"}},
            "access_mode is no argument that NatGateway takes",
            "did you mean accessMode?",
        ),
        (
            {"status": "Available"},
            "status is no argument that NatGateway takes",
            f"use an argument that is defined: {', '.join(sorted(NatGatewaySettings.makes.free))}",
        ),
        (
            {"vswitchId": "vsw-1"},
            "vswitchId of NatGateway is the program's to set",
            "say it by vswitch",
        ),
        (
            {"tags": {"a": "b"}},
            "tags of NatGateway is the program's to set",
            "say it by the stack's tags",
        ),
        ({"natType": "Normal"}, "natType of NatGateway is the program's to set", "remove it"),
        ({"dryRun": True}, "dryRun of NatGateway is the program's to set", "remove it"),
        (
            {"name": "old"},
            "the provider is about to drop name of NatGateway",
            "use what takes its place",
        ),
        (
            {"eipBindMode": "NATT"},
            "eipBindMode of NatGateway must be one of MULTI_BINDED, NAT",
            "did you mean NAT?",
        ),
        (
            {"icmpReplyEnabled": "yes"},
            "icmpReplyEnabled of NatGateway must be true or false",
            "write true",
        ),
        (
            {"icmpReplyEnabled": "false"},
            "icmpReplyEnabled of NatGateway must be true or false",
            "write false, without quotes",
        ),
        (
            {"period": "3"},
            "period of NatGateway must be a whole number",
            "write 3, without quotes",
        ),
        (
            {"icmpReplyEnabled": None},
            "icmpReplyEnabled of NatGateway must be true or false",
            "write it as the provider takes it",
        ),
        (
            {"accessMode": "route"},
            "accessMode of NatGateway must be an object",
            "write it as the provider takes it",
        ),
        (
            {"accessMode": {"modeValu": "route"}},
            "accessMode.modeValu of NatGateway is not known; there are modeValue, tunnelType",
            "did you mean modeValue?",
        ),
        (
            {"accessMode": {"modeValue": 4}},
            "accessMode.modeValue of NatGateway must be a string",
            'write it in quotes: "4"',
        ),
    ],
)
def test_what_the_provider_or_the_program_doesnt_take_is_refused_with_what_to_do(
    arguments: dict[str, object], rule: str, remedy: str
) -> None:
    problem = refused(GATEWAY, **arguments)
    assert (problem.rule, problem.remedy) == (rule, remedy)


def test_a_list_of_an_argument_is_told_as_one() -> None:
    problem = refused("network.vpc", userCidrs="10.9.0.0/16, 10.8.0.0/16")
    assert problem.remedy == "write [10.9.0.0/16, 10.8.0.0/16]"


def test_what_an_object_needs_is_named() -> None:
    problem = refused(HOST, dataDisks=[{"category": "cloud_essd"}])
    assert where(problem) == f"{HOST}.arguments.dataDisks.0.size"
    assert problem.rule == "dataDisks.size of Instance is required"
    assert problem.remedy == "add size"


def test_arguments_that_exclude_each_other_or_what_the_program_sets_are_refused() -> None:
    problem = refused(HOST, ipv6AddressCount=1, spotStrategy="NoSpot", dedicatedHostId="dh-1")
    assert problem.rule == "Instance takes dedicatedHostId or spotStrategy, not both"
    eni = put("unifiedEgress.servers.web1.eni", arguments={"secondaryPrivateIpAddressCount": 2})
    (problem,) = problems_of(unified_stack(eni))
    assert problem.rule == (
        "EcsNetworkInterface takes secondaryPrivateIpAddressCount or privateIpAddresses, not both"
    )


def test_what_opens_a_public_door_that_nothing_would_show_is_no_argument() -> None:
    for name, value in {"internetMaxBandwidthOut": 5, "allocatePublicIp": True}.items():
        assert name in refused(HOST, **{name: value}).rule


@pytest.mark.parametrize(
    ("package", "addresses", "place", "named"),
    [
        ("BGP_PRO", {}, "bandwidthPackage", "ip1, ip3, ip5, ip6"),
        (None, {"ip3": "BGP_PRO"}, "publicIps.ip3", "ip3"),
        ("BGP_PRO", {"ip1": "BGP_PRO", "ip3": "BGP"}, "publicIps.ip3", "ip3, ip5, ip6"),
    ],
)
def test_a_package_and_its_addresses_are_of_one_line(
    package: str | None, addresses: dict[str, str], place: str, named: str
) -> None:
    def edit(settings: dict[str, Any]) -> None:
        section = settings["sharedBandwidth"]
        for name, line in addresses.items():
            section["publicIps"][name] = {"arguments": {"isp": line}}
        if package is not None:
            section["bandwidthPackage"] = {"arguments": {"isp": package}}

    problem = only_problem(edit)
    assert where(problem) == f"sharedBandwidth.{place}.arguments.isp"
    assert problem.rule.endswith(f"and not those of {named}")
    addresses = dict.fromkeys(("ip1", "ip3", "ip5", "ip6"), "BGP_PRO")
    package = "BGP_PRO"
    assert problems_of(dev_stack(edit)) == ()


def test_addresses_in_the_package_of_a_shared_gateway_are_of_its_line() -> None:
    line = {"arguments": {"isp": "BGP_PRO"}}
    text = shared_stack(put("unifiedEgress.publicIps.mail", **line))
    (problem,) = problems_of(text)
    assert where(problem) == "unifiedEgress.publicIps.mail.arguments.isp"


def test_the_line_of_a_package_that_exists_isnt_known() -> None:
    def edit(settings: dict[str, Any]) -> None:
        section = settings["sharedBandwidth"]
        del section["bandwidth"]
        section["bandwidthPackage"] = {"id": "cbwp-1"}
        section["publicIps"]["ip1"] = {"arguments": {"isp": "BGP_PRO"}}

    assert problems_of(dev_stack(edit)) == ()


def test_what_exists_takes_no_arguments() -> None:
    ids = {"id": "ngw-1", "forwardTableId": "ftb-1", "snatTableId": "stb-1"}
    arguments = {"icmpReplyEnabled": True}
    problem = only_problem(
        lambda settings: settings["sharedBandwidth"].update(
            natGateway={**ids, "arguments": arguments}
        )
    )
    assert where(problem) == f"{GATEWAY}.arguments"
    assert problem.value == "icmpReplyEnabled"
    assert problem.rule == "what exists already is used as it is, and takes no arguments"
    existing = branch(gateway="vpn-1", arguments={"autoPropagate": True})
    (problem,) = problems_of(cross_stack(existing))
    assert problem.remedy == "remove arguments, or gateway to create one"


def test_arguments_of_what_a_cen_doesnt_join_by_routers_are_refused() -> None:
    more = {"arguments": {"transitRouterAttachmentDescription": "by hand"}}
    line = put(f"{ATTACHMENTS}.office", **more)
    link, network = put(f"{LINKS}.calls", **more), put(f"{ATTACHMENTS}.functions", **more)
    assert problems_of(cross_stack(link, network)) == ()
    places = [where(one) for one in problems_of(cross_stack(line))]
    assert places == [f"{ATTACHMENTS}.office.arguments"]
    places = [where(one) for one in problems_of(basic_stack(link, network))]
    assert places == [f"{ATTACHMENTS}.functions.arguments", f"{LINKS}.calls.arguments"]


def test_a_secret_is_one_by_the_contract_and_never_shown() -> None:
    problem = refused(HOST, password="Wonder-land7")
    assert problem.rule.startswith("a secret is never written in plain text")
    assert problem.remedy.endswith(
        "pulumi config set --secret --path "
        "'alicloud-gateways:network.hosts.ecs1.instance.arguments.password'"
    )
    assert "Wonder" not in describe(FILE, problem)
    assert refused(HOST, systemDiskSize=SECURE).rule == (
        "systemDiskSize of Instance isn't text, and only text is encrypted"
    )


def test_a_secret_arrives_hidden() -> None:
    path, text = next(iter(texts().items()))
    document = loaded(text)
    instance = {**IMAGE, "arguments": {"password": SECURE, "userData": SECURE}}
    created = {**CREATED, "instance": instance}
    document["config"][f"{NAMESPACE}:network"]["hosts"]["ecs1"] = created
    settings = settings_of(path, dumped(document))
    (server,) = [one for one in record(settings) if one.name == "host-ecs1-instance"]
    assert (server.inputs["password"], server.inputs["userData"]) == (SECRET, SECRET)
