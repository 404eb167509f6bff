//! The shop's server on this machine, its database in a temporary folder, WeChat Pay, and a browser.

use std::error::Error;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wxpay_api::sandbox::SandboxNotification;

use crate::clock::Clock;
use crate::database::Database;
use crate::office;
use crate::play::wechat_pay::{APPID, OPENID, WeChatPay};
use crate::server;
use crate::shop::{Settings, Shop};
use crate::timers;

pub(crate) type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// The price of the tea in fen.
pub(crate) const TEA: i64 = 880;

const DATABASE: &str = "shop.sqlite";
/// The path of the notification route.
pub(crate) const NOTIFY: &str = "/wechatpay/notify";

/// A running shop.
pub(crate) struct Harness {
    pub(crate) wechat_pay: WeChatPay,
    pub(crate) shop: Shop,
    folder: TempDir,
    address: String,
    server: Server,
    outage: Outage,
    browser: reqwest::Client,
}

/// A running server. Dropping it stops the server.
struct Server {
    task: JoinHandle<std::io::Result<()>>,
    stop: oneshot::Sender<()>,
}

/// Whether the notifications that WeChat Pay sends by itself do not reach the shop.
type Outage = Arc<AtomicBool>;

/// A response of the shop to the browser.
pub(crate) struct ShopResponse {
    pub(crate) status: StatusCode,
    pub(crate) value: Value,
}

impl ShopResponse {
    /// A text of the response; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Harness {
    /// Starts WeChat Pay, and the shop with an empty database on a free port.
    pub(crate) async fn open() -> Result<Self> {
        Self::open_at("127.0.0.1:0").await
    }

    async fn open_at(address: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = Database::open(&folder.path().join(DATABASE))?;
        let today = database.transaction(|db| {
            Ok(db.query_row("SELECT date('now', '+8 hours')", [], |row| row.get::<_, String>(0))?)
        });
        let wechat_pay = WeChatPay::start(&today.await?).await?;
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?.to_string();
        // The sandbox notifies servers on this machine. A real shop has an https URL that WeChat Pay reaches.
        let notify_url = format!("http://{address}{NOTIFY}");
        let settings = Settings { appid: APPID.to_owned(), notify_url, openid: OPENID.to_owned() };
        let settings = Arc::new(settings);
        let clock = Clock::sandbox(wechat_pay.sandbox.url())?;
        let shop = Shop { wx: wechat_pay.client()?, database, clock, settings };
        let outage = Outage::default();
        let server = Server::start(listener, &shop, &wechat_pay, &outage);
        let browser = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { wechat_pay, shop, folder, address, server, outage, browser })
    }

    /// The file of the database.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    /// Ends the server, and starts another at the same address with the same database file.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.server.stop().await?;
        self.shop.database = Database::open(&self.database_file())?;
        let listener = TcpListener::bind(&self.address).await?;
        self.server = Server::start(listener, &self.shop, &self.wechat_pay, &self.outage);
        Ok(())
    }

    /// Keeps the notifications that WeChat Pay sends by itself from the shop, or lets them through again.
    pub(crate) fn lose_notifications(&self, lost: bool) {
        self.outage.store(lost, Ordering::SeqCst);
    }

    /// Waits until the shop has acknowledged every notification that WeChat Pay sends by itself.
    pub(crate) async fn settled(&self) {
        self.wechat_pay.sandbox.notifications_settled().await;
    }

    /// Sends a notification once, whether others are lost or not, and returns the status of the shop's response.
    pub(crate) async fn notify(&self, notification: SandboxNotification) -> Result<u16> {
        let url = format!("http://{}{NOTIFY}?once", self.address);
        self.wechat_pay.notify(&url, notification).await
    }

    /// Sends a request as the browser, and reads the JSON of the response.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<ShopResponse> {
        let url = format!("http://{}{path}", self.address);
        let mut request = self.browser.request(method.parse()?, url);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await?;
        let (status, body) = (response.status(), response.bytes().await?);
        Ok(ShopResponse { status, value: serde_json::from_slice(&body)? })
    }

    /// Orders tea, and returns the order's number.
    pub(crate) async fn order(&self) -> Result<String> {
        let order = json!({ "item": "tea" });
        let response = self.call("POST", "/orders", Some(order)).await?;
        check("an order", response.status, StatusCode::CREATED)?;
        Ok(response.text("out_trade_no").to_owned())
    }

    /// Opens the checkout of an order, and returns the arguments that the page passes to `WeixinJSBridge`.
    pub(crate) async fn checkout(&self, number: &str) -> Result<Value> {
        let response = self.call("POST", &format!("/orders/{number}/checkout"), None).await?;
        check("the checkout", response.status, StatusCode::OK)?;
        Ok(response.value)
    }

    /// The page reports that the user is back.
    pub(crate) async fn confirm(&self, number: &str) -> Result<ShopResponse> {
        self.call("POST", &format!("/orders/{number}/confirm"), None).await
    }

    /// The state of an order, as the shop has stored it.
    pub(crate) async fn state(&self, number: &str) -> Result<String> {
        let response = self.call("GET", &format!("/orders/{number}"), None).await?;
        Ok(response.text("state").to_owned())
    }

    /// Closes an order unless it was paid, and returns its state.
    pub(crate) async fn close(&self, number: &str) -> Result<String> {
        let response = self.call("POST", &format!("/office/orders/{number}/close"), None).await?;
        check("closing", response.status, StatusCode::OK)?;
        Ok(response.text("state").to_owned())
    }

    /// Requests a refund, as the back office does.
    pub(crate) async fn refund(&self, order: &str, number: &str, fen: i64) -> Result<ShopResponse> {
        let path = format!("/office/orders/{order}/refunds/{number}");
        self.call("PUT", &path, Some(json!({ "amount": fen }))).await
    }

    /// Reconciles the day, and returns how many rows the bill has, and the differences.
    pub(crate) async fn reconcile(&self) -> Result<(u64, Vec<String>)> {
        let path = format!("/office/reconciliations/{}", self.wechat_pay.day);
        let response = self.call("POST", &path, None).await?;
        check("the reconciliation", response.status, StatusCode::OK)?;
        let rows = response.value.get("rows").and_then(Value::as_u64).unwrap_or_default();
        let findings = response.value.get("findings").and_then(Value::as_array);
        let texts = findings.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        Ok((rows, texts.collect()))
    }

    /// The result of a `SELECT count(*)`.
    pub(crate) async fn count(&self, select: &'static str) -> Result<i64> {
        let counted =
            self.shop.database.transaction(|db| Ok(db.query_row(select, [], |row| row.get(0))?));
        Ok(counted.await?)
    }

    /// The incidents of an order or a refund.
    pub(crate) async fn incidents(&self, number: &str) -> Result<Vec<String>> {
        let number = number.to_owned();
        let incidents = self.shop.database.transaction(move |db| {
            let mut select = db.prepare("SELECT what FROM incidents WHERE number = ?1")?;
            let incidents = select.query_map([number], |row| row.get(0))?;
            Ok(incidents.collect::<Result<_, _>>()?)
        });
        Ok(incidents.await?)
    }
}

impl Server {
    fn start(listener: TcpListener, shop: &Shop, wechat_pay: &WeChatPay, outage: &Outage) -> Self {
        let routes = server::routes(shop.clone())
            .merge(office::routes(shop.clone()))
            .merge(server::bridge(wechat_pay.sandbox.url()))
            .layer(from_fn_with_state(Arc::clone(outage), outside));
        let (stop, stopped) = oneshot::channel();
        let server = axum::serve(listener, routes).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        Self { task: tokio::spawn(async move { server.await }), stop }
    }

    /// Ends the server when it has responded to the requests that it has.
    async fn stop(&mut self) -> Result<()> {
        let (stop, _) = oneshot::channel();
        let _ = std::mem::replace(&mut self.stop, stop).send(());
        Ok((&mut self.task).await??)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The network in front of the shop.
async fn outside(State(outage): State<Outage>, request: Request, next: Next) -> Response {
    if outage.load(Ordering::SeqCst) && *request.uri() == NOTIFY {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

/// Serves the shop until the process ends. The page pays at the sandbox, which notifies the shop.
pub(crate) async fn serve(address: &str) -> Result<()> {
    let mut harness = Harness::open_at(address).await?;
    let url = format!("http://{}", harness.address);
    println!("The shop is at {url}, its office at {url}/office.");
    println!(
        "WeChat Pay is a sandbox at {}, so no money moves. Nothing stays.",
        harness.wechat_pay.sandbox.url()
    );
    tokio::spawn(timers::run(harness.shop.clone()));
    Ok((&mut harness.server.task).await??)
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

/// Ends the story unless something holds.
pub(crate) fn check_that(what: &str, holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(format!("it does not hold that {what}").into()) }
}
