#!/usr/bin/env bash
# Builds the example plugins: C with clang and lld, Rust with the target wasm32-unknown-unknown, AssemblyScript with npm. Those that are named, or all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

rate_limiter() {
    clang --target=wasm32 -O2 -nostdlib -I c -Wl,--no-entry,--strip-all -o rate-limiter.wasm c/rate-limiter.c
}

custom_auth() {
    "${RUSTC:-rustc}" --edition 2021 --target wasm32-unknown-unknown -C opt-level=s -C panic=abort -C lto -C strip=symbols \
        --crate-type cdylib -o custom-auth.wasm rust/custom-auth.rs
}

request_logger() {
    (cd assemblyscript && npm install --no-fund --no-audit --no-package-lock && npm run build)
}

for each in "${@:-rate_limiter custom_auth request_logger}"; do
    for name in $each; do
        "${name//-/_}"
    done
done
