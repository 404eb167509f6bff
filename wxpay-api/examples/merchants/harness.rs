//! The server on this machine, its folder of merchants, and a sandbox in place of WeChat Pay.

use std::error::Error;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wxpay_api::sandbox::{Account, KeyMode, Sandbox, SandboxNotification};

use crate::database::Database;
use crate::merchants::Merchants;
use crate::server::{Hangups, serve};
use crate::service::{Service, Settings};

pub(crate) type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

pub(crate) const APPID: &str = "wxd678efh567hg6787";

/// The sandbox repeats notifications this many times faster: the whole day takes nine seconds.
const FASTER: u32 = 10_000;

/// A running server.
pub(crate) struct Harness {
    pub(crate) sandbox: Sandbox,
    pub(crate) service: Service,
    _folder: TempDir,
    url: String,
    browser: reqwest::Client,
    server: Option<Server>,
}

struct Server {
    task: JoinHandle<std::io::Result<()>>,
    stop: oneshot::Sender<()>,
}

/// A response of the server.
pub(crate) struct ServiceResponse {
    pub(crate) status: StatusCode,
    pub(crate) value: Value,
}

impl ServiceResponse {
    /// A text of the response; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Harness {
    /// Starts WeChat Pay, and the server with its first merchant. `look_every` is how often it looks at the folder.
    pub(crate) async fn open(look_every: Duration, hangups: Hangups) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let merchants = folder.path().join("merchants");
        fs::create_dir(&merchants)?;
        let sandbox = Sandbox::builder().notification_speed(FASTER).start().await?;
        write(&merchants, &sandbox, &config(&sandbox))?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let settings = Arc::new(Settings {
            folder: merchants,
            // The sandbox notifies servers on this machine.
            public_url: url.clone(),
            base_url: Some(sandbox.url().to_owned()),
            look_every,
            test_every: Duration::from_secs(3600),
            grace: Duration::from_secs(60),
            certificate_pause: Duration::ZERO,
        });
        let merchants = Merchants::new(Arc::clone(&settings))?;
        merchants.reload(true).await?;
        let database = Database::open(&folder.path().join("merchants.sqlite"))?;
        let service = Service { merchants, database, settings };
        let browser = reqwest::Client::builder().no_proxy().build()?;
        let server = Some(Server::start(listener, service.clone(), hangups));
        Ok(Self { sandbox, service, _folder: folder, url, browser, server })
    }

    /// Stops the server when the requests in flight have ended.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let server = self.server.take().ok_or("the server is stopped already")?;
        let _ = server.stop.send(());
        Ok(server.task.await??)
    }

    /// Ends the server, and starts another at the same address with the same files.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.stop().await?;
        let settings = &self.service.settings;
        let merchants = Merchants::new(Arc::clone(settings))?;
        merchants.reload(true).await?;
        let listener = TcpListener::bind(settings.public_url.trim_start_matches("http://")).await?;
        self.service.merchants = merchants;
        self.server = Some(Server::start(listener, self.service.clone(), Hangups::none()));
        Ok(())
    }

    /// A file or folder of a merchant.
    pub(crate) fn path(&self, account: &Account, name: &str) -> PathBuf {
        self.service.settings.folder.join(account.merchant().id()).join(name)
    }

    /// A merchant of WeChat Pay, with the keys of this mode. The server does not have it yet.
    pub(crate) fn account(&self, mchid: &str, mode: KeyMode) -> Result<Account> {
        let account = self.sandbox.add_merchant(mchid)?;
        account.set_key_mode(mode);
        Ok(account)
    }

    /// Writes a merchant's folder with its keys.
    pub(crate) fn write(&self, account: &Account, config: &Value) -> Result<()> {
        write(&self.service.settings.folder, account, config)
    }

    /// Removes a merchant's folder.
    pub(crate) fn remove(&self, account: &Account) -> Result<()> {
        Ok(fs::remove_dir_all(self.path(account, ""))?)
    }

    /// Sends a request, and reads the JSON of the response.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<ServiceResponse> {
        let mut request = self.browser.request(method.parse()?, format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await?;
        let (status, body) = (response.status(), response.bytes().await?);
        Ok(ServiceResponse { status, value: serde_json::from_slice(&body).unwrap_or_default() })
    }

    /// Orders tea of 880 fen at a merchant.
    pub(crate) async fn order(&self, account: &Account, number: &str) -> Result<ServiceResponse> {
        let path = format!("/merchants/{}/orders/{number}", account.merchant().id());
        let order = json!({ "description": "龙井茶", "total": 880 });
        self.call("PUT", &path, Some(order)).await
    }

    /// The state of an order in the database.
    pub(crate) async fn stored(&self, account: &Account, number: &str) -> Result<String> {
        let (mchid, number) = (account.merchant().id().to_owned(), number.to_owned());
        let select = "SELECT state FROM orders WHERE mchid = ?1 AND out_trade_no = ?2";
        let stored = self
            .service
            .database
            .transaction(move |db| Ok(db.query_row(select, [mchid, number], |row| row.get(0))?));
        Ok(stored.await?)
    }

    /// What the page of readiness says: of all, and of a merchant.
    pub(crate) async fn ready(&self, account: &Account) -> Result<(StatusCode, String, Value)> {
        let response = self.call("GET", "/ready", None).await?;
        let merchants = response.value.get("merchants").and_then(Value::as_array);
        let id = account.merchant().id();
        let merchant =
            merchants.into_iter().flatten().find(|it| it.get("mchid") == Some(&json!(id)));
        let status = response.text("status").to_owned();
        Ok((response.status, status, merchant.cloned().unwrap_or_default()))
    }

    /// Sends a notification of an account to the URL of a merchant, or to the shared one, and returns the status.
    pub(crate) async fn notify(
        &self,
        sender: &Account,
        path: &str,
        notification: SandboxNotification,
    ) -> Result<u16> {
        let url = format!("{}/wechatpay/notify{path}", self.url);
        Ok(sender.notify(&url, notification).await?.status)
    }
}

impl Server {
    fn start(listener: TcpListener, service: Service, hangups: Hangups) -> Self {
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        Self { task: tokio::spawn(serve(listener, service, hangups, stopped)), stop }
    }
}

/// The configuration of an account: with its public key, or with certificates that the server downloads.
pub(crate) fn config(account: &Account) -> Value {
    let (id, _) = account.wechatpay_public_key();
    json!({
        "appid": APPID,
        "wechatpay": {
            "mchid": account.merchant().id(),
            "certificate_file": "apiclient_cert.pem",
            "private_key_file": "apiclient_key.pem",
            "wechatpay_public_key_id": id,
            "wechatpay_public_key_file": "pub_key.pem",
            "apiv3_key_file": "apiv3_key"
        }
    })
}

/// The configuration of a merchant that has platform certificates.
pub(crate) fn with_certificates(account: &Account) -> Value {
    json!({
        "appid": APPID,
        "wechatpay": {
            "mchid": account.merchant().id(),
            "certificate_file": "apiclient_cert.pem",
            "private_key_file": "apiclient_key.pem",
            "download_certificates": true,
            "apiv3_key_file": "apiv3_key"
        }
    })
}

fn write(folder: &Path, account: &Account, config: &Value) -> Result<()> {
    let folder = folder.join(account.merchant().id());
    fs::create_dir_all(&folder)?;
    let (certificate, key) = account.merchant_pem()?;
    let (_, public_key) = account.wechatpay_public_key();
    fs::write(folder.join("apiclient_cert.pem"), certificate)?;
    fs::write(folder.join("apiclient_key.pem"), key)?;
    fs::write(folder.join("pub_key.pem"), public_key)?;
    fs::write(folder.join("apiv3_key"), account.apiv3_key())?;
    Ok(fs::write(folder.join("merchant.json"), serde_json::to_vec_pretty(config)?)?)
}

/// Compares what a step found with what it must find.
pub(crate) fn check<A: PartialEq<B> + Display, B: Display>(
    what: &str,
    found: A,
    expected: B,
) -> Result<()> {
    match found == expected {
        true => Ok(()),
        false => Err(format!("{what}: {found}, and {expected} was expected").into()),
    }
}
