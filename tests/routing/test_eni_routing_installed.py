"""What the script leaves in the system: files, units, and what becomes of them with the card."""

from components.eni.routing import install_command
from tests.routing.eni_lab import SECOND_MAC, Lab

NAME = "alicloud-gateways-eni-00163e000011"
PROGRAM = f"usr/local/sbin/{NAME}"


def test_a_card_that_is_taken_out_takes_its_rules_with_it(server: Lab) -> None:
    before = server.rules()
    server.installed()
    server.server.sh("ip link del eth1")
    done = server.run("apply", wait=30)
    assert (done.code, done.err) == (0, "")
    assert "sleep 1" not in server.calls()
    assert done.out == "rule from 192.168.3.11 to table 101 removed\n"
    assert server.rules() == before
    assert PROGRAM in server.files(), "it waits for the card to be plugged in again"
    assert server.run("apply", wait=30).out == ""


def test_what_was_set_on_a_card_that_is_gone_isn_t_undone_on_the_one_that_comes(
    server: Lab,
) -> None:
    server.installed()
    server.server.sh("ip link del eth1")
    server.run("apply")
    server.server.sh(f"ip link add eth1 address {SECOND_MAC} type veth; ip link set eth1 up")
    server.server.sh("ip addr add 192.168.3.11/24 dev eth1")  # by somebody else this time
    server.run("apply")
    server.run("uninstall")
    assert "inet 192.168.3.11/24" in server.server.sh("ip -4 addr show dev eth1")


def test_an_address_that_dhcp_has_taken_over_isn_t_taken_away(server: Lab) -> None:
    server.installed()
    lease = "valid_lft 3600 preferred_lft 3600"
    server.server.sh(f"ip addr change 192.168.3.11/24 dev eth1 noprefixroute {lease}")
    server.run("uninstall")
    assert "inet 192.168.3.11/24" in server.server.sh("ip -4 addr show dev eth1")


def test_a_run_waits_for_another_one(server: Lab) -> None:
    (server.root / "script").write_text(server.script())
    busy = f"flock {server.root}/run timeout 0.3 sh {server.root}/script apply"
    assert server.sh("-c", busy).code == 124
    assert server.run("apply").code == 0


def test_a_card_that_comes_back_is_routed_again(server: Lab) -> None:
    server.installed()
    server.server.sh("ip link set eth1 down; ip link set eth1 name ens7 address 00:16:3e:00:00:99")
    server.run("apply")
    assert "192.168.3.11" not in server.rules()
    server.server.sh(f"ip addr flush dev ens7; ip link set ens7 address {SECOND_MAC}")
    assert server.run("apply").err == ""
    assert server.reply_leaves_by(server.second) == {"to-second"}


def test_a_system_that_starts_without_the_card_uninstalls_it(server: Lab) -> None:
    server.installed()
    (server.root / "run" / NAME).unlink()  # as a reboot does
    server.server.sh("ip link del eth1; ip rule del pref 10000")
    done = server.run("apply")
    assert (done.code, done.err) == (0, "")
    assert "no network card with the MAC address 00:16:3e:00:00:11" in done.out
    assert server.files() == []


def test_a_system_that_starts_waits_for_the_card(server: Lab) -> None:
    server.server.sh("ip link set eth1 address 00:16:3e:00:00:99")
    # A second passes, and the card is there.
    sleeping = f"#!/bin/sh\nip link set eth1 address {SECOND_MAC}\n"
    (server.root / "stubs/sleep").write_text(sleeping)
    assert server.run("apply", wait=30).code == 0
    assert "from 192.168.3.11 lookup 101" in server.rules()


def test_a_card_that_never_comes_fails_the_installation_and_is_named(server: Lab) -> None:
    before = server.state()
    server.server.sh("ip link set eth1 address 00:16:3e:00:00:99")
    done = server.run(wait=1)
    assert done.code == 1
    assert done.err == (
        f"{NAME}: no network card with the MAC address 00:16:3e:00:00:11 appeared within 1 seconds;"
        " is it attached to this server?\n"
    )
    assert (server.state(), server.files()) == (before, [])


def test_another_version_undoes_what_the_one_before_set(server: Lab) -> None:
    server.run(script=server.script(table=101, addresses=("192.168.3.11", "192.168.3.12")))
    done = server.run(script=server.script(table=202))
    assert (done.code, done.err) == (0, "")
    assert "lookup 101" not in server.rules()
    assert "192.168.3.12" not in server.state()
    assert server.reply_leaves_by(server.second) == {"to-second"}


def test_it_is_installed_for_the_next_start_of_the_system(server: Lab) -> None:
    server.installed()
    assert server.files() == [
        "etc/systemd/networkd.conf.d/alicloud-gateways-eni.conf",
        f"etc/systemd/system/{NAME}.service",
        f"etc/systemd/system/{NAME}.timer",
        f"etc/udev/rules.d/99-{NAME}.rules",
        f"run/{NAME}",
        PROGRAM,
    ]
    assert (server.root / PROGRAM).read_text() == server.script()
    assert server.calls() == [
        "systemctl daemon-reload",
        "udevadm control --reload",
        f"udevadm trigger --subsystem-match=net --attr-match=address={SECOND_MAC}",
        f"systemctl enable --now {NAME}.timer",
    ]


def test_udev_starts_it_when_the_card_comes_or_goes(server: Lab) -> None:
    server.installed()
    note, start = (server.root / f"etc/udev/rules.d/99-{NAME}.rules").read_text().splitlines()
    assert f'ATTR{{address}}=="{SECOND_MAC}", ENV{{ALICLOUD_GATEWAYS_ENI}}="{NAME}"' in note
    assert f'ENV{{ALICLOUD_GATEWAYS_ENI}}=="{NAME}"' in start
    assert start.endswith(f'stubs/systemctl --no-block restart {NAME}.service"')


def test_what_is_undone_by_hand_isn_t_set_again_a_minute_later(server: Lab) -> None:
    server.installed()
    server.run("undo")
    assert server.calls()[-1] == f"systemctl stop {NAME}.timer {NAME}.service"


def test_uninstalling_removes_all_of_it(server: Lab) -> None:
    server.server.sh("ip link set eth1 up")
    before = server.state()
    server.installed()
    done = server.sh(str(server.root / PROGRAM), "uninstall")
    assert (done.code, done.err) == (0, "")
    assert (server.state(), server.files()) == (before, [])
    assert f"systemctl stop {NAME}.timer {NAME}.service" in server.calls()
    assert f"systemctl disable --now {NAME}.timer" in server.calls()


def test_what_all_cards_need_goes_with_the_last_one(server: Lab) -> None:
    server.installed()
    other = server.root / "usr/local/sbin/alicloud-gateways-eni-00163e000012"
    other.touch()
    server.run("uninstall")
    drop_in = "etc/systemd/networkd.conf.d/alicloud-gateways-eni.conf"
    assert drop_in in server.files()
    other.unlink()
    server.run("uninstall")
    assert server.files() == []


def test_a_system_without_systemd_is_refused_and_left_alone(server: Lab) -> None:
    (server.root / "run/systemd/system").rmdir()
    before = server.state()
    done = server.run()
    assert done.code == 1
    assert done.err.startswith(f"{NAME}: systemd isn't running here")
    assert done.err.count("\n") == 1
    assert (server.state(), server.files()) == (before, [])


def test_a_step_that_fails_is_named_with_its_reason(server: Lab) -> None:
    done = server.run(script=server.script().replace("TABLE=101", "TABLE=no-table"))
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "no-table" in done.err


def test_the_command_of_cloud_assistant_installs_the_script_and_cleans_up(server: Lab) -> None:
    temporary = server.root / "var/tmp"
    temporary.mkdir(parents=True)
    done = server.sh("-c", install_command(server.script()), env={"TMPDIR": str(temporary)})
    assert (done.code, done.err) == (0, "")
    assert (server.root / PROGRAM).read_text() == server.script()
    assert list(temporary.iterdir()) == []
    assert server.reply_leaves_by(server.second) == {"to-second"}


def test_the_command_of_cloud_assistant_fails_when_the_script_does(server: Lab) -> None:
    server.server.sh("ip link del eth1")
    done = server.sh("-c", install_command(server.script()))
    assert done.code == 1
    assert "no network card with the MAC address" in done.err


def test_an_unknown_command_is_refused(server: Lab) -> None:
    done = server.run("remove")
    assert (done.code, done.err.count("no such command: remove")) == (1, 1)
