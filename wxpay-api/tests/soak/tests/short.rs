//! Both soaks in short, so that they cannot rot. They take some seconds.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]
#![cfg(target_os = "linux")]

use std::io::ErrorKind;
use std::io::Write;
use std::process::Command;

fn soak(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_wxpay-soak")).args(arguments).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}\n{errors}");
    assert!(printed.contains("| yes |"), "{printed}");
}

#[test]
fn notifications_are_handled_once() {
    if !redis_is_installed() {
        return;
    }
    soak(&["notifications", "--count", "400", "--pause", "1", "--away", "1000"]);
}

#[test]
fn no_outcome_is_a_lie() {
    soak(&["faults", "--rounds", "2", "--lanes", "4", "--stories", "6"]);
}

/// If Redis is not installed, the test prints that it is skipped; on CI it fails.
fn redis_is_installed() -> bool {
    match Command::new("redis-server").arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "redis-server is not installed");
            // Unlike `eprintln!`, this is shown when the test passes.
            let _ = writeln!(std::io::stderr(), "SKIPPED: redis-server is not installed");
            false
        }
        result => result.unwrap().status.success(),
    }
}
