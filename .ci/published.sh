# shellcheck shell=bash
# Sourced by the scripts that read rustdoc's JSON.

# The packages that are published.
packages='scopes-core scopes-dsl-macros scopes scopes-conformance scopes-export scopes-store'

# rustdoc_json PACKAGE: makes the JSON of a package and prints its path.
rustdoc_json() {
    RUSTDOC="$PWD/.ci/rustdoc-json" cargo rustdoc --quiet -p "$1" --lib --all-features -- \
        -Z unstable-options --output-format json --cap-lints allow &&
        printf '%s/doc/%s.json\n' "${CARGO_TARGET_DIR:-target}" "${1//-/_}"
}
