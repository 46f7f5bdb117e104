"""One report tells all that is wrong with a stack file, in its order, and each thing once."""

from pathlib import Path
from typing import Any

import pytest

from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.problems import Problem, StackFileError
from stack.stack_file import StackFile
from tests.stackfiles import (
    DEV,
    FILE,
    dev_stack,
    line_of,
    only_problem,
    problems_of,
    settings_of,
    warnings_of,
    where,
)
from topologies import TOPOLOGIES
from topologies.shared_bandwidth.topology import SharedBandwidth

Settings = dict[str, Any]


def paths(problems: tuple[Problem, ...]) -> list[str]:
    return [where(problem) for problem in problems]


def mappings(settings: Settings) -> Settings:
    return settings["sharedBandwidth"]["portMappings"]


def test_the_dev_stack_is_accepted() -> None:
    settings = settings_of(DEV)
    assert settings.region == "cn-shanghai"
    assert list(settings.sections) == ["shared-bandwidth"]
    assert problems_of(dev_stack()) == ()


def test_a_stack_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(DEV, encoding="utf-8")
    assert StackFile(path, "dev", TOPOLOGIES).settings == settings_of(DEV)


def test_a_stack_file_that_isnt_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match="can't be read"):
        _ = StackFile(tmp_path / "Pulumi.none.yaml", "none", TOPOLOGIES).settings


def everything_wrong(settings: Settings) -> None:
    settings["network"]["vpc"]["cidr"] = "192.168.0.0"
    settings["network"]["hosts"]["ecs1"]["ip"] = "192.168.1.255"
    settings["network"]["hosts"]["ecs2"]["adress"] = "x"
    settings["sharedBandwidth"]["bandwidth"] = 5000
    mappings(settings)["web"]["port"] = 70000
    mappings(settings)["web2"] = {"publicIp": "ip3", "port": 443, "host": "ecs3"}
    mappings(settings)["last"] = {"publicIp": "ip9", "port": 8, "host": "ecs9"}
    settings["tier"] = "prod"


def test_all_problems_come_in_one_report_in_the_files_order() -> None:
    problems = problems_of(dev_stack(everything_wrong))
    assert paths(problems) == [
        "network.vpc.cidr",
        "network.hosts.ecs1.ip",
        "network.hosts.ecs2.adress",
        "sharedBandwidth.bandwidth",
        "sharedBandwidth.portMappings.web.port",
        "sharedBandwidth.portMappings.web2.port",
        "sharedBandwidth.portMappings.last.publicIp",
        "sharedBandwidth.portMappings.last.host",
        "tier",
    ]
    lines = [problem.line for problem in problems]
    assert None not in lines
    assert lines == sorted(lines, key=lambda line: line or 0)


def test_every_problem_names_line_rule_and_remedy() -> None:
    text = dev_stack(everything_wrong)
    for problem in problems_of(text):
        assert problem.rule
        assert problem.remedy
        assert problem.line is not None
        key = str(problem.path[-1])
        written = text.splitlines()[problem.line - 1].strip()
        assert written.removeprefix("alicloud-gateways:").startswith(f"{key}:"), problem


# Sections and namespaces.


@pytest.mark.parametrize(("key", "path"), [("topology", "topology"), ("network", "network")])
def test_a_missing_common_key_is_one_problem_that_says_what_to_add(key: str, path: str) -> None:
    problem = only_problem(lambda s: s.pop(key))
    assert (where(problem), problem.line) == (path, 1)
    assert problem.rule == f"{key} is required here"
    assert problem.remedy.startswith(f"add {key}: ")


def test_without_a_topology_the_sections_that_are_there_are_judged() -> None:
    def edit(settings: Settings) -> None:
        del settings["topology"]
        mappings(settings)["web"]["host"] = "ecs9"

    assert paths(problems_of(dev_stack(edit))) == [
        "topology",
        "sharedBandwidth.portMappings.web.host",
    ]


def test_an_unknown_topology_is_refused_with_the_nearest() -> None:
    problem = only_problem(lambda s: s.update(topology="shared-bandwith"))
    assert (where(problem), problem.value) == ("topology", "shared-bandwith")
    assert problem.remedy == "did you mean shared-bandwidth?"


def test_a_topology_named_twice_is_refused() -> None:
    problem = only_problem(lambda s: s.update(topology=["shared-bandwidth", "shared-bandwidth"]))
    assert problem.rule == "a topology is named once"


def test_a_topology_without_its_section_is_refused() -> None:
    problem = only_problem(lambda s: s.pop("sharedBandwidth"))
    assert where(problem) == "topology"
    assert "add alicloud-gateways:sharedBandwidth" in problem.remedy


def test_a_section_without_its_topology_is_a_warning(tmp_path: Path) -> None:
    class Unused(SharedBandwidth):
        name = "unused"
        section = "unusedSection"

    section: Settings = {
        "natGateway": {"vswitch": "apps"},
        "publicIps": {"ip1": {}},
        "bandwidth": 5,
    }
    text = dev_stack(lambda s: s.update(unusedSection=section))
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text, encoding="utf-8")
    settings = StackFile(path, "dev", [*TOPOLOGIES, Unused()]).settings
    (warning,) = settings.warnings
    assert where(warning) == "unusedSection"
    assert warning.line == line_of(text, "unusedSection")
    assert "add unused to topology" in warning.remedy
    assert list(settings.sections) == ["shared-bandwidth"]


@pytest.mark.parametrize(
    ("key", "meant"),
    [("sharedbandwidth", "sharedBandwidth"), ("netwrk", "network"), ("quota", "quotas")],
)
def test_an_unknown_setting_is_refused_with_the_nearest(key: str, meant: str) -> None:
    problem = only_problem(lambda s: s.update({key: {}}))
    assert where(problem) == key
    assert problem.remedy == f"did you mean {meant}?"


@pytest.mark.parametrize(
    "slip", ["alicloud-gateway", "alicloud_gateways", "Alicloud-Gateways", "alicoud-gateways"]
)
def test_a_near_miss_of_the_namespace_is_refused(slip: str) -> None:
    text = dev_stack(lambda s: s.update({f"{slip}:tier": "staging"}))
    (problem,) = problems_of(text)
    assert problem.line == line_of(text, f"{slip}:tier")
    assert problem.remedy == "did you mean alicloud-gateways:tier?"


def test_a_setting_of_this_project_under_the_providers_namespace_is_refused() -> None:
    (problem,) = problems_of(dev_stack(lambda s: s.update({"alicloud:quotas": {}})))
    assert problem.remedy == "did you mean alicloud-gateways:quotas?"


@pytest.mark.parametrize("key", ["aws:region", "a:b"])
def test_settings_of_other_namespaces_are_their_own_business(key: str) -> None:
    assert problems_of(dev_stack(lambda s: s.update({key: "x"}))) == ()


def test_keys_without_a_namespace_are_the_projects_as_for_pulumi() -> None:
    text = DEV.replace("alicloud-gateways:", "")
    assert settings_of(text) == settings_of(DEV)
    broken = text.replace("ip: 192.168.1.3", "ip: 192.168.1.300")
    (problem,) = problems_of(broken)
    assert problem.line == line_of(broken, "192.168.1.300")


def test_a_setting_given_with_and_without_its_namespace_is_refused() -> None:
    text = DEV + "  topology: shared-bandwidth\n"
    (problem,) = problems_of(text)
    assert problem.line == line_of(text, "  topology:")
    assert problem.remedy == "remove one of the two"


def test_a_region_that_isnt_text_is_refused() -> None:
    (problem,) = problems_of(DEV.replace("region: cn-shanghai", "region: 5"))
    assert (problem.line, problem.rule) == (2, "text is needed here")


@pytest.mark.parametrize("slip", ["confg", "Config", "configs"])
def test_a_slip_in_config_itself_is_recognised(slip: str) -> None:
    (problem,) = problems_of(DEV.replace("config:", f"{slip}:", 1))
    assert problem.remedy == f"did you mean config where it says {slip}?"
    assert problem.line == 1


def test_an_unknown_key_at_the_top_is_refused() -> None:
    (problem,) = problems_of(DEV + "encryptionsal: x\n")
    assert problem.line == len(DEV.splitlines()) + 1
    assert problem.remedy == "did you mean encryptionsalt?"
    assert problems_of(DEV + "encryptionsalt: v1:x\nsecretsprovider: passphrase\n") == ()


@pytest.mark.parametrize("value", ["", " 5", " text", " [1]", " ~"])
def test_a_config_that_isnt_a_map_is_one_problem(value: str) -> None:
    (problem,) = problems_of(f"config:{value}\n")
    assert "config is a map" in problem.rule


@pytest.mark.parametrize("text", ["", "5\n", "[1]\n", "# nothing\n", "encryptionsalt: x\n"])
def test_a_file_without_config_is_one_problem_that_says_how_to_start(text: str) -> None:
    (problem,) = problems_of(text)
    assert "config:" in problem.remedy


def test_a_file_that_doesnt_parse_is_one_problem() -> None:
    (problem,) = problems_of(DEV.replace("{ip: 192.168.1.1,", "{ip: 192.168.1.1"))
    assert problem.rule.startswith("the file must be valid YAML")
    assert problem.line == 10


def test_a_key_given_twice_is_reported_beside_everything_else() -> None:
    text = DEV.replace("      ip6: {}\n", "      ip6: {}\n      ip6: {}\n")
    text = text.replace("bandwidth: 150", "bandwidth: 0")
    assert [p.line for p in problems_of(text)] == [
        line_of(text, "bandwidth: 0"),
        line_of(text, "ip6: {}", 2),
    ]


def test_an_empty_config_names_the_setting_that_it_needs() -> None:
    assert paths(problems_of("config: {}\n")) == ["topology"]


@pytest.mark.parametrize(
    "key", ["network", "sharedBandwidth", "tags", "quotas", "tier", "topology"]
)
def test_a_setting_without_a_value_is_one_problem(key: str) -> None:
    problem = only_problem(lambda s: s.update({key: None}))
    assert where(problem) == key
    assert "not nothing" in problem.rule or "is needed here" in problem.rule


def _values_without_namespace(text: str) -> dict[str, Any]:
    config: Any = YamlFile(FILE, text).values
    return {key.removeprefix("alicloud-gateways:"): v for key, v in config["config"].items()}


# Values that come from Pulumi, not from the file.


def test_values_that_arent_in_the_file_are_reported_without_a_line() -> None:
    values = {**_values_without_namespace(DEV), "tier": "gold"}
    with pytest.raises(StackFileError) as refusal:
        _ = StackFile(Source(YamlFile(FILE, ""), values), "dev", TOPOLOGIES).settings
    (problem,) = refusal.value.problems
    assert (where(problem), problem.line) == ("tier", None)


def test_keys_on_the_line_of_config_have_lines_of_their_own_parts() -> None:
    text = (
        "config: {topology: shared-bandwidth,\n network: {vpc: {cidr: x},\n  vswitchs: {}},\n"
        " sharedBandwidth: 5}\n"
    )
    assert [(where(p), p.line) for p in problems_of(text)] == [
        ("network.vpc.cidr", 2),
        ("network.vswitchs", 3),
        ("sharedBandwidth", 4),
    ]


# The stack itself.


@pytest.mark.parametrize("stack", ["1dev", "dev/x", "x" * 65, "", "dev\n", "dév"])
def test_a_stack_name_that_the_cloud_refuses_is_refused(stack: str) -> None:
    (problem,) = problems_of(DEV, stack)
    assert problem.remedy == "rename the stack"


def test_a_stack_called_production_without_protection_is_a_warning() -> None:
    (warning,) = [w for w in warnings_of(DEV, "prod-eu") if w.path == ("tier",)]
    assert warning.remedy == "say tier: production"
    protected = dev_stack(lambda s: s.update(tier="production"))
    assert [w for w in warnings_of(protected, "prod-eu") if w.path == ("tier",)] == []
    assert settings_of(protected).protected
    assert not settings_of(DEV).protected
