"""The operator's manifests: by Kubernetes' schemas, the operator's types, and what they mean."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator

from sandbox.engine import ENGINE_VERSION
from tests.pipelines.checkers import kubernetes_schema

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
NAMESPACE = "alicloud-gateways"
KINDS = {
    "Namespace": ("api/v1", "io.k8s.api.core.v1.Namespace"),
    "ServiceAccount": ("api/v1", "io.k8s.api.core.v1.ServiceAccount"),
    "ClusterRoleBinding": (
        "apis/rbac.authorization.k8s.io/v1",
        "io.k8s.api.rbac.v1.ClusterRoleBinding",
    ),
}
SECRET_KEYS = {"passphrase", "bucketAccessKeyId", "bucketAccessKeySecret"}


def documents() -> list[dict[str, Any]]:
    """Everything that the kustomization applies."""
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    return [
        document
        for name in kustomization["resources"]
        for document in yaml.safe_load_all((FOLDER / name).read_text("utf-8"))
    ]


DOCUMENTS = documents()
STACKS = {d["metadata"]["name"]: d["spec"] for d in DOCUMENTS if d["kind"] == "Stack"}


def problems(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    validator: Any = Draft202012Validator(schema)
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in validator.iter_errors(document)
    ]


def strict(group: str, name: str) -> dict[str, Any]:
    """A kind's schema in which an unknown field is a mistake, as `kubectl apply` has it."""
    components: dict[str, Any] = json.loads(json.dumps(kubernetes_schema(group)["components"]))
    schemas: dict[str, dict[str, Any]] = components["schemas"]
    for schema in schemas.values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return {"$ref": f"#/components/schemas/{name}", "components": components}


def test_every_file_of_the_folder_is_applied_and_every_name_is_there_once() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["resources"]
    there = {file.name for file in FOLDER.iterdir()} - {"kustomization.yaml"}
    assert sorted(listed) == sorted(there)
    names = [(d["kind"], d["metadata"]["name"]) for d in DOCUMENTS]
    assert len(names) == len(set(names))
    for document in DOCUMENTS:
        if document["kind"] not in {"Namespace", "ClusterRoleBinding"}:
            assert document["metadata"]["namespace"] == NAMESPACE


@pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda d: f"{d['kind']} {d['metadata']['name']}"
)
def test_each_keeps_its_schema(document: dict[str, Any]) -> None:
    if document["kind"] == "Stack":
        schema = json.loads((ROOT / "tests" / "data" / "stack.pulumi.com.json").read_text("utf-8"))
        assert problems(document, schema) == []
    else:
        assert problems(document, strict(*KINDS[document["kind"]])) == []


@pytest.mark.parametrize("name", STACKS)
def test_workspaces_pods_keep_kubernetes_schema(name: str) -> None:
    workspace = STACKS[name]["workspaceTemplate"]["spec"]
    pod = {"containers": [{"name": "pulumi"}], **workspace["podTemplate"]["spec"]}
    assert problems(pod, strict("api/v1", "io.k8s.api.core.v1.PodSpec")) == []
    needs = strict("api/v1", "io.k8s.api.core.v1.ResourceRequirements")
    assert problems(workspace["resources"], needs) == []
    strict_pod = strict("api/v1", "io.k8s.api.core.v1.PodSpec")
    assert problems({**pod, "terminationGracePeriod": 1}, strict_pod) != []


def test_the_schemas_would_find_a_typing_error() -> None:
    schema = json.loads((ROOT / "tests" / "data" / "stack.pulumi.com.json").read_text("utf-8"))
    stack = next(d for d in DOCUMENTS if d["kind"] == "Stack")
    for broken in (
        {**stack["spec"], "destroyOnFinalise": False},
        {**stack["spec"], "commit": "0" * 40},
        {**stack["spec"], "resyncFrequencySeconds": "600"},
        {key: value for key, value in stack["spec"].items() if key != "branch"},
    ):
        assert problems({**stack, "spec": broken}, schema) != []
    binding = next(d for d in DOCUMENTS if d["kind"] == "ClusterRoleBinding")
    misspelt = {**binding, "subject": "dev"}
    assert problems(misspelt, strict(*KINDS["ClusterRoleBinding"])) != []


def test_each_tier_waits_for_the_one_before_it() -> None:
    waits = {
        name: [one["name"] for one in spec.get("prerequisites", [])]
        for name, spec in STACKS.items()
    }
    assert waits == {"dev": [], "staging": ["dev"], "prod": ["staging"], "prod-next": []}


def test_prod_is_one_commit_and_the_others_follow_the_branch() -> None:
    assert "branch" not in STACKS["prod"]
    assert {STACKS[name]["branch"] for name in ("dev", "staging", "prod-next")} == {"main"}


def test_nothing_is_destroyed_or_made_by_accident() -> None:
    for document in DOCUMENTS:
        if document["kind"] in {"Stack", "Namespace"}:
            notes = document["metadata"]["annotations"]
            assert notes["kustomize.toolkit.fluxcd.io/prune"] == "disabled"
            assert notes["argocd.argoproj.io/sync-options"] == "Prune=false,Delete=false"
    for spec in STACKS.values():
        assert spec["destroyOnFinalize"] is False
        assert spec["useLocalStackOnly"] is True


def test_what_shows_the_next_prod_can_change_nothing_and_sees_drift() -> None:
    spec = STACKS["prod-next"]
    assert (spec["preview"], spec["refresh"], spec["stack"]) == (True, True, "prod")
    assert spec["serviceAccountName"] != STACKS["prod"]["serviceAccountName"]
    assert spec["continueResyncOnCommitMatch"] is True


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_reads_no_other_ones_secrets_and_its_own_tiers_states_alone(name: str) -> None:
    spec = STACKS[name]
    assert {one["secret"]["name"] for one in spec["envRefs"].values()} == {name}
    folder = urlsplit(str(spec["backend"])).path.strip("/")
    assert folder == spec["stack"], "who deploys one tier needn't read another one's state"


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_acts_as_its_own_role_and_takes_secrets_by_reference(name: str) -> None:
    spec = STACKS[name]
    account = spec["serviceAccountName"]
    config = json.loads(spec["config"]["alicloud:assumeRoleWithOidc"])
    identity = next(
        d for d in DOCUMENTS if d["kind"] == "ServiceAccount" and d["metadata"]["name"] == account
    )
    role = identity["metadata"]["annotations"]["pod-identity.alibabacloud.com/role-name"]
    assert re.fullmatch(rf"acs:ram::\d+:role/{role}", config["roleArn"])
    assert re.fullmatch(r"acs:ram::\d+:oidc-provider/[\w-]+", config["oidcProviderArn"])
    assert config["sessionExpiration"] >= 7200
    keys = {one["secret"]["key"] for one in spec["envRefs"].values()}
    assert keys == SECRET_KEYS
    assert {one["type"] for one in spec["envRefs"].values()} == {"Secret"}
    assert spec["workspaceTemplate"]["spec"]["image"] == f"pulumi/pulumi:{ENGINE_VERSION}-nonroot"


def test_every_identity_is_known_to_the_operator() -> None:
    binding = next(d for d in DOCUMENTS if d["kind"] == "ClusterRoleBinding")
    assert binding["roleRef"]["name"] == "system:auth-delegator"
    bound = {one["name"] for one in binding["subjects"]}
    accounts = {d["metadata"]["name"] for d in DOCUMENTS if d["kind"] == "ServiceAccount"}
    assert bound == accounts == {spec["serviceAccountName"] for spec in STACKS.values()}


def test_no_secret_stands_in_a_file() -> None:
    assert "Secret" not in {d["kind"] for d in DOCUMENTS}
    for file in FOLDER.iterdir():
        assert not re.search(r"LTAI[A-Za-z0-9]{12}|BEGIN .*PRIVATE", file.read_text("utf-8"))


def test_the_providers_configuration_is_what_the_provider_takes() -> None:
    """A misspelt key would leave the pod without a role."""
    from pulumi_alicloud import ProviderAssumeRoleWithOidcArgs  # noqa: PLC0415 - a large package

    known = {"roleArn", "oidcProviderArn", "oidcTokenFile", "sessionExpiration"}
    for spec in STACKS.values():
        assert json.loads(spec["config"]["alicloud:assumeRoleWithOidc"]).keys() == known
    taken = {re.sub(r"[A-Z]", lambda m: f"_{m[0].lower()}", key) for key in known}
    assert all(hasattr(ProviderAssumeRoleWithOidcArgs, key) for key in taken)
