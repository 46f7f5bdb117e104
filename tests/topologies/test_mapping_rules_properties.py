"""Whatever the port mappings are, the rules agree with a plain comparison of every two of them."""

import contextlib
import re
from itertools import combinations
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.problems import Problem, StackFileError, describe, report
from stack.stack_file import StackFile
from tests.stackfiles import FILE, NAMESPACE
from topologies import TOPOLOGIES, reach

Values = dict[str, Any]
Mapping = dict[str, Any]

HOSTS = ("h1", "h2", "h3")
ADDRESSES = ("a1", "a2", "a3")
NAMES = [f"m{number}" for number in range(12)]
EVERY_PORT = (0, 65535)
EMPTY = YamlFile(FILE, "")

quick = settings(max_examples=80)

ends = st.one_of(st.integers(1, 12), st.sampled_from([65533, 65534, 65535]))


@st.composite
def mapping(draw: st.DrawFn) -> Mapping:
    """A mapping that is well formed by itself."""
    made: Mapping = {
        "publicIp": draw(st.sampled_from(ADDRESSES)),
        "host": draw(st.sampled_from(HOSTS)),
    }
    if draw(st.integers(0, 9)) == 0:
        return made  # the whole address
    first, last = sorted((draw(ends), draw(ends)))
    assume(last - first < 20)
    made["port"] = first if first == last else f"{first}-{last}"
    protocol = draw(st.sampled_from([None, "tcp", "udp"]))
    if protocol is not None:
        made["protocol"] = protocol
    if draw(st.booleans()):
        start = draw(st.integers(1, 20))
        stop = start + last - first
        made["hostPort"] = start if start == stop else f"{start}-{stop}"
    return made


many = st.dictionaries(st.sampled_from(NAMES), mapping(), max_size=8)


def values_with(mappings: dict[str, Mapping]) -> Values:
    return {
        "topology": "shared-bandwidth",
        "network": {
            "vpc": {"cidr": "10.0.0.0/8"},
            "vswitches": {"v": {"cidr": "10.0.0.0/24", "zone": "cn-shanghai-a"}},
            "hosts": {
                name: {"ip": f"10.0.0.{number}", "vswitch": "v"}
                for number, name in enumerate(HOSTS, 1)
            },
        },
        "sharedBandwidth": {
            "bandwidth": 5,
            "natGateway": {"vswitch": "v"},
            "publicIps": {name: {} for name in ADDRESSES},
            "portMappings": mappings,
        },
    }


def problems(values: Values) -> tuple[Problem, ...]:
    try:
        _ = StackFile(Source(EMPTY, values), "dev", TOPOLOGIES).settings
    except StackFileError as error:
        return error.problems
    return ()


def range_of(ports: object) -> tuple[int, int]:
    if ports is None:
        return EVERY_PORT
    first, _, last = str(ports).partition("-")
    return int(first), int(last or first)


def protocol_of(one: Mapping) -> str:
    return one.get("protocol", "tcp") if "port" in one else "any"


def meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return any(port in range(other[0], other[1] + 1) for port in one) or any(
        port in range(one[0], one[1] + 1) for port in other
    )


def meet_in_public(one: Mapping, other: Mapping) -> bool:
    """What the cloud refuses on an address: the same port, or anything beside a whole mapping."""
    if one["publicIp"] != other["publicIp"]:
        return False
    if "port" not in one or "port" not in other:
        return True
    same = protocol_of(one) == protocol_of(other)
    return same and meet(range_of(one["port"]), range_of(other["port"]))


def meet_at_host(one: Mapping, other: Mapping) -> bool:
    """What the cloud refuses on one gateway: one (protocol, host, host port) twice."""
    if (one["host"], protocol_of(one)) != (other["host"], protocol_of(other)):
        return False
    return meet(*(range_of(m.get("hostPort", m.get("port"))) for m in (one, other)))


def told(found: tuple[Problem, ...], words: str) -> bool:
    return any(words in problem.rule for problem in found)


@quick
@given(many)
def test_the_verdict_is_that_of_comparing_every_two(mappings: dict[str, Mapping]) -> None:
    found = problems(values_with(mappings))
    pairs = list(combinations(mappings.values(), 2))
    in_public = told(found, "can't meet") or told(found, "maps all of")
    assert in_public == any(meet_in_public(*pair) for pair in pairs)
    assert told(found, "a host's port is mapped once") == any(meet_at_host(*p) for p in pairs)


@quick
@given(many)
def test_every_mapping_that_is_told_does_meet_another(mappings: dict[str, Mapping]) -> None:
    for problem in problems(values_with(mappings)):
        name = str(problem.path[2])
        others = [other for key, other in mappings.items() if key != name]
        meeting = meet_at_host if "a host's port" in problem.rule else meet_in_public
        assert any(meeting(mappings[name], other) for other in others), problem


@quick
@given(many)
def test_without_those_that_are_told_nothing_meets(mappings: dict[str, Mapping]) -> None:
    refused = {problem.path[2] for problem in problems(values_with(mappings))}
    left = {name: one for name, one in mappings.items() if name not in refused}
    assert problems(values_with(left)) == ()


@quick
@given(many, st.randoms(use_true_random=False))
def test_the_order_in_the_file_changes_neither_verdict_nor_reach(
    mappings: dict[str, Mapping], random: Any
) -> None:
    keys = list(mappings)
    random.shuffle(keys)
    values, turned = values_with(mappings), values_with({key: mappings[key] for key in keys})
    found, found_turned = problems(values), problems(turned)
    assert bool(found) == bool(found_turned)
    if not found:
        assert reach(StackFile(Source(EMPTY, values), "dev", TOPOLOGIES).settings) == reach(
            StackFile(Source(EMPTY, turned), "dev", TOPOLOGIES).settings
        )


def slots(ports: str) -> range:
    first, _, last = ports.partition("/")
    return range(65536) if ports == "any" else range(int(first), int(last or first) + 1)


@quick
@given(many)
def test_an_accepted_stack_has_each_slot_once(mappings: dict[str, Mapping]) -> None:
    values = values_with(mappings)
    assume(not problems(values))
    ways = reach(StackFile(Source(EMPTY, values), "dev", TOPOLOGIES).settings).exposure
    assert [way.mapping for way in ways] == sorted(mappings)
    for one, other in combinations(ways, 2):
        if one.public_ip == other.public_ip and one.protocol == other.protocol:
            assert not set(slots(one.port)) & set(slots(other.port))
        if (one.host_ip, one.protocol) == (other.host_ip, other.protocol):
            assert not set(slots(one.host_port)) & set(slots(other.host_port))


@quick
@given(many)
def test_a_suggested_free_port_is_free(mappings: dict[str, Mapping]) -> None:
    for problem in problems(values_with(mappings)):
        free = re.search(r"\(([0-9-]+) is free\)", problem.remedy)
        if free is None:
            continue
        name = str(problem.path[2])
        moved = {**mappings[name], "port": free[1]}
        first, last = range_of(moved["port"])
        wanted = range_of(mappings[name]["port"])
        assert 1 <= first <= last <= 65535
        assert last - first == wanted[1] - wanted[0]
        others = [other for key, other in mappings.items() if key != name]
        assert not any(meet_in_public(moved, other) for other in others)


PORTS = st.one_of(st.integers(-5, 70000), st.integers(1, 65535))


@quick
@given(PORTS, PORTS, PORTS, PORTS)
def test_a_remedy_that_says_what_to_write_removes_the_problem(
    a: int, b: int, c: int, d: int
) -> None:
    assume(min(a, b, c, d) >= 0)
    written: Mapping = {"publicIp": "a1", "host": "h1", "port": f"{a}-{b}", "hostPort": f"{c}-{d}"}
    for _ in range(4):
        found = problems(values_with({"m": written}))
        told_what = [p for p in found if p.remedy.startswith("write ")]
        if not told_what:
            break
        for problem in told_what:
            key = str(problem.path[-1])
            written = {**written, key: problem.remedy.rpartition(" ")[2]}
        after = problems(values_with({"m": written}))
        gone = {(p.path, p.rule) for p in told_what}
        assert not gone & {(p.path, p.rule) for p in after}
    else:
        raise AssertionError(written)


@quick
@given(st.sampled_from(["port", "hostPort"]), st.integers(1, 65535), st.integers(1, 65535))
def test_a_range_as_the_provider_writes_it_is_told_as_we_do(key: str, one: int, other: int) -> None:
    assume(one != other)
    first, last = sorted((one, other))
    written = {"publicIp": "a1", "host": "h1", "port": f"{first}-{last}", key: f"{first}/{last}"}
    (problem,) = problems(values_with({"m": written}))
    assert problem.remedy == f"write {first}-{last}"


# Anything at all.

WORDS = st.sampled_from(
    ["id", "cidr", "ip", "vswitch", "publicIp", "host", "port", "hostPort", "protocol", "web", "v",
     "h1", "a1", "secure", "was", "name", "1", "", "lanes", "spare", "instance", "publicIps",
     "10.0.0.0/24", "10.0.0.5", "tcp", "80", "9-5"]
)  # fmt: skip
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), WORDS
)
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(WORDS, st.text(max_size=3)), inner, max_size=4),
    ),
    max_leaves=12,
)
PLACES = st.sampled_from(
    [
        ("topology",), ("network",), ("tags",), ("quotas",), ("tier",), ("sharedBandwidth",),
        ("network", "vpc"), ("network", "vswitches"), ("network", "vswitches", "v"),
        ("network", "hosts"), ("network", "hosts", "h1"), ("network", "hosts", "h1", "instance"),
        ("sharedBandwidth", "natGateway"), ("sharedBandwidth", "publicIps"),
        ("sharedBandwidth", "publicIps", "a1"), ("sharedBandwidth", "portMappings"),
        ("sharedBandwidth", "portMappings", "m"), ("sharedBandwidth", "portMappings", "m", "port"),
        ("sharedBandwidth", "egress"), ("sharedBandwidth", "egress", "e"),
        ("sharedBandwidth", "bandwidthPackage"), ("sharedBandwidth", "bandwidth"), ("else",),
    ]
)  # fmt: skip


@quick
@given(st.lists(st.tuples(PLACES, junk), min_size=1, max_size=3))
def test_anything_anywhere_is_reported_or_accepted_and_never_raises(
    edits: list[tuple[tuple[str, ...], Any]],
) -> None:
    values = values_with({"m": {"publicIp": "a1", "host": "h1", "port": 80}})
    values["sharedBandwidth"]["egress"] = {"e": {"vswitch": "v", "publicIps": ["a2"]}}
    for (*parents, last), value in edits:
        with contextlib.suppress(TypeError, KeyError):  # an earlier edit took the place away
            owner: Any = values
            for part in parents:
                owner = owner[part]
            owner[last] = value
    found = problems(values)
    if found:
        assert "\N{REPLACEMENT CHARACTER}(" not in report(FILE, found)


@quick
@given(st.one_of(st.text(), st.text(alphabet="a:{}[]-\n &*<!|>'\"#? 1", max_size=40)))
def test_any_text_is_a_stack_file_or_a_report(text: str) -> None:
    file = YamlFile(FILE, text)
    for problem in file.problems:
        assert describe(FILE, problem)
    nested = YamlFile(FILE, f"config:\n  {NAMESPACE}:network: {text}\n")
    for problem in nested.problems:
        assert nested.line(("config", *problem.path)) is None or problem.line
