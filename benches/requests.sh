#!/usr/bin/env bash
# Counts the instructions (callgrind) and the allocations (memcheck) of one request to a server in the same process, above
# the same server without the guard, and compares them with `requests.tsv`: fails where instructions are more than 3 % above
# their limit, or allocations above theirs. Unlike times they are the same on every run.
#
# `requests.sh [--print] [SERVER..]`: with `--print` the numbers in the form of that file; without servers all of them.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v valgrind >/dev/null; then
    echo 'skipped: valgrind is not there (instructions.sh installs it)'
    # With SCOPES_REQUIRE_ALL=1 that is a failure.
    exit "${SCOPES_REQUIRE_ALL:-0}"
fi

print=
if [ "${1:-}" = --print ]; then
    print=1
    shift
fi
servers=("$@")
[ "${#servers[@]}" != 0 ] || mapfile -t servers < <(grep -v '^#' requests.tsv | cut -f 1 | uniq)
# Each framework by itself: what the facade compiles for another one must not count.
for server in "${servers[@]}"; do
    case $server in
        axum) cargo build --quiet --release -p end-to-end ;;
        *) cargo build --quiet --release -p frameworks --features "$server" --bin "$server" ;;
    esac
done
# What is freed is kept for the next request: how much else the allocator does depends on the addresses of the process.
export GLIBC_TUNABLES=glibc.malloc.tcache_max=65536:glibc.malloc.tcache_count=200
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

binary() { echo "${CARGO_TARGET_DIR:-target}/release/${1/#axum/end-to-end}"; }

# Instructions and allocations of so many rounds, the start of the process included, and the requests of a round.
total() {
    valgrind --tool=callgrind --callgrind-out-file="$work/profile" "$(binary "$1")" "$2" "$3" 2>/dev/null >"$work/requests"
    valgrind --tool=memcheck --leak-check=no "$(binary "$1")" "$2" "$3" 2>"$work/heap" >/dev/null
    local instructions allocations
    instructions=$(sed -n 's/^\(summary\|totals\): //p' "$work/profile" | head -n 1)
    allocations=$(sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' "$work/heap" | tr -d ,)
    echo "$instructions $allocations $(head -n 1 "$work/requests")"
}

# Instructions and allocations of one request: the difference between few and many rounds. A round of
# one request is repeated more often, because what the allocator tidies up now and then would count.
each() {
    local few many rounds
    read -r -a few < <(total "$1" "$2" 1)
    rounds=$((4 + 400 / (few[2] * few[2])))
    read -r -a many < <(total "$1" "$2" $((1 + rounds)))
    echo $(((many[0] - few[0]) / rounds / many[2])) $(((many[1] - few[1]) / rounds / many[2]))
}

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
