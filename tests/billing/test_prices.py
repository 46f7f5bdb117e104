"""A file of prices: what a month costs by it, and what is wrong with it."""

from pathlib import Path

import pytest

from judging.billing import NAT_CAPACITY, NAT_GATEWAY, PUBLIC_IP_BANDWIDTH, SERVER, Billed, Unit
from judging.prices import Prices, month_of, read_prices
from stack.problems import StackFileError


def line(unit: Unit, *amounts: float, variant: str = "", region: str = "cn-shanghai") -> Billed:
    return Billed(unit, region, variant, in_advance=False, amounts=amounts)


def prices(folder: Path, text: str) -> Prices:
    file = folder / "prices.yaml"
    file.write_text(f"currency: USD\n{text}\n", encoding="utf-8")
    return read_prices(file)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(StackFileError) as found:
        prices(folder, text)
    return str(found.value)


def test_a_month_has_730_hours_of_what_is_held(tmp_path: Path) -> None:
    known = prices(tmp_path, "prices: {natGateway: {price: 0.1, per: hour}}")
    assert known.of(line(NAT_GATEWAY, 1, 1)) == pytest.approx(146)


def test_prices_may_be_by_the_day_and_by_the_month(tmp_path: Path) -> None:
    by_day = prices(tmp_path, "prices: {natGateway: {price: 24, per: day}}")
    assert by_day.of(line(NAT_GATEWAY, 1)) == pytest.approx(730)
    by_month = prices(tmp_path, "prices: {natGateway: {price: 24, per: month}}")
    assert by_month.of(line(NAT_GATEWAY, 1)) == 24


def test_a_region_has_prices_of_its_own(tmp_path: Path) -> None:
    known = prices(
        tmp_path,
        "prices: {natGateway: {price: 1, per: month}}\n"
        "regions: {ap-southeast-1: {natGateway: {price: 2, per: month}}}",
    )
    assert known.of(line(NAT_GATEWAY, 1)) == 1
    assert known.of(line(NAT_GATEWAY, 1, region="ap-southeast-1")) == 2


def test_steps_are_of_each_resource_and_not_of_their_sum(tmp_path: Path) -> None:
    known = prices(
        tmp_path,
        "prices: {publicIpBandwidth: {steps: [{upTo: 5, price: 1}, {price: 10}], per: month}}",
    )
    assert known.of(line(PUBLIC_IP_BANDWIDTH, 5, 7)) == 5 + 5 + 20


def test_variants_have_a_price_each_and_one_without_is_left_out(tmp_path: Path) -> None:
    known = prices(tmp_path, "prices: {server: {per: hour, by: {ecs.g7.large: 1}}}")
    assert known.of(line(SERVER, 1, 1, variant="ecs.g7.large")) == 1460
    assert known.of(line(SERVER, 1, variant="ecs.g7.xlarge")) is None


def test_what_goes_by_use_costs_what_the_file_says_is_used(tmp_path: Path) -> None:
    said = "prices: {natCapacity: {price: 0.5}}"
    assert prices(tmp_path, said).of(line(NAT_CAPACITY, 0)) is None
    known = prices(tmp_path, f"{said}\nusage: {{natCapacity: 100}}")
    assert known.of(line(NAT_CAPACITY, 0)) == 50


def test_a_subscription_has_the_price_of_its_order(tmp_path: Path) -> None:
    known = prices(tmp_path, "prices: {natGateway: {price: 1, per: month}}")
    assert known.of(Billed(NAT_GATEWAY, "cn-shanghai", "", in_advance=True, amounts=(1,))) is None


def test_the_sum_says_what_it_leaves_out(tmp_path: Path) -> None:
    known = prices(tmp_path, "prices: {natGateway: {price: 3, per: month}}")
    month = month_of([line(NAT_GATEWAY, 1), line(SERVER, 2), line(NAT_CAPACITY, 0)], known)
    assert (month.known, month.currency) == (3, "USD")
    assert month.without_price == ("server", "natCapacity")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prices: {natGatway: {price: 1, per: hour}}", "did you mean natGateway?"),
        ("prices: {natGateway: {price: 1}}", "say per: hour, day or month"),
        ("prices: {natCapacity: {price: 1, per: hour}}", "remove per"),
        ("prices: {natGateway: {per: hour}}", "a unit has one of price, steps and by"),
        ("prices: {natGateway: {price: 1, per: hour, by: {x: 1}}}", "one of price, steps and by"),
        ("prices: {natGateway: {per: hour, by: {x: 1}}}", "no variants"),
        ("prices: {natGateway: {per: hour, steps: [{price: 1}, {price: 2}]}}", "steps rise"),
        (
            "prices: {natGateway: {per: hour, steps: [{upTo: 2, price: 1}, {upTo: 3, price: 2}]}}",
            "steps rise",
        ),
        ("regions: {cn-beijing: {natGatway: {price: 1, per: hour}}}", "regions.cn-beijing"),
        ("usage: {natGateway: 1}", "usage has what goes by use"),
        ("prices: {natGateway: {price: -1, per: hour}}", "prices.natGateway.price"),
        ("prices: {natGateway: {price: cheap, per: hour}}", "prices.natGateway.price"),
        ("price: {}", "prices"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    text: str, said: str, tmp_path: Path
) -> None:
    report = refused(tmp_path, text)
    assert said in report
    assert "prices.yaml:2" in report
    assert "remedy:" in report


def test_a_file_without_a_currency_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text("prices: {}\n", encoding="utf-8")
    with pytest.raises(StackFileError, match="currency"):
        read_prices(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match="can't be read"):
        read_prices(tmp_path / "none.yaml")
