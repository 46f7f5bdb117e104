"""What encrypts a state's secrets, and how it is changed: by the commands of docs/state.md."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests.lifecycle.state.kept import (
    NEW_PASSPHRASE,
    OLD_PASSPHRASE,
    PLANTED,
    SECRET_PATH,
    UP,
    Kept,
    bucket_at,
    set_secret,
)
from tests.lifecycle.state.page import LOCAL, script
from tests.lifecycle.state.s3_server import KEYS, KMS_REGION, S3Server

pytestmark = pytest.mark.engine

PASSPHRASE, KMS = (
    line for line in script("### The passphrase").splitlines() if "change-secrets-provider" in line
)
KEY = "'awskms:///alias/pulumi-prod?region=ap-southeast-1'"
READ = f"pulumi config get --stack prod --path '{SECRET_PATH}'"
NO_CHANGES = "pulumi preview --stack prod --expect-no-changes"


def test_a_new_passphrase_reads_the_secrets_and_the_old_one_does_not(
    kept: Kept, bucket: S3Server
) -> None:
    kept.account.environment |= bucket_at(bucket)
    kept.begin()
    kept.run(UP)
    kept.run(PASSPHRASE, NEW_PASSPHRASE=NEW_PASSPHRASE)
    new = {"PULUMI_CONFIG_PASSPHRASE": NEW_PASSPHRASE}
    assert "incorrect passphrase" in kept.fail("pulumi preview --stack prod")
    kept.run(NO_CHANGES, **new)
    assert kept.account.succeed(READ, **new).strip() == PLANTED
    kept.run("pulumi destroy --yes --skip-preview --stack prod", **new)
    assert kept.in_cloud() == []
    kept.assert_nowhere(bucket.versions())


def test_with_nothing_to_read_the_new_passphrase_is_empty_as_the_page_warns(kept: Kept) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}")
    kept.run(PASSPHRASE.partition("| ")[2])
    assert "incorrect passphrase" in kept.fail(READ)
    read = kept.account.succeed(READ, PULUMI_CONFIG_PASSPHRASE="")
    assert read.strip() == PLANTED


def test_a_change_that_met_a_lock_is_repeated_with_the_file_of_before(kept: Kept) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}\n{UP}")
    file = kept.account.file("Pulumi.prod.yaml")
    before = file.read_text("utf-8")
    locks = kept.home / "pulumi-state/.pulumi/locks/organization/alicloud-gateways/prod"
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "other.json").write_text('{"pid": 1, "username": "a", "hostname": "b"}', "utf-8")
    new = {"PULUMI_CONFIG_PASSPHRASE": NEW_PASSPHRASE}

    assert "locked" in kept.fail(PASSPHRASE, NEW_PASSPHRASE=NEW_PASSPHRASE)
    assert file.read_text("utf-8") != before
    kept.run("pulumi cancel --yes --stack prod")
    assert "incorrect passphrase" in kept.fail(NO_CHANGES, **new)

    file.write_text(before, encoding="utf-8")  # as git would
    kept.run(PASSPHRASE, NEW_PASSPHRASE=NEW_PASSPHRASE)
    kept.run(NO_CHANGES, **new)


def test_the_passphrase_of_a_secret_manager_is_handed_over_in_a_file_that_is_ones_own(
    kept: Kept, tmp_path: Path
) -> None:
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}")
    tools = tmp_path / "tools"
    tools.mkdir()
    answer = json.dumps({"SecretData": OLD_PASSPHRASE, "VersionId": "v1"})
    aliyun = tools / "aliyun"
    aliyun.write_text(f"#!/bin/sh\necho '{answer}'\n", encoding="utf-8")
    aliyun.chmod(0o755)
    file = kept.home / ".pulumi-prod"
    environment = kept.account.environment
    del environment["PULUMI_CONFIG_PASSPHRASE"]
    environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(file)
    environment["PATH"] = os.pathsep.join([str(tools), environment["PATH"]])
    kept.run(script("### With Alibaba Cloud KMS"))
    assert file.read_text("utf-8").strip() == OLD_PASSPHRASE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept.account.succeed(READ).strip() == PLANTED


def test_a_kms_takes_over_from_the_passphrase_and_gets_a_new_data_key(
    kept: Kept, bucket: S3Server
) -> None:
    bucket.make_key("alias/pulumi-prod")
    kept.run(f"{LOCAL}\n{set_secret(PLANTED)}\n{UP}")
    address = f"'awskms:///alias/pulumi-prod?region={KMS_REGION}&endpoint={bucket.url}'"
    assert KEY in KMS
    change = KMS.replace(KEY, address)

    kept.run(change, **KEYS)
    first = kept.account.file("Pulumi.prod.yaml").read_text("utf-8")
    assert "secretsprovider: awskms:" in first
    assert "encryptionsalt" not in first
    # From here on, nobody needs a passphrase, and everybody the key.
    kept.account.environment.pop("PULUMI_CONFIG_PASSPHRASE")
    kept.account.environment["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(kept.home / "none")
    kept.run(NO_CHANGES, **KEYS)
    kept.fail(READ)
    kept.run(change, **KEYS)
    second = kept.account.file("Pulumi.prod.yaml").read_text("utf-8")
    assert _line(first, "encryptedkey") != _line(second, "encryptedkey")
    assert kept.account.succeed(READ, **KEYS).strip() == PLANTED
    kept.run(NO_CHANGES, **KEYS)
    kept.assert_nowhere()


def _line(text: str, key: str) -> str:
    (found,) = (line for line in text.splitlines() if line.startswith(key))
    return found
