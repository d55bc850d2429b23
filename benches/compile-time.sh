#!/usr/bin/env bash
# Measures how long the macros take. For each number of routes in the crate: the seconds of `cargo
# check` and of a release build, and the peak memory of rustc. Then what one `#[requires]` adds to a
# handler. The dependencies are built first, outside of the measured time. `0` is the empty crate.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --quiet --release --no-default-features --bin declare
declare="${CARGO_TARGET_DIR:-$PWD/target}/release/declare"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<EOF
[workspace]
[package]
name = "timed"
version = "0.0.0"
edition = "2024"
[dependencies]
scopes = { path = "$(cd .. && pwd)" }
EOF
echo '//! Nothing.' >"$folder/src/lib.rs"
export CARGO_TARGET_DIR="$folder/target" CARGO_INCREMENTAL=0
(cd "$folder" && cargo check --quiet && cargo build --quiet --release)

timed() { # seconds and MB of a cargo command on the crate alone
    touch "$folder/src/lib.rs"
    /usr/bin/time -f '%e %M' cargo "$@" --quiet --manifest-path "$folder/Cargo.toml" 2>&1 | awk 'END { printf "%.2f | %d", $1, $2 / 1000 }'
}
echo '| routes | check s | MB | release s | MB |'
echo '|---|---|---|---|---|'
for routes in 0 100 1000 10000; do
    [ "$routes" = 0 ] || "$declare" "rest$routes" >"$folder/src/lib.rs"
    # A command of its own, because within the next line its failure would go unnoticed.
    check=$(timed check)
    release=$(timed build --release)
    echo "| $routes | $check | $release |"
done

# What \`routes;\` adds on catalogues of the size of the largest published APIs. Measures CPU
# seconds, because other work on the machine changes them less than wall-clock time.
echo
echo '| routes | segments | check, CPU s | MB | with \`routes;\` | MB |'
echo '|---|---|---|---|---|---|'
for shape in '11215 16' '12221 20'; do
    row="| ${shape/ / | } |"
    for kind in large routes; do
        # shellcheck disable=SC2086
        "$declare" $kind $shape >"$folder/src/lib.rs"
        row+=" $(for _ in 1 2 3; do
            touch "$folder/src/lib.rs"
            /usr/bin/time -f '%U %S %M' cargo check --quiet --manifest-path "$folder/Cargo.toml" 2>&1 \
                | awk 'END { printf "%.2f | %d\n", $1 + $2, $3 / 1000 }'
        done | sort -n | head -n 1) |"
    done
    echo "$row"
done

# Milliseconds per handler: the difference between a thousand handlers with the attribute and a
# thousand with the parameter written by hand.
handlers=1000
echo
echo '| scopes | `#[requires]`, ms a handler | with its route |'
echo '|---|---|---|'
for scopes in 13 128 900; do
    for kind in plain guarded tied; do
        "$declare" "$scopes" "$handlers" "$kind" >"$folder/src/lib.rs"
        # The best of three, because other work on the machine can only add time.
        for _ in 1 2 3; do timed check; echo; done | sort -n | head -n 1 | cut -d ' ' -f 1 >"$folder/$kind"
    done
    echo "| $scopes | $(paste "$folder"/{plain,guarded,tied} | awk -v n="$handlers" '{ printf "%.2f | %.2f", ($2 - $1) * 1000 / n, ($3 - $1) * 1000 / n }') |"
done
