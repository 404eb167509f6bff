//! Runs the program in a folder, and talks to it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use serde_json::Value;
use wxpay_api::{Client, Config};

/// A running sandbox. Dropping it kills it.
pub struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: PathBuf,
    /// The line of JSON that the program printed at its start.
    pub line: Value,
}

/// A command with arguments, for a folder and free ports.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wxpay"));
    command
        .args(["sandbox", "--json", "--port", "0", "--proxy", "0", "--dir"])
        .arg(folder)
        .args(arguments);
    command.env_remove("WXPAY_SANDBOX_DIR");
    command
}

impl Running {
    /// Starts a sandbox, and waits until it says that it runs.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let stderr = folder.with_extension("stderr");
        let mut command = command(folder, arguments);
        command.stdout(Stdio::piped()).stderr(File::create(&stderr).unwrap());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let warnings = fs::read_to_string(&stderr).unwrap();
        let line = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}{warnings}"));
        Self { child, stdout, stderr, line }
    }

    pub fn url(&self) -> &str {
        self.line["url"].as_str().unwrap()
    }

    /// Returns what the program wrote to stderr so far.
    pub fn stderr(&self) -> String {
        fs::read_to_string(&self.stderr).unwrap()
    }

    /// Sends a request to the control surface, and returns the JSON of the response.
    pub async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/_sandbox{path}", self.url());
        let mut request = client.request(method.parse().unwrap(), url);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Ends the process by a signal, and returns how it ended.
    pub fn signal(&mut self, name: &str) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
        // Whatever else it prints, nobody may keep it from ending.
        std::io::copy(&mut self.stdout, &mut std::io::sink()).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads `env.json` of a folder.
pub fn environment(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("env.json")).unwrap()).unwrap()
}

/// Builds a client from the files of a folder.
pub fn client(folder: &Path) -> Client {
    let environment = environment(folder);
    let text = |name: &str| environment[name].as_str().map(str::to_owned);
    let file = |name: &str| text(name).map(|file| folder.join(file));
    let mut config = Config::default();
    config.mchid = text("mchid");
    config.certificate_file = file("certificate_file");
    config.private_key_file = file("private_key_file");
    config.wechatpay_public_key_id = text("wechatpay_public_key_id");
    config.wechatpay_public_key_file = file("wechatpay_public_key_file");
    config.apiv3_key = text("apiv3_key").map(Into::into);
    config.client_builder().unwrap().base_url(text("url").unwrap()).build().unwrap()
}
