"""The library from outside: a program of one's own, and the plugin as the engine sees it."""

import json
import os
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from sandbox.pulumi_cli import account
from tests.wheels import LIBRARY, PROJECT, ROOT, installed

pytestmark = pytest.mark.engine

EXAMPLE = ROOT / "examples" / "library" / "Pulumi.yaml"

PROGRAM = """
import pulumi

from alicloud_gateways import NatGateway, Network, SharedBandwidth, SnatEgress

apps = {"cidr_block": "10.1.0.0/16", "zone_id": "cn-shanghai-b"}
network = Network("network", {"vpc": {"cidr_block": "10.0.0.0/8"}, "vswitches": {"apps": apps}})
vswitch_id = network.vswitch_ids["apps"]
gateway = NatGateway("gateway", {"vpc_id": network.vpc_id, "vswitch_id": vswitch_id})
shared = {"nat_gateway_id": gateway.nat_gateway_id, "bandwidth": 50, "public_ips": {"out": {}}}
addresses = SharedBandwidth("addresses", shared)
entry = {"source_vswitch_id": vswitch_id, "snat_ips": [addresses.bound_addresses["out"]]}
SnatEgress("egress", {"snat_table_id": gateway.snat_table_id, "entries": {"apps": entry}})
pulumi.export("leaves by", addresses.addresses["out"])
"""


# What an SDK in another language does: it asks the engine, and the engine the plugin, to construct
# the components. Here of the example in YAML, whose language host can't be had as a package.
CONSTRUCTED = """
import json
import re

import pulumi
import yaml

with open("example.yaml", encoding="utf-8") as file:
    example = yaml.safe_load(file)
made = {}


class Remote(pulumi.ComponentResource):
    def __init__(self, token, name, properties, outputs, opts):
        props = {**dict.fromkeys(outputs), **properties}
        super().__init__(token.replace(":", ":index:"), name, props, opts, remote=True)


def filled(value):
    if isinstance(value, dict):
        return {key: filled(one) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one) for one in value]
    match = re.fullmatch(r'[$][{](\\w+)(?:[.](\\w+))?(?:[[]"(\\w+)"[]])?[}]', str(value))
    if match is None:
        return value
    resource, output, key = match.groups()
    if output is None:
        return made[resource]
    found = getattr(made[resource], output)
    return found if key is None else found[key]


with open("schema.json", encoding="utf-8") as file:
    schema = json.load(file)["resources"]
for name, one in example["resources"].items():
    waits = [filled(each) for each in one.get("options", {}).get("dependsOn", [])]
    known = schema[one["type"].replace(":", ":index:")]
    unknown = one["properties"].keys() - known["inputProperties"].keys()
    assert not unknown, unknown
    opts = pulumi.ResourceOptions(depends_on=waits)
    made[name] = Remote(one["type"], name, filled(one["properties"]), known["properties"], opts)
for name, value in example["outputs"].items():
    pulumi.export(name, filled(value))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in which the library is installed, with the packages that it needs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder / "own", symlinks=True)
    packages = sysconfig.get_path("purelib", vars={"base": str(folder / "own")})
    places = (sysconfig.get_path("purelib"), str(installed(folder)))
    Path(packages, "library.pth").write_text("\n".join(places), encoding="utf-8")
    return folder / "own"


def pulumi(engine: Path, folder: Path, *words: str) -> str:
    """What a command of the CLI prints, on a simulated cloud of the folder's."""
    done = subprocess.run(
        [engine, *words, "--non-interactive", "--color", "never"],
        cwd=folder,
        env=account(os.environ, folder / "account"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_program_outside_of_the_repository_lives_and_dies(
    tmp_path: Path, engine: Path, environment: Path
) -> None:
    runtime = {"name": "python", "options": {"virtualenv": str(environment)}}
    (tmp_path / "Pulumi.yaml").write_text(json.dumps({"name": "shop", "runtime": runtime}))
    (tmp_path / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    pulumi(engine, tmp_path, "stack", "init", "dev")
    pulumi(engine, tmp_path, "config", "set", "alicloud:region", "cn-shanghai")
    assert "13 to create" in " ".join(pulumi(engine, tmp_path, "preview").replace("+", "").split())
    pulumi(engine, tmp_path, "up", "--yes", "--skip-preview")
    (address,) = json.loads(pulumi(engine, tmp_path, "stack", "output", "--json")).values()
    assert address.startswith("198.51.100.")
    pulumi(engine, tmp_path, "up", "--yes", "--skip-preview", "--expect-no-changes")
    pulumi(engine, tmp_path, "destroy", "--yes", "--skip-preview")


def plugin_of(folder: Path, environment: Path) -> Path:
    """The plugin as the engine has it once what it needs is installed."""
    plugin = shutil.copytree(
        LIBRARY, folder / "plugin", ignore=shutil.ignore_patterns("__pycache__")
    )
    runtime = {"name": "python", "options": {"virtualenv": str(environment)}}
    (plugin / "PulumiPlugin.yaml").write_text(json.dumps({"runtime": runtime}), encoding="utf-8")
    return plugin


def test_the_example_in_yaml_is_constructed_by_the_plugin(
    tmp_path: Path, engine: Path, environment: Path
) -> None:
    plugin = plugin_of(tmp_path, environment)
    runtime = {"name": "python", "options": {"virtualenv": str(environment)}}
    provider = {"name": "alicloud-gateways", "path": str(plugin)}
    project = {"name": "shop", "runtime": runtime, "plugins": {"providers": [provider]}}
    (tmp_path / "Pulumi.yaml").write_text(json.dumps(project))
    (tmp_path / "__main__.py").write_text(CONSTRUCTED, encoding="utf-8")
    shutil.copyfile(EXAMPLE, tmp_path / "example.yaml")
    shutil.copyfile(LIBRARY / "schema.json", tmp_path / "schema.json")
    pulumi(engine, tmp_path, "stack", "init", "dev")
    pulumi(engine, tmp_path, "config", "set", "alicloud:region", "cn-shanghai")
    pulumi(engine, tmp_path, "preview")
    pulumi(engine, tmp_path, "up", "--yes", "--skip-preview")
    (address,) = json.loads(pulumi(engine, tmp_path, "stack", "output", "--json")).values()
    pulumi(engine, tmp_path, "up", "--yes", "--skip-preview", "--expect-no-changes")
    state = json.loads(pulumi(engine, tmp_path, "stack", "export"))["deployment"]["resources"]
    held = {one["urn"].rpartition("::")[2]: one for one in state}
    assert held["doors-web"]["inputs"]["externalIp"] == address
    assert held["shared-package"]["inputs"]["bandwidth"] == "50"
    waits = {urn.rpartition("::")[2] for urn in held["doors-web"]["dependencies"]}
    assert {"egress", "shared-web-association"} <= waits
    pulumi(engine, tmp_path, "destroy", "--yes", "--skip-preview")


def test_the_engine_is_told_the_schema_that_is_kept(
    tmp_path: Path, engine: Path, environment: Path
) -> None:
    plugin = plugin_of(tmp_path, environment)
    told = json.loads(pulumi(engine, tmp_path, "package", "get-schema", str(plugin)))
    kept = json.loads((LIBRARY / "schema.json").read_text("utf-8"))
    assert told["version"] == PROJECT["version"]
    assert told["resources"].keys() == kept["resources"].keys()
    assert told["types"].keys() == kept["types"].keys()
    one = "alicloud-gateways:index:PortMappings"
    assert told["resources"][one]["inputProperties"] == kept["resources"][one]["inputProperties"]
    assert told["description"] == kept["description"]
