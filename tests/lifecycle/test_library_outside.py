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
from tests.wheels import LIBRARY, PROJECT, installed

pytestmark = pytest.mark.engine

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


def test_the_engine_is_told_the_schema_that_is_kept(
    tmp_path: Path, engine: Path, environment: Path
) -> None:
    plugin = shutil.copytree(
        LIBRARY, tmp_path / "plugin", ignore=shutil.ignore_patterns("__pycache__")
    )
    runtime = {"name": "python", "options": {"virtualenv": str(environment)}}
    (plugin / "PulumiPlugin.yaml").write_text(json.dumps({"runtime": runtime}), encoding="utf-8")
    told = json.loads(pulumi(engine, tmp_path, "package", "get-schema", str(plugin)))
    kept = json.loads((LIBRARY / "schema.json").read_text("utf-8"))
    assert told["version"] == PROJECT["version"]
    assert told["resources"].keys() == kept["resources"].keys()
    assert told["types"].keys() == kept["types"].keys()
    one = "alicloud-gateways:index:PortMappings"
    assert told["resources"][one]["inputProperties"] == kept["resources"][one]["inputProperties"]
    assert told["description"] == kept["description"]
