//! A sandbox with its folder, and runs of the program.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use wxpay_api::Config;
use wxpay_api::sandbox::{ReceivedRequest, Sandbox, SandboxBuilder};

/// A sandbox, and the folder that says how to reach it.
pub(crate) struct Folder {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: TempDir,
}

/// What a run of the program ended with.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let exit = output.status.code().expect("an exit code");
        Self { exit, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Expects success.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.exit, 0, "{}{}", self.stdout, self.stderr);
        self
    }

    /// Expects an exit code.
    pub(crate) fn fails(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "{}{}", self.stdout, self.stderr);
        self
    }

    /// The JSON of standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }

    /// The JSON of the failure.
    pub(crate) fn error(&self) -> Value {
        let line = self.stderr.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", self.stderr))
    }
}

/// Prepares a run of the program, without the settings of this machine.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wxpay"));
    command.args(arguments).stdin(Stdio::null());
    for name in ["LANG", "LC_ALL", "LC_MESSAGES", "WXPAY_CONFIG", "WXPAY_SANDBOX_DIR"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program.
pub(crate) fn wxpay(arguments: &[&str]) -> Run {
    Run::of(program(arguments).output().expect("the program starts"))
}

/// Runs the program with a text on standard input.
pub(crate) fn wxpay_with_input(arguments: &[&str], input: &str) -> Run {
    let mut command = program(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input");
    // A program that refuses its arguments reads nothing.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    Run::of(child.wait_with_output().expect("the program ends"))
}

impl Folder {
    pub(crate) async fn start() -> Self {
        Self::of(Sandbox::builder()).await
    }

    pub(crate) async fn of(builder: SandboxBuilder) -> Self {
        let sandbox = builder.start().await.expect("a sandbox");
        let folder = tempfile::tempdir().expect("a folder");
        let config = sandbox.write_config(folder.path()).expect("keys");
        let environment = environment(sandbox.url(), &config, sandbox.apiv3_key(), &sandbox);
        std::fs::write(folder.path().join("env.json"), environment.to_string()).expect("env.json");
        Self { sandbox, folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `wxpay call` with the folder.
    pub(crate) fn call(&self, arguments: &[&str]) -> Run {
        let dir = self.path().to_str().expect("a path");
        wxpay(&[&["call", "--dir", dir], arguments].concat())
    }

    /// Runs `wxpay --json call` with the folder.
    pub(crate) fn call_json(&self, arguments: &[&str]) -> Run {
        let dir = self.path().to_str().expect("a path");
        wxpay(&[&["--json", "call", "--dir", dir], arguments].concat())
    }

    /// The last request that the sandbox received.
    pub(crate) fn last(&self) -> ReceivedRequest {
        self.sandbox.received().pop().expect("a request")
    }

    /// Writes a file into the folder, and returns its path.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path.to_str().expect("a path").to_owned()
    }
}

/// The JSON body of a request.
pub(crate) fn body(request: &ReceivedRequest) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

/// The content of `env.json`, as `wxpay sandbox` writes it.
fn environment(url: &str, config: &Config, apiv3_key: &str, sandbox: &Sandbox) -> Value {
    json!({
        "url": url,
        "proxy": null,
        "ca_file": null,
        "mchid": config.mchid,
        "appid": "wxd678efh567hg6787",
        "serial_no": sandbox.merchant().serial().to_string(),
        "certificate_file": config.certificate_file,
        "private_key_file": config.private_key_file,
        "wechatpay_public_key_id": config.wechatpay_public_key_id,
        "wechatpay_public_key_file": config.wechatpay_public_key_file,
        "platform_certificate_files": config.platform_certificate_files,
        "apiv3_key": apiv3_key,
        "control_token": sandbox.control_token(),
    })
}
