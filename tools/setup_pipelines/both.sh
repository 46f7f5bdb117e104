#!/usr/bin/env bash
set -euo pipefail

doing="looking for the programs"
ended() {
  [ "$1" = 0 ] || echo "Stopped at: $doing. Mend the cause and run this again: what was done is kept." >&2
}
trap 'ended $?' EXIT
needed() { command -v "$1" > /dev/null || { echo "There is no $1 on the PATH." >&2; exit 1; }; }
begin() { doing="$1"; echo "== $1" >&2; }

# Whether something is there: a failure that says the first word is a no, and any other ends all.
there() {
  local no="$1" said
  shift
  if said="$("$@" 2>&1)"; then return 0; fi
  case "$said" in *"$no"*) return 1 ;; esac
  echo "$said" >&2
  exit 1
}

# Do what may have been done already: the word for that isn't a failure.
once() { there "$@" || true; }

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
