#!/usr/bin/env bash
# Says whose the instructions are that the guard adds to one request: the allocator's, the
# framework's, or ours by subject. The rows add up to the row of this server and this mode in
# `requests.tsv`, except for occasional cleaning of the allocator.
#
# `profile.sh SERVER MODE [BASE]`: MODE and BASE are those of `requests.tsv`. `--functions` before
# them lists the functions instead.
set -euo pipefail
cd "$(dirname "$0")"
source ./counting.sh

functions=
if [ "${1:-}" = --functions ]; then
    functions=1
    shift
fi
server=$1 mode=$2 base=${3:-bare}
case $server in
    axum) cargo build --quiet --release -p end-to-end ;;
    *) cargo build --quiet --release -p frameworks --features "$server" --bin "$server" ;;
esac

# Instructions per function and request: the difference between one round and five.
per_function() {
    local rounds requests
    for rounds in 1 5; do
        valgrind --tool=callgrind --callgrind-out-file="$work/$rounds" "$(binary "$server")" "$1" "$rounds" \
            2>/dev/null >"$work/requests"
        requests=$(head -n 1 "$work/requests")
        callgrind_annotate --threshold=100 "$work/$rounds" |
            sed -n 's/^ *\([0-9,]*\) ([^)]*) *\(.*\)$/\1\t\2/p' |
            awk -F '\t' '{ gsub(",", "", $1); sub(/ \[[^]]*\]$/, "", $2); sub(/^[^:]*:/, "", $2); print $1 "\t" $2 }' >"$work/$rounds.functions"
    done
    awk -F '\t' -v requests="$requests" '
        FNR == NR { few[$2] += $1; next }
        { many[$2] += $1 }
        END { for (name in many) print (many[name] - few[name]) / 4 / requests "\t" name }
    ' "$work/1.functions" "$work/5.functions"
}

per_function "$base" >"$work/base"
per_function "$mode" >"$work/mode"
awk -F '\t' '
    FNR == NR { base[$2] += $1; next }
    { mode[$2] += $1 }
    END {
        for (name in mode) print mode[name] - base[name] "\t" name
        for (name in base) if (!(name in mode)) print -base[name] "\t" name
    }
' "$work/base" "$work/mode" | grep -v 'PROGRAM TOTALS' >"$work/difference"

if [ -n "$functions" ]; then
    sort -rn "$work/difference" | awk -F '\t' '$1 >= 8 || $1 <= -8 { printf "%7d  %s\n", $1, $2 }'
    exit
fi
awk -F '\t' '
    function owner(name) {
        if (name ~ /malloc|_int_|free|calloc|realloc|__rdl|__rustc::|finish_grow|unlink_chunk/) return "allocator"
        if (name ~ /mem(cpy|move|cmp|set)|memchr/) return "copies and comparisons of memory"
        if (name ~ /hashbrown|http::extensions|type_map|TypeId/) return "map of the extensions"
        if (name ~ /warp::|futures_util|futures_core/) return "framework, and our code inlined into its futures"
        if (name ~ /verifiers::|verify_owned|verify_now|kept_token|Running|Guarded<|guarded::caught|verification/) return "verifier and its future"
        if (name ~ /drop_in_place|drop_slow/) return "drops"
        if (name ~ /scopes_core/) return "ours: matcher and verdict"
        if (name ~ /sources|presented|credentials|from_utf8|header::map|authorization/) return "token and headers"
        if (name ~ /scopes::gate/) return "ours: gate"
        if (name ~ /scopes::(check|permit|carrier|required)|scopes::[a-z_]*::extract/) return "ours: permit"
        if (name ~ /scopes::request|scopes::[a-z_]*::facts|refused_targets|Iterator::all|core::str/) return "ours: target and template"
        if (name ~ /scopes::/) return "ours: layer"
        return "framework, and our code inlined into its futures"
    }
    { by[owner($2)] += $1; all += $1 }
    END {
        for (name in by) printf "%7d  %s\n", by[name], name
        printf "%7d  in all\n", all
    }
' "$work/difference" | sort -rn
