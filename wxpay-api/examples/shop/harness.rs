//! The shop's server on a free port, its database in a temporary folder, WeChat Pay, and a browser.

use std::error::Error;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::database::Database;
use crate::payment;
use crate::server::routes;
use crate::shop::{Settings, Shop, ShopError};
use crate::wechat_pay::{APPID, OPENID, WeChatPay};

pub(crate) type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// The price of the tea in fen.
pub(crate) const TEA: i64 = 880;

const DATABASE: &str = "shop.sqlite";

/// A running shop. Dropping it stops the server.
pub(crate) struct Harness {
    pub(crate) wechat_pay: WeChatPay,
    pub(crate) shop: Shop,
    folder: TempDir,
    url: String,
    server: AbortHandle,
    browser: reqwest::Client,
}

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
    /// Starts WeChat Pay, and the shop with an empty database.
    pub(crate) async fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = Database::open(&folder.path().join(DATABASE))?;
        let today = database.transaction(|db| {
            Ok(db.query_row("SELECT date('now', '+8 hours')", [], |row| row.get::<_, String>(0))?)
        });
        let wechat_pay = WeChatPay::start(&today.await?).await?;
        let settings = Settings {
            appid: APPID.to_owned(),
            notify_url: "https://shop.example.com/wechatpay/notify".to_owned(),
        };
        let shop = Shop { wx: wechat_pay.client()?, database, settings: Arc::new(settings) };
        let (url, server) = listen(&shop).await?;
        let browser = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { wechat_pay, shop, folder, url, server, browser })
    }

    /// The file of the database.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    /// Ends the server, and starts another with the same database file.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.server.abort();
        self.shop.database = Database::open(&self.database_file())?;
        (self.url, self.server) = listen(&self.shop).await?;
        Ok(())
    }

    /// Where the sandbox sends notifications, in place of the shop's public URL.
    pub(crate) fn notify_url(&self) -> String {
        format!("{}/wechatpay/notify", self.url)
    }

    /// Sends a request as the browser, and reads the JSON of the response.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<ShopResponse> {
        let url = format!("{}{path}", self.url);
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
        let order = json!({ "item": "tea", "openid": OPENID });
        let response = self.call("POST", "/orders", Some(order)).await?;
        check("an order", response.status, StatusCode::CREATED)?;
        Ok(response.text("out_trade_no").to_owned())
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

    /// Notifies a payment, and returns the status of the shop's response.
    pub(crate) async fn notify_paid(&self, number: &str, fen: i64) -> Result<u16> {
        let notification = self.wechat_pay.paid(number, fen);
        Ok(self.wechat_pay.notify(&self.notify_url(), notification).await?)
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

impl Drop for Harness {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn listen(shop: &Shop) -> Result<(String, AbortHandle)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let routes = routes(shop.clone());
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok((url, server.abort_handle()))
}

/// Serves the shop until the process ends. One more route pays an order, as the user does inside WeChat.
pub(crate) async fn serve(address: &str) -> Result<()> {
    let harness = Arc::new(Harness::open().await?);
    let listener = TcpListener::bind(address).await?;
    println!(
        "The shop is at http://{}. WeChat Pay is a sandbox, so no money moves.",
        listener.local_addr()?
    );
    let user = Arc::clone(&harness);
    let pay = |Path(number): Path<String>| async move {
        let total = payment::stored(&user.shop, &number).await?.total;
        let status = user.notify_paid(&number, total).await;
        Ok::<_, ShopError>(Json(
            json!({ "is_acknowledged": status.is_ok_and(|status| status == 204) }),
        ))
    };
    let routes = routes(harness.shop.clone())
        .merge(Router::new().route("/sandbox/orders/{out_trade_no}/pay", post(pay)));
    Ok(axum::serve(listener, routes).await?)
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
