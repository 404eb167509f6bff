//! A sandbox with its folder, and the program beside it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use wxpay_api::Client;
use wxpay_api::sandbox::Sandbox;

pub(crate) const APPID: &str = "wxd678efh567hg6787";

/// A sandbox of this process, and the folder that describes it to the program.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: TempDir,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(Sandbox::start().await.unwrap())
    }

    pub(crate) fn with(sandbox: Sandbox) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let shop = Self { sandbox, folder };
        shop.describe();
        shop
    }

    /// Writes `env.json`, as `wxpay sandbox` does.
    pub(crate) fn describe(&self) {
        let folder = self.folder.path().join("sandbox");
        std::fs::create_dir_all(&folder).unwrap();
        let config = self.sandbox.write_config(&folder).unwrap();
        let name = |file: &Option<PathBuf>| {
            file.as_ref().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        };
        let environment = json!({
            "url": self.sandbox.url(),
            "proxy": null,
            "ca_file": null,
            "mchid": config.mchid,
            "appid": APPID,
            "serial_no": self.sandbox.merchant().serial().to_string(),
            "certificate_file": name(&config.certificate_file),
            "private_key_file": name(&config.private_key_file),
            "wechatpay_public_key_id": config.wechatpay_public_key_id,
            "wechatpay_public_key_file": name(&config.wechatpay_public_key_file),
            "platform_certificate_files": config.platform_certificate_files.iter()
                .map(|file| name(&Some(file.clone()))).collect::<Vec<_>>(),
            "apiv3_key": self.sandbox.apiv3_key(),
            "apiv2_key": self.sandbox.apiv2_key(),
            "control_token": self.sandbox.control_token(),
        });
        std::fs::write(folder.join("env.json"), environment.to_string()).unwrap();
    }

    pub(crate) fn client(&self) -> Client {
        self.sandbox.client().unwrap()
    }

    /// Creates an order, and returns its `prepay_id`.
    pub(crate) async fn order(&self, number: &str, notify_url: &str) -> String {
        let wx = self.client();
        let order = wx.v3().pay().transactions().jsapi().post(|r| {
            r.appid(APPID)
                .mchid(wx.id())
                .description("QQ公仔")
                .out_trade_no(number)
                .amount(|a| a.total(100))
                .notify_url(notify_url)
                .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
        });
        order.await.unwrap().prepay_id
    }

    pub(crate) async fn paid(&self, number: &str) {
        self.order(number, "https://shop.example/notify").await;
        self.sandbox.order(number).unwrap().pay().unwrap();
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, b"")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        Ran::of(program(self.folder.path()).args(arguments), input)
    }

    /// Runs the program, and returns the JSON that it writes.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[&["--json"], arguments].concat());
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.file(name), content).unwrap();
        name.to_owned()
    }
}

/// The program, without anything of this process's environment.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wxpay"));
    command.env_clear().current_dir(folder);
    command
}

/// How the program ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(command: &mut Command, input: &[u8]) -> Self {
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        // A program that reads nothing may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input);
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        Self {
            code: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Returns the report of a failure under `--json`.
    pub(crate) fn report(&self) -> Value {
        serde_json::from_str(&self.stderr).unwrap()
    }
}

/// Runs the program, and reads no more than a byte of what it writes.
pub(crate) fn read_one_byte(command: &mut Command) -> (i32, String) {
    let pipes = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    let mut byte = [0];
    child.stdout.take().unwrap().read_exact(&mut byte).unwrap();
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stderr).unwrap())
}
