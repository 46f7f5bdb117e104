"""Names in the cloud, with the stack's own in front: what is refused, and what would clash."""

from typing import Any

import pytest

from stack.problems import Problem
from tests.stackfiles import Edit, problems_of, warnings_of, where
from tests.topologies.api_stacks import (
    SHARED_ROUTES,
    G,
    api_stack,
    bound,
    limits_elsewhere,
    mock_api,
    network,
)
from tests.topologies.unified import check_place, only, put

SMALL = {"spec": "api.s1.small"}
LONG = "x" * 64
ROUTES: dict[str, Any] = {"traffic": "all", "to": {"mock": {"status": 410, "body": "gone"}}}


def one(text: str, stack: str) -> Problem:
    """The one problem that a stack file has under a stack's name."""
    (problem,) = problems_of(text, stack)
    check_place(text, problem)
    return problem


def named(kind: str, key: str) -> list[Edit]:
    """Edits that add an entry of a kind."""
    entry: dict[str, Any] = {}
    if kind == "apis":
        entry = mock_api()
    if kind == "plugins":
        entry = {"cors": {"allowMethods": ["GET"]}}
    if kind == "loadBalancers":
        entry = {"vswitch": "apps", "port": 80, "servers": {"ecs1": 80}}
        return [network(), put(G, loadBalancers={key: entry})]
    return [put(f"{G}.{kind}", **{key: entry})]


@pytest.mark.parametrize(
    ("kind", "longest", "rule"),
    [
        ("groups", 50, "a group's name has 4 to 50 characters in the cloud, not 51"),
        ("apis", 50, "an API's name has 4 to 50 characters in the cloud, not 51"),
        ("apps", 26, "an app's name has 4 to 26 characters in the cloud, not 27"),
    ],
)
def test_a_name_has_as_many_characters_as_the_cloud_takes(
    kind: str, longest: int, rule: str
) -> None:
    room = longest - len("dev_")
    assert problems_of(api_stack(*named(kind, "x" * room))) == ()
    problem = only(api_stack(*named(kind, "x" * (room + 1))))
    assert (where(problem), problem.value) == (
        f"{G}.{kind}.{'x' * (room + 1)}",
        f"dev_{'x' * (room + 1)}",
    )
    assert problem.rule == rule
    assert problem.remedy == (
        f"shorten {'x' * (room + 1)} to at most {room} characters; was: {'x' * (room + 1)} keeps "
        "what is there"
    )
    shortened = {"x" * room: {**(mock_api() if kind == "apis" else {}), "was": "x" * (room + 1)}}
    assert problems_of(api_stack(put(f"{G}.{kind}", **shortened))) == (), "the remedy"


def test_a_plugins_name_has_at_most_fifty_characters() -> None:
    assert problems_of(api_stack(*named("plugins", "x" * 46))) == ()
    problem = only(api_stack(*named("plugins", "x" * 47)))
    assert (where(problem), problem.value) == (f"{G}.plugins.{'x' * 47}", f"dev_{'x' * 47}")
    assert problem.rule == "a plugin's name has 4 to 50 characters in the cloud"
    assert problem.remedy == f"give it a shorter name: name: {'x' * 20}"
    named_otherwise = put(f"{G}.plugins.{'x' * 47}", name="x" * 20)
    assert problems_of(api_stack(*named("plugins", "x" * 47), named_otherwise)) == ()


def test_a_load_balancers_name_has_at_most_eighty_characters() -> None:
    text = api_stack(*named("loadBalancers", "x" * 40), put(G, apps={}, apis={}))
    problem = one(text, "s" * 40)
    assert where(problem) == f"{G}.loadBalancers.{'x' * 40}"
    assert problem.rule == "a load balancer's name has 1 to 80 characters in the cloud, not 81"
    assert "at most 39 characters" in problem.remedy
    assert problems_of(text, "s" * 39) == ()


@pytest.mark.parametrize("kind", ["groups", "apis", "apps"])
def test_a_name_of_three_characters_is_too_short(kind: str) -> None:
    text = api_stack(put(G, apis={}, apps={}, plugins={}, vpcAccess={}), *named(kind, "a"))
    problem = one(text, "d")
    assert (where(problem), problem.value) == (f"{G}.{kind}.a", "d_a")
    assert problem.rule.endswith("characters in the cloud, not 3")
    assert problem.remedy == "give it a longer name"
    assert problems_of(text, "dev") == ()


def test_a_plugins_name_of_three_characters_is_too_short() -> None:
    text = api_stack(put(G, apis={}, apps={}, plugins={}), *named("plugins", "a"))
    problem = one(text, "d")
    assert (where(problem), problem.value) == (f"{G}.plugins.a", "d_a")
    assert problem.remedy == "give it a longer name: name: …"


def test_a_stacks_name_can_leave_no_room_for_others() -> None:
    found = problems_of(api_stack(), "s" * 60)
    assert {where(problem) for problem in found} == {
        f"{G}.{place}"
        for place in ("groups.shop", "apps.caller", "apis.order", "apis.pay", "plugins.limits")
    }
    shop = next(problem for problem in found if where(problem) == f"{G}.groups.shop")
    assert shop.remedy.startswith("choose a stack with a shorter name")


# Names that are given.


@pytest.mark.parametrize(("kind", "longest"), [("groups", 50), ("apis", 50), ("apps", 26)])
def test_a_name_that_is_given_is_the_one_in_the_cloud_and_judged_where_it_stands(
    kind: str, longest: int
) -> None:
    def given(name: str) -> str:
        return api_stack(*named(kind, "x" * 60), put(f"{G}.{kind}.{'x' * 60}", name=name))

    assert problems_of(given("a" * longest)) == ()
    for wrong, says in (("a" * (longest + 1), "characters in the cloud"), ("7-up", "a letter")):
        problem = one(given(wrong), "dev")
        assert (where(problem), problem.value) == (f"{G}.{kind}.{'x' * 60}.name", wrong)
        assert says in problem.rule


@pytest.mark.parametrize("kind", ["groups", "apis", "apps"])
def test_a_name_that_is_given_may_not_be_another_ones(kind: str) -> None:
    other = {"path": "/other"} if kind == "apis" else {}
    twice = put(f"{G}.{kind}.mine", name="dev_free", **other)
    taken = api_stack(*named(kind, "free"), *named(kind, "mine"), twice)
    problem = one(taken, "dev")
    assert (where(problem), problem.value) == (f"{G}.{kind}.mine", "dev_free")
    assert problem.remedy == "give one of the two another name: name: …"


def test_two_authorizations_of_one_name_are_refused() -> None:
    port = {"instanceId": "lb-uf6abc", "vpc": "vpc-uf6abc"}
    first, second = {**port, "port": 80}, {**port, "port": 81, "name": "dev-first"}
    text = api_stack(network(), put(f"{G}.vpcAccess", first=first, second=second))
    problem = one(text, "dev")
    assert (where(problem), problem.value) == (f"{G}.vpcAccess.second", "dev-first")


# Two that are one.


@pytest.mark.parametrize(
    ("kind", "whose"),
    [
        ("groups", "a group's"),
        ("apps", "an app's"),
        ("apis", "an API's"),
        ("plugins", "a plugin's"),
    ],
)
def test_two_keys_that_give_one_name_are_refused(kind: str, whose: str) -> None:
    others: dict[str, object] = {
        "apis": mock_api(path="/other"),
        "plugins": {"cors": {"allowMethods": ["GET"]}},
    }
    entry = others.get(kind, {})
    second = put(f"{G}.{kind}", a_b=entry)
    problem = only(api_stack(*named(kind, "a-b"), second))
    assert (where(problem), problem.value) == (f"{G}.{kind}.a_b", "dev_a_b")
    assert problem.rule == f"{whose} name is its own in the cloud; a-b is called dev_a_b too"
    if kind != "plugins":
        assert problem.remedy == "rename a_b by more than '-', '.' and '_', which are all '_' there"
    third = put(f"{G}.{kind}", ab=entry)
    assert problems_of(api_stack(*named(kind, "a-b"), third)) == ()


def test_apis_of_two_groups_may_have_one_name() -> None:
    other = put(f"{G}.groups", other={})
    second = put(f"{G}.apis", a_b=mock_api(path="/other", group="other"))
    assert problems_of(api_stack(other, *named("apis", "a-b"), second)) == ()


def test_pairs_of_apis_and_apps_have_names_of_their_own_in_the_state() -> None:
    entries: dict[str, object] = {"b-app-c": {}, "c": {}}
    apps = put(f"{G}.apps", **entries)
    first = put(f"{G}.apis", a=mock_api(auth="app", apps=["b-app-c"]))
    name = "a-app-b"
    second = put(f"{G}.apis", **{name: mock_api(auth="app", apps=["caller", "c"], path="/other")})
    problem = only(api_stack(apps, first, second))
    assert (where(problem), problem.value) == (f"{G}.apis.{name}.apps.1", "api-a-app-b-app-c")
    assert problem.rule == (
        "Pulumi can't tell c of a-app-b from b-app-c of a: both are called alike"
    )
    assert problem.remedy == "rename a-app-b or c"


def test_pairs_of_load_balancers_and_servers_have_names_of_their_own_in_the_state() -> None:
    def hosts(settings: dict[str, Any]) -> None:
        known = settings["network"]["hosts"]
        known["b-server-c"] = {"ip": "192.168.1.7", "vswitch": "apps", "instanceId": "i-7"}
        known["c"] = {"ip": "192.168.1.8", "vswitch": "apps", "instanceId": "i-8"}

    balancer = {"vswitch": "apps", "port": 80}
    both = {
        "a": {**balancer, "servers": {"b-server-c": 80}},
        "a-server-b": {**balancer, "servers": {"c": 80}},
    }
    problem = only(api_stack(network(), hosts, put(G, loadBalancers=both)))
    assert where(problem) == f"{G}.loadBalancers.a-server-b.servers.c"
    assert problem.value == "balancer-a-server-b-server-c"
    assert problem.remedy == "rename a-server-b or c"


# The instance and its list.


@pytest.mark.parametrize("stack", ["dev.eu", "s" * 43])
def test_an_instances_name_is_one_that_the_provider_takes(stack: str) -> None:
    text = api_stack(put(G, instance=SMALL, apps={}, apis={}, plugins={}))
    problem = one(text, stack)
    assert (where(problem), problem.value) == (f"{G}.instance.name", f"{stack}-gateway")
    assert problem.rule == "an instance's name has 1 to 50 letters, digits, '-' and '_'"
    better = problem.remedy.removeprefix("say another one, such as name: ")
    assert problems_of(text.replace("spec:", f"name: {better}\n      spec:"), stack) == ()
    assert problems_of(text.replace("spec: api.s1.small", "id: apigateway-1"), stack) == ()


def test_an_instances_own_name_has_at_most_fifty_characters() -> None:
    problem = only(api_stack(put(G, instance={**SMALL, "name": LONG})))
    assert (where(problem), problem.value) == (f"{G}.instance.name", LONG)
    assert problems_of(api_stack(put(G, instance={**SMALL, "name": LONG[:50]}))) == ()


@pytest.mark.parametrize("stack", ["dev.eu", "s" * 23])
@pytest.mark.parametrize("given", [None, "office/door", "x" * 31])
def test_a_lists_name_is_one_that_cloud_and_provider_take(stack: str, given: str | None) -> None:
    acl: dict[str, Any] = {"mode": "allow", "entries": {"office": {"cidr": "203.0.113.0/24"}}}
    if given is not None:
        acl["name"] = given
    text = api_stack(put(G, instance={"id": "apigateway-1", "acl": acl}, apps={}, apis={}))
    problem = one(text, stack)
    name = given or f"{stack}-gateway"
    assert (where(problem), problem.value) == (f"{G}.instance.acl.name", name)
    assert problem.rule == "an access control list's name has 1 to 30 letters, digits, '-' and '_'"
    better = problem.remedy.removeprefix("say another one, such as name: ")
    named_so = put(f"{G}.instance.acl", name=better)
    edits = [put(G, instance={"id": "apigateway-1", "acl": acl}, apps={}, apis={}), named_so]
    assert problems_of(api_stack(*edits), stack) == ()


# Plugins that releases are.


def test_a_releases_plugin_is_told_at_the_release() -> None:
    key = "x" * 40
    problem = only(api_stack(put(f"{G}.apis", **{key: mock_api(release=ROUTES)})))
    assert (where(problem), problem.value) == (f"{G}.apis.{key}.release", f"dev_{key}_release")
    assert problem.rule == "a plugin's name has 4 to 50 characters in the cloud"
    assert problem.remedy == f"rename {key}: its release's plugin is called after it"


def test_a_plugin_cant_be_called_as_a_release_is() -> None:
    release = put(f"{G}.apis.order", release=ROUTES)
    own = {"trafficControl": {"unit": "DAY", "apiDefault": 5}}
    taken = put(f"{G}.plugins", **{"order-release": own})
    used = put(f"{G}.apis.pay", plugins=["order-release"])
    problem = only(api_stack(release, taken, used))
    assert where(problem) == f"{G}.plugins.order-release"
    assert problem.rule == "the release of order is a plugin called order-release itself"
    assert problem.remedy == "give this plugin another name"


def test_a_plugin_whose_name_in_the_cloud_is_a_releases_is_told_at_the_release() -> None:
    release = put(f"{G}.apis.order", release=ROUTES)
    taken = put(f"{G}.plugins", order_release={"cors": {"allowMethods": ["GET"]}})
    problem = only(api_stack(release, taken, limits_elsewhere()))
    assert (where(problem), problem.value) == (f"{G}.apis.order.release", "dev_order_release")
    assert "order_release is called dev_order_release too" in problem.rule


@pytest.mark.parametrize(
    ("release", "place", "value"),
    [
        ({"to": {"http": {"address": "example.com"}}}, "to.http.address", "example.com"),
        ({"to": {"vpc": {"access": "egress"}}}, "to.vpc.access", "egress"),
        (
            {"traffic": "some", "who": {"users": {"from": "Cookie:id", "percent": 20}}},
            "who.users.from",
            "Cookie:id",
        ),
        (
            {
                "traffic": "some",
                "who": {"olderThan": {"from": "Cookie:version", "version": "2.0"}},
            },
            "who.olderThan.from",
            "Cookie:version",
        ),
    ],
)
def test_what_is_wrong_with_a_release_is_told_where_it_is_written(
    release: dict[str, Any], place: str, value: str
) -> None:
    problem = only(api_stack(put(f"{G}.apis.order", release={**ROUTES, **release})))
    assert (where(problem), problem.value) == (f"{G}.apis.order.release.{place}", value)


def released(**who: object) -> Any:
    return put(f"{G}.apis.order", release={**ROUTES, "traffic": "some", "who": who})


def test_a_release_by_an_app_takes_one_that_the_stack_has_and_that_may_call_the_api() -> None:
    problem = only(api_stack(released(apps=["calller"])))
    assert (where(problem), problem.remedy) == (
        f"{G}.apis.order.release.who.apps.0",
        "did you mean caller?",
    )
    problem = only(api_stack(released(apps=["site"]), put(f"{G}.apps", site={})))
    assert problem.rule == "site may not call order, so that it never gets the release"
    assert problem.remedy == "add site to apps of order"
    assert problems_of(api_stack(released(apps=["caller"]))) == ()


def test_a_sample_may_take_any_of_the_routes_that_share_it() -> None:
    def shared(reaches: str) -> str:
        samples = put(f"{G}.apis.order", samples={"one": {"reaches": reaches}})
        return api_stack(*bound("routes", SHARED_ROUTES), limits_elsewhere(), samples)

    assert problems_of(shared("blue")) == problems_of(shared("green")) == ()
    assert only(shared("default")).rule == "this request reaches blue or green"


def test_a_sample_by_an_app_takes_the_route_that_the_app_gets() -> None:
    def sample(app: str, reaches: str) -> Any:
        return put(f"{G}.apis.order", samples={"one": {"app": app, "reaches": reaches}})

    apps = (put(f"{G}.apps", site={}), put(f"{G}.apis.order", apps=["caller", "site"]))
    release = released(apps=["caller"])
    assert problems_of(api_stack(*apps, release, sample("caller", "release"))) == ()
    assert problems_of(api_stack(*apps, release, sample("site", "default"))) == ()
    problem = only(api_stack(*apps, release, sample("site", "release")))
    assert problem.rule == "this request reaches default"
    problem = only(api_stack(*apps, release, sample("sit", "default")))
    assert (where(problem), problem.remedy) == (
        f"{G}.apis.order.samples.one.app",
        "did you mean site?",
    )


def test_a_release_by_version_says_that_text_is_compared() -> None:
    def older(version: str) -> str:
        return api_stack(released(olderThan={"from": "Query:v", "version": version}))

    (warning,) = warnings_of(older("2.0.5"))
    assert (where(warning), warning.value) == (
        f"{G}.apis.order.release.who.olderThan.version",
        "2.0.5",
    )
    assert "'2.0.10' counts as less than '2.0.5'" in warning.rule
    assert warnings_of(older("1024")) == ()


@pytest.mark.parametrize(("version", "known"), [("2.0.10", True), ("2.0.4", False)])
def test_a_sample_of_a_version_that_goes_the_wrong_way_says_that_this_is_known(
    version: str, *, known: bool
) -> None:
    release = released(olderThan={"from": "Query:v", "version": "2.0.5"})
    samples = put(
        f"{G}.apis.order", samples={"one": {"query": {"v": version}, "reaches": "release"}}
    )
    assert (warnings_of(api_stack(release, samples)) == ()) is known


def test_a_release_by_token_needs_a_plugin_that_checks_it() -> None:
    who = {"users": {"from": "Token:userId", "percent": 20}}
    release = {**ROUTES, "traffic": "some", "who": who}
    problem = only(api_stack(put(f"{G}.apis.order", release=release)))
    assert where(problem) == f"{G}.apis.order.release"
    assert problem.remedy == "add a plugin with jwtAuth to the API's plugins"


# Descriptions.


@pytest.mark.parametrize("place", ["groups.shop", "apps.caller", "apis.order"])
def test_a_description_has_at_most_180_characters(place: str) -> None:
    assert problems_of(api_stack(put(f"{G}.{place}", description="x" * 180))) == ()
    problem = only(api_stack(put(f"{G}.{place}", description="x" * 181)))
    assert where(problem) == f"{G}.{place}.description"
    assert problem.rule == "a description has at most 180 characters, not 181"
    assert problem.remedy == "shorten it"
