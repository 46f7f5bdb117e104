#!/bin/sh
# Routing of a second network card with a public address of its own: what came in by it is answered
# by it; everything else leaves by the first card.
#
#   install    set it now and at every start of the system (what is done unless told else)
#   apply      set it now; undo it where the card is gone
#   undo       undo it until the card is plugged in or the system starts
#   uninstall  undo it for good
#
# Owns the card's table, the rules that lead there, the addresses that nothing else puts on the card
# and the rank of the card's routes in the main table. Doesn't own others' rules, other cards, IPv6,
# or what containers answer: their replies come from the containers' addresses.
#
# Set before: MAC, ADDRESSES (with prefix length, the primary one first), NETWORK (the range of the
# card's vSwitch), GATEWAY, TABLE.
set -u
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

MAC=$(printf '%s' "$MAC" | tr 'A-F' 'a-f')
NAME=alicloud-gateways-eni-$(printf '%s' "$MAC" | tr -d ':')
ROOT=${ENI_ROUTING_ROOT-}   # where tests put files
WAIT=${ENI_ROUTING_WAIT-30} # seconds that a card may take to appear
PRIORITY=10000              # before the main table's rule (32766)

PROGRAM=$ROOT/usr/local/sbin/$NAME
SERVICE=$ROOT/etc/systemd/system/$NAME.service
TIMER=$ROOT/etc/systemd/system/$NAME.timer
UDEV=$ROOT/etc/udev/rules.d/99-$NAME.rules
DROP_IN=$ROOT/etc/systemd/networkd.conf.d/alicloud-gateways-eni.conf
# What was changed, newest first. Made by the first `apply` after a start of the system, so that it
# tells a card that was taken out from one that hasn't appeared yet.
STATE=$ROOT/run/$NAME

changed=no
say() { changed=yes && printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "$NAME" "$*" >&2 && exit 1; }
run() { problem=$("$@" 2>&1) || fail "\`$*\` failed: $(printf '%s' "$problem" | tr '\n' ' ')"; }
routes() { ip -4 route show table "$@" 2>/dev/null; }

# The word after $1 in the rest.
word_after() {
  wanted=$1
  while [ $# -gt 2 ]; do
    shift
    [ "$1" = "$wanted" ] && printf '%s' "$2" && return
  done
}

remember() {
  grep -qxF "$*" "$STATE" 2>/dev/null && return
  known=$(cat "$STATE" 2>/dev/null)
  { printf '%s\n%s\n' "$*" "$known" >"$STATE"; } 2>/dev/null || fail "can't write $STATE"
}

# One run at a time, for all cards: they share the main table.
lock() { exec 9<"$ROOT/run" && run flock 9; }

# The device with this MAC: the one with the lowest index, because VLANs on the card share its MAC.
find_card() {
  card='' lowest=''
  while read -r index device rest; do
    case $rest in *"link/ether $MAC "*) ;; *) continue ;; esac
    index=${index%:}
    if [ -z "$lowest" ] || [ "$index" -lt "$lowest" ]; then
      lowest=$index device=${device%:} card=${device%%@*} flags=${rest%% *}
    fi
  done <<END
$(ip -o link show)
END
  [ -n "$card" ]
}

wait_for_card() {
  left=$WAIT
  until find_card; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 1
  done
}

set_addresses() {
  case $flags in *[,\<]UP[,\>]*) ;; *)
    run ip link set dev "$card" up
    say "$card set up"
    ;;
  esac
  for address in $ADDRESSES; do
    [ -z "$(ip -4 -o addr show dev "$card" to "${address%/*}/32")" ] || continue
    # The kernel's own route would draw the neighbours' traffic away from the first card.
    run ip -4 addr add "$address" dev "$card" noprefixroute
    remember "address $address"
    say "address $address added to $card"
  done
}

set_route() {
  routes "$TABLE" exact "$1" | sed 's/ linkdown//; s/ *$//' | grep -qxF "$*" && return
  run ip -4 route replace "$@" table "$TABLE"
  say "route $* added to table $TABLE"
}

# The addresses that our rules are for.
ruled() {
  ip -4 rule show pref "$PRIORITY" table "$TABLE" | sed -n 's/.*from \([0-9.]*\) .*/\1/p'
}

set_rules() {
  there=" $(ruled | tr '\n' ' ')" wanted=' '
  for address in $ADDRESSES; do
    address=${address%/*} wanted="$wanted${address%/*} "
    case $there in *" $address "*) continue ;; esac
    run ip -4 rule add pref "$PRIORITY" from "$address" table "$TABLE"
    say "rule from $address to table $TABLE added"
  done
  for address in $there; do
    case $wanted in *" $address "*) ;; *) remove_rule "$address" ;; esac
  done
}

remove_rule() {
  run ip -4 rule del pref "$PRIORITY" from "$1" table "$TABLE"
  say "rule from $1 to table $TABLE removed"
}

# The metric of the other cards' routes to $1 in the main table, the highest of several. Cards that
# are routed as this one is don't count: each would go behind the other, again and again.
metric_elsewhere() {
  ours=" $(cat "$ROOT"/run/alicloud-gateways-eni-* | sed -n 's/^card //p' | tr '\n' ' ')"
  # shellcheck disable=SC2086 # a route is made of words
  routes main exact "$1" | while read -r route; do
    device=$(word_after dev $route) metric=$(word_after metric $route)
    case $ours in *" ${device:-nowhere} "*) ;; *) echo "${metric:-0}" ;; esac
  done | sort -n | tail -n 1
}

# The card's routes to $1 in the main table, such as DHCP makes them, go behind the first card's.
# Where that one has none to the card's vSwitch, it reaches it by its default route, once ours is
# gone.
# shellcheck disable=SC2086 # a route is made of words
give_way() {
  first=$(metric_elsewhere "$1")
  [ -n "$first" ] || [ -n "$(metric_elsewhere default)" ] || return 0
  while read -r route; do
    [ -n "$route" ] || continue
    metric=$(word_after metric $route)
    [ -n "$first" ] && [ "${metric:-0}" -gt "$first" ] && continue
    route="$(printf '%s' "$route" | sed -E 's/ (metric [0-9]+|linkdown|dead|onlink)//g') dev $card"
    if [ -n "$first" ]; then
      behind="$route metric $((first + TABLE))" # a table, so a metric, of its own for each card
      case $route in *' via '*) behind="$behind onlink" ;; esac
      run ip -4 route replace $behind
      remember "made $behind"
      say "route $behind added"
    fi
    route="$route${metric:+ metric $metric}"
    run ip -4 route del $route
    remember "removed $route"
    say "route $route removed"
  done <<END
$(routes main exact "$1" dev "$card")
END
}

set_up() {
  remember "card $card"
  primary=${ADDRESSES%% *}
  set_addresses
  set_route "${NETWORK}" dev "$card" scope link src "${primary%/*}"
  set_route default via "$GATEWAY" dev "$card"
  set_rules
  give_way default
  give_way "$NETWORK"
}

# What is gone by now needs no undoing.
# shellcheck disable=SC2086 # a route is made of words
put_back() {
  while read -r kind what; do
    case $kind in
    made) ip -4 route del $what 2>/dev/null && say "route $what removed" ;;
    removed) ip -4 route append $what 2>/dev/null && say "route $what put back" ;;
    address) # unless DHCP holds it by now
      [ -n "$(ip -4 -o addr show dev "$card" permanent to "${what%/*}/32")" ] || continue
      run ip -4 addr del "$what" dev "$card"
      say "address $what removed from $card"
      ;;
    esac
  done <"$STATE"
}

undo() {
  for address in $(ruled); do remove_rule "$address"; done
  if find_card; then # else its routes and addresses went with it
    for route in default "$NETWORK"; do
      [ -n "$(routes "$TABLE" exact "$route" dev "$card")" ] || continue
      run ip -4 route del "$route" dev "$card" table "$TABLE"
      say "route $route removed from table $TABLE"
    done
    [ ! -e "$STATE" ] || put_back
  fi
  [ ! -e "$STATE" ] || : >"$STATE"
}

# Make standard input the file $1, at once, so that nobody reads half of it.
put() {
  content=$(cat)
  [ "$content" = "$(cat "$1" 2>/dev/null)" ] && return
  run mkdir -p "${1%/*}"
  { printf '%s\n' "$content" >"$1.new"; } 2>/dev/null || fail "can't write $1.new"
  run chmod 644 "$1.new"
  run mv "$1.new" "$1"
  if command -v restorecon >/dev/null; then run restorecon "$1"; fi
  say "$1 written"
}

# Run at once when the card comes or goes, and every minute, because DHCP and network services may
# set their own routes again at any time. What it changes is logged, not that it ran.
put_files() {
  put "$PROGRAM" <"$0"
  put "$SERVICE" <<END
[Unit]
Description=Routing of the network card $MAC
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0
[Service]
Type=oneshot
ExecStart=/bin/sh /usr/local/sbin/$NAME apply
SyslogLevel=notice
LogLevelMax=notice
END
  put "$TIMER" <<END
[Unit]
Description=Routing of the network card $MAC
[Timer]
OnActiveSec=0
OnUnitInactiveSec=1min
AccuracySec=10s
[Install]
WantedBy=timers.target
END
  # A card that goes has no attributes any more, only what udev noted earlier.
  put "$UDEV" <<END
ACTION!="remove", SUBSYSTEM=="net", ATTR{address}=="$MAC", ENV{ALICLOUD_GATEWAYS_ENI}="$NAME"
ACTION=="add|remove", SUBSYSTEM=="net", ENV{ALICLOUD_GATEWAYS_ENI}=="$NAME", \
RUN+="$(command -v systemctl) --no-block restart $NAME.service"
END
  for networkd in "$ROOT/lib/systemd/systemd-networkd" "$ROOT/usr/lib/systemd/systemd-networkd"; do
    [ ! -x "$networkd" ] || put "$DROP_IN" <<END
# Else systemd-networkd removes the rules and routes of alicloud-gateways-eni-* when it starts.
[Network]
ManageForeignRoutes=no
ManageForeignRoutingPolicyRules=no
END
  done
}

install() {
  [ -d "$ROOT/run/systemd/system" ] || fail "systemd isn't running here, so the routing wouldn't" \
    "outlive a reboot; nothing was changed (\`apply\` sets it until then)"
  need systemctl udevadm
  wait_for_card || fail "no network card with the MAC address $MAC appeared within $WAIT seconds;" \
    "is it attached to this server?"
  # What an earlier version set, perhaps with another table, is its own to undo.
  if [ -e "$PROGRAM" ] && [ "$(cat "$PROGRAM")" != "$(cat "$0")" ]; then
    sh "$PROGRAM" undo || fail "the version installed before, $PROGRAM, couldn't undo what it set"
  fi
  lock
  put_files
  if [ "$changed" = yes ]; then
    run systemctl daemon-reload
    run udevadm control --reload
    run udevadm trigger --subsystem-match=net --attr-match="address=$MAC"
  fi
  set_up
  run systemctl enable --now "$NAME.timer"
  [ "$changed" = yes ] || echo 'nothing to change'
}

apply() {
  [ -e "$STATE" ] || wait_for_card
  lock
  if find_card; then
    set_up
  elif [ -e "$STATE" ]; then
    undo
  else
    say "no network card with the MAC address $MAC since the system started"
    uninstall
  fi
}

stop() { [ ! -e "$TIMER" ] || run systemctl stop "$NAME.timer" "$NAME.service"; }

uninstall() {
  undo
  [ ! -e "$TIMER" ] || run systemctl disable --now "$NAME.timer"
  [ ! -e "$PROGRAM" ] || say "$PROGRAM removed"
  run rm -f "$PROGRAM" "$SERVICE" "$TIMER" "$UDEV" "$STATE"
  set -- "$ROOT"/usr/local/sbin/alicloud-gateways-eni-*
  [ -e "$1" ] || run rm -f "$DROP_IN" # it was the last card
  [ -d "$ROOT/run/systemd/system" ] || return 0
  run systemctl daemon-reload
  run udevadm control --reload
}

need() {
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "needs the program $program"
  done
}

main() {
  [ "$(id -u)" = 0 ] || fail 'only root can change the routing'
  need ip flock
  case ${1-install} in
  install) install ;;
  apply) apply ;;
  undo) stop && lock && undo ;;
  uninstall) stop && lock && uninstall ;;
  *) fail "no such command: $1; there are install, apply, undo and uninstall" ;;
  esac
}

main "$@"
exit 0
