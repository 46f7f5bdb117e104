
# An environment that reviews use: anybody who may push.
open_to_reviews() {
  there "HTTP 404" gh api "repos/$repo/environments/$1" ||
    gh api --method PUT "repos/$repo/environments/$1" > /dev/null
}

# An environment that deploys: from one branch alone, and where reviewers are named, after one of
# them has approved. One that has both stays as it is.
closed() {
  local environment="repos/$repo/environments/$1" reviewers="$2" held=""
  if there "HTTP 404" gh api "$environment"; then
    held="$(gh api "$environment" --jq "$closed")"
  fi
  case "$held $reviewers" in
    "true true "* | "true false []") ;;
    *) put "$environment" "$reviewers" ;;
  esac
  held="$(gh api "$environment/deployment-branch-policies" --jq '.branch_policies[].name')"
  grep -qxF "$branch" <<< "$held" ||
    gh api --method POST "$environment/deployment-branch-policies" -f name="$branch" > /dev/null
}
closed='[.deployment_branch_policy.custom_branch_policies // false,'
closed+=' any(.protection_rules[]; .type == "required_reviewers")] | map(tostring) | join(" ")'

put() {
  local branches='{"protected_branches": false, "custom_branch_policies": true}' self=true
  [ "$2" != "[]" ] || self=false
  gh api --method PUT "$1" --input - > /dev/null <<< \
    "{\"deployment_branch_policy\": $branches, \"prevent_self_review\": $self, \"reviewers\": $2}"
}

variable() {
  if [ $# = 3 ]; then
    gh variable set "$1" --repo "$repo" --env "$3" --body "$2"
  else
    gh variable set "$1" --repo "$repo" --body "$2"
  fi
}
