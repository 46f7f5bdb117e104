"""What a preview says of the bill: what a change adds to it and takes away."""

import pytest

from tests.lifecycle.conftest import Stack

pytestmark = pytest.mark.engine

PRICES = """\
currency: CNY
prices:
  natGateway: {price: 0.2, per: hour}
  publicIp: {price: 0.02, per: hour}
  sharedBandwidth: {price: 20, per: month}
"""


def test_a_preview_shows_how_a_change_alters_the_bill(stack: Stack) -> None:
    stack.write(stack.text)
    prices = stack.file.with_name("prices.yaml")
    prices.write_text(PRICES, encoding="utf-8")
    fresh = stack.succeed("preview", "--prices", str(prices))
    assert "A month: 0.00 → 3,219.00 CNY (+3,219.00), without natCapacity" in fresh.out
    stack.succeed("up")

    stack.edit("bandwidth: 150", "bandwidth: 100")
    changed = stack.succeed("preview", "--prices", str(prices))
    (line,) = [one for one in changed.out.splitlines() if one.startswith("Bandwidth of packages")]
    assert line.split()[3:] == ["150", "Mbit/s", "100", "Mbit/s", "3,000.00", "2,000.00"]
    assert "NAT gateways" not in changed.out
    assert "A month: 3,219.00 → 2,219.00 CNY (-1,000.00)" in changed.out

    assert "Mbit/s" in stack.succeed("preview").out
    stack.edit("bandwidth: 100", "bandwidth: 150")
    assert "billed" not in stack.succeed("preview").out

    prices.write_text(PRICES.replace("hour", "minute"), encoding="utf-8")
    refused = stack.run("preview", "--prices", str(prices))
    assert (refused.code, "prices.yaml:3" in refused.err) == (2, True)
