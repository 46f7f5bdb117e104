"""A remedy has the file's own value or names, put right; one slip is one report."""

from pathlib import Path
from typing import Any

import pytest

from stack.file.remedies import list_of, name_like, number_in, truth_in
from stack.file.yaml_file import YamlFile
from stack.problems import Problem
from tests.stackfiles import DEV, dev_stack, edited, one, only_problem, problems_of, where

Settings = dict[str, Any]

WEB = "sharedBandwidth.portMappings.web"

API = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology: api-gateway
  alicloud-gateways:apiGateway:
    groups: {shop: {}}
    apps: {site: {}}
    vpcAccess:
      pods: {vpc: vpc-uf60000000000example, instanceId: i-uf60000000000example, port: 8080}
    apis:
      order:
        group: shop
        method: GET
        path: /orders
        apps: [site]
        backend: {vpc: {access: pods, path: /orders}}
        plugins: [limits]
    plugins:
      limits: {trafficControl: {unit: SECOND, apiDefault: 10}}
"""


def told(text: str) -> list[tuple[str, object, str]]:
    return [(where(problem), problem.value, problem.remedy) for problem in problems_of(text)]


def only(text: str) -> Problem:
    (problem,) = problems_of(text)
    return problem


# Words that aren't text, where text is needed.


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("1e5", "a number"),
        ("007", "a number"),
        ("012345678912", "a number"),
        ("1.50", "a number"),
        ("0x1F", "a number"),
        ("1_000", "a number"),
        ("true", "true or false"),
        ("False", "true or false"),
    ],
)
def test_what_is_no_text_is_to_be_put_in_quotes_as_it_is_written(written: str, kind: str) -> None:
    problem = only(DEV.replace("env: dev}", f"env: {written}}}"))
    assert where(problem) == "tags.env"
    assert str(problem.value).lower() == written.lower()
    assert problem.rule == f"text is needed here, not {kind}"
    assert problem.remedy == f'write it in quotes: "{written}"'
    assert problems_of(DEV.replace("env: dev}", f'env: "{written}"}}')) == ()


def test_nothing_where_text_is_needed_is_put_in_quotes_too() -> None:
    problem = only(DEV.replace("env: dev}", "env: }"))
    assert (problem.value, problem.remedy) == (None, 'write it in quotes: ""')
    assert only(DEV.replace("env: dev}", "env: [dev]}")).remedy == "write dev"
    assert only(DEV.replace("env: dev}", "env: {a: b}}")).remedy == "write text"


@pytest.mark.parametrize("written", ["NO", "off", "yes", "22:30", "0o8"])
def test_what_is_text_to_pulumi_needs_no_quotes(written: str) -> None:
    assert problems_of(DEV.replace("env: dev}", f"env: {written}}}")) == ()


def test_an_octal_number_is_refused_where_a_number_is_needed_too() -> None:
    problem = only(DEV.replace("bandwidth: 150", "bandwidth: 0150"))
    assert where(problem) == "sharedBandwidth.bandwidth"
    assert problem.rule == "without quotes, Pulumi takes this for an octal number, 104"
    assert problem.remedy == 'write it in quotes: "0150"; or the number without 0 in front: 150'
    assert problems_of(DEV.replace("bandwidth: 150", "bandwidth: 0o226")) == ()


@pytest.mark.parametrize("written", ["2026-11-22", "0150"])
def test_a_word_that_pulumi_takes_for_something_else_is_one_problem(written: str) -> None:
    for place in ("bandwidth: 150", "name: MyNatGW"):
        key = place.partition(":")[0]
        assert only(DEV.replace(place, f"{key}: {written}")).rule.startswith("without quotes")


def test_scalars_of_every_kind_are_told_at_once_with_their_quotes() -> None:
    text = API.replace("shop: {}}", "shop: {description: 1e5}}").replace(
        "topology: api-gateway\n",
        'topology: api-gateway\n  alicloud-gateways:tags: {"user:Project": shop, commit: 012345,'
        " country: NO, build: 1e5, when: 2026-11-22}\n",
    )
    text = text.replace("apiDefault: 10}", "apiDefault: 10, specialApps: {04534463: 1}}")
    assert [(place, remedy) for place, _, remedy in told(text)] == [
        ("tags.commit", 'write it in quotes: "012345"; or the number without 0 in front: 12345'),
        ("tags.build", 'write it in quotes: "1e5"'),
        ("tags.when", 'write it in quotes: "2026-11-22"'),
        ("apiGateway.groups.shop.description", 'write it in quotes: "1e5"'),
        (
            "apiGateway.plugins.limits.trafficControl.specialApps.04534463",
            'write it in quotes: "04534463"',
        ),
    ]


# Numbers, words and lists as people write them.


@pytest.mark.parametrize(
    ("written", "about", "meant"),
    [
        ("400Mbps", "Mbit/s.", "400"),
        ("400 Mbit/s", "Mbit/s.", "400"),
        ("400M", "Mbit/s.", "400"),
        ("1Gbps", "Mbit/s.", "1000"),
        ("1.5 Gbit", "Mbit/s.", "1500"),
        ("1,000", "Mbit/s.", "1000"),
        ("400 parsecs", "Mbit/s.", None),
        ("10s", "Milliseconds that it may take.", "10000"),
        ("10 seconds", "Milliseconds that it may take.", "10000"),
        ("500ms", "Milliseconds that it may take.", "500"),
        ("2m", "Seconds that it may run.", "120"),
        ("500ms", "Seconds that it may run.", None),
        ("1 GB", "MB.", "1024"),
        ("512Mi", "MB.", "512"),
        ("80", "A port number.", "80"),
        ("30%", "How many of 100.", "30"),
        ("many", "Mbit/s.", None),
        (["400"], "Mbit/s.", None),
    ],
)
def test_a_number_with_a_unit_is_told_in_the_unit_of_its_place(
    written: object, about: str, meant: str | None
) -> None:
    assert number_in(written, about) == meant


@pytest.mark.parametrize(
    ("place", "key", "written", "remedy"),
    [
        ("sharedBandwidth", "bandwidth", "400Mbps", "write 400"),
        ("sharedBandwidth", "bandwidth", "2 Gbit/s", "write 2000"),
        ("sharedBandwidth", "bandwidth", "150", "write 150, without quotes"),
        ("sharedBandwidth", "bandwidth", "much", "write 150"),
        ("sharedBandwidth.publicIps.ip5", "spare", "yes", "write true"),
        ("sharedBandwidth.publicIps.ip5", "spare", "off", "write false"),
        ("sharedBandwidth.publicIps.ip5", "spare", "perhaps", "write true or false"),
        ("sharedBandwidth.egress.apps", "publicIps", "ip6", "write [ip6]"),
        ("sharedBandwidth.egress.apps", "publicIps", "ip6, ip1", "write [ip6, ip1]"),
        ("sharedBandwidth", "publicIps", ["ip1", "ip3"], "write {ip1: {}, ip3: {}}"),
        ("sharedBandwidth.portMappings.web", "host", ["ecs3"], "write ecs3"),
        ("sharedBandwidth.portMappings.web", "port", "tcp:80", "write 80, and protocol: tcp"),
        ("sharedBandwidth.portMappings.web", "port", "80/udp", "write 80, and protocol: udp"),
        ("sharedBandwidth.portMappings.web", "port", "80..90", "write 80-90"),
        ("sharedBandwidth.portMappings.web", "port", "9000/9010", "write 9000-9010"),
        (
            "sharedBandwidth.portMappings.web",
            "port",
            "80:8080",
            "write 80-8080 for a range; or 80, and hostPort: 8080",
        ),
        ("sharedBandwidth.portMappings.web", "port", "22,80", "write an entry for each: 22, 80"),
    ],
)
def test_a_remedy_has_the_files_own_value(
    place: str, key: str, written: object, remedy: str
) -> None:
    assert one(place, **{key: written})[2] == remedy


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ('ownerId: "123456789012"', 'ownerId: ["1000000000000001"]', 'write "1000000000000001"'),
        ('ownerId: "123456789012"', "ownerId: 0x", 'write "1234567890123456"'),
        ("apps: [site]", "apps: 'site, 5'", 'write [site, "5"]'),
        (
            "parameters: {page: {in: query}}",
            "parameters: {page: {in: query, default: [1.5]}}",
            'write "1"',
        ),
    ],
)
def test_text_of_a_remedy_is_text_where_it_is_pasted(old: str, new: str, remedy: str) -> None:
    ingress = 'instance: {ingress: {vswitch: g, ownerId: "123456789012"}}'
    text = API.replace("    groups:", f"    {ingress}\n    groups:").replace(
        "        backend:", "        parameters: {page: {in: query}}\n        backend:"
    )
    assert old in text
    assert remedy in [problem.remedy for problem in problems_of(text.replace(old, new))]


def test_a_whole_entry_of_a_remedy_can_be_read_where_it_is_pasted() -> None:
    problem = only(API.replace("      order:\n", "      other: x\n      order:\n"))
    written = problem.remedy.removeprefix("write ")
    read = YamlFile(Path(), f"{{other: {written}}}")
    assert (read.problems, isinstance(read.values, dict)) == ([], True)
    assert 'path: "/users/[id]"' in written


@pytest.mark.parametrize("written", ["any", "ALL", "*", "-1/-1", "0/65535"])
def test_ports_that_are_all_are_left_out(written: str) -> None:
    assert one(WEB, port=written)[2] == "leave the port out: without it, every port is meant"


def test_ports_that_cant_be_left_out_are_written_out() -> None:
    server = {"host": "ecs1", "publicIp": "w", "eni": {"vswitch": "apps", "ip": "192.168.1.9"}}
    text = dev_stack(
        lambda s: s.update(
            topology=["shared-bandwidth", "unified-egress"],
            unifiedEgress={
                "publicIps": {"w": {}},
                "servers": {"s": {**server, "reachable": {"all": {"port": "any"}}}},
            },
        )
    )
    found = [problem for problem in problems_of(text) if problem.value == "any"]
    assert [problem.remedy for problem in found] == ["write 1-65535"]


@pytest.mark.parametrize("written", [0, -1, "0-65535"])
def test_a_port_that_others_take_for_all_may_be_left_out(written: object) -> None:
    assert one(WEB, port=written)[2].endswith("leave the port out: without it, every port is meant")


def test_words_and_lists_and_names_are_read_as_they_are_meant() -> None:
    assert [truth_in(word) for word in ("Yes", "0", "maybe")] == ["true", "false", None]
    assert [list_of(word) for word in ("a", "a, b", "a: b", 5)] == ["[a]", "[a, b]", None, None]
    assert [name_like(word) for word in ("my app!", "1web", "web", "订单")] == [
        "my-app",
        "web",
        None,
        None,
    ]


def test_a_name_that_is_none_is_told_one_that_is() -> None:
    assert only(DEV.replace("ip5: {", "my ip: {")).remedy == "choose another name, such as my-ip"
    assert (
        only(DEV.replace("ip5: {", "'5': {")).remedy == "choose another name, such as web or web-2"
    )


# Names that the file has.


def test_a_missing_name_is_told_the_names_that_the_file_has() -> None:
    def remedy(place: str, key: str) -> str:
        def edit(settings: Settings) -> None:
            for part in place.split("."):
                settings = settings[part]
            del settings[key]

        return only_problem(edit).remedy

    assert remedy(WEB, "publicIp") == "add publicIp: one of ip1, ip3, ip5, ip6"
    assert remedy(WEB, "host") == "add host: one of ecs1, ecs2, ecs3, ecs4, ecs5"
    assert remedy("network.hosts.ecs2", "vswitch") == "add vswitch: apps"
    assert remedy("sharedBandwidth", "natGateway") == "add natGateway: {vswitch: apps}"
    names = "one of ip1, ip3, ip5, ip6"
    assert remedy("sharedBandwidth.egress.apps", "publicIps") == f"add publicIps: [{names}]"


def test_a_missing_authorization_group_or_function_is_told_by_name() -> None:
    assert only(API.replace("access: pods, ", "")).remedy == "add access: pods"
    assert only(API.replace("        group: shop\n", "")).remedy == "add group: shop"
    text = API.replace("vpc: {access: pods, path: /orders}", "function: {}")
    assert only(text).remedy == "add function: phone-lookup"  # the file has none
    section = "  alicloud-gateways:functions: {lookup: {code: fn, handler: index.handler}}\n"
    assert "add function: lookup" in [remedy for _, _, remedy in told(text + section)]


# One slip, one report.


def renamed(text: str, old: str, new: str) -> list[tuple[str, object, str]]:
    assert old in text
    return told(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "place", "meant"),
    [
        ("web: {publicIp: ip3", "web: {publcIp: ip3", f"{WEB}.publcIp", "publicIp"),
        ("ecs1: {ip:", "ecs1: {IP:", "network.hosts.ecs1.IP", "ip"),
        ("    hosts:", "    hostss:", "network.hostss", "hosts"),
        ("    publicIps:", "    publicIPs:", "sharedBandwidth.publicIPs", "publicIps"),
        ("-gateways:network:", "-gateways:netwrk:", "netwrk", "network"),
        (
            "-gateways:sharedBandwidth:",
            "-gateways:sharedBandwith:",
            "sharedBandwith",
            "sharedBandwidth",
        ),
    ],
)
def test_a_misspelt_key_is_one_report(old: str, new: str, place: str, meant: str) -> None:
    ((where_, value, remedy),) = renamed(DEV, old, new)
    assert (where_, value) == (place, place.rpartition(".")[2])
    assert remedy == f"did you mean {meant}?"


def test_a_slip_hides_nothing_else() -> None:
    text = edited(WEB, port=70_000).replace("ip: 192.168.1.2\n", "ipp: 192.168.1.2\n")
    assert [place for place, _, _ in told(text)] == ["network.hosts.ecs2.ipp", f"{WEB}.port"]


def test_what_cant_be_said_here_is_said_to_be_so() -> None:
    route = "{name: fn, condition: $CaAppId = 1, backend: {function: {function: hello}}}"
    old = "trafficControl: {unit: SECOND, apiDefault: 10}"
    ((place, _, remedy),) = renamed(API, old, f"routing: {{routes: [{route}]}}")
    assert place == "apiGateway.plugins.limits.routing.routes.0.backend.function"
    why, _, instead = remedy.partition("; ")
    assert why == "how a plugin calls a function of Function Compute 3.0 isn't documented"
    assert instead.startswith("what is known can be written as it is, in other: {type: routing")


def test_a_map_in_the_words_of_something_else_is_one_problem_not_one_a_key() -> None:
    mapped = dev_stack(
        lambda s: s["sharedBandwidth"]["portMappings"].update(new={"ip": "ip3", "server": "ecs1"})
    )
    problem = only(mapped)
    assert problem.rule == "ip, server aren't known here, and this needs publicIp and host"
    assert problem.remedy.startswith("write {publicIp: one of ip1, ip3, ip5, ip6, host: one of")
