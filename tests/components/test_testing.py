"""`alicloud_gateways.testing`: what users' unit tests stand on answers as the sandbox does."""

import re
from pathlib import Path

import pulumi
import pytest

import components as c
from components import testing
from components.testing import run
from facts.contract import contract_of
from tests.components.test_every_component import BUILDS, Build, built
from tests.mock_outputs import mock_outputs

MAPPED = """
import pulumi
from components import PortMappings

mapping = {
    "external_ip": "203.0.113.10",
    "external_port": pulumi.Config().get("port") or "443",
    "internal_ip": "10.1.1.10",
    "internal_port": "8443",
    "ip_protocol": "tcp",
}
PortMappings("doors", {"forward_table_id": "ftb-uf6demo", "mappings": {"web": mapping}})
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program with a port mapping."""
    file = tmp_path / "__main__.py"
    file.write_text(MAPPED, encoding="utf-8")
    return file


@pytest.mark.parametrize("build", BUILDS)
def test_a_component_is_registered_as_on_the_sandbox_s_cloud(build: Build) -> None:
    made, theirs = run(lambda: build(None)), built(build)
    assert {one.name: set(one.inputs) for one in made.all} == {
        one.name: set(one.inputs) for one in theirs.all
    }
    for one in theirs.components:
        told = theirs.outputs[one.name]
        assert set(made.outputs[one.name]) >= {key for key in told if told[key] != ""}


def _form(value: str) -> str:
    """A value without its numbers, and without what is only one's own of it."""
    kind = re.match(r"(?:[a-z]+-)+|acs:[a-z]+:|[0-9.:a-f]+$", value)
    return re.sub(r"[0-9a-f]+", "0", kind[0]) if kind else ""


@pytest.mark.parametrize(
    ("token", "key", "form"),
    [(token, *one) for token, forms in testing.ANSWERS.items() for one in forms.items()],
)
def test_an_answer_is_one_that_the_cloud_gives_in_the_form_that_it_has_there(
    token: str, key: str, form: str
) -> None:
    assert key in {field.camel for field in contract_of(token).fields.values()}
    theirs = mock_outputs(token, {"ipAddress": "", "vswitchId": "vsw-1", "cidrBlock": "10.0.0.0/8"})
    if theirs[key] and form not in {"{name}", "{name}.alicloudapi.com"}:
        ours = form.format(
            name="x", address="203.0.113.1", private_address="192.168.0.1", mac="00:16:3e:00:00:01"
        )
        assert _form(ours) == _form(theirs[key])


def test_a_program_is_run_from_its_file_with_the_stack_s_configuration(program: Path) -> None:
    assert run(program)["doors-web"].inputs["externalPort"] == "443"
    made = run(str(program), {"project:port": "8443"})
    assert made["doors-web"].inputs["externalPort"] == "8443"
    assert made.names("ForwardEntry") == ["doors-web"]


def test_a_name_that_nothing_has_is_told_with_those_that_there_are(program: Path) -> None:
    with pytest.raises(LookupError, match="0 resources are called web; registered are: doors-web"):
        run(program)["web"]
    with pytest.raises(LookupError, match="registered are: none"):
        run(lambda: None)["web"]


def test_what_a_program_puts_out_is_the_same_in_every_run() -> None:
    def program() -> None:
        eip = c.EipAddresses("out", {"addresses": {"apps": {}}})
        pulumi.export("address", eip.addresses["apps"])

    made = run(program)
    address = made.exports["address"]
    assert re.fullmatch(r"203\.0\.113\.\d+", address)
    assert made.outputs["out"]["publicIps"] == {"apps": address}
    assert run(program).exports == made.exports


def test_a_program_that_asks_the_cloud_is_told_so_and_the_next_run_knows_nothing_of_it(
    program: Path,
) -> None:
    def asking() -> None:
        c.EipAddresses("out", {"addresses": {"apps": {}}})
        pulumi.runtime.invoke("alicloud:index/getZones:getZones", {})

    with pytest.raises(Exception, match="the program asked the cloud: alicloud:index/getZones"):
        run(asking)
    assert run(program)["doors-web"]
