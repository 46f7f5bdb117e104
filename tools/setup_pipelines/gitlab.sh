
environment() {
  once "already been taken" glab api --method POST "projects/$project/environments" -f name="$1"
}

# Of an environment; behind it --protected, for jobs of protected branches alone.
variable() {
  local said
  if said="$(glab variable set "$1" "$2" --raw --repo "$repo" --scope "${@:3}" 2>&1)"; then
    return 0
  fi
  case "$said" in
    *"already been taken"*)
      glab variable update "$1" "$2" --raw --repo "$repo" --scope "${@:3}" > /dev/null
      ;;
    *)
      echo "$said" >&2
      exit 1
      ;;
  esac
}
