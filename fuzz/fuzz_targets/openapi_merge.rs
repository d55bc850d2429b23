#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| scopes_fuzzed::openapi_merge(data));
