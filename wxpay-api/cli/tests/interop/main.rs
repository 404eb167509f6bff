//! SDKs of others, unmodified, against the program: an order from its beginning to its bill, and the keys.
//!
//! `.ci/run tools` installs the SDKs. Without them the tests are skipped, but not where `CI=true`.

#![cfg(all(unix, feature = "full"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    missing_docs,
    unreachable_pub,
    reason = "a failed expectation is a failed test"
)]

#[allow(dead_code, reason = "the tests of the folder use the rest")]
#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use support::Running;

const NODE: (&str, &str) = ("node", include_str!("../../../../.ci/interop/package-lock.json"));
const PYTHON: (&str, &str) = ("python", include_str!("../../../../.ci/interop/requirements.txt"));

/// What each script reports, in this order.
const STEPS: [&str; 9] = [
    "order",
    "notification",
    "query",
    "refund",
    "bill",
    "upload",
    "encrypted fields",
    "certificate rotation",
    "wrong keys",
];

/// Returns the folder of the SDKs of a language; `None` if they are not installed, or in other versions.
fn sdks((language, lock): (&str, &str), script: &str) -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools/interop");
    let folder = tools.join(language);
    let name = if language == "node" { "package-lock.json" } else { "requirements.txt" };
    if fs::read_to_string(folder.join(name)).unwrap_or_default() == lock {
        return Some(folder);
    }
    assert!(
        env::var_os("CI").is_none_or(|value| value != "true"),
        "`.ci/run tools` installs what this needs"
    );
    eprintln!("skipped: {script} needs the SDKs that `.ci/run tools` installs");
    None
}

/// The snippet for Rust compiles. Its placeholders are inside texts.
#[allow(dead_code)]
#[path = "../../templates/snippets/sandbox.rs"]
mod rust_snippet;

/// Runs a script against a new sandbox, and compares what it reports.
fn run(mut program: Command, script: &str) {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("sandbox");
    let running = Running::start(&folder, &[]);
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    program.arg(scripts.join(script)).env("WXPAY_SANDBOX_DIR", &folder);
    // All that leads an SDK to the sandbox. Whatever the machine has of them must not count.
    for name in ["http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "HTTP_PROXY"] {
        program.env_remove(name);
    }
    program.env("HTTPS_PROXY", running.line["proxy"].as_str().unwrap());
    program.env("NO_PROXY", "127.0.0.1,localhost");
    let ca_file = running.line["ca_file"].as_str().unwrap();
    for name in ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] {
        program.env(name, ca_file);
    }
    let output = program.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}{}", running.stderr());
    let steps: Vec<_> = stdout.lines().filter_map(|line| line.strip_prefix("ok ")).collect();
    assert_eq!(steps, STEPS);
    // The script tried the wrong certificate.
    assert!(running.stderr().contains("with 401: the certificate"), "{}", running.stderr());
}

fn node(script: &str) {
    let Some(folder) = sdks(NODE, script) else { return };
    let mut program = Command::new("node");
    program.env("NODE_PATH", folder.join("node_modules"));
    run(program, script);
}

fn python(script: &str) {
    let Some(folder) = sdks(PYTHON, script) else { return };
    let mut program = Command::new("python3");
    program.env("PYTHONPATH", folder).env("PYTHONDONTWRITEBYTECODE", "1");
    run(program, script);
}

#[test]
fn wechatpay_axios_plugin() {
    node("node/axios_plugin.cjs");
}

#[test]
fn wechatpay_node_v3() {
    node("node/node_v3.cjs");
}

#[test]
fn wechatpayv3() {
    python("python/wechatpayv3_sync.py");
}

#[test]
fn wechatpayv3_async() {
    python("python/wechatpayv3_async.py");
}

/// Runs a snippet of a folder as its first lines say, for each set of keys; it prints the code to pay.
fn run_snippet(command: &str, modules: impl Fn(&Path) -> Vec<(&'static str, PathBuf)>) {
    for keys in ["migrating", "public-key", "certificates"] {
        let parent = TempDir::new().unwrap();
        let folder = parent.path().join("sandbox");
        let running = Running::start(&folder, &["--keys", keys]);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!(". ../env.sh && {command}")]);
        shell.current_dir(folder.join("snippets")).envs(modules(&folder));
        let output = shell.output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{keys}: {stdout}{stderr}{}", running.stderr());
        assert!(stdout.contains("weixin://"), "{keys}: {stdout}");
    }
}

#[test]
fn the_snippet_for_node_runs() {
    let Some(sdks) = sdks(NODE, "the snippet for Node") else { return };
    run_snippet("node sandbox.mjs", |folder| {
        // Modules are found beside the program or above it.
        std::os::unix::fs::symlink(sdks.join("node_modules"), folder.join("node_modules")).unwrap();
        Vec::new()
    });
}

#[test]
fn the_snippet_for_python_runs() {
    let Some(sdks) = sdks(PYTHON, "the snippet for Python") else { return };
    run_snippet("python3 sandbox.py", |_| vec![("PYTHONPATH", sdks.clone())]);
}
