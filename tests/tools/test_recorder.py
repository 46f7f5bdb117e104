"""What the recorder sees of the program: names, parents, order, symbols, and no secrets."""

import time
from pathlib import Path

import pulumi
import pytest
from pulumi_alicloud import ecs

import topologies.recorder
from stack.settings import StackSettings
from stack.stack_file import StackFile
from topologies import TOPOLOGIES
from topologies.recorder import KNOWN_LATER, SECRET, RecordedResource, record

FORWARD_ENTRY = "alicloud:vpc/forwardEntry:ForwardEntry"


@pytest.fixture(scope="module")
def recorded(dev_settings: StackSettings) -> dict[str, RecordedResource]:
    return {resource.name: resource for resource in record(dev_settings)}


def build_instead(monkeypatch: pytest.MonkeyPatch, *resources: object) -> None:
    """Record a program made of `resources`, each a function that registers one."""

    def build(_settings: StackSettings) -> dict[str, object]:
        for make in resources:
            assert callable(make)
            make()
        return {}

    monkeypatch.setattr(topologies.recorder, "build", build)


def test_every_resource_of_the_provider_is_seen_and_no_component(
    recorded: dict[str, RecordedResource],
) -> None:
    assert len(recorded) == 23
    assert all(resource.type.startswith("alicloud:") for resource in recorded.values())


def test_a_resource_knows_the_component_that_it_belongs_to(
    recorded: dict[str, RecordedResource],
) -> None:
    assert recorded["port-mappings-web"].parent == "port-mappings"
    assert recorded["shared-bandwidth-ip3"].parent == "shared-bandwidth"


def test_an_address_that_the_cloud_will_give_is_a_symbol(
    recorded: dict[str, RecordedResource],
) -> None:
    inputs = recorded["port-mappings-web"].inputs
    assert inputs["externalIp"] == "${shared-bandwidth-ip3.ipAddress}"
    assert inputs["forwardTableId"] == "${gateway-nat.forwardTableIds}"


def test_inputs_are_the_providers_own(recorded: dict[str, RecordedResource]) -> None:
    inputs = recorded["port-mappings-app1"].inputs
    assert (inputs["externalPort"], inputs["ipProtocol"]) == ("any", "any")
    assert recorded["port-mappings-web"].inputs["externalPort"] == "80"


def test_a_second_recording_says_the_same(dev_settings: StackSettings) -> None:
    assert record(dev_settings) == record(dev_settings)


def test_nothing_is_printed(dev_settings: StackSettings, capfd: pytest.CaptureFixture[str]) -> None:
    record(dev_settings)
    assert capfd.readouterr() == ("", "")


def test_secrets_are_hidden(dev_settings: StackSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    build_instead(
        monkeypatch,
        lambda: ecs.EipAddress(
            "ip", ecs.EipAddressArgs(tags={"key": pulumi.Output.secret("hush"), "team": "shop"})
        ),
        lambda: ecs.Instance("host", ecs.InstanceArgs(password="hush", image_id="image")),
    )
    host, address = record(dev_settings)
    assert host.inputs == {"imageId": "image", "password": SECRET}
    assert "hush" not in str(address)


def test_a_value_that_no_symbol_can_stand_for_is_said_to_be_known_later(
    dev_settings: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hosts() -> None:
        first = ecs.Instance("first", ecs.InstanceArgs(image_id="image"))
        ecs.EipAddress("second", ecs.EipAddressArgs(description=first.memory.apply(str)))

    build_instead(monkeypatch, hosts)
    second = record(dev_settings)[1]
    assert second.inputs["description"] == KNOWN_LATER


def test_inputs_that_are_ignored_are_told(
    dev_settings: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = pulumi.ResourceOptions(ignore_changes=["bandwidth"])
    build_instead(monkeypatch, lambda: ecs.EipAddress("new", opts=options))
    (address,) = record(dev_settings)
    assert address.ignore_changes == ("bandwidth",)


def test_a_question_to_the_cloud_is_refused(
    dev_settings: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lookup() -> None:
        pulumi.runtime.invoke("alicloud:index/getZones:getZones", {})

    build_instead(monkeypatch, lookup)
    with pytest.raises(Exception, match="a plan can't answer that"):
        record(dev_settings)


def test_reading_from_the_cloud_is_refused(
    dev_settings: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_instead(monkeypatch, lambda: ecs.EipAddress.get("ip", "eip-1"))
    with pytest.raises(Exception, match="a plan can't answer that"):
        record(dev_settings)


def test_a_type_without_a_contract_is_named(
    dev_settings: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_instead(monkeypatch, lambda: pulumi.CustomResource("alicloud:no/such:Such", "x"))
    with pytest.raises(LookupError, match="alicloud:no/such:Such"):
        record(dev_settings)


def test_a_mistake_of_the_program_comes_through(
    dev_settings: StackSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise KeyError("network")

    build_instead(monkeypatch, fail)
    with pytest.raises(KeyError, match="network"):
        record(dev_settings)


def test_hundreds_of_entries_are_recorded_in_seconds(root: Path, tmp_path: Path) -> None:
    mappings = "".join(
        f"      m{port}: {{publicIp: ip3, host: ecs3, port: {port}}}\n"
        for port in range(20000, 20400)
    )
    text = (root / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    text = text.replace("    portMappings:\n", f"    portMappings:\n{mappings}")
    text += "  alicloud-gateways:quotas: {dnatEntriesPerGateway: 500}\n"
    file = tmp_path / "many.yaml"
    file.write_text(text, encoding="utf-8")
    settings = StackFile(file, "many", TOPOLOGIES).settings
    before = time.process_time()
    assert len(record(settings)) == 423
    assert time.process_time() - before < 6  # Pulumi's own way of waiting takes three times that
