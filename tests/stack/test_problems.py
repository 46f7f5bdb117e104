"""Problems are told with place, value, rule and remedy, and unknown names with the nearest one."""

from pathlib import Path

from stack.problems import (
    Problem,
    StackFileError,
    choose_from,
    describe,
    did_you_mean,
    dotted,
    report,
    shown_value,
)

FILE = Path("Pulumi.dev.yaml")
PROBLEM = Problem(("hosts", "ecs1", "ip"), "192.168.1", "an address is needed", "write one", line=7)


def test_a_problem_is_told_in_four_lines() -> None:
    assert describe(FILE, PROBLEM) == (
        "Pulumi.dev.yaml:7  hosts.ecs1.ip\n"
        "  value:  192.168.1\n"
        "  rule:   an address is needed\n"
        "  remedy: write one"
    )


def test_what_is_missing_has_no_value_and_what_has_no_place_no_line() -> None:
    told = describe(FILE, Problem((), None, "a rule", "a remedy"))
    assert told == "Pulumi.dev.yaml\n  rule:   a rule\n  remedy: a remedy"


def test_a_report_counts_its_problems_and_tells_them_all() -> None:
    assert report(FILE, [PROBLEM]).startswith("Pulumi.dev.yaml has 1 problem; nothing was changed.")
    both = report(FILE, [PROBLEM, PROBLEM])
    assert both.startswith("Pulumi.dev.yaml has 2 problems;")
    assert both.count("remedy:") == 2


def test_a_refusal_is_its_report() -> None:
    error = StackFileError(FILE, [PROBLEM])
    assert str(error) == report(FILE, [PROBLEM])
    assert (error.file, error.problems, error.warnings) == (FILE, (PROBLEM,), ())


def test_a_path_is_told_with_dots_and_positions() -> None:
    assert dotted(("egress", "apps", "publicIps", 0)) == "egress.apps.publicIps[0]"
    assert dotted(()) == ""


def test_a_long_value_is_cut_and_kept_on_one_line() -> None:
    assert shown_value("a\n  b") == "a b"
    assert shown_value("\x1b[2J") == "\\x1b[2J"
    assert len(shown_value("x" * 1000)) == 60
    assert shown_value({"a": 1}) == "{'a': 1}"


def test_a_slip_is_recognised_whatever_its_case() -> None:
    known = ["portMappings", "publicIps", "natGateway"]
    assert did_you_mean("portmapping", known) == "portMappings"
    assert did_you_mean("PUBLICIPS", known) == "publicIps"
    assert did_you_mean("zebra", known) is None
    assert did_you_mean("x", []) is None


def test_the_start_of_one_name_alone_is_recognised() -> None:
    assert did_you_mean("prod", ["development", "staging", "production"]) == "production"
    assert did_you_mean("pro", ["prometheus-server-a", "production-server-b"]) is None


def test_a_slip_is_recognised_among_thousands() -> None:
    known = [f"host-{number:05}" for number in range(20_000)]
    assert did_you_mean("host-12345x", known) == "host-12345"


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    assert choose_from("qqq", ["web", "api"], "host") == "use a host that is defined: api, web"
    many = choose_from("qqq", [f"h{n:02}" for n in range(30)], "host")
    assert many.endswith("h11, …")
    assert "there is no host yet" in choose_from("qqq", [], "host")
