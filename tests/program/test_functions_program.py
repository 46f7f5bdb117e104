"""What a stack with functions registers, under mocks."""

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.components.secrecy import is_secret
from tests.mocked_cloud import Registered
from tests.program.test_program import PREFIX, ROOT, run_program
from tests.program.unified_programs import created, outputs, program
from tests.stackfiles import Edit, loaded
from tests.topologies.api_stacks import SECURE, G
from tests.topologies.functions import CODE, LOOKUP, F, functions_stack
from tests.topologies.unified import gone, put

TEXT = "sesame4All"
HERE = {"code": str(ROOT / CODE)}


def functions(*edits: Edit) -> Registered:
    """Run the program with a stack file whose encrypted values Pulumi has as `TEXT`."""
    text = functions_stack(put(LOOKUP, **HERE), *edits)
    config: dict[str, Any] = loaded(text)["config"]
    section = json.dumps(config[PREFIX + F])
    config[PREFIX + F] = json.loads(section.replace(json.dumps(SECURE), json.dumps(TEXT)))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        return run_program(config, Path(folder))


def test_a_function_carries_the_stacks_name_and_its_tags() -> None:
    inputs = functions()["function-lookup-function"].inputs
    assert inputs["functionName"] == "dev-lookup"
    assert (inputs["timeout"], inputs["runtime"]) == (10, "python3.12")
    assert inputs["tags"] == {"project": "alicloud-gateways", "env": "dev"}


def test_settings_reach_the_function() -> None:
    role = "acs:ram::123456789012:role/lookup"
    made = functions(
        put(
            LOOKUP,
            name="phone",
            description="Where a number is from",
            memory=128,
            cpu=0.1,
            timeout=3,
            internetAccess=False,
            role=role,
            runtime="python3.10",
        )
    )
    inputs = made["function-lookup-function"].inputs
    assert (inputs["functionName"], inputs["description"]) == ("phone", "Where a number is from")
    assert (inputs["memorySize"], inputs["cpu"], inputs["timeout"]) == (128, 0.1, 3)
    assert (inputs["internetAccess"], inputs["role"]) == (False, role)
    assert inputs["runtime"] == "python3.10"


def test_logs_disk_and_calls_at_once_reach_the_function() -> None:
    logs = {"project": "shop-logs", "store": "functions"}
    inputs = functions(put(LOOKUP, logs=logs, disk=10240, concurrency=10))[
        "function-lookup-function"
    ].inputs
    assert inputs["logConfig"] == {"project": "shop-logs", "logstore": "functions"}
    assert (inputs["diskSize"], inputs["instanceConcurrency"]) == (10240, 10)


def test_what_isnt_said_of_a_functions_runtime_is_left_to_the_cloud() -> None:
    inputs = functions()["function-lookup-function"].inputs
    assert inputs["diskSize"] == 512
    assert not {"logConfig", "instanceConcurrency"} & inputs.keys()


def test_a_secret_variable_reaches_the_function_as_a_secret() -> None:
    made = functions()["function-lookup-function"]
    environment = made.inputs["environmentVariables"]
    assert is_secret(environment)
    assert environment["value"] == {"APP_CODE": TEXT, "MODE": "fast"}


def test_no_other_input_has_the_secrets_text() -> None:
    for one in functions().all:
        told = {k: v for k, v in one.inputs.items() if k != "environmentVariables"}
        assert TEXT not in json.dumps(told, default=str), one.name


def test_an_api_calls_the_function_by_a_role_that_may_call_nothing_else() -> None:
    made = functions()
    config = made["api-order-api"].inputs["fcServiceConfig"]
    assert config["functionName"] == "dev-lookup"
    assert config["arnRole"].endswith("role/dev-lookup-invoker")
    assert {"function-lookup-function", "invoker-lookup-attachment"} <= made["api-order-api"].after
    (statement,) = json.loads(made["invoker-lookup-policy"].inputs["policyDocument"])["Statement"]
    assert [one.rpartition(":")[2] for one in statement["Resource"]] == ["functions/dev-lookup"]


def test_two_apis_share_the_role_of_their_function() -> None:
    backend = {"function": {"function": "lookup"}}
    made = functions(put(f"{G}.apis.pay", backend=backend), gone(f"{G}.vpcAccess"))
    assert created(made, "Role") == ["invoker-lookup-role"]


def test_a_function_that_no_api_calls_has_no_role() -> None:
    made = functions(put(f"{G}.apis.order", backend={"mock": {"body": "ok"}}))
    assert created(made, "Role") == []
    assert created(made, "V3Function") == ["function-lookup-function"]


def test_a_function_that_exists_is_called_by_its_name_in_its_role() -> None:
    role = "acs:ram::123456789012:role/gateway"
    backend = {"function": {"function": "elsewhere", "role": role}}
    made = functions(put(f"{G}.apis.order", backend=backend))
    config = made["api-order-api"].inputs["fcServiceConfig"]
    assert (config["functionName"], config["arnRole"]) == ("elsewhere", role)


def test_a_function_of_the_stack_is_called_in_a_role_that_was_made_apart() -> None:
    role = "acs:ram::123456789012:role/gateway"
    backend = {"function": {"function": "lookup", "role": role}}
    made = functions(put("", tier="production"), put(f"{G}.apis.order", backend=backend))
    assert created(made, "Role") == created(made, "Policy") == []
    config = made["api-order-api"].inputs["fcServiceConfig"]
    assert (config["functionName"], config["arnRole"]) == ("dev-lookup", role)
    sources = made["api-order-api"].request.propertyDependencies["fcServiceConfig"].urns
    assert any("::function-lookup" in urn for urn in sources)


def test_of_two_apis_one_may_bring_its_role_and_the_other_take_the_stacks() -> None:
    role = "acs:ram::123456789012:role/gateway"
    theirs = {"function": {"function": "lookup", "role": role}}
    made = functions(put(f"{G}.apis.pay", backend=theirs), gone(f"{G}.vpcAccess"))
    assert created(made, "Role") == ["invoker-lookup-role"]
    roles = [
        made[f"api-{key}-api"].inputs["fcServiceConfig"]["arnRole"] for key in ("order", "pay")
    ]
    assert roles[1] == role != roles[0]


def test_functions_stand_on_their_own() -> None:
    made = functions(put("", topology="functions"), gone(G))
    assert [one.name for one in made.resources] == ["function-lookup-function"]


def test_a_rename_carries_function_and_role_over() -> None:
    made = functions(
        put("", functions={"next": {**HERE, "was": "lookup"}}),
        put(f"{G}.apis.order", backend={"function": {"function": "next"}}),
    )
    aliases = {one.name: one.aliases for one in made.components}
    assert aliases["function-next"] == {"function-lookup"}
    assert aliases["invoker-next"] == {"invoker-lookup"}


def test_arns_are_put_out_by_name() -> None:
    told = outputs(functions_stack())["functions"]
    assert list(told) == ["lookup"]
    assert told["lookup"].endswith("functions/dev-lookup")


def test_a_plan_has_no_secret_to_show() -> None:
    made = program(functions_stack(put(LOOKUP, **HERE, environment={"A": "x"})))
    assert made["function-lookup-function"].inputs["environmentVariables"] == {"A": "x"}
