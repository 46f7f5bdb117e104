"""What functions may be called, how large they are, and what their variables may hold."""

from typing import Any

import pytest

from tests.stackfiles import problems_of, warnings_of, where
from tests.topologies.api_stacks import SECURE
from tests.topologies.functions import CODE, LOOKUP, F, functions_stack, lookup
from tests.topologies.unified import only, only_warning, places, put

LONG = "a" * 64


def test_a_function_needs_no_more_than_its_code() -> None:
    assert problems_of(functions_stack(put(F, lookup={"code": CODE}))) == ()
    assert warnings_of(functions_stack(put(F, lookup={"code": CODE}))) == ()


def test_a_section_without_functions_is_mentioned() -> None:
    warning = only_warning(
        functions_stack(
            put("", functions={}),
            put("apiGateway.apis.order.backend", function=None, mock={"body": ""}),
        )
    )
    assert (where(warning), warning.rule) == ("functions", "there is no function here")


def test_an_unknown_key_gets_the_nearest_one() -> None:
    problem = only(lookup(memmory=512))
    assert (where(problem), problem.remedy) == (f"{LOOKUP}.memmory", "did you mean memory?")


def test_a_function_with_a_mistake_is_reported_once_and_not_at_the_api_that_names_it() -> None:
    problem = only(lookup(memory="much"))
    assert (where(problem), problem.rule) == (
        f"{LOOKUP}.memory",
        "a whole number is needed here, not text",
    )


def test_a_function_without_code_is_told_how_to_say_it() -> None:
    problem = only(functions_stack(put(F, lookup={})))
    assert (where(problem), problem.remedy) == (f"{LOOKUP}.code", "add code: phone-lookup")


@pytest.mark.parametrize("name", ["1st", "a.b", "a b", LONG + "a", ""])
def test_a_name_the_service_refuses_is_refused_here(name: str) -> None:
    problem = only(lookup(name=name))
    assert (where(problem), problem.value) == (f"{LOOKUP}.name", name)
    assert problem.remedy == "give it a name of its own: name: phone-lookup"


def test_a_key_that_gets_too_long_with_the_stacks_name_is_told_at_the_key() -> None:
    problem = only(functions_stack(put(F, **{"a" * 61: {"code": CODE}})))
    assert (where(problem), problem.value) == (f"{F}.{'a' * 61}", f"dev-{'a' * 61}")


def test_dots_of_a_key_become_hyphens_and_two_keys_may_so_get_one_name() -> None:
    text = functions_stack(put(F, **{"a.b": {"code": CODE}, "a-b": {"code": CODE}}))
    (problem,) = problems_of(text)
    assert problem.path == (F, "a-b")
    assert problem.rule == "a function has one name in the cloud; a.b is called dev-a-b already"


@pytest.mark.parametrize("cpu", [0.33, 1.01])
def test_vcpus_come_in_steps(cpu: float) -> None:
    problem = only(lookup(cpu=cpu, memory=1024))
    assert (where(problem), problem.rule) == (f"{LOOKUP}.cpu", "vCPUs come in steps of 0.05")


@pytest.mark.parametrize(("memory", "cpu"), [(512, 1), (128, 0.2), (1024, 0.05)])
def test_memory_and_vcpus_belong_together(memory: int, cpu: float) -> None:
    problem = only(lookup(memory=memory, cpu=cpu))
    assert (where(problem), problem.value) == (f"{LOOKUP}.memory", memory)
    assert "each vCPU comes with 1 to 4 GB" in problem.rule


@pytest.mark.parametrize(("memory", "cpu"), [(128, 0.05), (512, 0.35), (1024, 1), (32768, 16)])
def test_sizes_that_belong_together_pass(memory: int, cpu: float) -> None:
    assert problems_of(lookup(memory=memory, cpu=cpu)) == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [("memory", 130), ("memory", 64), ("timeout", 0), ("timeout", 86_401), ("cpu", 17), ("cpu", 0)],
)
def test_a_size_out_of_range_is_refused(key: str, value: float) -> None:
    assert places(lookup(**{key: value})) == [(f"{LOOKUP}.{key}", value)]


def test_several_calls_at_once_and_logs_without_a_role_are_mentioned() -> None:
    logs = {"project": "shop-logs", "store": "functions"}
    (problem,) = warnings_of(lookup(concurrency=10))
    assert where(problem) == f"{F}.lookup.concurrency"
    assert "several calls at once are known of functions that are web servers" in problem.rule
    (problem,) = warnings_of(lookup(logs=logs))
    assert where(problem) == f"{F}.lookup.logs"
    role = "acs:ram::123456789012:role/lookup"
    assert warnings_of(lookup(logs=logs, role=role, concurrency=1, disk=10240)) == ()


@pytest.mark.parametrize(
    "settings",
    [
        {"concurrency": 0},
        {"concurrency": 201},
        {"disk": 1024},
        {"logs": {"project": "shop-logs"}},
        {"logs": {"project": "", "store": "functions"}},
    ],
)
def test_what_the_service_refuses_of_a_runtime_is_refused_here(settings: dict[str, Any]) -> None:
    (key,) = settings
    assert where(only(lookup(**settings))).startswith(f"{F}.lookup.{key}")


def test_a_role_is_an_arn() -> None:
    assert places(lookup(role="lookup")) == [(f"{LOOKUP}.role", "lookup")]
    assert problems_of(lookup(role="acs:ram::123456789012:role/lookup")) == ()


# Environment variables.


@pytest.mark.parametrize("name", ["1ST", "A-B", "FC_REGION", "Ä"])
def test_a_variables_name_is_one_that_the_service_takes(name: str) -> None:
    assert places(lookup(environment={name: "x"})) == [(f"{LOOKUP}.environment.{name}", name)]


@pytest.mark.parametrize("value", [8080, True, None, {"a": "b"}])
def test_a_variable_is_text(value: object) -> None:
    problem = only(lookup(environment={"PORT": value}))
    assert (where(problem), problem.rule) == (f"{LOOKUP}.environment.PORT", "text is needed here")


@pytest.mark.parametrize("name", ["APP_CODE", "appcode", "DB_PASSWORD", "TOKEN", "apiKey"])
def test_a_secret_in_plain_text_is_refused_and_not_shown(name: str) -> None:
    text = lookup(environment={name: "hunter2"})
    problem = only(text)
    assert (where(problem), problem.value) == (f"{LOOKUP}.environment.{name}", "[secret]")
    assert problem.remedy == (
        "run: pulumi config set --secret --path "
        f"'alicloud-gateways:functions.lookup.environment.{name}'"
    )
    assert "hunter2" not in str(problems_of(text))


@pytest.mark.parametrize("name", ["TOKEN_URL", "SECRETARY", "MODE"])
def test_what_only_sounds_a_little_like_a_secret_passes(name: str) -> None:
    assert problems_of(lookup(environment={name: "x"})) == ()


def test_any_variable_may_be_encrypted() -> None:
    assert problems_of(lookup(environment={"MODE": SECURE})) == ()


def test_nothing_else_may_be_encrypted() -> None:
    problem = only(lookup(handler=SECURE))
    assert (where(problem), problem.value) == (f"{LOOKUP}.handler", "[secret]")


def test_variables_have_four_kilobytes_together() -> None:
    assert problems_of(lookup(environment={"A": "x" * 4095})) == ()
    problem = only(lookup(environment={"A": "x" * 4000, "B": "é" * 48}))
    assert (where(problem), problem.value) == (f"{LOOKUP}.environment", "4098 bytes")


# Renames.


def test_what_a_function_was_is_gone() -> None:
    assert places(functions_stack(put(F, next={"code": CODE, "was": "lookup"}))) == [
        (f"{F}.next.was", "lookup")
    ]
