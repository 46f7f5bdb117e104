"""Conditions of routes are read as their authors mean them, and refused with the way out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topologies.api_gateway.conditions.checks import check
from topologies.api_gateway.conditions.parser import in_braces, parse
from topologies.api_gateway.conditions.syntax import (
    SYSTEM_PARAMETERS,
    And,
    Call,
    Comparison,
    Condition,
    ConditionError,
    ConditionProblem,
    Not,
    Number,
    Operator,
    Or,
    Parameter,
    Severity,
    Text,
    Truth,
    check_declarations,
    parameters_of,
    token_parameters,
)

DECLARED = {
    "target": "Query:target",
    "clientVersion": "Query:clientVersion",
    "userId": "Token:userId",
    "method": "Method",
    "realIp": "Header:X-Real-Ip",
}

names = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9]{1,6}", fullmatch=True)
texts = st.text(max_size=8).filter(lambda text: not {"'", '"'} <= set(text))
operands = st.one_of(
    st.builds(Parameter, names),
    st.builds(Text, texts),
    st.builds(Number, st.from_regex(r"-?[0-9]{1,8}(\.[0-9]{1,3})?", fullmatch=True)),
    st.builds(Truth, st.sampled_from(("true", "false"))),
    st.builds(Call, st.just("Random")),
)
comparisons = st.builds(Comparison, operands, st.sampled_from(Operator), operands)


def _several(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[tuple[Condition, ...]]:
    return st.lists(parts, min_size=2, max_size=3).map(tuple)


conditions: st.SearchStrategy[Condition] = st.recursive(
    comparisons,
    lambda parts: st.one_of(
        st.builds(Not, parts), st.builds(And, _several(parts)), st.builds(Or, _several(parts))
    ),
    max_leaves=8,
)


def equal(name: str, value: str) -> Comparison:
    return Comparison(Parameter(name), Operator.EQUAL, Text(value))


def refusal(text: str) -> ConditionError:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    return caught.value


def problems(text: str) -> list[ConditionProblem]:
    return list(check(text, DECLARED))


def only(text: str, severity: Severity) -> ConditionProblem:
    found = problems(text)
    assert [problem.severity for problem in found] == [severity], found
    return found[0]


@given(conditions)
def test_a_written_condition_reads_back_as_the_same_one(condition: Condition) -> None:
    assert parse(str(condition)) == condition


@given(conditions)
def test_a_condition_says_the_same_with_its_parameters_in_braces(condition: Condition) -> None:
    written = in_braces(str(condition))
    assert parse(written) == condition
    assert in_braces(written) == written
    assert all(f"${{{name}}}" in written for name in parameters_of(condition))


def test_only_parameters_are_put_in_braces_and_what_is_around_them_stays() -> None:
    assert in_braces("( $a1='$b1' )  or ${ c1 } = 2") == "( ${a1}='$b1' )  or ${c1} = 2"


@given(st.text(alphabet="${}ab '\"()=<>!%1.,&|\n‘’（", max_size=30))  # noqa: RUF001 as PDFs have them
def test_whatever_the_text_it_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    for problem in check(text, {}):
        assert 0 <= problem.position <= len(text)
        assert problem.rule
        assert problem.remedy


def test_and_binds_tighter_than_or_and_parentheses_tighter_still() -> None:
    a, b, c = equal("a1", "x"), equal("b1", "y"), equal("c1", "z")
    assert parse("$a1 = 'x' or $b1 = 'y' and $c1 = 'z'") == Or((a, And((b, c))))
    assert parse("($a1 = 'x' or $b1 = 'y') and $c1 = 'z'") == And((Or((a, b)), c))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("$a1 == 'x'", "$a1 = 'x'"),
        ("$a1 != 'x'", "$a1 <> 'x'"),
        ('$a1="it\'s"', '$a1 = "it\'s"'),
        ("$a1 !like 'x%'", "$a1 !like 'x%'"),
        ("$a1 NOT LIKE 'x%' AND not ($b1 in_cidr  '10.0.0.0/8')",
         "$a1 !like 'x%' and !($b1 in_cidr '10.0.0.0/8')"),
        ("((1 = 1))", "1 = 1"),
        ("Random() < 0.05", "Random() < 0.05"),
        ("$flag = TRUE", "$flag = true"),
    ],
)  # fmt: skip
def test_every_spelling_has_one_meaning(text: str, meaning: str) -> None:
    assert str(parse(text)) == meaning


def test_the_parameters_of_a_condition_are_known() -> None:
    assert parameters_of(parse("!($a1 = $b1) or 'x' = $c1 and $a1 like '%'")) == {"a1", "b1", "c1"}


@pytest.mark.parametrize(
    ("text", "position", "remedy"),
    [
        ("", 0, "$target = 'resource1'"),
        ("   ", 0, "$target = 'resource1'"),
        ("$target = resource1", 10, "write 'resource1'"),
        ("target = 'resource1'", 0, "write $target"),
        ("$ = 'x'", 0, "$userId"),
        ("$target = 'resource1", 10, "close it with another '"),
        ("$target = ‘resource1’", 10, "write ' instead"),  # noqa: RUF001 as a PDF copy has them
        ("$target = 'resource1’", 10, "write ' where it ends"),  # noqa: RUF001
        ("（$target = 'x')", 0, "write ( instead"),  # noqa: RUF001 from a Chinese keyboard
        ("($target = 'x'", 0, "close it"),
        ("$a1 = 'x' and ($b1 = 'y' or ($c1 = 'z')", 14, "close it"),
        ("($a1 = 'x' and ($b1 = 'y'", 15, "close it"),
        ("$target = 'x')", 13, "remove it"),
        ("$target", 7, "$target = 'value'"),
        ("$target and $b1 = 'x'", 8, "$target = 'value'"),
        ("$target =", 9, "text in quotes"),
        ("= 'x'", 0, "text in quotes"),
        ("$a1 = 'x' and", 13, "text in quotes"),
        ("$a1 = 'x' or and $b1 = 'y'", 13, "text in quotes"),
        ("$a1 = 'x' $b1 = 'y'", 10, "before $b1"),
        ("$a1 = 'x' an $b1 = 'y'", 10, "did you mean and?"),
        ("$a1 = 'x' && $b1 = 'y'", 10, "did you mean and?"),
        ("$a1 = 'x' || $b1 = 'y'", 10, "did you mean or?"),
        ("$ip in_cird '10.0.0.0/8'", 4, "did you mean in_cidr?"),
        ("$ip in '10.0.0.0/8'", 4, "did you mean in_cidr?"),
        ("$v1 => '2'", 4, "did you mean >=?"),
        ("$v1 === '2'", 4, "did you mean =?"),
        ("$v1 ~= '2'", 4, "?"),
        ("$v1 '2'", 4, "="),
        ("$ip in_cidr 106.11.31.0/24", 12, "write '106.11.31.0/24'"),
        ("$clientVersion < 2.0.5", 17, "write '2.0.5'"),
        ("$a1 = null", 6, "for its absence"),
        ("!$a1 = 'x'", 0, "!( … )"),
        ("Random(1) < 0.05", 0, "write Random()"),
        ("(" * 60 + "1 = 1" + ")" * 60, 50, "fewer"),
    ],
)
def test_a_mistake_is_placed_and_comes_with_what_to_write(
    text: str, position: int, remedy: str
) -> None:
    error = refusal(text)
    assert remedy in error.remedy
    assert error.position == position


def test_a_parameter_stands_in_braces_only_where_the_gateway_documents_it() -> None:
    text = "1 = 1 and ${target} = 'resource1'"
    (problem,) = [one for one in problems(text) if one.severity is Severity.ERROR]
    assert (problem.position, problem.remedy) == (10, "write $target")
    for spelling in ("${target}", "${ target }", "$target"):
        assert list(check(f"{spelling} = 'resource1'", DECLARED, braces=True)) == []


def test_an_error_reads_as_a_sentence_that_counts_characters_from_one() -> None:
    assert str(refusal("$target = resource1")) == (
        "character 11: text is written in quotes; write 'resource1'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "$target = 'resource1'",
        "$CaAppId = 4534463 or $CaAppId = 86734572",
        "$userId like '%0' or $userId like '%1'",
        "$CaClientIp in_cidr  '106.11.31.0/24'",
        "$method = 'GET' and $CaStage = 'PRE'",
        "$clientVersion < '1.0'",
        "$clientVersion < '2024.01.05'",
        "$clientVersion < 205",
    ],
)
def test_a_sound_condition_has_no_problem(text: str) -> None:
    assert problems(text) == []


def test_a_condition_that_cannot_be_read_has_that_one_problem() -> None:
    problem = only("$unknown = resource1", Severity.ERROR)
    assert problem.position == 11
    assert problem.remedy == "write 'resource1'"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("$tarket = 'x'", "did you mean $target?"),
        ("$CaClientIP in_cidr '10.0.0.0/8'", "did you mean $CaClientIp?"),
        ("$zzz = 'x'", "declare it under parameters, such as zzz: Header:zzz"),
        ("$CaClientIp in_cidr '106.11.31.0'", "write '106.11.31.0/32'"),
        ("$CaClientIp in_cidr '106.11.31.0/33'", "106.11.31.0/24"),
        ("$CaClientIp in_cidr 24", "106.11.31.0/24"),
        ("$method in_cidr '10.0.0.0/8'", "write $CaClientIp in_cidr '10.0.0.0/8'"),
        ("'10.0.0.1' in_cidr $target", "write one"),
        ("$CaClientIp < '10.0.0.0/8'", "write in_cidr '10.0.0.0/8'"),
        ("$CaClientIp = '10.0.0.0/8'", "write $CaClientIp in_cidr '10.0.0.0/8'"),
        ("$target like 5", "write one"),
        ("$target > true", "compare it with ="),
    ],
)
def test_what_cannot_work_is_an_error(text: str, remedy: str) -> None:
    assert any(
        problem.severity is Severity.ERROR and remedy in problem.remedy
        for problem in problems(text)
    ), problems(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("$target like 'resource1'", "write $target = 'resource1'"),
        ("$target !like 'resource1'", "write $target <> 'resource1'"),
        ("$target like 'resource*'", "write 'resource%'"),
        ("$target like '%'", "matches every value"),
        ("$CaClientIp in_cidr '106.11.31.7/24'", "write '106.11.31.0/24'"),
        ("$CaClientIp in_cidr '0.0.0.0/0'", "every address"),
        ("$realIp in_cidr '10.0.0.0/8'", "can claim any address"),
        ("$CaClientIp = 'localhost'", "106.11.31.7"),
        ("1 = 1", "always true"),
        ("1 = 2", "never true"),
        ("$target = $target", "with itself"),
        ("$target = 'a' and $target = 'b'", "did you mean or?"),
        ("$target = 'a' or $target = 'a'", "said twice"),
        ("$method = 'get'", "write 'GET'"),
        ("$CaStage = 'PREE'", "did you mean 'PRE'?"),
        ("$target < '10'", "write 10 without quotes"),
        ("$clientVersion < '2.0.5'", "'2.0.10' counts as less than '2.0.5'"),
        ("$clientVersion < '2.0.10'", "'2.0.9' counts as more than '2.0.10'"),
        ("$clientVersion < '2.0.5.1'", "counts as less than '2.0.5.1'"),
        ("$target not like 'a%'", "write !like"),
        ("$target LIKE 'a%'", "write like"),
        ("Random() < 0.05", "last digits of an id"),
        ("Timestamp() < 5", "make sure that the gateway has it"),
    ],
)
def test_what_may_not_be_meant_is_a_warning(text: str, hint: str) -> None:
    problem = only(text, Severity.WARNING)
    assert hint in f"{problem.rule}; {problem.remedy}"


def test_a_long_condition_is_checked_without_delay() -> None:
    # Comparing every two of the parts would take some ten seconds.
    text = " or ".join(f"$target = '{number}'" for number in range(5_000))
    started = time.process_time()
    assert problems(text) == []
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("source", "forgeable"),
    [("Token:ip", False), ("XFF:-1", False), ("XFF:0", True), ("Query:ip", True)],
)
def test_addresses_that_clients_could_invent_are_pointed_out(source: str, forgeable: bool) -> None:  # noqa: FBT001 a case
    assert bool(list(check("$ip in_cidr '10.0.0.0/8'", {"ip": source}))) is forgeable


def test_a_problem_points_at_what_is_wrong() -> None:
    text = "$target = 'a' or $CaClientIp in_cidr '10.0.0.0/40'"
    assert text[only(text, Severity.ERROR).position :] == "'10.0.0.0/40'"


def test_parameters_of_the_api_need_no_declaration() -> None:
    assert list(check("$shopId = 'x'", {}, {"shopId"})) == []
    assert list(check("$shopId = 'x'", {}))


@pytest.mark.parametrize("name", sorted(SYSTEM_PARAMETERS))
def test_system_parameters_need_no_declaration(name: str) -> None:
    assert all("declared" not in problem.rule for problem in check(f"${name} = 5", {}))


@given(st.text(max_size=40), st.dictionaries(st.text(max_size=6), st.text(max_size=12), max_size=3))
def test_checks_take_any_text(text: str, declared: dict[str, str]) -> None:
    list(check(text, declared))
    list(check_declarations(declared))


@given(conditions)
def test_checks_take_any_condition(condition: Condition) -> None:
    for problem in check(str(condition), DECLARED):
        assert 0 <= problem.position < len(str(condition))


@pytest.mark.parametrize(
    "source",
    ["Query:target", "Header:X-Version", "Form:f1", "Token:userId", "Parameter:id", "Host:tenant",
     "Method", "Path", "System:CaClientIp", "XFF:0", "XFF:-1"],
)  # fmt: skip
def test_documented_locations_are_taken(source: str) -> None:
    assert list(check_declarations({"value": source})) == []


@pytest.mark.parametrize(
    ("name", "source", "severity", "remedy"),
    [
        ("value", "Qeury:target", Severity.ERROR, "did you mean Query?"),
        ("value", "Cookie:session", Severity.ERROR, "Header:Cookie"),
        ("value", "", Severity.ERROR, "use one of Method, Path"),
        ("value", "Query", Severity.ERROR, "write Query:value"),
        ("value", "Method:GET", Severity.ERROR, "write Method"),
        ("value", "XFF:first", Severity.ERROR, "XFF:0"),
        ("value", "StatusCode", Severity.ERROR, "of the request"),
        ("value", "BodyJsonField:$.a", Severity.ERROR, "of the request"),
        ("value", "query:target", Severity.WARNING, "write Query:target"),
        ("value", "Path:userId", Severity.WARNING, "write Parameter:userId"),
        ("value", "System:CaClientIP", Severity.WARNING, "did you mean System:CaClientIp?"),
        ("user-id", "Query:id", Severity.ERROR, "call it userid"),
        ("u", "Query:u", Severity.ERROR, "userId"),
        ("CaClientIp", "Query:ip", Severity.WARNING, "another name"),
    ],
)
def test_a_declaration_that_cannot_be_read_says_what_to_write(
    name: str, source: str, severity: Severity, remedy: str
) -> None:
    (problem,) = check_declarations({name: source})
    assert problem.parameter == name
    assert problem.severity is severity
    assert remedy in problem.remedy


def test_parameters_that_need_a_jwt_plugin_are_known() -> None:
    assert token_parameters(DECLARED) == {"userId"}
