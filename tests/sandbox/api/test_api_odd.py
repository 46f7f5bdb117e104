"""Nonsense in every parameter of every action: a refusal of the cloud's kind, never a mistake."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.api import ram, sts
from sandbox.api.actions import Product
from tests.sandbox.api.api_lab import Api
from tests.sandbox.api.worlds import WORLDS

ODD = st.sampled_from(
    (
        *("", " ", "0", "-1", "1.5", "true", "TRUE", "maybe", "null", "[]", "{}", "any", "80"),
        *("9/1", "1e9", "9" * 400, "٣", "²", "'", '"', "<a>", "\x00", "😀", "a" * 5000, "%00"),
        *("10.0.0.0/8", "1.2.3.4", "::1", "cn-shanghai-a", "Nat", "EIP", "PayByTraffic"),
    )
)


@st.composite
def calls(draw: st.DrawFn) -> tuple[Product, str, dict[str, str]]:
    """A call that is right but for one or two parameters."""
    product = draw(st.sampled_from([one for one in MADE if one.table]))
    action = product.actions[draw(st.sampled_from(sorted(product.actions)))]
    ending = st.sampled_from(["", "", "", ".1", ".1.Key", ".0", ".x", ".99999999999"])
    odd = st.sampled_from(sorted(action.known))
    wrong = draw(st.dictionaries(odd, st.tuples(ending, ODD), min_size=1, max_size=2))
    said = {**MADE[product].said(action), **{k + end: value for k, (end, value) in wrong.items()}}
    return product, action.name, said


MADE = {product: world() for product, world in WORLDS.items()}


def _may_do_all(api: Api) -> Api:
    """The same API, called by a user who may do everything, and is judged each time."""
    users = api.of(ram.PRODUCT)
    users.call("CreateUser", UserName="all")
    which = {"PolicyName": "AdministratorAccess", "PolicyType": "System", "UserName": "all"}
    users.call("AttachPolicyToUser", **which)
    return api.by(users.call("CreateAccessKey", UserName="all")["AccessKey"])


# The worlds that need an own key are called by theirs.
USERS = {
    one: world.api if one is sts.PRODUCT else _may_do_all(world.api) for one, world in MADE.items()
}


@settings(max_examples=700, deadline=None)
@given(call=calls(), by_user=st.booleans())
def test_odd_parameters_are_refused_as_the_cloud_refuses(
    call: tuple[Product, str, dict[str, Any]], *, by_user: bool
) -> None:
    product, name, said = call
    api = USERS[product] if by_user else MADE[product].api
    answered = api.answered(name, **said)
    assert answered.status in {200, 204, 400, 403, 404, 409}, (call, api.lines[-1])
