//! The unit tests inside of `src`, compiled here with the few modules that have some.
//!
//! A test build of the library would compile everything that is generated once more, for a handful of tests.

#![allow(dead_code, unreachable_pub, reason = "the modules are only here for their tests")]
#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

mod client {
    pub(crate) use payload::Payload;

    #[path = "../../src/client/transport/body.rs"]
    mod body;
    #[path = "../../src/client/operation/payload.rs"]
    mod payload;
}

mod protocol {
    pub(crate) use wxpay_api::protocol::CryptoError;

    #[path = "../../src/protocol/excerpt.rs"]
    pub(crate) mod excerpt;
    #[path = "../../src/protocol/lossy_json/mod.rs"]
    mod lossy_json;
    #[path = "../../src/protocol/sign/nonce.rs"]
    mod nonce;
}

/// The files of a folder whose tests only a test build compiles.
fn with_unit_tests(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            with_unit_tests(&path, found);
        } else if fs::read_to_string(&path).is_ok_and(|text| text.contains("cfg(test)")) {
            let name = path.strip_prefix(source()).unwrap().to_string_lossy();
            found.insert(name.replace('\\', "/"));
        }
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src")
}

/// A file that is added to `src` with unit tests belongs above and here.
#[test]
fn every_file_with_unit_tests_is_compiled_here() {
    let mut found = BTreeSet::new();
    with_unit_tests(&source(), &mut found);
    let here =
        ["client/transport/body.rs", "protocol/lossy_json/repair.rs", "protocol/sign/nonce.rs"];
    assert_eq!(found, here.map(str::to_owned).into());
}
