"""A service of the provider is the same to a program, whoever was the first to ask for it."""

import subprocess
import sys

import pytest

ASKED = {
    "before the components": "from pulumi_alicloud import vpc\nimport components",
    "after the components": "import components\nfrom pulumi_alicloud import vpc",
    "and loaded before": "from pulumi_alicloud import vpc\nvpc.get_nat_gateways\nimport components",
    "as an attribute": "import pulumi_alicloud as alicloud, components\nvpc = alicloud.vpc",
}
USES = (
    "import sys, pulumi_alicloud.vpc.nat_gateway as module, pulumi_alicloud\n"
    "assert vpc is pulumi_alicloud.vpc is sys.modules['pulumi_alicloud.vpc']\n"
    "assert vpc.NatGateway is module.NatGateway\n"
    "assert callable(vpc.get_nat_gateways), 'a function'\n"
    "assert vpc.Network is not None and vpc.NatGateway is module.NatGateway\n"
    "from pulumi_alicloud.vpc import Switch, outputs\n"
    "assert Switch is vpc.Switch\n"
)


@pytest.mark.parametrize("asked", ASKED)
def test_a_service_is_the_same_for_everybody(asked: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"{ASKED[asked]}\n{USES}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_a_service_hasnt_is_told_as_ever() -> None:
    code = "import components\nfrom pulumi_alicloud import vpc\nvpc.NoSuchThing"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "AttributeError" in done.stderr
    assert "NoSuchThing" in done.stderr


def test_a_resource_alone_is_loaded() -> None:
    code = (
        "import sys, components\nfrom pulumi_alicloud import vpc\nvpc.NatGateway\n"
        "assert 'pulumi_alicloud.vpc.nat_gateway' in sys.modules\n"
        "assert 'pulumi_alicloud.vpc.ipv4_cidr_block' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
