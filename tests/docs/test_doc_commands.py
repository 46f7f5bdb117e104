"""Every command that the documents tell people to type is known here, and is run or checked."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.api.products import PRODUCTS
from sandbox.cloud import Store
from sandbox.paths import SANDBOX_VARIABLE
from sandbox.provider.ram_check import POLICIES_VARIABLE
from stack.stack_file import StackFile
from stack.target import target
from tests.docs.cli_pages import command_page, flags_of
from tests.docs.lives import lived
from tests.docs.pages import PAGES, ROOT, blocks, commands
from tests.docs.typed import Ended, called, planned, program, typed
from tests.preflight.flights import document_of
from tests.sandbox.api.api_lab import served
from tests.wheels import LIBRARY
from tools.plan.plan import Plan
from tools.plan.tables import reach_tables
from tools.sandbox.__main__ import main as sandbox_main
from topologies import TOPOLOGIES, reach
from topologies.unified_egress.settings import SHOW_EGRESS, SSH_PORT, ssh_command

WALKED = {page for page in PAGES if page.name.startswith("walkthrough")}
"""Pages that a test runs from top to bottom."""

COMMANDS = sorted({command for page in PAGES if page not in WALKED for command in commands(page)})


def _ended(command: str, words: list[str] | None = None) -> Ended:
    """How a command ends; `words` where some of it is put in the place of what isn't there."""
    run = typed if command in TYPED else called
    return run(words or shlex.split(command))


# --- how each command is checked ----------------------------------------------------------------


def _is_run_as_it_stands(command: str) -> None:
    """It only looks, so it is run on the project itself."""
    done = _ended(command)
    assert done.code == 0, done.err
    assert done.out


def _writes_a_new_stack_file(command: str) -> None:
    """Into a folder, since it would stand beside the program; where nobody asks, with defaults."""
    given = _said(command)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{given.pop('STACK', 'shop')}.yaml"
        given = {"TOPOLOGY": "api-gateway", **given, "CONFIG": str(file)}
        done = _ended(command, ["make", "init", *(f"{k}={v}" for k, v in given.items())])
        assert done.code == 0, done.err
        assert all(
            value in file.read_text("utf-8") for key, value in given.items() if key != "CONFIG"
        )


def _lists_the_commands(command: str) -> None:
    """make alone."""
    assert "make up" in typed([command]).out


def _is_what_a_test_lives_through(command: str) -> None:
    """It builds something, on the engine: a test of the lifecycle runs the very same."""
    said = _said(command)
    assert said.keys() <= {"STACK", "CONFIG", "FORMAT", "REHEARSE", "PRICES"}
    assert said.get("REHEARSE", "no") == "no"
    which = [
        part
        for key in ("STACK", "CONFIG", "PRICES")
        if key in said
        for part in (f"--{key.lower()}", said[key])
    ]
    step = shlex.split(command)[1]
    form = ["--json"] if "FORMAT" in said else []
    assert program(shlex.split(command)) == ("tools", [step, *which, *form])
    one = target(said.get("STACK"), said.get("CONFIG"), ROOT)
    assert (ROOT / one.file, step) in lived() | TYPED_LIFE
    settings = StackFile(one.file, one.stack, TOPOLOGIES).settings
    told = reach_tables(Plan(one.stack, one.file, settings, reach=reach(settings)), settings)
    assert any(words in told for words in WAYS)


def _is_kept_in_a_file(command: str) -> None:
    """What stands on standard output is a document alone."""
    _is_what_a_test_lives_through(command.partition(" > ")[0].replace("make -s", "make"))


def _said(command: str) -> dict[str, str]:
    """The variables that a line of make is given."""
    return dict(word.split("=", 1) for word in shlex.split(command) if "=" in word)


def _is_planned_by_make(command: str) -> None:
    """Too heavy, or it would change this checkout: make says what it would run."""
    planned(shlex.split(command))


def _prints_a_script(command: str) -> None:
    """For every stack of the list; test_setup.py runs it."""
    script = _ended(command.partition(" > ")[0])
    assert script.code == 0, script.err
    for stack in ("dev", "staging", "prod"):
        assert f"role gateways-{stack}-deploy " in script.out


def _writes_what_is_there(command: str) -> None:
    """It prints the file that it is written into."""
    words, _, file = command.partition(" > ")
    assert _ended(words).out == (ROOT / file).read_text("utf-8")


def _runs_tests(command: str) -> None:
    """What it names is there, and among what `make test` runs."""
    words = shlex.split(command)
    module, arguments = program(words)
    assert module == "pytest"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    for word in shlex.split(" ".join(words[1:]).replace("ARGS=", "")):
        if "/" in word:
            assert word in arguments
            assert list((ROOT / word).rglob("test_*.py"))
            assert word.split("/")[0] in settings["ini_options"]["testpaths"]


def _is_run_with_its_page(command: str) -> None:
    """`tests/lifecycle/test_adopt_page.py` runs it, after what the page has before it."""
    _is_planned_by_make(command.partition(" >")[0])


def _is_typed_in_the_life_of_dev(command: str) -> None:
    """On the engine, below."""
    assert command.removeprefix("make ") in LIFE


def _is_rehearsed(command: str) -> None:
    """tests/lifecycle/test_rehearsed.py runs it, of either; the stack file is one that is built."""
    said = _said(command)
    assert said.keys() <= {"STACK", "CONFIG", "ACCOUNT"}
    module, arguments = program(shlex.split(command))
    assert (module, arguments[0]) == ("tools", "rehearse")
    assert ("--account" in arguments) is ("ACCOUNT" in said)
    one = target(said.get("STACK"), said.get("CONFIG"), ROOT)
    _ = StackFile(one.file, one.stack, TOPOLOGIES).settings


def _is_lived_natively(command: str) -> None:
    """tests/tools/test_native_life.py runs it; here, that the file is one that it takes."""
    said = _said(command)
    one = target(None, said.get("CONFIG"), ROOT)
    assert not StackFile(one.file, one.stack, TOPOLOGIES).stacks
    module, arguments = program(shlex.split(command))
    assert (module, arguments[0]) == ("tools", "native-life")


def _serves_an_account(command: str) -> None:
    """Until it is interrupted: tests/docs/test_doc_local_cloud.py runs it as make says here."""
    said = _said(command)
    assert said.keys() <= {"STACK", "REGION", "PORT", "RATE"}
    options = [word for key, value in said.items() for word in (f"--{key.lower()}", value)]
    line = command.removesuffix(" > cloud.env")
    assert program(shlex.split(line)) == ("tools", ["cloud", *options])
    # One that is said a region needs no file; tests/lifecycle/test_adopt_page.py begins with it.
    assert "REGION" in said or target(said.get("STACK"), None, ROOT).file.is_file()


def _is_read_from_what_is_served(command: str) -> None:
    """The file that `make cloud` writes where the pages start it."""
    assert f"make cloud > {command.removeprefix('. ./')}" in COMMANDS


def _is_answered_by_the_local_cloud(command: str) -> None:
    """For `make cloud`: it serves the action, and that takes what is said and needs no more."""
    words = shlex.split(command)[1:]
    words.remove("--insecure")
    product, action, *said = words
    (served,) = [one for one in PRODUCTS if one.code == product]
    names = {name.removeprefix("--") for name in said[::2]}
    assert {*served.actions[action].needs} <= names <= served.actions[action].known


def _is_judged_by_policies(command: str) -> None:
    """tests/lifecycle/test_policy.py runs it as make says here."""
    (said,) = [word for word in shlex.split(command) if word.startswith("POLICY=")]
    arguments = program(shlex.split(command))[1]
    assert arguments[arguments.index("--policy") + 1] == said.removeprefix("POLICY=")
    assert said == "POLICY=1" or (ROOT / said.removeprefix("POLICY=")).is_file()


def _is_known_to_the_engine(command: str) -> None:
    """For a real account: the CLI knows the command and each of its flags."""
    words = shlex.split(command.partition(" > ")[0])[1:]
    flags = {word.partition("=")[0] for word in words if word.startswith("-")}
    page = command_page(*takewhile(lambda word: not word.startswith("-"), words))
    assert flags <= flags_of(page), page


def _settles_a_state(command: str) -> None:
    """It edits a state: one in which just those creates are pending that it names."""
    words = shlex.split(command.partition(">")[0].rpartition("| ")[2])
    said = dict(word.split("=") for word in words if "=" in word)
    pending = [
        {"type": "creating", "resource": {"urn": f"urn:pulumi:dev::p::T::{name}", "type": "T"}}
        for name in said
    ]
    (file,) = [word for word in words if word.endswith(".json") or word == "/dev/stdin"]
    kept: dict[str, object] = {"resources": [], "pending_operations": pending}
    form = {"checkpoint": {"latest": kept}} if "checkpoint" in file else {"deployment": kept}
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.json"
        state.write_text(json.dumps(form), "utf-8")
        words[words.index(file)] = str(state)
        done = _ended(command, words)
    assert done.code == 0, done.err
    settled = json.loads(done.out)["deployment"]["resources"]
    assert {one["urn"].rpartition("::")[2]: one["id"] for one in settled} == said


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


def _installs_the_library(command: str) -> None:
    """Of a copy, since building leaves traces, into a folder; what it needs is here already."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "components")
        shutil.copytree(LIBRARY, copied, ignore=shutil.ignore_patterns("__pycache__"))
        done = subprocess.run(
            [
                *(sys.executable, "-m", *shlex.split(command)),
                *("--quiet", "--no-deps", "--no-index", "--no-build-isolation"),
                *("--target", str(Path(folder, "place"))),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert Path(folder, "place", "alicloud_gateways", "py.typed").is_file()


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
    said = _said(command)
    (example,) = blocks(ROOT / "docs" / "migrate-fixed-public-ip.md", "yaml")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{said['STACK']}.yaml"
        file.write_text(example.text, "utf-8")
        given = {key: said[key] for key in ("ADDRESS", "EIP", "INSTANCE")}
        words = [f"{key}={value}" for key, value in given.items()]
        done = _ended(command, ["make", "-s", "adopt-eip", *words, f"CONFIG={file}"])
    assert done.code == 0, done.err
    ids = {one.get("id") for one in json.loads(done.out)["resources"]}
    assert {given["EIP"], f"{given['EIP']}:{given['INSTANCE']}"} <= ids


def _judges_a_preview(command: str) -> None:
    """It is given a preview that takes an address out; what it allows is what is found."""
    words = shlex.split(command.replace("preview.json", str(TAKEN_OUT)))
    done = _ended(command, words)
    allowed = set(re.findall(r"[a-z-]+:[a-z0-9-]+", command))
    failed = 1 if words[0] != "make" or command not in TYPED else 2  # make's own
    assert done.code == (0 if allowed == FOUND else failed), done.err
    assert set(re.findall(r"[a-z]+-[a-z]+:[a-z0-9-]+", done.out)) >= FOUND
    assert ("json" in command.partition("FORMAT=")[2]) is done.out.startswith("{")


def _promotes_copies(command: str) -> None:
    """It writes a stack file: a copy, for which there is something to do as the page tells it."""
    said = _said(command)
    with tempfile.TemporaryDirectory() as folder:
        files = {key: Path(folder) / f"Pulumi.{said[key]}.yaml" for key in ("FROM", "TO")}
        for file in files.values():
            shutil.copyfile(ROOT / file.name, file)
        if "SET" in said:
            _after(files["FROM"], "    hosts:\n", "      ecs6: {ip: 192.168.1.6, vswitch: apps}\n")
        if "REMOVE" in said:
            legacy = "      legacy: {publicIp: ip3, port: 9000, host: ecs3}\n"
            _after(files["TO"], "    portMappings:\n", legacy)
        given = {**said, **{key: str(file) for key, file in files.items()}, "PREVIEW": "no"}
        done = _ended(command, ["make", "promote", *(f"{k}={v}" for k, v in given.items())])
        assert done.code == 0, done.err
        text = files["TO"].read_text("utf-8")
    assert "From " in done.out or json.loads(done.out)["drifted"] is False
    assert ("ecs6: {ip: 10.20.1.6, vswitch: apps}" in text) is ("SET" in said)
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
        done = _ended(command, words)
        written = list(Path(folder).iterdir())
    assert done.code == 0, done.err
    assert "alicloud-gateways-" in done.out
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
    script = (ROOT / "components" / "eni" / "routing.sh").read_text("utf-8")
    assert re.search(rf"^  {verb}\)", script, re.MULTILINE)
    assert re.fullmatch(r"/usr/local/sbin/alicloud-gateways-eni-[0-9a-f]{12}", program)


def _only_looks(command: str) -> None:
    """On a server: a look at its routing, its log or its sockets."""
    assert command.split(maxsplit=1)[0] in {"ip", "journalctl", "ss"}
    assert not {"add", "del", "replace", "flush"} & set(command.split())


def _is_git_s_own(command: str) -> None:
    """It knows the flags. What is pushed and shown, tests/tools/test_release.py makes."""
    words = shlex.split(command)
    told = typed(["git", words[1], "-h"]).out
    assert [word for word in words[2:] if word.startswith("--") and word[2:] not in told] == []


def _brings_a_new_version(command: str) -> None:
    """tests/docs/test_doc_organisations.py runs it, after what the page has before it."""
    assert command in commands(ROOT / "docs" / "organisations.md")


def _is_run_in_a_repository(command: str) -> None:
    """In a clone; tests/docs/test_doc_project.py commits in one."""
    done = typed([*shlex.split(command), "--help"])
    assert done.code == 0, done.err


def _puts_the_sandbox_first(command: str) -> None:
    """From then on, `pulumi` is the one on the simulated cloud."""
    done = typed(["bash", "-c", f"{command}; command -v pulumi"])
    assert Path(done.out.strip()) == ROOT / "sandbox" / "bin" / "pulumi"


def _calls_an_api_of_the_gateway(command: str) -> None:
    """An API that one of the examples has."""
    (url,) = [word for word in shlex.split(command) if "://" in word]
    examples = (ROOT / "examples" / "api-gateway").glob("*/Pulumi.*.yaml")
    texts = [example.read_text("utf-8") for example in examples]
    assert any(f"path: {urlsplit(url).path}\n" in text for text in texts)
    assert urlsplit(url).hostname


def _works_on_a_stack_of_an_account(command: str) -> None:
    """tests/pipelines/test_deploying.py runs it; here, make gives its words to a command."""
    given = _said(command)
    assert given.keys() <= {"STACK", "ALLOW", "AFTER", "REHEARSE", "DESTROY"}
    assert given.get("REHEARSE", "no") == "no"
    assert {given.get("STACK", "dev"), given.get("AFTER", "dev")} <= {"dev", "staging", "prod"}
    words = shlex.split(command)
    module, arguments = program(words)
    assert (module, arguments[:3]) == ("tools", [words[1], "--stack", given["STACK"]])


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
    assert f"resource_group: {group}\n" in (ROOT / ".gitlab" / "stacks.yml").read_text("utf-8")


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
    ("cloudapi", "ModifyApiGroupNetworkPolicy"): {"GroupId"},
    ("cloudapi", "SdkGenerateByGroup"): {"GroupId", "Language"},
    ("cloudapi", "SetDomain"): {"GroupId", "DomainName"},
    ("cloudapi", "SetDomainWebSocketStatus"): {"GroupId", "DomainName", "ActionValue"},
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


def _reads_a_local_cloud(command: str) -> None:
    """The account is a simulated one, and the backend has no stack."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), ROOT / "Pulumi.dev.yaml") as cloud,
        pytest.MonkeyPatch.context() as environment,
    ):
        network = cloud.store.create("vpc", {"cidr_block": "10.0.0.0/8"}, region="cn-shanghai")
        cloud.store.create("eip_address", {"address_name": "forgotten"}, region="cn-shanghai")
        for name, value in {**cloud.exported, "PULUMI_BACKEND_URL": f"file://{folder}"}.items():
            environment.setenv(name, value)
        done = _ended(command, shlex.split(command.replace("vpc-uf6example", network.id)))
    assert done.code == 0, done.err
    assert ("forgotten" in done.out) == ("VPC=" not in command)


def _asks_a_local_cloud(command: str) -> None:
    """The account is empty, and what pulumi says is the preview of a new stack."""
    text = document_of(ROOT / "Pulumi.dev.yaml")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), ROOT / "Pulumi.dev.yaml") as cloud,
        pytest.MonkeyPatch.context() as environment,
    ):
        preview, pulumi = Path(folder) / "preview.json", Path(folder) / "pulumi"
        preview.write_text(text, "utf-8")
        pulumi.write_text(f"#!/bin/sh\ncat {preview}\n", "utf-8")
        pulumi.chmod(0o700)
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        for name, value in {**cloud.exported, "PATH": path}.items():
            environment.setenv(name, value)
        done = _ended(command, shlex.split(command.replace("preview.json", str(preview))))
    assert done.code == 0, done.err
    assert ("json" in command.partition("FORMAT=")[2]) is done.out.startswith("{")


Check = Callable[[str], None]
CHECKS: tuple[tuple[str, Check], ...] = (
    (r"git (apply|clone|show|push) .*", _is_git_s_own),
    (r"git (remote add|fetch|merge) .*", _brings_a_new_version),
    (r"\.venv/bin/prek install", _is_run_in_a_repository),
    (r"make", _lists_the_commands),
    (r"make init( .*)?", _writes_a_new_stack_file),
    (r"make explain .*", _is_run_as_it_stands),
    (r"make (plan|route)( .*)?", _is_run_as_it_stands),
    (r"make (-s )?doctor( .*)?", _is_run_as_it_stands),
    (r"make (-s )?ram-policy .*", _prints_policies),
    (r"make (-s )?setup-pipelines .*", _prints_a_script),
    (r"export ALICLOUD_GATEWAYS_POLICIES=.*", _names_a_file_of_policies),
    (r"make promote .*", _promotes_copies),
    (r"\.venv/bin/python -m tools promote .*--check.*", _is_run_as_it_stands),
    (r"make fetch-openapi .*", _is_planned_by_make),
    (r"make (-s )?stacks( FORMAT=json)?", _is_run_as_it_stands),
    (r"make -s stacks FORMAT=gitlab > .*", _writes_what_is_there),
    (r"\.venv/bin/python -m tools plan .*", _is_run_as_it_stands),
    (r"make preview STACK=shop", _is_run_with_its_page),
    (r"make (preview|up) (.* )?POLICY=.*", _is_judged_by_policies),
    (r"make rehearse( .*)?", _is_rehearsed),
    (r"make cloud( .*)?", _serves_an_account),
    (r"\. \./.*", _is_read_from_what_is_served),
    (r"aliyun .* --insecure.*", _is_answered_by_the_local_cloud),
    (r"make (-s )?inventory( .*)?", _reads_a_local_cloud),
    (r"make (-s )?preflight( .*)?", _asks_a_local_cloud),
    (r"make native-life( CONFIG=.*)?", _is_lived_natively),
    (r"make -s preview FORMAT=json > preview\.json", _is_kept_in_a_file),
    (r"make (outputs( FORMAT=json)?|refresh LOOK=1)", _is_typed_in_the_life_of_dev),
    (r"make (preview|up|refresh|destroy|recover)( .*)?", _is_what_a_test_lives_through),
    (r"make (-s )?adopt-eip .*", _prints_an_import_file),
    (r"make (-s )?adopt .*", _is_run_with_its_page),
    (r"make (keep-state|release) VERSION=.*", _is_planned_by_make),
    (r"make import .*", _is_planned_by_make),
    (r"make (review|deploy|drift)( .*)?", _works_on_a_stack_of_an_account),
    (r"export PULUMI_BACKEND_URL='s3:.*", _names_a_backend),
    (r"kubectl (apply -k|create|get) .*", _looks_after_what_the_manifests_name),
    (r"curl .*/resource_groups/.*", _orders_a_resource_group),
    (r"make guard (STACK|CONFIG)=.*", _is_planned_by_make),
    (r"make -s guard PREVIEW=preview\.json.*", _judges_a_preview),
    (r"\.venv/bin/python -m tools guard .*", _judges_a_preview),
    (
        r"make (test-changed|test-oldest|lint|check|schema|docs|bench|clean)( BASE=.*)?",
        _is_planned_by_make,
    ),
    (r"pip install \./components", _installs_the_library),
    (r"make lock( UPGRADE=1)?", _is_planned_by_make),
    (r"make lives SECONDS=.*", _is_planned_by_make),
    (r"make test( ARGS=.*)?|\.venv/bin/python -m pytest .*", _runs_tests),
    (r"\.venv/bin/python -m tools settle .*", _settles_a_state),
    (r"pulumi stack export .* \| .*tools settle .*", _settles_a_state),
    (r"printf .* \| pulumi .*", _changes_the_passphrase),
    (r"\(umask 077; aliyun .*\)", _hands_over_the_passphrase),
    (r"export (AWS_|PULUMI_CONFIG_PASSPHRASE).*", _sets_variables_that_something_reads),
    (r"mkdir -p .*pulumi-state.*", _makes_a_folder),
    (
        r"\.venv/bin/python -m tools (preview|up|refresh|destroy|recover)( .*)?",
        _is_understood_by_the_sandbox,
    ),
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

_PROGRAM = re.compile(r"(?:make (?:-s )?|.*\.venv/bin/python -m tools )([a-z-]+)\b.*")
TYPED = {
    found[1]: command
    for command in sorted(COMMANDS, key=lambda line: line.startswith("make"))
    if (found := _PROGRAM.fullmatch(command)) is not None
}.values()
"""Of each program one command, of make where there is one: it is typed into its own process."""


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

DEV = ROOT / "Pulumi.dev.yaml"
LIFE = (
    *("preview", "up", "outputs", "outputs FORMAT=json", "refresh LOOK=1"),
    *("refresh", "recover", "destroy"),
)
TYPED_LIFE = {(DEV, step) for step in LIFE}
WAYS = (
    "Who is reachable from where",
    "Who leaves by which address",
    "Servers reached on their own",
    "APIs\n",
)
"""What `up` ends with: how the stack is reached, or left."""


@pytest.mark.engine
def test_the_dev_stack_lives_through_every_command_as_it_is_typed(tmp_path: Path) -> None:
    copy = tmp_path / DEV.name
    shutil.copyfile(DEV, copy)
    sandbox = {SANDBOX_VARIABLE: str(tmp_path / "sandbox")}
    for step in LIFE:
        done = typed(["make", *step.split(), f"CONFIG={copy}"], **sandbox)
        assert done.code == 0, done.err[-2000:]
        assert (WAYS[0] in done.out) is (step == "up")


def test_the_faults_and_drift_of_the_sandbox_page_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = blocks(ROOT / "docs" / "sandbox.md", "python")
    cloud = tmp_path / ".sandbox" / "dev" / "cloud.db"
    cloud.parent.mkdir(parents=True)
    web, other = _mapped(cloud, "dev-web", "dev-app1")
    monkeypatch.chdir(tmp_path)
    exec(compile(block.text, "sandbox.md", "exec"), {})
    with closing(Store(cloud)) as left:
        hosts = {one.id: one.text("internal_ip") for one in left.all("forward_entry")}
    assert hosts == {web: "192.168.1.9", other: "192.168.1.1"}


def _mapped(cloud: Path, *names: str) -> Iterator[str]:
    """Put entries of these names into a cloud's second region; their ids."""
    with closing(Store(cloud)) as store:
        for name in names:
            known = {"name": name, "forward_entry_name": name, "internal_ip": "192.168.1.1"}
            store.remember("forward_entry", f"fwd-{name}", known, region="cn-hangzhou")
            yield f"fwd-{name}"
