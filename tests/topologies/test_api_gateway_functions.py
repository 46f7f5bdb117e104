"""APIs in front of functions: which one, by which role, and who waits for whom."""

import pytest

from tests.stackfiles import problems_of, where
from tests.topologies.api_stacks import G, api_stack, mock_api
from tests.topologies.functions import CODE, LOOKUP, F, functions_stack
from tests.topologies.unified import only, put

ORDER = f"{G}.apis.order"
ROLE = "acs:ram::123456789012:role/gateway"


def calling(**function: object) -> str:
    return functions_stack(put(ORDER, backend={"function": function}))


def test_an_api_names_a_function_of_the_stack() -> None:
    assert problems_of(functions_stack()) == ()


def test_a_function_that_isnt_there_gets_the_nearest_one() -> None:
    problem = only(calling(function="lokup"))
    assert (where(problem), problem.value) == (f"{ORDER}.backend.function.function", "lokup")
    assert problem.rule == "without role, this must name a function of functions"
    assert problem.remedy == "did you mean lookup?"


def test_without_functions_in_the_stack_both_ways_out_are_told() -> None:
    api = mock_api(backend={"function": {"function": "lookup"}})
    problem = only(api_stack(put(f"{G}.apis", more=api)))
    assert problem.remedy == (
        "add functions to topology and the function to its section; or, for one that exists, "
        "role: acs:ram::…:role/…"
    )


def test_a_function_that_exists_is_called_by_the_role_that_is_given() -> None:
    assert problems_of(calling(function="elsewhere", role=ROLE)) == ()


def test_a_function_of_the_stack_is_called_by_the_role_that_is_given_if_there_is_one() -> None:
    assert problems_of(calling(function="lookup", role=ROLE)) == ()
    assert problems_of(calling(function="lookup")) == ()


def test_an_api_waits_for_a_function_of_the_stack_by_whatever_role_it_calls_it() -> None:
    text = functions_stack(
        put(f"{ORDER}.backend", timeout=1000, function={"function": "lookup", "role": ROLE})
    )
    assert where(only(text)) == f"{ORDER}.backend.timeout"


def test_a_production_stack_makes_no_role_for_the_gateway() -> None:
    production = put("", tier="production")
    problem = only(functions_stack(production))
    assert where(problem) == f"{ORDER}.backend.function.role"
    assert problem.rule.startswith("a production stack makes no RAM role")
    assert problem.remedy.endswith("add role: acs:ram::…:role/dev-lookup-invoker")
    given = put(ORDER, backend={"function": {"function": "lookup", "role": ROLE}})
    assert problems_of(functions_stack(production, given)) == ()


def test_the_role_that_the_stack_makes_has_a_name_that_ram_takes() -> None:
    key = "a" * 60
    text = functions_stack(
        put("", functions={key: {"code": CODE}}),
        put(ORDER, backend={"function": {"function": key}}),
    )
    problem = only(text)
    assert where(problem) == f"{ORDER}.backend.function.function"
    assert "a role's name has 64" in problem.rule
    assert problem.remedy.startswith("give the function a shorter name")


@pytest.mark.parametrize(
    ("api", "function", "passes"),
    [
        (10_000, 10, True),
        (9_999, 10, False),
        (1_500, 1, True),
        (1_500, 2, False),
        (600_000, 600, True),
    ],
)
def test_an_api_waits_as_long_as_its_function_may_run(
    api: int, function: int, *, passes: bool
) -> None:
    text = functions_stack(put(f"{ORDER}.backend", timeout=api), put(LOOKUP, timeout=function))
    problems = problems_of(text)
    assert (problems == ()) is passes
    for problem in problems:
        assert (where(problem), problem.value) == (f"{ORDER}.backend.timeout", api)
        assert f"lookup may run {function} s" in problem.rule
        assert problem.remedy == (
            f"write timeout: {function * 1000} here, or a smaller one in functions.lookup"
        )


def test_the_defaults_of_both_belong_together() -> None:
    text = functions_stack(put(F, lookup={"code": CODE}))
    assert problems_of(text) == ()
