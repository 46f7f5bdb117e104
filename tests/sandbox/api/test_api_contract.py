"""The official SDKs' models are the contract: each parameter, each field, its name, its shape.

That an answer is as they have it, `Api.call` asserts wherever a test calls.
"""

import pytest

from facts.contract import contract_of_kind
from sandbox.api import vpc
from sandbox.api.actions import Action, Create, Describe, Get, Modify, Product
from sandbox.api.products import PRODUCTS
from tests.sandbox.api.official import models_of, request_of, route_of
from tests.sandbox.api.worlds import WORLDS

_ALL = [(product, action) for product in PRODUCTS for action in product.table]


def _name(given: Product | Action) -> str:
    return given.code if isinstance(given, Product) else given.name


EACH = pytest.mark.parametrize(("product", "action"), _ALL, ids=_name)
STATING = pytest.mark.parametrize(
    "action", [one for _, one in _ALL if isinstance(one, Create | Modify)], ids=_name
)
LOOKING = pytest.mark.parametrize(
    ("product", "action"), [one for one in _ALL if isinstance(one[1], Get | Describe)], ids=_name
)


@EACH
def test_each_parameter_is_the_official_sdks(product: Product, action: Action) -> None:
    theirs = {*request_of(product, action.name), "RegionId", "ClientToken", "DryRun"}
    assert not action.known - theirs


@EACH
def test_each_is_called_as_the_official_sdk_calls_it(product: Product, action: Action) -> None:
    assert action.route == route_of(product, action.name)


@STATING
def test_each_parameter_that_states_something_states_an_input_of_its_kind(
    action: Create | Modify,
) -> None:
    inputs = contract_of_kind(action.subject.kind).inputs
    stating = {*action.needs, *action.takes} - {*action.also}
    if isinstance(action, Modify):
        stating -= {*action.subject.id}
    assert not {action.subject.attribute(one) for one in stating} - inputs.keys()


@pytest.mark.parametrize("name", sorted(vpc.BANDWIDTH_PACKAGES))
def test_what_is_gone_is_gone_from_the_official_sdk_too(name: str) -> None:
    assert not hasattr(models_of(vpc.PRODUCT), f"{name}Request")
    for today in vpc.BANDWIDTH_PACKAGES[name]:
        assert today in vpc.PRODUCT.actions


@pytest.mark.parametrize("product", PRODUCTS, ids=_name)
def test_each_product_has_an_account_to_be_asked_about(product: Product) -> None:
    assert product in WORLDS


@LOOKING
def test_each_answer_says_all_of_its_fields_under_the_official_sdks_names(
    product: Product, action: Get | Describe
) -> None:
    world = WORLDS[product]()
    answer = world.api.call(action.name, **world.said(action))
    if isinstance(action, Get):
        assert answer.keys() == {"RequestId", *action.fields}
    else:
        outer, inner = action.inside
        row, *_ = answer[outer][inner] if inner else answer[outer]
        assert row.keys() == {*action.fields}
