"""What is seen of a real machine, and that no value of a credential gets any further."""

import base64
import importlib.metadata
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judging.account.transport import ENDPOINT
from sandbox.engine import ENGINE_VARIABLE, ENGINE_VERSION
from sandbox.paths import SANDBOX_VARIABLE
from stack.naming import NAMESPACE
from stack.target import target
from tools.doctor import __main__ as doctor
from tools.doctor.files import backend_of, profile_of, sandbox_of, stack_file_of, token_of
from tools.doctor.gathering import gathered
from tools.doctor.machine import Engine

ROOT = Path(__file__).resolve().parents[2]
PLANTED = "LTAI5tPlantedValue"
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without credentials, in a home of its own."""
    for name in list(os.environ):
        if name.startswith(("ALICLOUD_", "ALIBABA", "PULUMI_")) and "ENGINE" not in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(SANDBOX_VARIABLE, str(tmp_path / "sandbox"))


def test_the_packages_are_those_of_the_lock_and_as_they_are_installed() -> None:
    machine = gathered(ROOT, [])
    versions = {one.name: (one.locked, one.installed) for one in machine.packages}
    assert len(versions) > 20
    locked, installed = versions["pulumi"]
    assert installed == importlib.metadata.version("pulumi") == locked
    assert f"\npulumi=={locked} " in (ROOT / "requirements.txt").read_text("utf-8")
    assert machine.plugin_wanted == versions["pulumi-alicloud"][0]


@pytest.mark.parametrize(
    ("later", "tested"), [(0, ""), (1, ENGINE_VERSION)], ids=["the tested one", "a newer one"]
)
def test_a_cli_that_is_newer_than_the_tested_one_is_known_as_such(
    later: int, tested: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    major, minor, patch = map(int, ENGINE_VERSION.split("."))
    version = f"{major}.{minor + later}.{patch + 1}"
    cli = tmp_path / "bin" / "pulumi"
    cli.parent.mkdir()
    cli.write_text(f"#!/bin/sh\necho v{version}\n", encoding="utf-8")
    cli.chmod(0o755)
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)
    monkeypatch.setenv("PATH", f"{cli.parent}{os.pathsep}{os.environ['PATH']}")
    machine = gathered(ROOT, [])
    assert machine.cli == Engine("from the PATH", version=version, tested=tested)
    assert machine.engines[0] == machine.cli


def test_a_profile_is_read_without_its_keys(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    profiles = [
        {"name": "work", "mode": "StsToken", "access_key_id": PLANTED, "access_key_secret": PLANTED,
         "sts_token": PLANTED, "sts_expiration": 1234},
        {"name": "other", "mode": PLANTED},
    ]  # fmt: skip
    file.write_text(json.dumps({"current": "other", "profiles": profiles}), encoding="utf-8")
    work = profile_of("work", "ALICLOUD_PROFILE", file)
    assert (work.mode, work.has_keys, work.expires) == ("StsToken", True, 1234)
    assert PLANTED not in repr(work)
    assert PLANTED not in repr(profile_of("other", "ALICLOUD_PROFILE", file))
    assert profile_of("nobody", "ALICLOUD_PROFILE", file).mode is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"profiles": 1}', '{"profiles": [1, null]}'])
def test_a_file_that_is_no_profiles_is_told_apart_from_one_without_the_profile(
    text: str, tmp_path: Path
) -> None:
    file = tmp_path / "config.json"
    file.write_text(text, encoding="utf-8")
    found = profile_of("work", "ALICLOUD_PROFILE", file)
    assert found.mode is None
    assert found.readable == ("1, null" in text)


@pytest.mark.parametrize(
    ("body", "expires"), [({"exp": 1234}, 1234.0), ({}, None), ({"exp": "soon"}, None), ([], None)]
)
def test_a_token_says_when_it_ends(body: object, expires: float | None, tmp_path: Path) -> None:
    part = base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
    file = tmp_path / "token"
    file.write_text(f"head.{part}.signature", encoding="utf-8")
    found = token_of(str(file))
    assert found is not None
    assert (found.there, found.expires) == (True, expires)


@pytest.mark.parametrize(
    ("address", "scheme", "marks"),
    [
        ("s3://bucket?region=oss-cn-shanghai", "s3", ""),
        ("s3://user:word@bucket?s3ForcePathStyle=true", "s3", "password, path style"),
        ("file://~", "file", ""),
        ("https://api.pulumi.com", "https", ""),
        (PLANTED, "", ""),
        (f"{PLANTED}://bucket", "", ""),
        ("s3://[", "", ""),
    ],
)
def test_a_backend_is_known_by_the_form_of_its_address_alone(
    address: str, scheme: str, marks: str, tmp_path: Path
) -> None:
    found = backend_of(address, tmp_path / "credentials.json")
    assert found.scheme == scheme
    assert found.has_password == ("password" in marks)
    assert found.forces_path_style == ("path style" in marks)
    assert "bucket" not in repr(found)


def test_a_login_is_read_from_pulumis_own_file(tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    assert backend_of(None, file).asked_by == ""
    shown = {"current": "https://api.pulumi.com", "accessTokens": {"https://a": PLANTED}}
    file.write_text(json.dumps(shown), encoding="utf-8")
    found = backend_of(None, file)
    assert (found.asked_by, found.scheme) == ("pulumi login", "https")
    assert PLANTED not in repr(found)


def test_a_stack_file_tells_its_problems_its_places_and_what_it_tells_the_provider(
    tmp_path: Path,
) -> None:
    router = ROOT / "examples" / "private-calls" / "across-regions" / "Pulumi.transit-router.yaml"
    found = stack_file_of(target(None, str(router), ROOT))
    assert found.problems == 0
    assert found.regions == found.router_regions == ("cn-shanghai", "cn-zhangjiakou")
    assert found.function_regions == ("cn-zhangjiakou",)
    file = tmp_path / "Pulumi.shop.yaml"
    file.write_text(
        "encryptionsalt: v1:abc\nconfig:\n  alicloud:region: cn-shanghai\n"
        f"  alicloud:accessKey: {PLANTED}\n  alicloud-gateways:topology: nothing\n",
        encoding="utf-8",
    )
    wrong = stack_file_of(target(None, str(file), ROOT))
    assert wrong.problems == 2
    assert wrong.encrypted == "encryptionsalt"
    assert wrong.provider_settings == {"accessKey"}
    assert PLANTED not in repr(wrong)


@pytest.mark.parametrize("text", ["", "- a list\n", "config: 3\n", "config:\n  x: [\n", "\x00"])
def test_a_file_that_is_no_stack_file_is_one_with_problems(text: str, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.shop.yaml"
    file.write_text(text, encoding="utf-8")
    assert stack_file_of(target(None, str(file), ROOT)).problems


def test_a_sandbox_is_at_rest_at_work_or_left_behind(tmp_path: Path) -> None:
    dev = target("dev", None, ROOT)
    assert sandbox_of(dev, ROOT) is None
    state = tmp_path / "sandbox" / "dev" / "state" / ".pulumi"
    (state / "stacks").mkdir(parents=True)
    at_rest = sandbox_of(dev, ROOT)
    assert at_rest is not None
    assert (at_rest.owner, at_rest.locked, at_rest.pending) == (None, False, 0)
    checkpoint: dict[str, object] = {"checkpoint": {"latest": {"pending_operations": [{}, {}]}}}
    (state / "stacks" / "dev.json").write_text(json.dumps(checkpoint), encoding="utf-8")
    lock = state / "locks" / "organization" / NAMESPACE / "dev" / "one.json"
    lock.parent.mkdir(parents=True)
    lock.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
    at_work = sandbox_of(dev, ROOT)
    assert at_work is not None
    assert at_work.owner == os.getpid()
    lock.write_text("{", encoding="utf-8")
    left = sandbox_of(dev, ROOT)
    assert left is not None
    assert (left.owner, left.locked, left.pending) == (None, True, 2)


# --- secrets -----------------------------------------------------------------------------------

SECRET_VARIABLES = (
    *("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
    *("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    *("ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_OIDC_TOKEN", "ALIBABA_CLOUD_ROLE_ARN"),
    *("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
    *("ALICLOUD_CREDENTIALS_URI", "ALICLOUD_ECS_ROLE_NAME"),
    *("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_BACKEND_URL"),
    "PULUMI_ACCESS_TOKEN",
)
VALUES = st.text("abcXYZ0189+/=_-", min_size=12, max_size=40)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planted=st.dictionaries(st.sampled_from(SECRET_VARIABLES), VALUES, min_size=1))
def test_no_planted_value_is_ever_printed(
    planted: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv(
            "PATH", ""
        )  # no programs: what an engine or a Go says is no variable's value
        patched.delenv(ENGINE_VARIABLE, raising=False)
        patched.setenv(f"{ENDPOINT}VPC", "127.0.0.1:1")  # what is asked of an account, nobody hears
        for name, value in planted.items():
            patched.setenv(name, value)
        for form in ("table", "json"):
            doctor.main(["--stack", "dev", "--format", form])
            told = capsys.readouterr()
            for value in planted.values():
                assert value not in told.out + told.err


# --- the command -------------------------------------------------------------------------------


def test_the_screen_has_a_line_for_each_subject_and_ends_well(capsys: Printed) -> None:
    code = doctor.main([])
    shown = capsys.readouterr().out
    for subject in ("Python", "Packages", "Engine", "Credentials", "Stack prod", "Backend"):
        assert f" {subject} " in shown
    assert code == 0
    assert shown.splitlines()[-1].startswith("0 problems, ")


def test_json_says_the_same(capsys: Printed) -> None:
    assert doctor.main(["--format", "json", "--stack", "prod"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["problems"] == 0
    assert shown["warnings"] == sum(line["level"] == "warning" for line in shown["lines"])
    subjects = {line["subject"] for line in shown["lines"]}
    assert "Stack prod" in subjects
    assert "Stack dev" not in subjects


def test_a_problem_is_the_exit_code(tmp_path: Path, capsys: Printed) -> None:
    file = tmp_path / "Pulumi.shop.yaml"
    file.write_text("config:\n  alicloud-gateways:topology: nothing\n", encoding="utf-8")
    assert doctor.main(["--config", str(file)]) == 1
    assert f"make plan CONFIG={file}" in capsys.readouterr().out


def test_a_stack_that_isnt_there_is_told(capsys: Printed) -> None:
    assert doctor.main(["--stack", "nowhere"]) == 1
    told = capsys.readouterr()
    assert "There is no stack nowhere" in told.err
    assert told.out == ""


def test_an_unknown_format_is_told(capsys: Printed) -> None:
    with pytest.raises(SystemExit) as stopped:
        doctor.main(["--format", "yaml"])
    assert stopped.value.code == 1
    assert "there is no format yaml" in capsys.readouterr().err


def test_without_any_package_it_still_says_which_are_missing() -> None:
    """As in a virtual environment whose installation failed."""
    isolated = [sys.executable, "-S", "-m", "tools.doctor", "--stack", "dev"]
    done = subprocess.run(isolated, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "not installed: " in done.stdout
    assert "Traceback" not in done.stderr


def test_it_takes_seconds() -> None:
    started = time.monotonic()
    gathered(ROOT, [target("dev", None, ROOT)])
    assert time.monotonic() - started < 60
