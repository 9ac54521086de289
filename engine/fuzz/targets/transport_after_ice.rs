#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    veche_sfu::fuzz::transport_after_ice(bytes);
});
