"""An account is asked for every page, waits where it is busy, and is never asked to change."""

from collections.abc import Callable

import pytest

from judging.account.reading import (
    Call,
    Gap,
    Listing,
    Pages,
    RefusedError,
    UnreadError,
    side_by_side,
)
from sandbox.api.actions import Product
from sandbox.api.products import PRODUCTS
from tests.account.accounts import REGION, Asked, filled

EIPS = Listing("vpc", "DescribeEipAddresses", ("EipAddresses", "EipAddress"))
GROUPS = Listing(
    "ecs", "DescribeSecurityGroups", ("SecurityGroups", "SecurityGroup"), Pages.CHAINED
)
READS = ("Describe", "List", "Get", "Query", "Search")


def with_eips(count: int) -> Asked:
    lab, asked = filled()
    for _ in range(count):
        lab.new_eip()
    return asked


def refusing(code: str, when: Callable[[int], bool]) -> Callable[[int, Call], None]:
    def before(number: int, _: Call) -> None:
        if when(number):
            raise RefusedError(code, "no")

    return before


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda one: one.code)
def test_no_action_that_changes_something_can_be_called(product: Product) -> None:
    changing = [one for one in product.actions if not one.startswith(READS)]
    for action in changing:
        with pytest.raises(ValueError, match="read alone"):
            Call("vpc", action, REGION)


@pytest.mark.parametrize("action", ["", "Describe", "describeVpcs", "Getaway", "DeleteListVpc"])
def test_what_only_looks_like_a_read_is_none(action: str) -> None:
    with pytest.raises(ValueError, match="read alone"):
        Call("vpc", action, REGION)


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (50, 1), (51, 2), (120, 3)])
def test_every_page_is_read(count: int, pages: int) -> None:
    asked = with_eips(count)
    found = asked.reader().listed(EIPS, REGION)
    assert len({one["AllocationId"] for one in found}) == count
    assert len(asked.calls) == pages


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (50, 1), (51, 2), (101, 3)])
def test_pages_that_follow_a_token_are_read_to_the_last(count: int, pages: int) -> None:
    lab, asked = filled()
    for _ in range(count):
        lab.new_group()
    found = asked.reader().listed(GROUPS, REGION)
    assert len({one["SecurityGroupId"] for one in found}) == count
    assert len(asked.calls) == pages


@pytest.mark.parametrize("code", ["Throttling", "Throttling.User", "ServiceUnavailable"])
def test_a_call_that_is_throttled_is_made_again_after_longer_and_longer(code: str) -> None:
    asked = with_eips(120)
    asked.before = refusing(code, lambda number: number in {1, 2, 3, 5})
    assert len(asked.reader().listed(EIPS, REGION)) == 120
    assert asked.waits == [0.5, 1.0, 2.0, 0.5]


def test_an_account_that_stays_busy_ends_in_one_clear_error() -> None:
    asked = with_eips(1)
    asked.before = refusing("Throttling", lambda _: True)
    with pytest.raises(UnreadError, match=r"vpc:DescribeEipAddresses in cn-shanghai.*\n.*31.5"):
        asked.reader().listed(EIPS, REGION)
    assert len(asked.calls) == len(asked.waits) + 1


@pytest.mark.parametrize(
    "code", ["Forbidden", "Forbidden.RAM", "Forbidden.SubUser", "NoPermission"]
)
def test_a_right_that_is_missing_is_a_gap_with_a_name(code: str) -> None:
    asked = with_eips(3)
    asked.before = refusing(code, lambda _: True)
    reader = asked.reader()
    assert reader.listed(EIPS, REGION) == reader.listed(EIPS, REGION) == []
    assert reader.gaps == (Gap(REGION, "vpc:DescribeEipAddresses", code),)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("Forbbiden.TransitRouterServiceNotOpen", "no"),
        ("Forbidden.ServiceNotOpen", "no"),
        ("AccessDenied", "FC service is not enabled for current user."),
    ],
)
def test_of_a_product_that_was_never_activated_there_is_nothing(code: str, message: str) -> None:
    asked = with_eips(3)

    def before(_number: int, _call: Call) -> None:
        raise RefusedError(code, message)

    asked.before = before
    reader = asked.reader()
    assert (reader.listed(EIPS, REGION), reader.gaps) == ([], ())


def test_what_may_be_read_leaves_no_gap() -> None:
    reader = with_eips(3).reader()
    assert len(reader.listed(EIPS, REGION)) == 3
    assert reader.gaps == ()


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("InvalidSecurityToken.Expired", "renew them"),
        ("InvalidAccessKeyId.NotFound", "renew them"),
        ("SignatureDoesNotMatch", "renew them"),
        ("InternalError", "read again"),
    ],
)
def test_what_ends_in_the_middle_is_an_error_and_no_shorter_list(code: str, remedy: str) -> None:
    asked = with_eips(120)
    asked.before = refusing(code, lambda number: number == 2)
    with pytest.raises(UnreadError, match=rf"(?s){code}.*{remedy}"):
        asked.reader().listed(EIPS, REGION)


def test_a_refusal_of_many_lines_is_told_in_one() -> None:
    asked = with_eips(1)

    def before(_number: int, _call: Call) -> None:
        raise RefusedError("SignatureDoesNotMatch", "It was\x1b[2J:\nPOST\n/\nhost:x")

    asked.before = before
    with pytest.raises(UnreadError) as ended:
        asked.reader().listed(EIPS, REGION)
    first, second = str(ended.value).splitlines()
    assert first.endswith(r"SignatureDoesNotMatch: It was\x1b[2J:")
    assert "renew them" in second


def test_regions_are_read_side_by_side_and_told_in_their_order() -> None:
    regions = ["cn-shanghai", "cn-beijing", "eu-central-1"]
    lab, asked = filled()
    lab.new_eip()
    found = side_by_side(regions, lambda region: len(asked.reader().listed(EIPS, region)))
    assert [*found] == [1, 0, 0]


def test_the_first_region_that_fails_ends_it() -> None:
    asked = with_eips(1)
    asked.before = refusing("InternalError", lambda _: True)
    with pytest.raises(UnreadError):
        list(side_by_side(["cn-shanghai"], lambda region: asked.reader().listed(EIPS, region)))
