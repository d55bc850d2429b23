# Counts instructions and allocations of one request to a server in the same process. The commands
# of this folder source it.

# Keeps freed memory for the next request. Otherwise the allocator's work depends on the addresses
# of the process.
export GLIBC_TUNABLES=glibc.malloc.tcache_max=65536:glibc.malloc.tcache_count=200
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The path of a server's program.
binary() { echo "${CARGO_TARGET_DIR:-target}/release/${1/#axum/end-to-end}"; }

# Instructions and allocations of this number of rounds, the start of the process included, and the
# requests per round.
total() {
    valgrind --tool=callgrind --callgrind-out-file="$work/profile" "$(binary "$1")" "$2" "$3" 2>/dev/null >"$work/requests"
    valgrind --tool=memcheck --leak-check=no "$(binary "$1")" "$2" "$3" 2>"$work/heap" >/dev/null
    local instructions allocations
    instructions=$(sed -n 's/^\(summary\|totals\): //p' "$work/profile" | head -n 1)
    allocations=$(sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' "$work/heap" | tr -d ,)
    echo "$instructions $allocations $(head -n 1 "$work/requests")"
}

# Instructions and allocations of one request: the difference between few and many rounds. A round
# of one request is repeated more often, because occasional cleaning of the allocator would count.
each() {
    local few many rounds
    read -r -a few < <(total "$1" "$2" 1)
    rounds=$((4 + 400 / (few[2] * few[2])))
    read -r -a many < <(total "$1" "$2" $((1 + rounds)))
    echo $(((many[0] - few[0]) / rounds / many[2])) $(((many[1] - few[1]) / rounds / many[2]))
}
