//! Plays the life of an order on a sandbox: order, payment, notification, query, refund, bill.
//!
//! The sandbox is a WeChat Pay on this machine. It verifies and signs everything, remembers what it is told, and moves
//! no money. The merchant's code below is what a shop needs for WeChat Pay itself; `shop` is a whole one.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use wxpay_api::compare::{ExpectedPayment, ExpectedRefund};
use wxpay_api::invoke::JsapiPayment;
use wxpay_api::notifications::Event;
use wxpay_api::sandbox::Sandbox;
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{Acknowledgement, Client, Present};

const APPID: &str = "wxd678efh567hg6787";
const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const ORDER: &str = "order-1";
const REFUND: &str = "refund-1";
/// The price in fen.
const PRICE: i64 = 888;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    println!("WeChat Pay is a sandbox at {}.\n", sandbox.url());
    let wx = sandbox.client()?;
    let (recorded, mut records) = unbounded_channel();
    let notify_url = serve(Merchant { wx: wx.clone(), recorded }).await?;

    let payment = order(&wx, &notify_url).await?;
    println!("1. Ordered. The page gets {}", serde_json::to_string(&payment)?);

    sandbox.open_payment(&payment)?.pay()?;
    println!("2. Paid. WeChat Pay accepted what the page got, and the user paid {PRICE} fen.");

    let record = records.recv().await.ok_or("no notification came")?;
    println!("3. Notified, verified and compared with the order: {record}");

    let paid = query(&wx).await?;
    println!("4. Queried: {} {}", paid.trade_state, paid.transaction_id);

    println!("5. Refunded: {}", refund(&wx, &notify_url).await?);
    sandbox.resource("refund/refund", REFUND)?.event("succeed")?;
    let record = records.recv().await.ok_or("no notification came")?;
    println!("6. The money is back, notified, verified and compared with the refund: {record}");
    println!("7. Queried: {}", query(&wx).await?.trade_state);

    sandbox.advance(Duration::from_secs(34 * 60 * 60));
    let success_time = paid.success_time.present().ok_or("no success_time")?;
    let day = success_time.get(..10).ok_or("no day")?;
    println!("8. The next day, the bill has what happened:\n");
    println!("{}", bill(&wx, day).await?);

    sandbox.notifications_settled().await;
    println!("WeChat Pay remembers:");
    let order = sandbox.order(ORDER)?;
    println!("   {ORDER} is {}", order.state()?);
    for refund in order.refunds()? {
        println!("   {REFUND} is {}", refund.state()?);
    }
    for sent in sandbox.sent_notifications() {
        let end = if sent.is_acknowledged() { "acknowledged" } else { "not acknowledged" };
        println!("   {} about {} is {end}", sent.event_type, sent.number);
    }
    Ok(())
}

/// Creates the order, and signs what the page passes to `WeixinJSBridge`.
async fn order(wx: &Client, notify_url: &str) -> Result<JsapiPayment, Box<dyn Error>> {
    let order = wx
        .v3()
        .pay()
        .transactions()
        .jsapi()
        .post(|r| {
            r.appid(APPID)
                .mchid(wx.id())
                .description("QQ公仔")
                .out_trade_no(ORDER)
                .amount(|a| a.total(PRICE))
                .notify_url(notify_url)
                .payer(|p| p.openid(OPENID))
        })
        .await?;
    let prepay_id = order.prepay_id.present().ok_or("no prepay_id")?;
    Ok(wx.invoke().jsapi(APPID, prepay_id)?)
}

/// Asks WeChat Pay for the order, which needs no notification.
async fn query(wx: &Client) -> wxpay_api::Result<Transaction> {
    let order = wx.v3().pay().transactions().out_trade_no().out_trade_no(ORDER);
    order.get(|r| r.mchid(wx.id())).await
}

/// Refunds a part. The refund's own number makes a retry harmless.
async fn refund(wx: &Client, notify_url: &str) -> Result<String, Box<dyn Error>> {
    let refunds = wx.v3().refund().domestic().refunds();
    let refund = refunds
        .post(|r| {
            r.out_refund_no(REFUND)
                .out_trade_no(ORDER)
                .amount(|a| a.refund(300).total(PRICE).currency("CNY"))
                .notify_url(notify_url)
        })
        .await?;
    Ok(format!("{} {}", refund.status.as_str(), refund.refund_id))
}

/// Downloads the bill of a Beijing day, and compares the file with its announced digest.
async fn bill(wx: &Client, day: &str) -> Result<String, Box<dyn Error>> {
    let bill = wx.v3().bill().tradebill().get(|r| r.bill_date(day)).await?;
    let file = wx.download_url(&bill).await?;
    Ok(String::from_utf8_lossy(file.content()).into_owned())
}

/// The merchant's server.
#[derive(Clone)]
struct Merchant {
    wx: Client,
    /// Stands for the merchant's database.
    recorded: UnboundedSender<String>,
}

/// Serves the notification route on a free port, and returns its URL.
async fn serve(merchant: Merchant) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/wechatpay/notify", listener.local_addr()?);
    let routes = Router::new().route("/wechatpay/notify", post(notified)).with_state(merchant);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(url)
}

/// Verifies a notification, compares it with the order, records it, and acknowledges it.
async fn notified(
    State(merchant): State<Merchant>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Bytes) {
    let acknowledgement = match merchant.record(&headers, &body).await {
        Ok(()) => Acknowledgement::handled(),
        // WeChat Pay sends it again.
        Err(error) => {
            eprintln!("the merchant refuses a notification: {error}");
            Acknowledgement::failed("not recorded")
        }
    };
    (acknowledgement.status(), acknowledgement.body().clone())
}

impl Merchant {
    async fn record(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Box<dyn Error>> {
        let notification = self.wx.notification(headers, body).await?;
        let record = match notification.event() {
            Event::PayTransaction(payment) => {
                let order = ExpectedPayment::direct(self.wx.id(), ORDER, PRICE).appid(APPID);
                let paid = order.check(&*payment)?.is_success();
                format!("{} {}, paid: {paid}", payment.out_trade_no, payment.transaction_id)
            }
            Event::RefundResult(refund) => {
                let expected = ExpectedRefund::direct(self.wx.id(), ORDER, REFUND, 300, PRICE);
                let refunded = expected.check(&*refund)?.is_success();
                format!("{} {}, refunded: {refunded}", refund.out_refund_no, refund.refund_id)
            }
            _ => return Err(format!("{} is not expected", notification.event_type()).into()),
        };
        Ok(self.recorded.send(record)?)
    }
}
