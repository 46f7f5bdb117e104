"""Whom a condition picks: the examples of the product's documentation, and shares of users."""

import ipaddress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.topologies.test_api_conditions import conditions
from topologies.api_gateway.conditions.checks import check
from topologies.api_gateway.conditions.evaluation import (
    Request,
    evaluate,
    percentage_condition,
    share_of_ids,
    values_of,
)
from topologies.api_gateway.conditions.parser import parse
from topologies.api_gateway.conditions.syntax import Condition, parameters_of

percents = st.integers(1, 100)


def holds(text: str, **values: str) -> bool:
    return evaluate(parse(text), values)


@pytest.mark.parametrize(("target", "taken"), [("resource1", True), ("resource12", False)])
def test_a_query_parameter_chooses_the_backend(target: str, taken: bool) -> None:  # noqa: FBT001 a case
    values = values_of(Request(query={"target": target}), {"target": "Query:target"})
    assert evaluate(parse("$target = 'resource1'"), values) is taken


@pytest.mark.parametrize(("app", "taken"), [("4534463", True), ("86734572", True), ("1", False)])
def test_apps_are_picked_by_number(app: str, taken: bool) -> None:  # noqa: FBT001 a case
    condition = parse("$CaAppId = 4534463 or $CaAppId = 86734572")
    assert evaluate(condition, values_of(Request(app_id=app), {})) is taken


@pytest.mark.parametrize(
    ("user", "taken"), [("10020", True), ("10021", True), ("10012", False), ("01x", False)]
)
def test_users_are_picked_by_the_last_digit_of_a_claim(user: str, taken: bool) -> None:  # noqa: FBT001 a case
    values = values_of(Request(claims={"userId": user}), {"userId": "Token:userId"})
    assert evaluate(parse("$userId like '%0' or $userId like '%1'"), values) is taken


@pytest.mark.parametrize(
    ("address", "taken"), [("106.11.31.7", True), ("106.11.32.7", False), ("2001:db8::1", False)]
)
def test_clients_are_picked_by_their_network(address: str, taken: bool) -> None:  # noqa: FBT001 a case
    condition = parse("$CaClientIp in_cidr  '106.11.31.0/24'")
    assert evaluate(condition, values_of(Request(client_ip=address), {})) is taken


def test_old_clients_are_told_apart_by_version() -> None:
    values = values_of(
        Request(query={"clientVersion": "1.9"}), {"clientVersion": "Query:clientVersion"}
    )
    assert evaluate(parse("$clientVersion < '2.0.5'"), values)


@pytest.mark.parametrize(
    "text",
    ["$v1 = 'a'", "$v1 <> 'a'", "$v1 like '%'", "$v1 !like 'a'", "$v1 in_cidr '0.0.0.0/0'",
     "$v1 !in_cidr '10.0.0.0/8'", "$v1 < 5", "$v1 >= ''", "Random() < 1"],
)  # fmt: skip
def test_no_comparison_with_an_absent_parameter_holds(text: str) -> None:
    assert not holds(text)
    assert holds(f"!({text})")


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("$v1 = 5", "5.0", True),
        ("$v1 = 5", "five", False),
        ("$v1 <> 5", "five", True),
        ("$v1 < 10", "9", True),
        ("$v1 < '10'", "9", False),
        ("$v1 < 10", "nine", False),
        ("$v1 >= -1", "-1", True),
        ("$v1 = true", "True", True),
        ("$v1 <> 'a'", "b", True),
        ("$v1 <= 'a'", "a", True),
        ("$v1 > 'a'", "b", True),
        ("$v1 like 'a%b%c'", "a--b--c", True),
        ("$v1 like 'a%b%c'", "a--c", False),
        ("$v1 like 'ab%bc'", "abc", False),
        ("$v1 like '%b%b%'", "ab", False),
        ("$v1 like 'a_c'", "abc", False),
        ("$v1 like 'A%'", "abc", False),
        ("$v1 !like '%0'", "11", True),
        ("$v1 in_cidr '2001:db8::/32'", "2001:db8::7", True),
        ("$v1 !in_cidr '10.0.0.0/8'", "192.168.0.1", True),
        ("$v1 !in_cidr '10.0.0.0/8'", "somewhere", False),
    ],
)
def test_values_are_compared(text: str, value: str, expected: bool) -> None:  # noqa: FBT001 a case
    assert holds(text, v1=value) is expected


@given(conditions, st.data())
def test_every_condition_holds_or_does_not(condition: Condition, data: st.DataObject) -> None:
    names = sorted(parameters_of(condition))
    values = data.draw(
        st.dictionaries(st.sampled_from(names), st.text(max_size=20)) if names else st.just({})
    )
    assert isinstance(evaluate(condition, values), bool)


@given(conditions)
def test_negation_turns_every_condition_round(condition: Condition) -> None:
    assert evaluate(parse(f"!({condition})"), {"ab": "1"}) is not evaluate(condition, {"ab": "1"})


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_every_address_is_in_its_own_blocks(address: ipaddress.IPv4Address, length: int) -> None:
    assert holds(f"$v1 in_cidr '{address}/{length}'", v1=str(address))


@given(st.lists(st.text(alphabet="ab", max_size=3), min_size=1, max_size=4), st.data())
def test_a_pattern_matches_whatever_stands_for_its_wildcards(
    pieces: list[str], data: st.DataObject
) -> None:
    fillings = [data.draw(st.text(alphabet="abc", max_size=4)) for _ in pieces[1:]]
    value = pieces[0] + "".join(f + p for f, p in zip(fillings, pieces[1:], strict=True))
    assert holds(f"$v1 like '{'%'.join(pieces)}'", v1=value)


def test_values_are_read_where_they_are_declared() -> None:
    request = Request(
        method="get",
        path="/users/7",
        query={"q": "1"},
        headers={"X-Version": "2", "x-forwarded-for": "203.0.113.1, 203.0.113.2"},
        form={"f": "3"},
        parameters={"id": "7"},
        client_ip="198.51.100.7",
        claims={"userId": "42"},
    )
    declared = {
        "method": "Method",
        "path": "Path",
        "query": "Query:q",
        "header": "Header:x-version",
        "first": "XFF:0",
        "last": "XFF:-1",
        "none": "XFF:5",
        "form": "Form:f",
        "own": "Parameter:id",
        "tenant": "Host:tenant",
        "user": "Token:userId",
        "stage": "System:CaStage",
        "absent": "Query:nothing",
        "unreadable": "Cookie:c",
    }
    assert values_of(request, declared) == {
        "method": "GET",
        "path": "/users/7",
        "query": "1",
        "header": "2",
        "first": "203.0.113.1",
        "last": "203.0.113.2",
        "form": "3",
        "own": "7",
        "user": "42",
        "id": "7",
        "CaClientIp": "198.51.100.7",
    }


def test_a_declaration_goes_before_what_the_gateway_knows_by_that_name() -> None:
    declared = {"CaAppId": "Query:app"}
    assert values_of(Request(app_id="1", query={"app": "2"}), declared)["CaAppId"] == "2"
    assert "CaAppId" not in values_of(Request(app_id="1"), declared)


@given(percents)
def test_a_percentage_picks_that_share_of_users(percent: int) -> None:
    condition = parse(percentage_condition("userId", percent))
    assert share_of_ids(condition, "userId") == Fraction(percent, 100)


@given(percents, percents, st.integers(100, 10**12))
def test_whoever_is_picked_stays_picked_when_the_percentage_grows(
    one: int, other: int, user: int
) -> None:
    fewer, more = sorted((one, other))
    if holds(percentage_condition("userId", fewer), userId=str(user)):
        assert holds(percentage_condition("userId", more), userId=str(user))


@given(st.integers(1, 99))
def test_percentages_are_conditions_without_a_problem(percent: int) -> None:
    assert not list(check(percentage_condition("userId", percent), {"userId": "Token:userId"}))


def test_twenty_percent_is_the_condition_of_the_documentation() -> None:
    assert percentage_condition("userId", 20) == "$userId like '%0' or $userId like '%1'"
    assert percentage_condition("userId", 10) == "$userId like '%0'"
    assert percentage_condition("userId", 12) == (
        "$userId like '%0' or $userId like '%01' or $userId like '%11'"
    )


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("$userId !like '%0'", Fraction(9, 10)),
        ("!($userId like '%0' or $userId like '%1')", Fraction(4, 5)),
        ("$userId like '%0' or $userId like '%10'", Fraction(1, 10)),
        ("$userId like '%0' and $userId like '%1'", Fraction(0)),
        ("$userId like '%123'", Fraction(1, 1000)),
        ("$userId like '%0' and $other like '%0'", None),
        ("$userId like '1%'", None),
        ("$userId like '%a'", None),
        ("$userId like '%12345'", None),
        ("$userId = '10'", None),
        ("$CaClientIp in_cidr '10.0.0.0/8'", None),
    ],
)
def test_shares_are_told_where_only_last_digits_decide(text: str, share: Fraction | None) -> None:
    assert share_of_ids(parse(text), "userId") == share
