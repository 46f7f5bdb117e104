#!/usr/bin/env bash
set -euo pipefail

doing="looking for the programs"
ended() {
  [ "$1" = 0 ] || echo "Stopped at: $doing. Mend the cause and run this again: what was done is kept." >&2
}
trap 'ended $?' EXIT
needed() { command -v "$1" > /dev/null || { echo "There is no $1 on the PATH." >&2; exit 1; }; }
begin() { doing="$1"; echo "== $1" >&2; }

# Whether something is there. A look that fails for another reason than that it isn't ends all.
there() {
  local absent="$1" said
  shift
  if said="$("$@" 2>&1)"; then return 0; fi
  case "$said" in *"$absent"*) return 1 ;; esac
  echo "$said" >&2
  exit 1
}

# Do what may have been done already, which isn't a failure.
once() {
  local before="$1" said
  shift
  if said="$("$@" 2>&1)"; then return 0; fi
  case "$said" in *"$before"*) return 0 ;; esac
  echo "$said" >&2
  exit 1
}

# A role, as it is to be: whom it trusts, and for how many seconds at most.
role() {
  once EntityAlreadyExists aliyun ram CreateRole --RoleName "$1" \
    --AssumeRolePolicyDocument "$2" --MaxSessionDuration "$3"
  aliyun ram UpdateRole --RoleName "$1" \
    --NewAssumeRolePolicyDocument "$2" --NewMaxSessionDuration "$3" > /dev/null
}

# A policy that a role has: a new version of it, where the one in force says something else.
policy() {
  local held same="${3//\"/\\\"}"
  once EntityAlreadyExists aliyun ram CreatePolicy --PolicyName "$2" --PolicyDocument "$3"
  held="$(aliyun ram GetPolicy --PolicyType Custom --PolicyName "$2")"
  case "$held" in
    *"${same//$'\n'/\\n}"*) ;;
    *)
      aliyun ram CreatePolicyVersion --PolicyName "$2" --PolicyDocument "$3" --SetAsDefault true \
        --RotateStrategy DeleteOldestNonDefaultVersionWhenLimitExceeded > /dev/null
      ;;
  esac
  once EntityAlreadyExists aliyun ram AttachPolicyToRole --PolicyType Custom \
    --PolicyName "$2" --RoleName "$1"
}
