"""`__main__.py` itself, under mocks, with the configuration that Pulumi would give it."""

import json
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from tests import mocked_cloud
from tests.mocked_cloud import Cloud, Registered, run

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "alicloud-gateways:"


def dev_config() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]


def run_program(
    config: Mapping[str, Any], folder: Path = ROOT, cloud: Cloud | None = None
) -> Registered:
    """Run the program as the engine would: structured values arrive as JSON text."""
    texts = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        program = str(ROOT / "__main__.py")
        return run(lambda: runpy.run_path(program, run_name="__main__"), texts, cloud=cloud)


def edited(edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    config = dev_config()
    edit(config[PREFIX + "sharedBandwidth"])
    return config


def test_the_dev_stack_maps_the_ports_that_the_seed_document_maps() -> None:
    made = run_program(dev_config())
    address = {name: made[f"port-mappings-{name}"].inputs["externalIp"] for name in MAPPINGS}
    assert len(set(address.values())) == 4
    assert address["web"] == address["web-tls"]
    for name, expected in MAPPINGS.items():
        inputs = made[f"port-mappings-{name}"].inputs
        given = tuple(
            inputs[key] for key in ("ipProtocol", "externalPort", "internalIp", "internalPort")
        )
        assert given == expected, name


MAPPINGS = {
    "app1": ("any", "any", "192.168.1.1", "any"),
    "app2": ("any", "any", "192.168.1.2", "any"),
    "web": ("tcp", "80", "192.168.1.3", "80"),
    "web-tls": ("tcp", "443", "192.168.1.4", "443"),
    "jump-host": ("tcp", "22", "192.168.1.5", "22"),
}


def test_the_dev_stack_shares_150_mbit_among_five_addresses_and_keeps_one_spare() -> None:
    made = run_program(dev_config())
    (package,) = made.names("CommonBandwithPackage")
    assert made[package].inputs["bandwidth"] == "150"
    assert len(made.names("EipAddress")) == len(made.names("CommonBandwithPackageAttachment")) == 5
    assert "shared-bandwidth-ip5-association" not in made.names("EipAssociation")
    assert len(made.names("EipAssociation")) == 4


def test_the_gateway_has_the_name_and_description_of_the_seed_document() -> None:
    inputs = run_program(dev_config())["gateway-nat"].inputs
    assert inputs["natGatewayName"] == "MyNatGW"
    assert inputs["description"] == "My first NAT Gateway"


def test_every_entry_waits_for_the_binding_of_its_address() -> None:
    made = run_program(dev_config())
    assert "shared-bandwidth-ip3-association" in made["port-mappings-web"].after
    assert "shared-bandwidth-ip3-association" in made["port-mappings-web-tls"].after


def test_resources_that_can_carry_tags_carry_the_stacks() -> None:
    made = run_program(dev_config())
    for name in ("network-vpc", "network-apps", "gateway-nat", "shared-bandwidth-ip1"):
        assert made[name].inputs["tags"] == {"project": "alicloud-gateways", "env": "dev"}


def test_a_high_port_breaks_into_the_range_of_egress_from_the_start() -> None:
    def edit(section: dict[str, Any]) -> None:
        section["portMappings"]["high"] = {"publicIp": "ip3", "port": 8444, "host": "ecs4"}
        section["egress"] = {"apps": {"vswitch": "apps", "publicIps": ["ip3"]}}

    made = run_program(edited(edit))
    assert made["port-mappings-high"].inputs["portBreak"] is True
    assert "portBreak" not in made["port-mappings-web"].inputs
    assert made["egress-apps"].inputs["sourceVswitchId"] == "network-apps-id"
    assert "egress-apps" in made["port-mappings-app1"].after, "one entry at a time on a gateway"


def test_a_created_host_lets_in_exactly_what_is_mapped_to_it() -> None:
    config = dev_config()
    hosts = config[PREFIX + "network"]["hosts"]
    for name in ("ecs1", "ecs3"):
        hosts[name]["instance"] = {"type": "ecs.t6-c1m1.large", "image": "aliyun_3.vhd"}
    made = run_program(config)
    assert made.names("Instance") == ["host-ecs1-instance", "host-ecs3-instance"]
    assert made.names("SecurityGroupRule") == ["host-ecs1-allow-all", "host-ecs3-allow-tcp-80"]
    assert made["port-mappings-web"].inputs["internalIp"] == "192.168.1.3"
    assert "host-ecs3-instance" in made["port-mappings-web"].after


def test_a_renamed_host_keeps_its_instance_and_security_group() -> None:
    config = dev_config()
    hosts = config[PREFIX + "network"]["hosts"]
    hosts["front"] = {
        **hosts.pop("ecs3"),
        "was": "ecs3",
        "instance": {"type": "ecs.t6-c1m1.large", "image": "aliyun_3.vhd"},
    }
    config[PREFIX + "sharedBandwidth"]["portMappings"]["web"]["host"] = "front"
    made = run_program(config)
    (front,) = [one for one in made.components if one.kind == "EcsHost"]
    assert (front.name, front.aliases) == ("host-front", {"host-ecs3"})


def test_what_exists_is_used_and_not_created() -> None:
    config = dev_config()
    config[PREFIX + "network"] = {
        "vpc": {"id": "vpc-1"},
        "vswitches": {"apps": {"id": "vsw-1", "cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"}},
        "hosts": {"ecs3": {"ip": "192.168.1.3", "vswitch": "apps"}},
    }
    config[PREFIX + "sharedBandwidth"] = {
        "bandwidthPackage": {"id": "cbwp-1"},
        "natGateway": {"id": "ngw-1", "forwardTableId": "ftb-1"},
        "publicIps": {"ip3": {"id": "eip-3", "address": "203.0.113.3"}},
        "portMappings": {"web": {"publicIp": "ip3", "port": 80, "host": "ecs3"}},
    }
    made = run_program(config)
    assert [one.name for one in made.resources] == [
        "shared-bandwidth-ip3-attachment",
        "shared-bandwidth-ip3-association",
        "port-mappings-web",
    ]
    assert made["port-mappings-web"].inputs["externalIp"] == "203.0.113.3"
    assert made["port-mappings-web"].inputs["forwardTableId"] == "ftb-1"


def test_a_refused_stack_registers_nothing_and_tells_everything_at_once(tmp_path: Path) -> None:
    config = dev_config()
    config[PREFIX + "sharedBandwidth"]["portMappings"]["web"]["publicIp"] = "ip33"
    config[PREFIX + "network"]["hosts"]["ecs2"]["ip"] = "192.168.1.254"
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    made: list[Registered] = []
    with pytest.raises(pulumi.RunError) as refused:
        made.append(run_program(config, tmp_path))
    report = str(refused.value)
    assert made == []
    assert "Pulumi.dev.yaml has 2 problems; nothing was changed." in report
    assert "did you mean ip3?" in report
    assert "reserves the first address and the last three" in report
    assert "Pulumi.dev.yaml:" in report


@pytest.mark.parametrize("named", [True, False])
def test_what_another_stack_file_says_never_becomes_part_of_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    """With --config-file, or a variable left over from another stack, two files are at hand."""
    other = {**dev_config(), PREFIX + "tier": "production", PREFIX + "quotas": {"eips": 40}}
    file = tmp_path / ("Pulumi.other.yaml" if named else "Pulumi.dev.yaml")
    file.write_text(yaml.safe_dump({"config": other}))
    if named:
        monkeypatch.setenv("ALICLOUD_GATEWAYS_STACK_FILE", str(file))
    with pytest.raises(pulumi.RunError) as refused:
        run_program(dev_config(), tmp_path)
    assert f"{file.name} isn't the stack file that Pulumi reads: it has " in str(refused.value)


def test_the_file_of_a_stack_in_a_folder_is_that_of_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mocked_cloud, "STACK", "shop-dev")
    (tmp_path / "tiers.yaml").write_text("stacks/shop: {dev: development}\n", encoding="utf-8")
    file = tmp_path / "stacks" / "shop" / "Pulumi.dev.yaml"
    file.parent.mkdir(parents=True)
    config = dev_config()
    del config[PREFIX + "network"]
    file.write_text(yaml.safe_dump({"config": config}), encoding="utf-8")
    with pytest.raises(pulumi.RunError, match=r"^stacks/shop/Pulumi\.dev\.yaml has "):
        run_program(config, tmp_path)


def test_values_from_the_command_line_win_over_the_file(tmp_path: Path) -> None:
    config = dev_config()
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    config[PREFIX + "sharedBandwidth"]["bandwidth"] = 300
    made = run_program(config, tmp_path)
    assert made["shared-bandwidth-package"].inputs["bandwidth"] == "300"


def test_the_program_is_short_enough_to_read_at_a_glance() -> None:
    assert len((ROOT / "__main__.py").read_text(encoding="utf-8").splitlines()) <= 20
