#!/usr/bin/env bash
# How long `scopes!` takes: seconds of `cargo check` and of a release build of a crate with so many routes, and the most
# memory rustc used. Dependencies are built before. `0` is the empty crate.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --quiet --release --locked --bin declare
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
    echo "| $routes | $(timed check) | $(timed build --release) |"
done
