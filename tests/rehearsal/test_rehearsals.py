"""Rehearsals on the real engine, of small programs that no order of ours mends."""

import gzip
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi.automation as auto
import pytest
import yaml

from sandbox.accounts import deployment_of, paths_of
from sandbox.driver import driver
from sandbox.engine import find_engine
from sandbox.paths import Paths
from sandbox.rehearsal.copying import encrypted_anew
from sandbox.rehearsal.rehearsing import NotRehearsedError, Rehearsed, Subject, rehearsed
from sandbox.rehearsal.telling import told
from stack.target import target
from tests.cloud_dump import dump
from tests.lifecycle.conftest import Programs, provider_here
from tests.stackfiles import DEV, settings_of

pytestmark = pytest.mark.engine

PROGRAM = """\
import pulumi
import pulumi_alicloud as alicloud

config = pulumi.Config("bare")
first = pulumi.ResourceOptions(delete_before_replace=True)
vpc = alicloud.vpc.Network(
    "vpc", cidr_block="10.1.0.0/16",
    opts=pulumi.ResourceOptions(additional_secret_outputs=["routeTableId"]),
)
switches = {
    name: alicloud.vpc.Switch(
        name, vpc_id=vpc.id, cidr_block=f"10.1.{number}.0/24", zone_id=config.require(name),
        opts=first,
    )
    for number, name in enumerate(("one", "two"))
}
gateways = {
    name: alicloud.vpc.NatGateway(
        name, vpc_id=vpc.id, vswitch_id=switches[config.require(name)].id, nat_type="Enhanced",
        force=True,
        opts=pulumi.ResourceOptions(delete_before_replace=True, replace_on_changes=["vswitchId"]),
    )
    for name in ("door", "other")
}
address = alicloud.ecs.EipAddress("address", description=config.get_secret("description"))
binding = alicloud.ecs.EipAssociation(
    "binding", allocation_id=address.id, instance_id=gateways[config.require("on")].id, opts=first
)
alicloud.vpc.SnatEntry(
    "out", snat_table_id=gateways["door"].snat_table_ids, source_cidr="10.1.0.0/16",
    snat_ip=address.ip_address, opts=pulumi.ResourceOptions(depends_on=[binding]),
)
"""
BEFORE = {"one": "cn-shanghai-b", "two": "cn-shanghai-e", "door": "one", "other": "two"}
ON = {**BEFORE, "on": "door"}


@dataclass(frozen=True)
class Bare:
    """A program of a few resources, and its stack in a sandbox of its own."""

    paths: Paths
    engine: Path

    def write(self, settings: Mapping[str, Any]) -> None:
        config = {f"bare:{name}": value for name, value in settings.items()}
        text = yaml.safe_dump({"config": {"alicloud:region": "cn-shanghai", **config}})
        self.paths.target.file.write_text(text, "utf-8")

    def up(self) -> None:
        try:
            with driver(self.paths, self.engine) as running:
                running.up()
        finally:
            Programs.wait()

    @property
    def state(self) -> dict[str, Any]:
        return deployment_of(self.paths.checkpoint)

    def rehearse(self, **more: Any) -> Rehearsed:
        whole = {"deployment": self.state, "outputs": {}, "quotas": {}, **more}
        subject = Subject(self.paths, settings_of(DEV), region="cn-shanghai", **whole)
        try:
            return rehearsed(subject, self.engine)
        finally:
            Programs.wait()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bare]:
    monkeypatch.setattr("sandbox.driver.provider", provider_here)
    monkeypatch.setattr("pulumi.automation._stack.LanguageServer", Programs)
    monkeypatch.setenv("ALICLOUD_GATEWAYS_SANDBOX", str(tmp_path / "sandbox"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "Pulumi.yaml").write_text("name: alicloud-gateways\nruntime: python\n", "utf-8")
    (tmp_path / "__main__.py").write_text(PROGRAM, "utf-8")
    file = tmp_path / "shop.yaml"
    file.write_text("config: {}\n", "utf-8")
    made = Bare(paths_of(tmp_path, target(None, str(file), tmp_path)), find_engine(print))
    made.write(ON)
    yield made
    assert list(tmp_path.glob("rehearsal-*")) == []


def test_what_fails_half_way_is_found_and_neither_cloud_nor_state_is_touched(bare: Bare) -> None:
    bare.up()
    cloud, state = dump(bare.paths.cloud), bare.paths.checkpoint.read_bytes()

    bare.write({**ON, "on": "other"})
    found = bare.rehearse()
    assert "delete the old binding (EipAssociation)" in told(found)
    assert "InvalidIpStatus.HasBeenUsedBySnatTable" in told(found)
    assert "(out)" in told(found), "the cloud's id has the entry's name beside it"

    bare.write({**ON, "one": "cn-shanghai-f", "door": "two"})
    spoiled = bare.rehearse()
    assert "the engine spoils its own state" in told(spoiled)
    assert "create the new door (NatGateway)" in told(spoiled)

    assert dump(bare.paths.cloud) == cloud
    assert bare.paths.checkpoint.read_bytes() == state

    # What the engine has really spoiled is told as well.
    with pytest.raises(auto.CommandError):
        bare.up()
    spoilt = {key: one for key, one in bare.state.items() if key != "pending_operations"}
    assert "docs/recovery.md" in told(bare.rehearse(deployment=spoilt))


def test_an_update_ends_well_on_a_state_whose_secrets_are_encrypted_anew(bare: Bare) -> None:
    """As of an account's stack: decrypted by its own CLI, with a passphrase made up for the run."""
    word = "only-in-memory"
    first = bare.rehearse(config={"bare:description": word}, deployment={})
    assert first.ends_well
    assert len([step for step in first.steps if step.in_cloud]) == 8

    bare.write({**ON, "description": word})
    bare.up()
    plain = decrypted(bare.state, word)
    # No vSwitch is replaced as well: the engine leaves open what of the two goes first.
    bare.write({**ON, "other": "one"})
    config = {"bare:description": word}
    assert bare.rehearse(config=config, deployment=plain).ends_well

    copy = bare.paths.root / "copy"
    encrypted_anew(bare.paths, copy, plain, bare.engine, secrets.token_urlsafe())
    written = [unpacked(one) for one in copy.rglob("*") if one.is_file()]
    assert any(b"ciphertext" in text for text in written)
    assert not any(word.encode() in text for text in written)


def test_an_update_that_would_leave_the_state_as_it_is_is_told_from_one_that_would_not(
    bare: Bare,
) -> None:
    bare.up()
    assert bare.rehearse().changes_nothing

    state = bare.state
    out = next(one for one in state["resources"] if one["urn"].endswith("::out"))
    out["dependencies"] = []
    found = bare.rehearse(deployment=state)
    assert (found.steps, found.changes_nothing) == ((), False)

    bare.write({**ON, "description": "encrypted anew each time"})
    found = bare.rehearse()
    assert [step.name for step in found.steps] == ["address"]
    assert not found.changes_nothing
    bare.up()
    assert bare.rehearse().changes_nothing

    state = bare.state
    address = next(one for one in state["resources"] if one["urn"].endswith("::address"))
    address["inputs"]["description"] = "encrypted anew each time"
    found = bare.rehearse(deployment=state)
    assert (found.steps, found.changes_nothing) == ((), False), "it isn't encrypted there yet"


def test_what_cant_be_rehearsed_says_why(bare: Bare) -> None:
    with pytest.raises(NotRehearsedError, match="settle that first"):
        bare.rehearse(deployment={"pending_operations": [{"type": "creating"}]})
    strange = {"custom": True, "type": "alicloud:oss/bucket:Bucket", "urn": "a", "id": "b"}
    with pytest.raises(NotRehearsedError, match="oss/bucket"):
        bare.rehearse(deployment={"resources": [strange]})
    program = 'import pulumi_alicloud as alicloud\nalicloud.oss.Bucket("files")\n'
    (bare.paths.root / "__main__.py").write_text(program, "utf-8")
    with pytest.raises(NotRehearsedError, match="doesn't simulate 'alicloud:oss/bucket:Bucket'"):
        bare.rehearse(deployment={})


def unpacked(file: Path) -> bytes:
    """What a file says; the engine packs its log."""
    content = file.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def decrypted(state: object, word: str) -> Any:
    """A state as `pulumi stack export --show-secrets` has it, where there is one secret."""
    plain = json.dumps(json.dumps(word))
    return json.loads(re.sub('"ciphertext": "[^"]*"', f'"plaintext": {plain}', json.dumps(state)))
