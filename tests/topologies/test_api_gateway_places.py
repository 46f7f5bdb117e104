"""What rules find about the APIs of documents is told where it can be put right."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from facts import kinds
from stack.problems import Problem, StackFileError
from stack.settings import StackSettings
from stack.stack_file import StackFile
from stack.state import StackState
from tests.stackfiles import Edit, dumped, where
from tests.topologies.api_openapi import with_paths
from tests.topologies.api_stacks import G, api_stack, mock_api
from tests.topologies.test_api_gateway_changes import held
from tests.topologies.unified import check_place, put
from topologies import TOPOLOGIES, change_problems

DOCS = f"{G}.openapi.docs"
ENTRY: dict[str, Any] = {
    "file": "shop.yaml",
    "group": "shop",
    "apps": ["caller"],
    "backend": {"http": {"url": "http://backend1.example.com"}},
}
ANSWER: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
AUTH, BACKEND = "x-aliyun-apigateway-auth-type", "x-aliyun-apigateway-backend"
MAPPING = {"x-aliyun-apigateway-parameter-handling": "MAPPING"}


def carts(name: str = "listCarts", more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An operation, with more keys."""
    return {"operationId": name, **ANSWER, **(more or {})}


def load(
    folder: Path, paths: dict[str, Any], *edits: Edit, stack: str = "dev", **entry: object
) -> StackSettings:
    """A stack file with a document of these paths beside it."""
    document = dumped(with_paths(paths))
    (folder / "shop.yaml").write_text(document, encoding="utf-8")
    file = folder / "Pulumi.dev.yaml"
    file.write_text(api_stack(put(G, openapi={"docs": {**ENTRY, **entry}}), *edits), "utf-8")
    return StackFile(file, stack, TOPOLOGIES).settings


def only(folder: Path, paths: dict[str, Any], *edits: Edit, **entry: Any) -> Problem:
    """The one problem of such a stack file; the place in the document without its folder."""
    with pytest.raises(StackFileError) as error:
        load(folder, paths, *edits, **entry)
    (problem,) = error.value.problems
    return placed(folder, problem)


def only_warning(folder: Path, paths: dict[str, Any], *edits: Edit, **entry: Any) -> Problem:
    (warning,) = load(folder, paths, *edits, **entry).warnings
    return placed(folder, warning)


def placed(folder: Path, problem: Problem) -> Problem:
    check_place((folder / "Pulumi.dev.yaml").read_text(encoding="utf-8"), problem)
    rule = problem.rule.replace(f"{folder}/", "")
    return Problem(problem.path, problem.value, rule, problem.remedy)


def several(count: int) -> dict[str, Any]:
    return {f"/carts{n}": {"get": carts(f"cart{n}")} for n in range(count)}


# At the document.


def test_a_request_that_is_taken_is_told_at_the_documents_line(tmp_path: Path) -> None:
    problem = only(
        tmp_path, {"/carts": {"get": carts()}}, put(f"{G}.apis", mine=mock_api(path="/carts"))
    )
    assert (where(problem), problem.value) == (f"{DOCS}.file", "/carts")
    assert problem.rule == (
        "shop.yaml:7 paths./carts.get: a group has one API for a method and a path; mine takes "
        "GET /carts already"
    )
    assert problem.remedy.startswith("leave one of the two out (exclude), or say another basePath")


def test_the_remedies_of_a_taken_request_work(tmp_path: Path) -> None:
    taken = put(f"{G}.apis", mine=mock_api(path="/carts"))
    paths = {"/carts": {"get": carts()}, "/others": {"get": carts("others")}}
    load(tmp_path, paths, taken, exclude=["listCarts"])
    load(tmp_path, paths, taken, basePath="/v1")
    load(tmp_path, paths, taken, put(f"{G}.groups", other={}), group="other")


def test_a_name_that_is_too_long_is_told_at_the_operation(tmp_path: Path) -> None:
    name = "c" * 47
    problem = only(tmp_path, {"/carts": {"get": carts(name)}})
    assert (where(problem), problem.value) == (f"{DOCS}.file", f"dev_{name}")
    assert problem.rule == (
        "shop.yaml:7 paths./carts.get: an API's name has 4 to 50 characters in the cloud, not 51"
    )
    assert problem.remedy == (
        "give the operation an operationId of at most 46 characters, or leave it out (exclude)"
    )
    load(tmp_path, {"/carts": {"get": carts(name[:46])}})


def test_two_operations_that_give_one_name_are_told_at_the_second(tmp_path: Path) -> None:
    paths = {"/one": {"get": carts("a-b")}, "/two": {"get": carts("a_b")}}
    problem = only(tmp_path, paths)
    assert (where(problem), problem.value) == (f"{DOCS}.file", "dev_a_b")
    assert problem.rule.startswith("shop.yaml:13 paths./two.get: an API's name is its own")
    assert problem.remedy == "give the operation another operationId, or leave it out (exclude)"


def test_an_unknown_authorization_of_a_document_is_told_at_its_backend(tmp_path: Path) -> None:
    backend = {"type": "HTTP-VPC", "vpcAccessName": "ingres", "path": "/"}
    problem = only(tmp_path, {"/carts": {"get": carts(more={BACKEND: backend})}})
    assert (where(problem), problem.value) == (f"{DOCS}.file", "ingres")
    assert problem.rule == (
        f"shop.yaml:12 paths./carts.get.{BACKEND}: a backend in a VPC goes through an "
        "authorization of apiGateway.vpcAccess"
    )
    assert problem.remedy == "did you mean ingress?"


def test_a_form_in_a_request_without_a_body_is_told_at_the_operation(tmp_path: Path) -> None:
    form = {"schema": {"type": "object", "properties": {"size": {"type": "string"}}}}
    body = {"content": {"application/x-www-form-urlencoded": form}}
    operation = carts(more={"requestBody": body, **MAPPING})
    problem = only(tmp_path, {"/carts": {"delete": operation}})
    assert where(problem) == f"{DOCS}.file"
    assert problem.rule == "shop.yaml:7 paths./carts.delete: DELETE requests have no form"


def test_who_may_call_is_told_where_the_document_says_it(tmp_path: Path) -> None:
    paths = {"/carts": {"get": carts(more={AUTH: "ANONYMOUS"})}}
    warning = only_warning(tmp_path, paths)
    assert (where(warning), warning.value) == (f"{DOCS}.file", "anonymous")
    assert warning.rule == (
        f"shop.yaml:12 paths./carts.get.{AUTH}: everybody on the internet may call listCarts"
    )
    assert warning.remedy == "write APP there, or say acknowledged: true in openapi.docs"
    assert load(tmp_path, paths, acknowledged=True).warnings == ()


# At the entry.


def test_who_may_call_is_told_once_where_the_entry_says_it(tmp_path: Path) -> None:
    warning = only_warning(tmp_path, several(3), auth="anonymous", apps=[])
    assert (where(warning), warning.value) == (f"{DOCS}.auth", "anonymous")
    assert warning.rule == (
        "everybody on the internet may call cart0 (and 2 more APIs of the document)"
    )
    assert warning.remedy == "say auth: app, or acknowledged: true in openapi.docs"


def test_apis_that_nobody_can_call_are_told_once(tmp_path: Path) -> None:
    warning = only_warning(tmp_path, several(2), apps=[])
    assert where(warning) == f"{DOCS}.apps"
    assert warning.rule == (
        "nobody can call cart0: no app is authorized (and 1 more APIs of the document)"
    )
    assert warning.remedy == "name an app, or say auth: anonymous"


def test_a_protocol_without_encryption_is_told_once(tmp_path: Path) -> None:
    warning = only_warning(tmp_path, several(2), protocol="http")
    assert (where(warning), warning.value) == (f"{DOCS}.protocol", "http")
    assert warning.remedy == "say protocol: https, or acknowledged: true in openapi.docs"


def test_two_plugins_of_a_kind_are_told_once(tmp_path: Path) -> None:
    second = put(f"{G}.plugins", more={"trafficControl": {"unit": "DAY", "apiDefault": 5}})
    problem = only(tmp_path, several(3), second, plugins=["limits", "more"])
    assert (where(problem), problem.value) == (f"{DOCS}.plugins.1", "more")
    assert problem.rule == (
        "an API has one plugin of a kind; limits is trafficControl already "
        "(and 2 more APIs of the document)"
    )


def test_a_circuit_breaker_on_the_shared_instance_is_told_once(tmp_path: Path) -> None:
    breaker = {"timeoutThreshold": 5, "windowInSeconds": 30, "openTimeoutSeconds": 15}
    bound = put(f"{G}.plugins", breaker={"circuitBreaker": breaker})
    warning = only_warning(tmp_path, several(2), bound, plugins=["breaker"])
    assert (where(warning), warning.value) == (f"{DOCS}.plugins.0", "breaker")


def test_a_rename_from_an_api_that_is_still_here_is_told_at_the_entrys_was(tmp_path: Path) -> None:
    problem = only(tmp_path, {"/carts": {"get": carts()}}, was={"listCarts": "order"})
    assert (where(problem), problem.value) == (f"{DOCS}.was.listCarts", "order")
    assert problem.remedy == "remove order, or remove this was"


def test_what_is_said_about_apis_of_the_stack_file_stays_there(tmp_path: Path) -> None:
    mine = put(f"{G}.apis", mine=mock_api(acknowledged=False))
    warning = only_warning(tmp_path, {"/carts": {"get": carts()}}, mine)
    assert where(warning) == f"{G}.apis.mine.auth"
    assert warning.remedy.endswith("acknowledged: true in mine")


# Changes.


def test_a_request_of_a_document_that_another_api_holds_is_told_there(tmp_path: Path) -> None:
    def state() -> StackState:
        request = {"method": "GET", "path": "/carts", "protocol": "HTTPS", "mode": "MAPPING"}
        old = held(kinds.API, "api-old-api", groupId="group-shop-group-id", requestConfig=request)
        return StackState({"resources": [held(kinds.API_GROUP, "group-shop-group"), old]})

    paths = {"/carts": {"get": carts()}}
    (problem,) = change_problems(load(tmp_path, paths), state())
    assert (where(problem), problem.value) == (f"{DOCS}.file", "GET /carts")
    assert problem.rule.startswith(f"{tmp_path}/shop.yaml:7 paths./carts.get: GET /carts is held")
    assert problem.remedy == "carry it over: was: {listCarts: old} in openapi.docs"
    assert list(change_problems(load(tmp_path, paths, was={"listCarts": "old"}), state())) == []
