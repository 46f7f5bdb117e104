"""Which tests use which files: of what the repository has, and by each way of naming one."""

from pathlib import Path

import pytest

from tests.suite.saying import leads, said
from tests.suite.uses import Uses

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("file", "test"),
    [
        ("stack/network_rules.py", "tests/stack/test_network_rules.py"),
        ("topologies/shared_bandwidth/rules.py", "tests/topologies/test_shared_bandwidth_rules.py"),
        (
            "topologies/api_gateway/openapi/schemas/v3.1.json",
            "tests/topologies/test_api_openapi.py",
        ),
        ("components/eni/routing.sh", "tests/routing/test_eni_routing_script.py"),
        ("facts/contract.json", "tests/components/test_every_component.py"),
        ("tools/route.py", "tests/docs/test_doc_commands.py"),
        ("tools/settle.py", "tests/docs/test_doc_commands.py"),
        ("tools/doctor/__main__.py", "tests/doctor/test_gathering.py"),
        ("Makefile", "tests/docs/test_doc_commands.py"),
        ("docs/state.md", "tests/docs/test_doc_state.py"),
        ("examples/private-calls/caller/index.py", "examples/private-calls/test_caller.py"),
        ("examples/private-calls/caller/index.py", "tests/docs/test_doc_examples.py"),
        (".gitlab-ci.yml", "tests/pipelines/test_gitlab.py"),
        ("policy/PulumiPolicy.yaml", "tests/policy/test_policy_pack.py"),
        ("tests/tools/__snapshots__/test_plan.ambr", "tests/tools/test_plan.py"),
        ("tests/tools/conftest.py", "tests/tools/test_plan.py"),
        ("tests/sandbox/cloud_lab.py", "tests/sandbox/test_cloud_addresses.py"),
        ("tests/docs/test_doc_links.py", "tests/docs/test_doc_links.py"),
    ],
)
def test_a_file_s_tests_are_found(uses: Uses, file: str, test: str) -> None:
    assert (ROOT / file).is_file()
    assert test in uses.tests_of(file)


@pytest.mark.parametrize(
    ("file", "test"),
    [
        ("docs/state.md", "tests/sandbox/test_cloud_store.py"),
        ("tools/route.py", "tests/stack/test_loader.py"),
        ("sandbox/cloud/ecs/eni.py", "tests/stack/test_loader.py"),
        ("topologies/shared_bandwidth/rules.py", "tests/sandbox/test_cloud_store.py"),
        (".gitlab-ci.yml", "tests/topologies/test_shared_bandwidth_rules.py"),
    ],
)
def test_tests_of_something_else_are_not(uses: Uses, file: str, test: str) -> None:
    assert (ROOT / test).is_file()
    assert test not in uses.tests_of(file)


def test_what_nobody_names_is_used_by_nobody(uses: Uses) -> None:
    assert uses.tests_of("of/nobody.txt") == set()


@pytest.mark.parametrize(
    ("code", "file"),
    [
        ('ROOT / "docs" / "state.md"', "docs/state.md"),
        ('ROOT / "docs"', "docs/adr/0001-state.md"),
        ('ROOT / "docs" / f"{name}.md"', "docs/state.md"),
        ('(ROOT / "docs").rglob("*.md")', "docs/adr/0001-state.md"),
        ('ROOT.glob("Pulumi.*.yaml")', "Pulumi.dev.yaml"),
        ('"examples/api-gateway"', "examples/api-gateway/openapi/api-docs.json"),
        ('Path(__file__).with_name("calls.toml")', "facts/calls.toml"),
        ('Path(__file__).with_suffix(".sh")', "components/some.sh"),
        ('Path(__file__).with_name(f"{name}.sh")', "tests/both.sh"),
    ],
)
def test_a_path_in_code_leads_to_files(code: str, file: str) -> None:
    found = said("tests/some.py", f"x = {code}\n").paths
    assert any(leads(path).fullmatch(file) for path in found), found


@pytest.mark.parametrize(
    "code",
    ['folder / f"{name}.yaml"', 'folder / "x" / name', '"a sentence on docs/state.md"', '"*"'],
)
def test_what_may_lead_anywhere_leads_nowhere(code: str) -> None:
    found = said("tests/some.py", f'"""Look at docs/state.md."""\nx = {code}\n').paths
    assert not any(leads(path).fullmatch("docs/state.md") for path in found), found


def test_modules_are_named_in_strings_in_make_and_on_pages() -> None:
    started = said("tests/some.py", 'run([python, "-c", "import tools.plan"], f"-m {name}")\n')
    assert "tools.plan" in started.modules
    assert "tools.guard" in said("Makefile", "guard:\n\t@$(RUN) tools guard\n").modules
    assert "tools.sandbox" in said("Makefile", "up:\n\t@$(RUN) tools up\n").modules
    assert "tools.settle" in said("docs/x.md", ".venv/bin/python -m tools settle x.json").modules
