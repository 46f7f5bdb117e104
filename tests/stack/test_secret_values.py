"""Fields that hold a secret: read without its text, refused in plain text, found by Pulumi."""

from typing import Any

import jsonschema
import pytest
from pydantic import Field

from stack.file.read import read
from stack.file.secret_places import decrypted_places, misplaced_secrets, takes_secret
from stack.model import Model
from stack.problems import KeyPath
from stack.secrets import (
    EXAMPLE,
    HIDDEN,
    Secret,
    SecretState,
    plain_secret_problems,
    pulumi_path,
    sealed,
    secret_paths,
    secret_text,
    secrets_of,
)

ENCRYPTED = {"secure": "v1:abc"}


class Sign(Model):
    key: Secret = Field(examples=[EXAMPLE])
    spare: Secret | None = Field(default=None, examples=[EXAMPLE])
    note: str | None = None


class Section(Model):
    signs: dict[str, Sign] = Field(default_factory=dict[str, Sign], examples=[{}])
    listed: list[Sign] = Field(default_factory=list[Sign], examples=[[]])


def section(values: object) -> Section:
    settings = read(Section, values, ("s",)).settings
    assert settings is not None
    return settings


def test_an_encrypted_value_is_a_secret_without_its_text() -> None:
    settings = section({"signs": {"a": {"key": ENCRYPTED}}})
    assert settings.signs["a"].key is SecretState.ENCRYPTED
    assert "abc" not in repr(settings)
    assert list(plain_secret_problems(settings, ("s",))) == []


@pytest.mark.parametrize(
    "plain", ["sesame", 1234567, ["sesame"], {"secure": 7}, {"a": "sesame"}, True]
)
def test_plain_text_is_refused_with_the_command_that_encrypts_it(plain: object) -> None:
    reading = read(Section, {"signs": {"a.b": {"key": plain}}}, ("s",))
    assert reading.problems == ()
    assert reading.settings is not None
    (problem,) = plain_secret_problems(reading.settings, ("s",))
    assert (problem.path, problem.value) == (("s", "signs", "a.b", "key"), HIDDEN)
    command = """pulumi config set --secret --path 'alicloud-gateways:s.signs["a.b"].key'"""
    assert problem.remedy.endswith(command)
    assert "sesame" not in repr(problem)
    assert "sesame" not in repr(reading)


def test_a_missing_secret_is_required_and_an_optional_one_isnt() -> None:
    (problem,) = read(Section, {"signs": {"a": {}}}, ("s",)).problems
    assert (problem.path, problem.rule) == (("s", "signs", "a", "key"), "key is required here")
    assert "key: {secure: v1:" in problem.remedy


def test_secrets_are_found_wherever_they_stand() -> None:
    both = {"key": ENCRYPTED, "spare": "x"}
    settings = section({"signs": {"a": both}, "listed": [{"key": ENCRYPTED}]})
    assert dict(secrets_of(settings, ("s",))) == {
        ("s", "signs", "a", "key"): SecretState.ENCRYPTED,
        ("s", "signs", "a", "spare"): SecretState.PLAIN,
        ("s", "listed", 0, "key"): SecretState.ENCRYPTED,
    }


@pytest.mark.parametrize(
    ("path", "takes"),
    [
        (("signs", "a", "key"), True),
        (("signs", "a", "spare"), True),
        (("listed", 3, "key"), True),
        (("signs", "a", "note"), False),
        (("signs", "a", "nothing"), False),
        (("signs", "a"), False),
        (("signs",), False),
        ((), False),
    ],
)
def test_only_fields_that_are_marked_take_a_secret(path: KeyPath, *, takes: bool) -> None:
    assert takes_secret(Section, path) is takes


def test_encrypted_values_elsewhere_are_misplaced() -> None:
    values = {
        "s": {"signs": {"a": {"key": ENCRYPTED, "note": ENCRYPTED}}},
        "tags": {"env": ENCRYPTED},
    }
    misplaced = set(misplaced_secrets(secret_paths(values), {"s": Section}))
    assert misplaced == {("s", "signs", "a", "note"), ("tags", "env")}


DECRYPTED: dict[str, Any] = {
    "s": {"signs": {"a": {"key": "sesame", "note": "n"}}, "listed": [{"key": "open"}]},
    "region": "cn-shanghai",
}


def test_what_pulumi_decrypted_is_sealed_where_the_file_had_it_encrypted() -> None:
    encrypted = [("s", "signs", "a", "key"), ("s", "signs", "a", "note")]
    places = decrypted_places("s", {"s": Section}, DECRYPTED["s"], encrypted)
    assert places == [("s", "signs", "a", "key")]
    values = sealed(DECRYPTED, places)
    assert values["s"]["signs"]["a"] == {"key": {"secure": HIDDEN}, "note": "n"}
    assert values["s"]["listed"] == [{"key": "open"}]
    settings = section(values["s"])
    (problem,) = plain_secret_problems(settings, ("s",))
    assert problem.path == ("s", "listed", 0, "key")


def test_an_environments_secret_section_is_sealed_at_every_secret() -> None:
    places = decrypted_places("s", {"s": Section}, DECRYPTED["s"], None)
    values = sealed(DECRYPTED, places)
    assert "sesame" not in repr(values)
    assert list(plain_secret_problems(section(values["s"]), ("s",))) == []


def test_sealing_leaves_what_pulumi_gave_as_it_was() -> None:
    sealed(DECRYPTED, decrypted_places("s", {"s": Section}, DECRYPTED["s"], None))
    assert DECRYPTED["s"]["listed"] == [{"key": "open"}]
    assert DECRYPTED["s"]["signs"]["a"]["key"] == "sesame"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("signs", "a", "key"), "sesame"),
        (("listed", 0, "key"), "open"),
        (("listed", 1, "key"), None),
        (("signs", "a"), None),
        (("signs", "b", "key"), None),
        (("listed", "key"), None),
    ],
)
def test_a_secrets_text_is_found_at_its_place(path: KeyPath, text: str | None) -> None:
    if text is not None:
        assert secret_text(DECRYPTED["s"], ("s", *path)) == text
    else:
        with pytest.raises(LookupError, match="has no secret at"):
            secret_text(DECRYPTED["s"], ("s", *path))


def test_a_place_is_written_as_pulumi_takes_it() -> None:
    path = ("apiGateway", "plugins", "sign-1", "list", 2, "secret")
    assert pulumi_path(path) == "alicloud-gateways:apiGateway.plugins.sign-1.list[2].secret"


def test_the_schema_takes_what_pulumi_writes_and_nothing_else() -> None:
    schema = Section.model_json_schema()
    jsonschema.validate({"signs": {"a": {"key": EXAMPLE}}}, schema)
    for wrong in ("sesame", {}, {"secure": "v1:x", "more": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"signs": {"a": {"key": wrong}}}, schema)
