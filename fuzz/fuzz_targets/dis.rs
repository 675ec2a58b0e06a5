#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| picklescope_fuzz::dis::holds(data));
