"""Every command that the documents tell people to type is known here, and is run or checked."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.__main__ import main as sandbox_main
from sandbox.cloud import Store
from sandbox.engine import find_engine
from sandbox.paths import Paths
from sandbox.provider.warden import POLICIES_VARIABLE
from tests.docs.pages import PAGES, ROOT, blocks, commands
from tools.target import target
from topologies.unified_egress.settings import SHOW_EGRESS, SSH_PORT, ssh_command

WALKED = {page for page in PAGES if page.name.startswith("walkthrough.")}
"""Pages that a test runs from top to bottom."""

COMMANDS = sorted({command for page in PAGES if page not in WALKED for command in commands(page)})
OWN_ENVIRONMENT = (
    *("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "STACK", "CONFIG", "FORMAT"),
    *("ALLOW", "CHECK", "POLICY", "PREVIEW", "REMOVE", "SET"),
    *("AFTER", "APPROVED", "UPGRADE"),
    *("ACCOUNT", "BREAK_GLASS", "OUT", "ROLE"),
)


def _run(command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in OWN_ENVIRONMENT}
    return subprocess.run(
        shlex.split(command),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


# --- how each command is checked ----------------------------------------------------------------


def _is_run_as_it_stands(command: str) -> None:
    """It only looks, so it is run on the project itself."""
    done = _run(command)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def _is_run_on_a_copy(command: str) -> None:
    """It builds something: `test_a_stack_lives_through_…` below runs it on a copy of the file."""
    assert _sandbox_step(command) in LIVES


def _is_planned_by_make(command: str) -> None:
    """Too heavy, or it would change this checkout: make says what it would run."""
    done = _run(f"{command} -n")
    assert done.returncode == 0, done.stderr
    assert "Nothing to be done" not in done.stdout


def _is_run_with_its_page(command: str) -> None:
    """`tests/lifecycle/test_adopt_page.py` runs it, after what the page has before it."""
    _is_planned_by_make(command.partition(" >")[0])


def _is_judged_by_policies(command: str) -> None:
    """tests/lifecycle/test_policy.py runs it as make says here."""
    done = _run(f"{command} -n")
    (said,) = [word for word in shlex.split(command) if word.startswith("POLICY=")]
    assert f'--policy "{said.removeprefix("POLICY=")}"' in done.stdout
    assert said == "POLICY=1" or (ROOT / said.removeprefix("POLICY=")).is_file()


def _is_known_to_the_engine(command: str) -> None:
    """For a real account: the CLI knows the command and each of its flags."""
    words = shlex.split(command)[1:]
    flags = [word.partition("=")[0] for word in words if word.startswith("-")]
    plain = [word for word in words if re.fullmatch(r"[a-z]+", word)]
    told = _help_of(*plain[:2])
    assert [flag for flag in flags if not re.search(rf"{flag}\b", told)] == [], told


def _settles_a_state(command: str) -> None:
    """It edits a state: one in which just those creates are pending that it names."""
    words = shlex.split(command.partition(">")[0].rpartition("| ")[2])
    said = dict(word.split("=") for word in words if "=" in word)
    pending = [{"type": "creating", "resource": {"urn": name}} for name in said]
    (file,) = [word for word in words if word.endswith(".json") or word == "/dev/stdin"]
    kept: dict[str, object] = {"resources": [], "pending_operations": pending}
    form = {"checkpoint": {"latest": kept}} if "checkpoint" in file else {"deployment": kept}
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.json"
        state.write_text(json.dumps(form), "utf-8")
        words[words.index(file)] = str(state)
        done = _run(shlex.join(words))
    assert done.returncode == 0, done.stderr
    settled = json.loads(done.stdout)["deployment"]["resources"]
    assert {one["urn"]: one["id"] for one in settled} == said


def _changes_the_passphrase(command: str) -> None:
    """For a real account: the new one comes from a pipe; tests/lifecycle/state."""
    given, _, known = command.partition(" | ")
    assert given == "printf '%s' \"$NEW_PASSPHRASE\""
    _is_known_to_the_engine(known)


def _hands_over_the_passphrase(command: str) -> None:
    """What it calls is known; tests/lifecycle/state runs it."""
    call, _, _ = command.removeprefix("(umask 077; ").partition(" | ")
    _is_an_api_call(call)


def _sets_variables_that_something_reads(command: str) -> None:
    """Names that Pulumi, its AWS library or the provider know."""
    names = {word.partition("=")[0] for word in shlex.split(command)[1:]}
    assert names <= {
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        "PULUMI_CONFIG_PASSPHRASE_FILE",
    }


def _makes_a_folder(command: str) -> None:
    """One's own."""
    assert shlex.split(command) == ["mkdir", "-p", "$HOME/pulumi-state"]


def _is_understood_by_the_sandbox(command: str) -> None:
    """A Python command that make runs as well: its arguments are taken."""
    arguments = shlex.split(command)[3:]
    with pytest.raises(SystemExit) as ended:
        sandbox_main([*arguments, "--help"])
    assert ended.value.code == 0


def _prints_an_import_file(command: str) -> None:
    """It only prints; it is asked about the stack file of the page that tells of it."""
    settings = dict(word.split("=") for word in shlex.split(command) if "=" in word)
    (example,) = blocks(ROOT / "docs" / "migrate-fixed-public-ip.md", "yaml")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{settings['STACK']}.yaml"
        file.write_text(example.text, "utf-8")
        given = {key: settings[key] for key in ("ADDRESS", "EIP", "INSTANCE")}
        words = [f"{key}={value}" for key, value in given.items()]
        done = _run(shlex.join(["make", "-s", "adopt-eip", *words, f"CONFIG={file}"]))
    assert done.returncode == 0, done.stderr
    ids = {one.get("id") for one in json.loads(done.stdout)["resources"]}
    assert {given["EIP"], f"{given['EIP']}:{given['INSTANCE']}"} <= ids


def _judges_a_preview(command: str) -> None:
    """It is given a preview that takes an address out; what it allows is what is found."""
    words = shlex.split(command.replace("preview.json", str(TAKEN_OUT)))
    if words[0] == "make":
        given = dict(word.split("=", 1) for word in words if "=" in word)
        options = ["--allow", given.get("ALLOW", ""), "--format", given.get("FORMAT", "table")]
        assert given.keys() <= {"PREVIEW", "ALLOW", "FORMAT"}
        direct = [".venv/bin/python", "-m", "tools.guard", given["PREVIEW"], *options]
        done, same = _run(shlex.join(words)), _run(shlex.join(direct))
        assert done.stdout == same.stdout
        assert (done.returncode == 0) == (same.returncode == 0)
    else:
        done = same = _run(shlex.join(words))
    allowed = set(re.findall(r"[a-z-]+:[a-z0-9-]+", command))
    assert same.returncode == (0 if allowed == FOUND else 1), same.stderr
    assert set(re.findall(r"[a-z]+-[a-z]+:[a-z0-9-]+", done.stdout)) >= FOUND


def _promotes_copies(command: str) -> None:
    """It writes a stack file: a copy, for which there is something to do as the page tells it."""
    settings = dict(word.split("=", 1) for word in shlex.split(command) if "=" in word)
    with tempfile.TemporaryDirectory() as folder:
        files = {key: Path(folder) / f"Pulumi.{settings[key]}.yaml" for key in ("FROM", "TO")}
        for file in files.values():
            shutil.copyfile(ROOT / file.name, file)
        if "SET" in settings:
            _after(files["FROM"], "    hosts:\n", "      ecs6: {ip: 192.168.1.6, vswitch: apps}\n")
        if "REMOVE" in settings:
            legacy = "      legacy: {publicIp: ip3, port: 9000, host: ecs3}\n"
            _after(files["TO"], "    portMappings:\n", legacy)
        given = {**settings, **{key: str(file) for key, file in files.items()}, "PREVIEW": "no"}
        done = _run(shlex.join(["make", "promote", *(f"{k}={v}" for k, v in given.items())]))
        assert done.returncode == 0, done.stderr
        text = files["TO"].read_text("utf-8")
    assert "From " in done.stdout or json.loads(done.stdout)["drifted"] is False
    assert ("ecs6: {ip: 10.20.1.6, vswitch: apps}" in text) is ("SET" in settings)
    assert "legacy" not in text


def _after(file: Path, line: str, more: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(line) == 1
    file.write_text(text.replace(line, line + more), encoding="utf-8")


def _prints_policies(command: str) -> None:
    """It only prints; files go into a folder that is thrown away."""
    words = shlex.split(command.partition(">")[0])
    with tempfile.TemporaryDirectory() as folder:
        words = [f"OUT={folder}" if word.startswith("OUT=") else word for word in words]
        done = _run(shlex.join(words))
        written = list(Path(folder).iterdir())
    assert done.returncode == 0, done.stderr
    assert "alicloud-gateways-" in done.stdout
    assert bool(written) == ("OUT=" in command)


def _names_a_file_of_policies(command: str) -> None:
    """The sandbox reads that variable; tests/lifecycle/test_permissions.py runs it with one."""
    assert command.partition("=")[0] == f"export {POLICIES_VARIABLE}"


def _is_an_api_call(command: str) -> None:
    """For a real account: `aliyun <product> <operation>` and what the operation needs."""
    product, operation, *words = shlex.split(command)[1:]
    names, values = words[::2], words[1::2]
    assert len(names) == len(values)
    assert all(re.fullmatch(r"--[A-Z][A-Za-z]+(\.[1-9])?", name) for name in names), names
    given = dict(zip((name.removeprefix("--") for name in names), values, strict=True))
    assert API_CALLS[product, operation] <= given.keys()
    for name in {"InstanceIds"} & given.keys():
        assert isinstance(json.loads(given[name]), list)


def _is_put_out_by_the_stack(command: str) -> None:
    """The two commands of the output `servers`."""
    user, _, address = command.removeprefix("ssh ").partition("@")
    assert command == SHOW_EGRESS or ssh_command(user, SSH_PORT, address) == command


def _is_a_command_of_the_script(command: str) -> None:
    """On a server: the script knows it, under the name that it gives itself."""
    program, verb = command.split()[1:]
    script = (ROOT / "components" / "eni_routing.sh").read_text("utf-8")
    assert re.search(rf"^  {verb}\)", script, re.MULTILINE)
    assert re.fullmatch(r"/usr/local/sbin/alicloud-gateways-eni-[0-9a-f]{12}", program)


def _only_looks(command: str) -> None:
    """On a server: a look at its routing, its log or its sockets."""
    assert command.split(maxsplit=1)[0] in {"ip", "journalctl", "ss"}
    assert not {"add", "del", "replace", "flush"} & set(command.split())


def _is_git_s_own(command: str) -> None:
    """It knows the flags. What is pushed and shown, tests/tools/test_release.py makes."""
    words = shlex.split(command)
    told = _run(f"git {words[1]} -h").stdout
    assert [word for word in words[2:] if word.startswith("--") and word[2:] not in told] == []


def _is_run_in_a_repository(command: str) -> None:
    """In a clone; tests/docs/test_doc_project.py commits in one."""
    done = _run(f"{command} --help")
    assert done.returncode == 0, done.stderr


def _puts_the_sandbox_first(command: str) -> None:
    """From then on, `pulumi` is the one on the simulated cloud."""
    done = _run(shlex.join(["bash", "-c", f"{command}; command -v pulumi"]))
    assert Path(done.stdout.strip()) == ROOT / "sandbox" / "bin" / "pulumi"


def _calls_an_api_of_the_gateway(command: str) -> None:
    """An API that one of the examples has."""
    (url,) = [word for word in shlex.split(command) if "://" in word]
    examples = (ROOT / "examples" / "api-gateway").glob("*/Pulumi.*.yaml")
    texts = [example.read_text("utf-8") for example in examples]
    assert any(f"path: {urlsplit(url).path}\n" in text for text in texts)
    assert urlsplit(url).hostname


def _works_on_a_stack_of_an_account(command: str) -> None:
    """tests/pipelines/test_deploying.py runs it; here, make gives its words to a command."""
    words = shlex.split(command)
    given = dict(word.split("=", 1) for word in words[2:])
    assert given.keys() <= {"STACK", "ALLOW", "AFTER"}
    assert {given.get("STACK", "dev"), given.get("AFTER", "dev")} <= {"dev", "staging", "prod"}
    done = _run(f"{command} -n")
    assert done.returncode == 0, done.stderr
    assert f"-m tools.{words[1]} --stack" in done.stdout


def _names_a_backend(command: str) -> None:
    """A bucket's address, as the engine takes it."""
    url = urlsplit(shlex.split(command)[1].partition("=")[2])
    assert (url.scheme, bool(url.netloc)) == ("s3", True)
    assert {"region", "endpoint"} == parse_qs(url.query).keys()


def _looks_after_what_the_manifests_name(command: str) -> None:
    """In a cluster: the namespace, the secrets' keys and the folder are those of deploy/."""
    manifests = ROOT / "deploy" / "kubernetes"
    text = "".join(file.read_text("utf-8") for file in manifests.iterdir())
    for word in shlex.split(command):
        if word.startswith("--from-literal="):
            assert f"key: {word.split('=')[1]}" in text
    if "apply" in command:
        assert (ROOT / command.rsplit(maxsplit=1)[-1] / "kustomization.yaml").is_file()
    else:
        assert "alicloud-gateways" in command
        assert "name: alicloud-gateways\n" in text


def _orders_a_resource_group(command: str) -> None:
    """GitLab's API; the group is one of the pipeline's."""
    group = command.rstrip('"').rpartition("/")[2]
    assert f"resource_group: {group}\n" in (ROOT / ".gitlab-ci.yml").read_text("utf-8")


def _applies_a_manifest_that_is_there(command: str) -> None:
    """In a cluster."""
    assert (ROOT / command.rsplit(maxsplit=1)[-1]).is_file()


TAKEN_OUT = ROOT / "tests" / "data" / "previews" / "address-taken-out.json"
FOUND = {"delete-address:shared-bandwidth-ip2", "close-port:port-mappings-app2"}

# What each call of the Alibaba Cloud CLI needs, by the API's reference.
API_CALLS: dict[tuple[str, str], set[str]] = {
    ("cbn", "ResolveAndRouteServiceInCen"): {
        *("CenId", "Host", "HostRegionId", "HostVpcId", "AccessRegionIds.1"),
    },
    ("ram", "AttachPolicyToRole"): {"PolicyType", "PolicyName", "RoleName"},
    ("ram", "CreatePolicy"): {"PolicyName", "PolicyDocument"},
    ("ram", "CreatePolicyVersion"): {"PolicyName", "PolicyDocument"},
    ("ram", "CreateRole"): {"RoleName", "AssumeRolePolicyDocument"},
    ("ram", "DecodeDiagnosticMessage"): {"EncodedDiagnosticMessage"},
    ("cloudapi", "CreateIntranetDomain"): {"GroupId"},
    ("cloudapi", "DescribeAppSecurity"): {"AppId"},
    ("kms", "GetSecretValue"): {"SecretName"},
    ("slb", "DescribeLoadBalancers"): {"RegionId"},
    ("sts", "GetCallerIdentity"): set(),
    ("ecs", "ConvertNatPublicIpToEip"): {"RegionId", "InstanceId"},
    ("ecs", "DescribeInstances"): {"RegionId"},
    ("ecs", "DescribeInstanceTypes"): set(),
    ("ecs", "DescribeInvocationResults"): {"RegionId"},
    ("ecs", "ModifyInstanceChargeType"): {"RegionId", "InstanceIds"},
    ("vpc", "AllocateEipAddress"): {"RegionId"},
    ("vpc", "AssociateEipAddress"): {"AllocationId", "InstanceId", "InstanceType"},
    ("vpc", "DescribeEipAddresses"): {"RegionId"},
    ("vpc", "UnassociateEipAddress"): {"AllocationId", "InstanceId", "InstanceType"},
}


Check = Callable[[str], None]
CHECKS: tuple[tuple[str, Check], ...] = (
    (r"git (clone|show|push) .*", _is_git_s_own),
    (r"\.venv/bin/prek install", _is_run_in_a_repository),
    (r"make", _is_run_as_it_stands),
    (r"make (plan|route)( .*)?", _is_run_as_it_stands),
    (r"make (-s )?doctor( .*)?", _is_run_as_it_stands),
    (r"make (-s )?ram-policy .*", _prints_policies),
    (r"export ALICLOUD_GATEWAYS_POLICIES=.*", _names_a_file_of_policies),
    (r"make promote .*", _promotes_copies),
    (r"\.venv/bin/python -m tools\.promote .*--check.*", _is_run_as_it_stands),
    (r"make fetch-openapi .*", _is_planned_by_make),
    (r"\.venv/bin/python -m tools\.plan .*", _is_run_as_it_stands),
    (r"make preview STACK=shop", _is_run_with_its_page),
    (r"make (preview|up) (.* )?POLICY=.*", _is_judged_by_policies),
    (r"make (preview|up|refresh|destroy|recover)( .*)?", _is_run_on_a_copy),
    (r"make (-s )?adopt-eip .*", _prints_an_import_file),
    (r"make (-s )?adopt(-read|-write)? .*", _is_run_with_its_page),
    (r"make (keep-state|release) VERSION=.*", _is_planned_by_make),
    (r"make import .*", _is_planned_by_make),
    (r"make (review|deploy|drift)( .*)?", _works_on_a_stack_of_an_account),
    (r"export PULUMI_BACKEND_URL='s3:.*", _names_a_backend),
    (r"kubectl (apply -k|create|get) .*", _looks_after_what_the_manifests_name),
    (r"curl .*/resource_groups/.*", _orders_a_resource_group),
    (r"make guard (STACK|CONFIG)=.*", _is_planned_by_make),
    (r"make -s guard PREVIEW=preview\.json.*", _judges_a_preview),
    (r"\.venv/bin/python -m tools\.guard .*", _judges_a_preview),
    (r"make (test( ARGS=.*)?|test-oldest|lint|check|schema|bench|clean)", _is_planned_by_make),
    (r"make lock( UPGRADE=1)?", _is_planned_by_make),
    (r"\.venv/bin/python -m pytest examples/.*", _is_run_as_it_stands),
    (r"\.venv/bin/python -m tools\.settle .*", _settles_a_state),
    (r"pulumi stack export .* \| .*tools\.settle .*", _settles_a_state),
    (r"printf .* \| pulumi .*", _changes_the_passphrase),
    (r"\(umask 077; aliyun .*\)", _hands_over_the_passphrase),
    (r"export (AWS_|PULUMI_CONFIG_PASSPHRASE).*", _sets_variables_that_something_reads),
    (r"mkdir -p .*pulumi-state.*", _makes_a_folder),
    (r"\.venv/bin/python -m sandbox .*", _is_understood_by_the_sandbox),
    (r"export PATH=.*", _puts_the_sandbox_first),
    (r"pulumi .*", _is_known_to_the_engine),
    (r"aliyun .*", _is_an_api_call),
    (r"curl .*alicloudapi\.com/.*", _calls_an_api_of_the_gateway),
    (r"kubectl apply -f .*", _applies_a_manifest_that_is_there),
    (r"(ssh|curl) .*", _is_put_out_by_the_stack),
    (r"sh /usr/local/sbin/.*", _is_a_command_of_the_script),
    (r"(ip|journalctl|ss) .*", _only_looks),
)
NEEDS_ENGINE = {_is_known_to_the_engine, _changes_the_passphrase}


def _check_of(command: str) -> Check | None:
    return next((check for form, check in CHECKS if re.fullmatch(form, command)), None)


def _cases() -> Iterator[object]:
    for command in COMMANDS:
        marks = [pytest.mark.engine] if _check_of(command) in NEEDS_ENGINE else []
        yield pytest.param(command, marks=marks)


@pytest.mark.parametrize("command", list(_cases()))
def test_a_documented_command_does_what_it_is_for(command: str) -> None:
    check = _check_of(command)
    assert check is not None, "no test knows this command: add it to CHECKS"
    check(command)


def test_every_make_target_is_on_the_page_of_commands() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    told = {word for c in commands(ROOT / "docs" / "commands.md") for word in c.split()[1:2]}
    assert set(targets) - told - {"help"} == set()


# --- stacks that live in the sandbox -------------------------------------------------------------

Step = tuple[str, str]
"""A stack file, and what is done with it."""

DEV, STAGING, PROD = "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"
EGRESS = "examples/shared-bandwidth/Pulumi.egress.yaml"
CREATED = "examples/shared-bandwidth/Pulumi.created-hosts.yaml"
OWN_GATEWAY = "examples/unified-egress/Pulumi.own-gateway.yaml"
SHARED_GATEWAY = "examples/unified-egress/Pulumi.shared-gateway.yaml"
APIS = tuple(
    f"examples/api-gateway/{name}/Pulumi.{name}.yaml"
    for name in ("self-call", "openapi", "grey-release", "kubernetes", "serverless")
)
SHARED, SHOP, BLOG = (
    f"examples/stack-references/Pulumi.{name}.yaml" for name in ("shared", "shop", "blog")
)
STANDS_ON: dict[str, str] = {SHOP: SHARED, BLOG: SHARED}
_CALLS = "examples/private-calls"
SAME_REGION = f"{_CALLS}/same-region/Pulumi.same-region.yaml"
TRANSIT_ROUTER = f"{_CALLS}/across-regions/Pulumi.transit-router.yaml"
BASIC = f"{_CALLS}/across-regions/Pulumi.basic.yaml"
HYBRID = f"{_CALLS}/hybrid/Pulumi.hybrid.yaml"
LIVES: dict[Step, int] = {
    (DEV, "preview"): 0,
    (DEV, "up"): 0,
    (DEV, "refresh"): 0,
    (DEV, "recover"): 0,
    (DEV, "destroy"): 0,
    (STAGING, "up"): 0,
    (PROD, "up"): 0,
    (EGRESS, "up"): 0,
    (EGRESS, "destroy"): 0,
    (CREATED, "up"): 0,
    (OWN_GATEWAY, "up"): 0,
    (SHARED_GATEWAY, "up"): 0,
    (SHARED, "up"): 0,
    (SHOP, "up"): 0,
    (SHOP, "destroy"): 0,
    (BLOG, "up"): 0,
    **dict.fromkeys(((file, "up") for file in APIS), 0),
    (SAME_REGION, "up"): 0,
    (SAME_REGION, "destroy"): 0,
    (TRANSIT_ROUTER, "up"): 0,
    (TRANSIT_ROUTER, "destroy"): 0,
    (BASIC, "up"): 0,
    (HYBRID, "up"): 0,
    (HYBRID, "destroy"): 0,
}


def _sandbox_step(command: str) -> Step:
    words = shlex.split(command)
    settings = dict(word.split("=") for word in words[2:])
    return settings.get("CONFIG", f"Pulumi.{settings.get('STACK', 'dev')}.yaml"), words[1]


@pytest.mark.engine
@pytest.mark.parametrize("file", sorted({file for file, _ in LIVES}))
def test_a_stack_lives_through_the_commands_that_the_documents_give_it(
    file: str, tmp_path: Path
) -> None:
    copy = tmp_path / file
    if file.startswith("examples/"):  # with the documents and the code that it names
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
    else:
        shutil.copyfile(ROOT / file, copy)
    folder = Paths(ROOT, target(None, str(copy), ROOT)).folder
    try:
        if file in STANDS_ON:
            done = _run(f"make up CONFIG={tmp_path / STANDS_ON[file]}")
            assert done.returncode == 0, done.stderr[-2000:]
        for step in (step for name, step in LIVES if name == file):
            done = _run(f"make {step} CONFIG={copy}")
            assert done.returncode == 0, done.stderr[-2000:]
            if step == "up":
                told = (
                    "Who is reachable from where",
                    "Who leaves by which address",
                    "Servers reached on their own",
                    "APIs\n",
                )
                assert any(words in done.stdout for words in told)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_faults_and_drift_of_the_sandbox_page_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = blocks(ROOT / "docs" / "sandbox.md", "python")
    cloud = tmp_path / ".sandbox" / "dev" / "cloud.db"
    cloud.parent.mkdir(parents=True)
    Store(cloud).close()
    monkeypatch.chdir(tmp_path)
    exec(compile(block.text, "sandbox.md", "exec"), {})
    assert cloud.is_file()


@cache
def _help_of(*words: str) -> str:
    """What the engine says about a command: its own flags and the global ones."""
    engine = find_engine(print)
    said = ""
    for count in range(len(words), 0, -1):
        done = _run(shlex.join([str(engine), *words[:count], "--help"]))
        assert done.returncode == 0, done.stderr
        said += done.stdout
        if f"pulumi {' '.join(words[:count])}" in done.stdout:
            return said
    raise AssertionError(f"the engine has no command {' '.join(words)}")
