"""The list of what belongs to each tier: what a pattern matches, and mistakes in it."""

from pathlib import Path

import pytest

from stack.problems import StackFileError
from tests.docs.pages import ROOT
from tools.promote.belonging import LIST, Belonging, read_belonging
from tools.promote.meaning import Place, every_shape

# Settings that are called like ids, addresses, sizes or secrets, and may move all the same.
MAY_MOVE = {
    "unifiedEgress.publicIps": "names",
    "sharedBandwidth.publicIps": "names",
    "sharedBandwidth.egress.*.publicIps": "names",
    "unifiedEgress.egress.*.publicIps": "names",
    "sharedBandwidth.portMappings.*.publicIp": "a name",
    "unifiedEgress.servers.*.publicIp": "a name",
    "sharedBandwidth.bandwidthPackage": "its parts are judged one by one",
    "unifiedEgress.bandwidthPackage": "its parts are judged one by one",
    "crossRegion.bandwidthPackage": "its parts are judged one by one",
    "apiGateway.apis.*.samples.*.clientIp": "made up",
}
TELLING = ("id", "ids", "ip", "ips", "cidr", "address", "url", "bandwidth", "memory", "cpu", "zone")


def read(tmp_path: Path, text: str, source: str = "dev", target: str = "staging") -> Belonging:
    file = tmp_path / LIST
    file.write_text(text, encoding="utf-8")
    return read_belonging(file, source, target)


def place(*path: str, names: tuple[int, ...] = ()) -> Place:
    shape = tuple("*" if at in names else part for at, part in enumerate(path))
    return Place(path, shape)


def test_every_setting_that_sounds_like_a_tiers_own_is_on_the_list_or_known_to_move() -> None:
    belonging = read_belonging(ROOT / LIST, "any", "other")
    unjudged: list[str] = []
    for shape in every_shape():
        last = next((part for part in reversed(shape) if part != "*"), "")
        words = {last.lower()} | {
            last[at:].lower() for at, letter in enumerate(last) if letter.isupper()
        }
        owners = [Place(shape[:end], shape[:end]) for end in range(1, len(shape) + 1)]
        dotted = ".".join(shape)
        if len(shape) > 1 and words & set(TELLING) and not any(belonging.at(one) for one in owners):
            unjudged.append(dotted)
    covered = tuple(f"{one}." for one in MAY_MOVE)
    assert [one for one in unjudged if one not in MAY_MOVE and not one.startswith(covered)] == []


def test_two_stars_match_settings_at_any_depth_and_no_names(tmp_path: Path) -> None:
    belonging = read(tmp_path, 'own: {"**.id": an id}')
    assert belonging.at(place("network", "vpc", "id"))
    assert belonging.at(place("network", "vswitches", "apps", "id", names=(2,)))
    named_id = place("network", "hosts", "id", names=(2,))
    assert belonging.at(named_id) is None


def test_one_star_matches_one_name(tmp_path: Path) -> None:
    belonging = read(tmp_path, "own: {network.hosts.*.ip: an address}")
    assert belonging.at(place("network", "hosts", "a.b", "ip", names=(2,)))
    assert belonging.at(place("network", "hosts", "ip", names=(2,))) is None


def test_an_entry_can_be_named(tmp_path: Path) -> None:
    belonging = read(tmp_path, "kept: {network.hosts.ecs1: one}")
    rule = belonging.at(place("network", "hosts", "ecs1", names=(2,)))
    assert rule is not None
    assert (rule.kind, rule.why) == ("kept", "one")
    assert belonging.at(place("network", "hosts", "ecs2", names=(2,))) is None


@pytest.mark.parametrize(
    ("source", "target", "holds"),
    [("dev", "staging", True), ("staging", "prod", False), ("dev", "prod", False)],
)
def test_a_rule_can_hold_between_some_stacks_only(
    tmp_path: Path, source: str, target: str, *, holds: bool
) -> None:
    text = "own: {tier: {why: so, from: [dev], to: [staging]}}"
    assert (read(tmp_path, text, source, target).at(place("tier")) is not None) is holds


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("own: {nets.vpc: x}", "there is none here"),
        ('own: {"**.idd": x}', "did you mean id?"),
        ("own: {network.hosts.ecs1.ipp: x}", "there is none here"),
        ("mine: {tier: x}", "own and kept"),
        ("own: {tier: }", "behind a pattern stands the reason"),
        ("own: {tier: {why: x, form: [dev]}}", "behind a pattern stands the reason"),
        ("own: {tier: {why: x, from: dev}}", "behind a pattern stands the reason"),
        ("own: {tier: {from: [dev]}}", "behind a pattern stands the reason"),
        ("own: {tier: a, tier: b}", "a key may be given once"),
        ("- tier", "a map of own and kept"),
        ("own: [", "must be valid YAML"),
    ],
)
def test_a_mistake_in_the_list_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(StackFileError) as refused:
        read(tmp_path, text)
    assert told in str(refused.value)
    (problem, *_) = refused.value.problems
    assert problem.line is not None or problem.path == ()


def test_a_list_that_isnt_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match="can't be read"):
        read_belonging(tmp_path / LIST, "dev", "staging")
