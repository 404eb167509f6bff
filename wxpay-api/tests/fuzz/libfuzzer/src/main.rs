//! Runs libFuzzer on the target that the environment variable `WXPAY_FUZZ_TARGET` names.

#![no_main]

use std::env;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wxpay_fuzz::{TARGETS, Target};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let wanted = env::var("WXPAY_FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("no target `{wanted}`; there are {:?}", TARGETS.map(|it| it.0))).1
});

fuzz_target!(|data: &[u8]| TARGET(data));
