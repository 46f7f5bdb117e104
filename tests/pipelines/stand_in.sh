#!/usr/bin/env bash
# gh, glab and aliyun, as far as a setup needs them: each call is noted, what is made is a file, and
# the call of the number in `fails` is refused.
me="${0##*/}" here="$(dirname "$0")/.."
number=$(($(cat "$here/count") + 1))
echo "$number" > "$here/count"
{ printf '%s\037' "$me" "$@"; printf '\036'; } >> "$here/calls"
refuse() { echo "$1" >&2; exit 1; }
[ "$number" != "$(cat "$here/fails")" ] || refuse "Forbidden: no permission"

set_to() { cat > "$here/made/$1"; }
make() { [ ! -e "$here/made/$1" ] || refuse "$2"; set_to "$1" <<< "$3"; }
have() { [ -e "$here/made/$1" ] || refuse "$2"; }
escaped() { sed 's/"/\\"/g' "$1" | awk '{ printf "%s%s", sep, $0; sep = "\\n" }'; }
says() { grep -q "$1" "$here/made/$2" && printf 'true' || printf 'false'; }

case "$me $1 $2" in
  "aliyun sts GetCallerIdentity") printf '{\n  "AccountId": "%s"\n}\n' "$(cat "$here/account")" ;;
  "aliyun ims GetOIDCProvider") have "provider-$4" "ErrorCode: EntityNotExist.OIDCProvider" ;;
  "aliyun ram CreateRole") make "role-$4" "ErrorCode: EntityAlreadyExists.Role" "" ;;
  "aliyun ram UpdateRole")
    have "role-$4" "ErrorCode: EntityNotExist.Role"
    set_to "role-$4" <<< "$6"
    ;;
  "aliyun ram CreatePolicy") make "policy-$4" "ErrorCode: EntityAlreadyExists.Policy" "$6" ;;
  "aliyun ram GetPolicy")
    have "policy-$6" "ErrorCode: EntityNotExist.Policy"
    printf '{ "PolicyDocument": "%s" }\n' "$(escaped "$here/made/policy-$6")"
    ;;
  "aliyun ram CreatePolicyVersion") set_to "policy-$4" <<< "$6" ;;
  "aliyun ram AttachPolicyToRole")
    make "attached-$6-$8" "ErrorCode: EntityAlreadyExists.Role.Policy" ""
    ;;
  "gh api repos/shop/infrastructure") echo '{}' ;;
  "gh api users/"* | "gh api orgs/"*) echo 77 ;;
  "gh api --method")
    name="${4#*/environments/}"
    case "$3 $5" in
      "PUT --input") set_to "environment-$name" ;;
      "PUT ") set_to "environment-$name" <<< '{}' ;;
      *) set_to "branches-${name%%/*}" <<< "${6#name=}" ;;
    esac
    ;;
  "gh api repos/"*)
    name="${2#*/environments/}"
    case "$name $3" in
      */deployment-branch-policies*)
        [ ! -e "$here/made/branches-${name%%/*}" ] || cat "$here/made/branches-${name%%/*}"
        ;;
      *) have "environment-$name" "gh: Not Found (HTTP 404)" ;;&
      *" --jq")
        says '"custom_branch_policies": true' "environment-$name"
        printf ' '
        says '"reviewers": \[{' "environment-$name"
        ;;
    esac
    ;;
  "gh variable set")
    environment=""
    [ "$6" != "--env" ] || environment="$7"
    set_to "variable-$3-$environment" <<< "${*: -1}"
    ;;
  "glab api projects/shop%2Finfrastructure") echo '{}' ;;
  "glab api --method") make "environment-${6#name=}" '{"message":["has already been taken"]}' "" ;;
  "glab variable set") make "variable-$3-$9" "(VARIABLE_KEY) has already been taken" "$4" ;;
  "glab variable update") set_to "variable-$3-$9" <<< "$4" ;;
  *) refuse "what is $me $*?" ;;
esac
