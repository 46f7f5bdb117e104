"""`make explain` knows every key of a stack file, and every message that the pages tell of."""

import json
from collections.abc import Callable

import pytest

from stack.problems import NotDoneError
from tests.docs.stack_keys import stack_keys
from tools.explain.__main__ import key_told, main, message_told
from tools.explain.keys import Keys
from tools.explain.pages import messages, page_of_key

LANES = "sharedBandwidth.natGateway.lanes"


def _told(said: str) -> list[str]:
    return [*key_told(said)]


def test_every_key_is_found_with_what_the_models_say_of_it() -> None:
    keys = Keys.read()
    for path, default, meaning in stack_keys():
        key = keys.at(path)
        assert key.dotted == path
        assert key.required is (default == "required"), path
        assert " ".join(str(key.schema["description"]).split()) == meaning, path
        if default not in {"", "required"}:
            said = key.schema["default"]
            assert default in {f"`{said}`", f"`{json.dumps(said)}`"}, path


def test_every_key_has_its_page() -> None:
    alone = [path for path, _, _ in stack_keys() if page_of_key(path.split(".")) is None]
    assert alone == []


def test_a_key_is_told_whole() -> None:
    told = "\n".join(_told(LANES))
    assert told.startswith(f"{LANES}\n  meaning:  In how many chains")
    for line in (
        *("type:     a whole number", "default:  3", "rule:     1 to 5", "example:  1"),
        'page:     docs/stack-file.md, "Keys"',
    ):
        assert f"\n  {line}" in told


def test_a_section_names_what_stands_below_it() -> None:
    (line,) = [line for line in _told("sharedBandwidth") if "below it" in line]
    assert "natGateway (required), portMappings" in line


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("sharedBandwidth.portMappings.web.port", "sharedBandwidth.portMappings.<name>.port"),
        ("sharedBandwidth.portMappings.*.port", "sharedBandwidth.portMappings.<name>.port"),
        ("sharedBandwidth.egress.apps.publicIps[0]", "sharedBandwidth.egress.<name>.publicIps"),
        (f"alicloud-gateways:{LANES}", LANES),
        ("alicloud:region", "alicloud:region"),
        ("portMappings.<name>.hostPort", "sharedBandwidth.portMappings.<name>.hostPort"),
        ("routing.routes.condition", "apiGateway.plugins.<name>.routing.routes.condition"),
        ("tags.team", "tags.<name>"),
    ],
)
def test_a_key_is_found_however_it_is_written(said: str, path: str) -> None:
    assert _told(said)[0] == path


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("sharedBandwidht", "did you mean sharedBandwidth?"),
        ("sharedBandwidth.natGateway.lane", "did you mean lanes?"),
        ("network.vpc.arguments.descriptoin", "did you mean description?"),
        ("lanes", "KEY='unifiedEgress.natGateway.lanes'"),
        ("network.hosts.web.ip.address", "Nothing stands below network.hosts.<name>.ip"),
        ("", "make explain KEY="),
    ],
)
def test_what_is_no_key_is_answered_with_those_that_are_near(said: str, remedy: str) -> None:
    with pytest.raises(NotDoneError) as refusal:
        _told(said)
    assert remedy in str(refusal.value)


def test_every_message_of_the_pages_is_known_by_what_is_printed() -> None:
    known = [one for one in messages() if one.length > 12]
    assert len(known) > 300
    for message in known:
        said = message.text.replace("…", "x1").replace("...", "x1")
        assert message.fits(f"Pulumi.dev.yaml:3  network: {said}"), message.text
    for message in [one for one in known if one.length > 60]:
        said = message.text.replace("…", "x1")
        assert message.text in [*message_told(said)], said


REPORT = """\
Pulumi.dev.yaml has 2 problems; nothing was changed.

Pulumi.dev.yaml:30  sharedBandwidth.portMappings.app1.host
  value:  esc1
  rule:   this must name a host of network.hosts
  remedy: did you mean ecs1?

Pulumi.dev.yaml:8  network.vswitches.apps.cidr
  value:  192.168.0.0/29
  rule:   vSwitches can't overlap; web has 192.168.0.0/24
  remedy: choose a larger range
"""


def test_a_whole_report_is_told_rule_by_rule() -> None:
    told = [*message_told(REPORT)]
    assert told[0] == "this must name a host of network.hosts"
    assert told[1] == '  page:     docs/stack-file.md, "Port mappings"'
    assert told[2] == "vSwitches can't overlap; … has …"


def test_a_finding_of_the_guard_is_told() -> None:
    told = "\n".join(message_told("close-port:port-mappings-web"))
    assert "whoever comes in there is shut out" in told
    assert 'docs/guard.md, "Findings"' in told


def test_a_message_that_no_page_has_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(NotDoneError, match=r"did you mean this\?\n  a VPC that exists keeps"):
        _ = [*message_told("a VCP that exits keeps its nam")]
    with pytest.raises(NotDoneError, match="give more of it"):
        _ = [*message_told("hello")]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--key", LANES], 0),
        (["--key", "lanes"], 1),
        (["--problem", "a VPC that exists keeps its name"], 0),
        (["--problem", "hello"], 1),
    ],
)
def test_it_ends_well_where_something_was_told(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    printed = capsys.readouterr()
    assert bool(printed.out) is (code == 0)
    assert bool(printed.err) is (code == 1)


@pytest.mark.parametrize("given", [[], ["--key", "tags", "--problem", "hello"]])
def test_it_is_asked_one_thing(given: list[str], refused: Callable[[list[str]], str]) -> None:
    assert "usage: python -m tools explain" in refused(given)


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], str]:
    """What a wrong call ends with."""

    def end(words: list[str]) -> str:
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 1
        return capsys.readouterr().err

    return end
