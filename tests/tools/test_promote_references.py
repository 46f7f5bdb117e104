"""Promotion of stacks that refer to others: a tier's references belong to it."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.tools.promotions import Pair

EXAMPLE = ROOT / "examples" / "stack-references"
HTTP = "      http: {publicIp: shop, port: 80, host: web2, hostPort: 8080}\n"
FRONT = """\
      front:
        id: {stack: shared-dev, output: publicIpIds.front}
        address: {stack: shared-dev, output: publicIps.front}
        bound: true
"""


def tier(file: Path, name: str) -> None:
    """The shop's stack on that tier's shared one, with that one's file beside it."""
    text = (EXAMPLE / "Pulumi.shop.yaml").read_text("utf-8")
    file.write_text(text.replace("stack: shared,", f"stack: shared-{name},"), encoding="utf-8")
    shared = file.parent / f"Pulumi.shared-{name}.yaml"
    shared.write_bytes((EXAMPLE / "Pulumi.shared.yaml").read_bytes())


@pytest.fixture
def shops(pair: Pair) -> Pair:
    tier(pair.source, "dev")
    tier(pair.target, "staging")
    pair.before = pair.text
    return pair


def test_references_to_a_tiers_own_shared_stack_stay(shops: Pair) -> None:
    stays = {one["path"]: one for one in shops.check("--format", "json").document["stays"]}
    gateway = stays["sharedBandwidth.natGateway.id"]
    assert gateway["source"] == "${natGatewayId of shared-dev}"
    assert gateway["target"] == "${natGatewayId of shared-staging}"
    assert set(stays) >= {
        "network.vpc",
        "network.vswitches",
        "sharedBandwidth.bandwidthPackage.id",
        "sharedBandwidth.natGateway.forwardTableId",
        "sharedBandwidth.natGateway.id",
    }
    assert shops.check().code == 0


def test_what_stands_on_them_moves(shops: Pair) -> None:
    shops.edit_staging(HTTP, "")
    assert shops.promote().code == 0
    assert shops.changed() == ([], HTTP.splitlines())
    assert "shared-dev" not in shops.text


def test_a_new_entry_needs_the_tiers_own_reference(shops: Pair) -> None:
    shops.edit_dev("    publicIps:\n", "    publicIps:\n" + FRONT)
    asked = shops.promote()
    assert asked.code != 0
    assert "sharedBandwidth.publicIps.front.id" in asked.out + asked.err
    place, own = "sharedBandwidth.publicIps.front", "{stack: shared-staging, output: "
    given = f"'{place}.id={own}publicIpIds.front}}' '{place}.address={own}publicIps.front}}'"
    done = shops.promote("--set", given)
    assert done.code == 0, done.err
    assert "shared-staging, output: publicIpIds.front" in shops.text
    assert "shared-dev" not in shops.text
