"""A published document of 89 operations, which nobody here wrote, is imported whole and fast."""

import json
import random
import re
import time

import pytest

from tests.topologies.api_openapi import file, imported, of_tree, tree
from topologies.api_gateway.apis.settings import ApiSettings

METHODS = {"get", "post", "put", "patch", "delete"}


def url(api: ApiSettings) -> str:
    assert api.backend.http is not None
    return api.backend.http.url


def test_the_order_of_a_document_means_nothing() -> None:
    document = tree("airflow-2.10.5.yaml")
    other = {**document, "paths": dict(reversed(document["paths"].items()))}
    assert of_tree(document).apis == of_tree(other).apis


@pytest.mark.parametrize("mode", ["passthrough", "mapping"])
def test_a_published_document_of_89_operations_becomes_89_apis(mode: str) -> None:
    backend = {"http": {"url": "http://airflow.example.com:8080"}}
    apis, problems, warnings, _ = file(
        "airflow-2.10.5.yaml", mode=mode, backend=backend, basePath="/api/v1"
    )
    assert not problems
    assert len(apis) == 89
    assert url(apis["get_dag_run"]) == (
        "http://airflow.example.com:8080/api/v1/dags/[dag_id]/dagRuns/[dag_run_id]"
    )
    rules = [warning.rule for warning in warnings]
    if mode == "passthrough":
        assert not rules
    else:
        assert [re.split("[;:]", rule)[0] for rule in rules] == [
            "the gateway doesn't check bodies",
            "the gateway doesn't check minimum",
            "lists and objects have no type at the gateway",
        ]
        assert apis["get_dags"].parameters["limit"].type == "long"


def test_a_published_document_edited_once_changes_one_api() -> None:
    document = tree("airflow-2.10.5.yaml")
    before = of_tree(document).apis
    for path in random.Random(7).sample(sorted(document["paths"]), 3):
        edited = tree("airflow-2.10.5.yaml")
        method = next(key for key in edited["paths"][path] if key in METHODS)
        operation = edited["paths"][path][method]
        operation["x-aliyun-apigateway-auth-type"] = "ANONYMOUS"
        after = of_tree(edited).apis
        changed = [name for name in before if before[name] != after[name]]
        assert changed == [operation["operationId"]]


def test_a_megabyte_of_json_takes_less_than_two_seconds() -> None:
    document = tree("airflow-2.10.5.yaml")
    document["paths"] |= {
        f"/copy{number}{path}": {
            key: {**value, "operationId": f"{value['operationId']}{number}"}
            if key in METHODS
            else value
            for key, value in item.items()
        }
        for number in range(6)
        for path, item in document["paths"].items()
    }
    text = json.dumps(document, indent=3)
    assert len(text) > 1_000_000
    started = time.process_time()
    result = imported(text, "big.json")
    assert time.process_time() - started < 2
    assert len(result.apis) == 7 * 89
