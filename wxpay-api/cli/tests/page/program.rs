//! The program, and a merchant that calls it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tempfile::TempDir;
use wxpay_api::protocol::Nonce;
use wxpay_api::{Client, Config, Merchant};

/// A running `wxpay sandbox` with a folder of its own. Dropping it ends it.
pub(crate) struct Program {
    child: Child,
    folder: TempDir,
    pub(crate) url: String,
    pub(crate) mchid: String,
    pub(crate) appid: String,
}

impl Program {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Returns the token of the control surface.
    pub(crate) fn token(&self) -> String {
        environment(&self.folder)["control_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_wxpay"));
        command.args([
            "sandbox",
            "--json",
            "--port",
            "0",
            "--no-proxy",
            "--notification-speed",
            "1000",
        ]);
        command.arg("--dir");
        command.arg(folder.path().join("sandbox")).args(arguments).stdout(Stdio::piped());
        command.env_remove("WXPAY_SANDBOX_DIR");
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        // The line says that it runs.
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let environment = environment(&folder);
        let text = |name: &str| environment[name].as_str().unwrap().to_owned();
        Self { url: text("url"), mchid: text("mchid"), appid: text("appid"), child, folder }
    }

    /// Returns the folder of the sandbox.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().join("sandbox")
    }

    /// Returns the URL of a page.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}/_sandbox/page{path}", self.url)
    }

    /// Returns the port.
    pub(crate) fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        let environment = environment(&self.folder);
        Some(self.folder().join(environment[name].as_str()?))
    }

    pub(crate) fn merchant(&self) -> Merchant {
        let (certificate, key) = (self.file("certificate_file"), self.file("private_key_file"));
        Merchant::from_files(&self.mchid, certificate.unwrap(), key.unwrap()).unwrap()
    }

    /// Returns a client with the files of the folder.
    pub(crate) fn client(&self) -> Client {
        let environment = environment(&self.folder);
        let text = |name: &str| environment[name].as_str().map(str::to_owned);
        let mut config = Config::default();
        config.mchid = text("mchid");
        config.certificate_file = self.file("certificate_file");
        config.private_key_file = self.file("private_key_file");
        config.wechatpay_public_key_id = text("wechatpay_public_key_id");
        config.wechatpay_public_key_file = self.file("wechatpay_public_key_file");
        config.apiv3_key = text("apiv3_key").map(Into::into);
        config.client_builder().unwrap().base_url(&self.url).build().unwrap()
    }

    /// Calls WeChat Pay, and returns the status and the body of the response.
    pub(crate) async fn call(&self, method: &str, target: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.call_signing(method, target, target, &body).await
    }

    /// Calls WeChat Pay with the signature of another target.
    pub(crate) async fn call_signing(
        &self,
        method: &str,
        target: &str,
        signed: &str,
        body: &str,
    ) -> (u16, Value) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let nonce = Nonce::random().unwrap();
        let signature = self.merchant().authorization(method, signed, now, nonce, body.as_bytes());
        let url = format!("{}{target}", self.url);
        let request = http().request(method.parse().unwrap(), url).body(body.to_owned());
        let request = request
            .header("Authorization", signature.unwrap().to_header())
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .header("User-Agent", "test");
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body = response.text().await.unwrap();
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// Orders, and returns the response.
    pub(crate) async fn order(&self, segment: &str, number: &str, fen: i64) -> Value {
        let mut order = json!({
            "appid": self.appid,
            "mchid": self.mchid,
            "description": "龙井茶 50g",
            "out_trade_no": number,
            "notify_url": "http://127.0.0.1:9/notify",
            "amount": { "total": fen },
        });
        match segment {
            "jsapi" => order["payer"] = json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }),
            "h5" => {
                let scene = json!({ "payer_client_ip": "127.0.0.1", "h5_info": { "type": "Wap" } });
                order["scene_info"] = scene;
            }
            _ => {}
        }
        let target = format!("/v3/pay/transactions/{segment}");
        let (status, response) = self.call("POST", &target, &order).await;
        assert_eq!(status, 200, "{response}");
        response
    }

    /// Sends a request to the control surface, and returns the JSON of the response.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}/_sandbox{path}", self.url);
        let mut request = http().request(method.parse().unwrap(), url);
        if !body.is_null() {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// Returns the state of an order.
    pub(crate) async fn state(&self, number: &str) -> String {
        let resource = self.control("GET", &format!("/resources/{number}"), Value::Null).await;
        resource["state"].as_str().unwrap().to_owned()
    }

    /// Returns the path of an order's page.
    pub(crate) async fn path_of(&self, number: &str) -> String {
        let resource = self.control("GET", &format!("/resources/{number}"), Value::Null).await;
        format!("/resources/{}", resource["id"])
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn environment(folder: &TempDir) -> Value {
    let file = folder.path().join("sandbox/env.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

pub(crate) fn http() -> reqwest::Client {
    let redirects = reqwest::redirect::Policy::none();
    reqwest::Client::builder().no_proxy().redirect(redirects).build().unwrap()
}
