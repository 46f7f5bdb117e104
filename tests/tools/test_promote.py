"""`make promote`: what moves from one stack to another, what doesn't, and what is written."""

from pathlib import Path

import pytest

from sandbox.engine import EngineMissing
from tests.tools.promotions import Pair
from tools.promote.__main__ import main
from tools.promote.promoting import Promotion

TLS = "      web-tls: {publicIp: ip3, port: 443, protocol: tcp, host: ecs4, hostPort: 443}\n"
SHOP = "      # since May\n      shop: {publicIp: ip3, port: 9000, host: ecs3} # no console\n"


@pytest.mark.parametrize(("source", "goal"), [("dev", "staging"), ("staging", "prod")])
def test_the_projects_own_stacks_have_not_drifted_apart(
    source: str, goal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--from", source, "--to", goal, "--check"]) == 0
    assert f"{goal} has everything of {source}" in capsys.readouterr().out


def test_files_that_mean_the_same_have_nothing_to_move(pair: Pair) -> None:
    pair.edit_dev("port: 80, protocol: tcp, host: ecs3, hostPort: 80}", 'host: ecs3, port: "80"}')
    pair.edit_staging("{publicIp: ip4, port: 22, host", "{publicIp: ip4, host")
    pair.edit_staging("ecs5, acknowledged", "ecs5, hostPort: 22, port: 22, acknowledged")
    ended = pair.promote()
    assert (ended.code, pair.text) == (0, pair.before)


def test_a_new_entry_comes_with_its_comments_to_the_place_where_it_stands(pair: Pair) -> None:
    pair.edit_dev(TLS, SHOP + TLS)
    ended = pair.promote()
    assert ended.code == 0
    assert pair.changed() == ([], SHOP.splitlines())
    lines = pair.text.splitlines()
    at = lines.index("      # since May")
    assert lines[at - 1].startswith("      web:")
    assert lines[at + 2].startswith("      web-tls:")
    assert pair.check().code == 0


def test_a_changed_setting_is_written_and_its_comment_stays(pair: Pair) -> None:
    pair.edit_dev("port: 22, protocol: tcp, host: ecs5", "port: 2222, protocol: tcp, host: ecs4")
    assert pair.promote().code == 0
    old, new = pair.changed()
    assert old == [
        (
            "      jump-host: {publicIp: ip4, port: 22, host: ecs5, acknowledged: true}"
            " # keys only, no passwords"
        )
    ]
    assert new == [
        (
            "      jump-host: {publicIp: ip4, port: 2222, host: ecs4, acknowledged: true}"
            " # keys only, no passwords"
        )
    ]


def test_a_setting_that_the_source_leaves_to_its_default_is_taken_out(pair: Pair) -> None:
    pair.edit_staging("port: 80, host: ecs3}", "port: 80, host: ecs3, hostPort: 8080}")
    pair.edit_dev("hostPort: 80}", "acknowledged: true}")
    assert pair.promote().code == 0
    assert pair.changed()[1] == [
        "      web: {publicIp: ip3, port: 80, host: ecs3, acknowledged: true}"
    ]


def test_what_belongs_to_the_tier_stays_and_is_told_with_its_reason(pair: Pair) -> None:
    pair.edit_dev("bandwidth: 150", "bandwidth: 300")
    pair.edit_dev("ip: 192.168.1.1,", "ip: 192.168.1.11,")
    stays = {one["path"]: one for one in pair.check("--format", "json").document["stays"]}
    assert stays["sharedBandwidth.bandwidth"]["source"] == 300
    assert stays["sharedBandwidth.bandwidth"]["target"] == 200
    assert stays["sharedBandwidth.bandwidth"]["why"] == "a size"
    assert "network.hosts.ecs1.ip" in stays
    assert pair.check().code == 0


def test_a_new_entry_that_needs_values_of_the_tiers_own_isnt_moved(pair: Pair) -> None:
    pair.edit_dev("      ecs5: {", "      ecs6: {ip: 192.168.1.6, vswitch: apps}\n      ecs5: {")
    told = pair.refused()
    assert "needs 2 values of its own; nothing was written" in told
    assert "network.hosts.ecs6.ip" in told
    assert "SET=network.hosts.ecs6.ip=…" in told
    assert "an address in the tier's own network" in told


def test_values_of_the_tiers_own_can_be_given(pair: Pair) -> None:
    pair.edit_dev(
        "      ecs5: {",
        "      # batch\n      ecs6: {ip: 192.168.1.6, vswitch: apps} # slow\n      ecs5: {",
    )
    given = "network.hosts.ecs6.ip=10.20.1.6 network.hosts.ecs6.vswitch=apps"
    assert pair.promote("--set", given).code == 0
    new = pair.changed()[1]
    assert new == ["      # batch", "      ecs6: {ip: 10.20.1.6, vswitch: apps} # slow"]


def test_a_value_that_nothing_waits_for_is_refused(pair: Pair) -> None:
    told = pair.refused("--set", "sharedBandwidth.bandwidth=300", code=1)
    assert "No new entry waits for sharedBandwidth.bandwidth" in told


def test_an_entry_begun_by_hand_is_completed(pair: Pair) -> None:
    pair.edit_dev(
        "      ecs5: {ip: 192.168.1.5",
        "      ecs6: {ip: 192.168.1.6, vswitch: apps, instanceId: i-dev}\n"
        "      ecs5: {ip: 192.168.1.5",
    )
    pair.edit_dev(TLS, "      batch: {publicIp: ip3, port: 9000, host: ecs6}\n" + TLS)
    pair.edit_staging(
        "      ecs5: {", "      ecs6: {ip: 10.20.1.6, vswitch: apps} # mine\n      ecs5: {"
    )
    pair.edit_staging("      web-tls:", "      batch: {host: ecs6} # begun\n      web-tls:")
    assert pair.promote().code == 0
    assert pair.changed()[1] == ["      batch: {host: ecs6, publicIp: ip3, port: 9000} # begun"]


def test_a_new_entry_starts_with_what_each_tier_chooses(pair: Pair) -> None:
    pair.edit_dev("      ip4: {}", "      ip4: {}\n      ip7: {spare: true, description: later}")
    ended = pair.promote("--format", "json")
    assert ended.document["startsWith"] == ["sharedBandwidth.publicIps.ip7.description"]
    assert pair.changed()[1] == ["      ip7: {spare: true, description: later}"]


def test_entries_that_only_the_target_has_stay_and_are_a_drift(pair: Pair) -> None:
    pair.edit_staging(
        "      web-tls:", "      mine: {publicIp: ip3, port: 9000, host: ecs3}\n      web-tls:"
    )
    ended = pair.promote()
    assert (ended.code, pair.text) == (0, pair.before)
    assert "REMOVE=sharedBandwidth.portMappings.mine" in ended.err
    assert pair.check().code == 1


def test_an_entry_that_only_the_target_has_goes_when_it_is_named(pair: Pair) -> None:
    pair.edit_staging(
        "      web-tls:",
        "      # ours\n      mine: {publicIp: ip3, port: 9000, host: ecs3}\n      web-tls:",
    )
    assert pair.promote("--remove", "sharedBandwidth.portMappings.mine").code == 0
    assert pair.changed() == (
        ["      # ours", "      mine: {publicIp: ip3, port: 9000, host: ecs3}"],
        [],
    )
    assert pair.check().code == 0


def test_what_isnt_the_targets_alone_cant_be_removed(pair: Pair) -> None:
    told = pair.refused("--remove", "sharedBandwidth.portMappings.web", code=1)
    assert "that the other lacks" in told


def test_a_rename_renames_the_targets_entry_and_says_what_it_was(pair: Pair) -> None:
    pair.edit_dev("      web: {publicIp", "      front: {was: web, publicIp")
    ended = pair.promote("--format", "json")
    assert [move["action"] for move in ended.document["moves"]] == ["rename"]
    assert pair.changed() == (
        ["      web: {publicIp: ip3, port: 80, host: ecs3}"],
        ["      front: {publicIp: ip3, port: 80, host: ecs3, was: web}"],
    )
    assert pair.check().code == 0


def test_a_renamed_host_keeps_the_tiers_own_values_and_what_leads_to_it_follows(
    pair: Pair,
) -> None:
    pair.edit_dev("      ecs5: {ip", "      jump: {was: ecs5, ip")
    pair.edit_dev("host: ecs5", "host: jump")
    assert pair.promote().code == 0
    assert pair.changed()[1] == [
        "      jump: {ip: 10.20.1.5, vswitch: apps, was: ecs5}",
        (
            "      jump-host: {publicIp: ip4, port: 22, host: jump, acknowledged: true}"
            " # keys only, no passwords"
        ),
    ]


def test_a_rename_that_the_target_has_behind_it_isnt_moved_again(pair: Pair) -> None:
    pair.edit_dev("      web: {publicIp", "      front: {was: web, publicIp")
    pair.edit_staging("      web: {publicIp", "      front: {publicIp")
    assert pair.check().code == 0


def test_the_past_of_a_rename_stays_in_the_target_until_it_is_taken_out_there(pair: Pair) -> None:
    pair.edit_dev("      web: {publicIp", "      front: {publicIp")
    pair.edit_staging("      web: {publicIp", "      front: {was: web, publicIp")
    assert pair.check().code == 0


def test_a_target_that_would_break_a_rule_isnt_written(pair: Pair) -> None:
    pair.edit_dev(TLS, SHOP + TLS)
    pair.edit_staging(
        "      web-tls:", "      mine: {publicIp: ip3, port: 9000, host: ecs4}\n      web-tls:"
    )
    told = pair.refused()
    assert "would have 1 problem after this promotion; nothing was written" in told
    assert "ip3 tcp 9000" in told or "9000" in told
    assert pair.check().code == 1


def test_a_source_with_a_mistake_is_refused_with_its_report(pair: Pair) -> None:
    pair.edit_dev("host: ecs4", "host: ecs44")
    told = pair.refused()
    assert "Pulumi.dev.yaml has 1 problem; nothing was changed." in told


def test_a_target_that_is_no_yaml_is_refused(pair: Pair) -> None:
    pair.edit_staging("config:", "config: [")
    assert "the file must be valid YAML" in pair.refused()


def test_a_target_with_a_mistake_of_its_own_is_refused_by_check(pair: Pair) -> None:
    pair.edit_staging("host: ecs4", "host: ecs44")
    ended = pair.check("--format", "json")
    assert ended.code == 2
    assert ended.document["problems"][0]["path"] == "sharedBandwidth.portMappings.web-tls.host"


def test_a_target_without_a_file_is_told_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", "dev", "--to", "qa"]) == 1
    told = capsys.readouterr().err
    assert "There is no stack qa" in told
    assert "A new tier begins as a copy" in told


def test_a_stack_isnt_promoted_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", "dev", "--to", "dev"]) == 1
    assert "nothing between them" in capsys.readouterr().err


def test_a_wrong_format_is_no_bad_config(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--from", "dev", "--to", "staging", "--format", "jsn"])
    assert stopped.value.code == 1
    assert "did you mean json?" in capsys.readouterr().err


def test_the_document_says_what_moves_and_what_stands_in_the_way(pair: Pair) -> None:
    pair.edit_dev(TLS, SHOP + TLS)
    pair.edit_dev(
        "      ecs5: {ip", "      ecs6: {ip: 192.168.1.6, vswitch: apps}\n      ecs5: {ip"
    )
    document = pair.check("--format", "json").document
    assert document["from"] == "dev"
    assert document["to"] == "staging"
    assert document["drifted"] is True
    assert [one["path"] for one in document["moves"]] == [
        "network.hosts.ecs6",
        "sharedBandwidth.portMappings.shop",
    ]
    assert document["moves"][1]["new"] == {"publicIp": "ip3", "port": 9000, "host": "ecs3"}
    assert [one["path"] for one in document["needs"]] == [
        "network.hosts.ecs6.ip",
        "network.hosts.ecs6.vswitch",
    ]
    assert document["written"] is False
    assert document["preview"] is None


def test_windows_line_breaks_stay(pair: Pair) -> None:
    pair.target.write_bytes(pair.text.replace("\n", "\r\n").encode())
    pair.before = pair.text
    pair.edit_dev(TLS, SHOP + TLS)
    assert pair.promote().code == 0
    assert "\r\n      # since May\r\n" in pair.text
    assert pair.text.count("\n") == pair.text.count("\r\n")


def test_the_file_is_replaced_as_a_whole(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.edit_dev(TLS, SHOP + TLS)
    pair.target.chmod(0o640)
    replaced: list[str] = []
    real = Path.replace

    def replace(self: Path, to: Path) -> Path:
        assert to.read_text() == pair.before  # until then it is as it was
        replaced.append(self.read_text())
        return real(self, to)

    monkeypatch.setattr(Path, "replace", replace)
    assert pair.promote().code == 0
    assert replaced == [pair.text]
    assert pair.target.stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in pair.target.parent.iterdir()) == [
        "Pulumi.dev.yaml",
        "Pulumi.staging.yaml",
    ]


def test_a_failing_disk_leaves_the_file_as_it_was(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.edit_dev(TLS, SHOP + TLS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device", str(pair.target))

    monkeypatch.setattr("tools.promote.promoting.os.fsync", full)
    told = pair.refused(code=1)
    assert "No space left on device" in told
    assert len(list(pair.target.parent.iterdir())) == 2


def test_both_stacks_have_to_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", "dev", "--to", ""]) == 1
    assert "It needs both stacks" in capsys.readouterr().err


def test_a_file_that_somebody_else_wrote_meanwhile_isnt_overwritten(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.edit_dev(TLS, SHOP + TLS)

    def judged(promotion: Promotion) -> str:
        pair.edit_staging("bandwidth: 200", "bandwidth: 201")
        return str(promotion.target.path)

    monkeypatch.setattr("tools.promote.__main__.promotion_tables", judged)
    told = pair.refused(code=1)
    assert "was changed meanwhile; nothing was written" in told


def test_an_engine_that_cant_be_had_leaves_the_file_written(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.edit_dev(TLS, SHOP + TLS)

    def none(_: object) -> Path:
        raise EngineMissing("There is no engine.")

    monkeypatch.setattr("tools.sandbox.commands.find_engine", none)
    ended = pair.run("--format", "json")
    assert ended.code == 1
    assert (ended.document["written"], ended.document["preview"]) == (True, None)
    assert "There is no engine." in ended.err
    assert "stays as it is written; what up would do isn't known" in ended.err
    assert "# since May" in pair.text


@pytest.mark.parametrize("given", ["bandwidth", "=1", "'", "a=[1"])
def test_a_value_that_cant_be_read_is_told(pair: Pair, given: str) -> None:
    assert "SET" in pair.refused("--set", given, code=1)


def test_arguments_of_the_provider_move_each_by_itself(pair: Pair) -> None:
    pair.edit_dev("ip2: {}", "ip2: {arguments: {isp: BGP, period: 1}}")
    pair.edit_staging("ip2: {}", "ip2: {arguments: {isp: BGP}}")
    pair.edit_dev(
        "Gateway, vswitch: apps}", "Gateway, vswitch: apps, arguments: {icmpReplyEnabled: false}}"
    )
    assert pair.promote().code == 0
    section = pair.values("sharedBandwidth")
    assert section["publicIps"]["ip2"] == {"arguments": {"isp": "BGP", "period": 1}}
    assert section["natGateway"]["arguments"] == {"icmpReplyEnabled": False}
    assert pair.check().code == 0
