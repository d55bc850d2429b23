#!/usr/bin/env bash
# Counts the instructions (callgrind) and the allocations (memcheck) that the guard adds to one
# request, in one process with the server, and compares them with `requests.tsv`. Fails if
# instructions are more than 3 % above their limit, or allocations above theirs. Unlike times, these
# counts are the same on every run.
#
# `requests.sh [--print] [SERVER..]`: with `--print` it prints the numbers in the form of that file.
# Without a server it measures all.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v valgrind >/dev/null; then
    echo 'skipped: valgrind is not there (instructions.sh installs it)'
    # With SCOPES_REQUIRE_ALL=1 that is a failure.
    exit "${SCOPES_REQUIRE_ALL:-0}"
fi

source ./counting.sh

print=
if [ "${1:-}" = --print ]; then
    print=1
    shift
fi
servers=("$@")
[ "${#servers[@]}" != 0 ] || mapfile -t servers < <(grep -v '^#' requests.tsv | cut -f 1 | uniq)
# Each framework is built alone, because code that the facade compiles for another one must not
# count.
for server in "${servers[@]}"; do
    case $server in
        axum) cargo build --quiet --release -p end-to-end ;;
        *) cargo build --quiet --release -p frameworks --features "$server" --bin "$server" ;;
    esac
done

failed=0
declare -A bare
while IFS=$'\t' read -r server mode base instructions allocations; do
    case " ${servers[*]} " in *" $server "*) ;; *) continue ;; esac
    if [ -z "${bare[$server $base]:-}" ]; then bare[$server $base]=$(each "$server" "$base"); fi
    read -r bare_instructions bare_allocations <<<"${bare[$server $base]}"
    read -r counted allocated < <(each "$server" "$mode")
    counted=$((counted - bare_instructions)) allocated=$((allocated - bare_allocations))
    if [ -n "$print" ]; then
        printf '%s\t%s\t%s\t%s\t%s\n' "$server" "$mode" "$base" "$counted" "$allocated"
        continue
    fi
    verdict=
    if [ $((counted * 100)) -gt $((instructions * 103)) ] || [ "$allocated" -gt "$allocations" ]; then
        verdict='  TOO MANY'
        failed=1
    fi
    printf '%-10s %-22s %6d of %6d instructions, %2d of %2d allocations%s\n' \
        "$server" "$mode" "$counted" "$instructions" "$allocated" "$allocations" "$verdict"
done <requests.tsv
exit "$failed"
