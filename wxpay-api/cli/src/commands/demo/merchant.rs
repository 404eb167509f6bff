//! The merchant: its calls, and the server that WeChat Pay notifies.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use wxpay_api::compare::{ExpectedPayment, ExpectedRefund};
use wxpay_api::invoke::JsapiPayment;
use wxpay_api::notifications::Event;
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::v3::refund::types::Refund;
use wxpay_api::{Acknowledgement, Client, Notification, Present};

use crate::output::Failure;

const APPID: &str = "wxd678efh567hg6787";
const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
pub(super) const ORDER: &str = "order-1";
pub(super) const REFUND: &str = "refund-1";
/// The price in fen.
pub(super) const PRICE: i64 = 888;
/// The part that is refunded, in fen.
pub(super) const REFUNDED: i64 = 300;

/// The most bytes of a notification.
const LONGEST_BODY: usize = 1 << 20;

/// A merchant with a server on a free port.
#[derive(Clone, Debug)]
pub(super) struct Merchant {
    wx: Client,
    notify_url: String,
    /// In place of a database.
    recorded: UnboundedSender<Record>,
}

/// A notification that was verified, and is the same as the order or the refund.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) event_type: String,
    pub(super) id: String,
    pub(super) key_id: String,
    pub(super) number_name: &'static str,
    pub(super) number: String,
    pub(super) success: bool,
}

impl Merchant {
    /// Starts the merchant's server. The other half returns what it recorded.
    pub(super) async fn open(wx: Client) -> Result<(Self, UnboundedReceiver<Record>), Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let notify_url = format!("http://{}/wechatpay/notify", listener.local_addr()?);
        let (recorded, records) = unbounded_channel();
        let merchant = Self { wx, notify_url, recorded };
        let server = merchant.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(server.clone().serve(stream));
            }
        });
        Ok((merchant, records))
    }

    /// Creates the order, and returns its `prepay_id`.
    pub(super) async fn order(&self) -> Result<String, Failure> {
        let jsapi = self.wx.v3().pay().transactions().jsapi();
        let order = jsapi.post(|r| {
            r.appid(APPID)
                .mchid(self.wx.id())
                .description("QQ公仔")
                .out_trade_no(ORDER)
                .amount(|a| a.total(PRICE))
                .notify_url(&self.notify_url)
                .payer(|p| p.openid(OPENID))
        });
        let order = order.await?;
        let prepay_id = order.prepay_id.present();
        Ok(prepay_id.ok_or_else(|| Failure::new("the order has no `prepay_id`"))?.to_owned())
    }

    /// Signs what the page passes to `WeixinJSBridge`.
    pub(super) fn sign_for_page(&self, prepay_id: &str) -> Result<JsapiPayment, Failure> {
        Ok(self.wx.invoke().jsapi(APPID, prepay_id)?)
    }

    /// Asks WeChat Pay for the order, which needs no notification.
    pub(super) async fn query(&self) -> Result<Transaction, Failure> {
        let order = self.wx.v3().pay().transactions().out_trade_no().out_trade_no(ORDER);
        Ok(order.get(|r| r.mchid(self.wx.id())).await?)
    }

    /// Refunds a part. The refund's own number makes a retry harmless.
    pub(super) async fn refund(&self) -> Result<Refund, Failure> {
        let refund = self.wx.v3().refund().domestic().refunds().post(|r| {
            r.out_refund_no(REFUND)
                .out_trade_no(ORDER)
                .amount(|a| a.refund(REFUNDED).total(PRICE).currency("CNY"))
                .notify_url(&self.notify_url)
        });
        Ok(refund.await?)
    }

    /// Downloads the bill of a Beijing day. The file is compared with its announced digest.
    pub(super) async fn bill(&self, day: &str) -> Result<Vec<BillRow>, Failure> {
        let bill = self.wx.v3().bill().tradebill().get(|r| r.bill_date(day)).await?;
        let file = self.wx.download_url(&bill).await?;
        Ok(BillRow::read(&String::from_utf8_lossy(file.content())))
    }

    async fn serve(self, stream: TcpStream) {
        let respond = service_fn(move |request| {
            let merchant = self.clone();
            async move { Ok::<_, Infallible>(merchant.respond(request).await) }
        });
        // WeChat Pay sends a notification again if its connection broke.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), respond).await;
    }

    async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let acknowledgement = match Limited::new(body, LONGEST_BODY).collect().await {
            Ok(body) => match self.wx.notification(&head.headers, &body.to_bytes()).await {
                Ok(notification) => self.record(&notification),
                Err(error) => error.into(),
            },
            Err(_) => Acknowledgement::failed("the body did not arrive"),
        };
        let mut response = Response::new(Full::new(acknowledgement.body().clone()));
        *response.status_mut() = acknowledgement.status();
        response
    }

    /// Compares a notification with the order, and records it.
    fn record(&self, notification: &Notification) -> Acknowledgement {
        let (number_name, number, checked) = match notification.event() {
            Event::PayTransaction(payment) => {
                let order = ExpectedPayment::direct(self.wx.id(), ORDER, PRICE).appid(APPID);
                ("out_trade_no", payment.out_trade_no.clone(), order.check(&*payment))
            }
            Event::RefundResult(refund) => {
                let expected = ExpectedRefund::direct(self.wx.id(), ORDER, REFUND, REFUNDED, PRICE);
                ("out_refund_no", refund.out_refund_no.clone(), expected.check(&*refund))
            }
            _ => return Acknowledgement::failed("not expected"),
        };
        let Ok(matched) = checked else {
            return Acknowledgement::failed("it differs from the order");
        };
        let record = Record {
            event_type: notification.event_type().to_owned(),
            id: notification.id().to_owned(),
            key_id: notification.key_id().to_owned(),
            number_name,
            number,
            success: matched.is_success(),
        };
        match self.recorded.send(record) {
            Ok(()) => Acknowledgement::handled(),
            Err(_) => Acknowledgement::failed("not recorded"),
        }
    }
}

/// A row of a trade bill. `wxpay_api::bills` reads whole bills; a demonstration needs four cells.
#[derive(Debug)]
pub(super) struct BillRow([String; 4]);

impl BillRow {
    const COLUMNS: [(&'static str, &'static str); 4] = [
        ("out_trade_no", "商户订单号"),
        ("trade_state", "交易状态"),
        ("order_amount", "订单金额"),
        ("refund_amount", "申请退款金额"),
    ];

    /// Reads the rows between the names of the columns and those of the summary.
    fn read(text: &str) -> Vec<Self> {
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let names: Vec<_> = lines.next().unwrap_or_default().split(',').collect();
        let rows = lines.map_while(|line| line.strip_prefix('`'));
        let rows = rows.map(|line| {
            let cells: Vec<_> = line.split(",`").collect();
            Self(Self::COLUMNS.map(|(_, column)| {
                let place = names.iter().position(|name| *name == column);
                place.and_then(|place| cells.get(place)).map_or("", |cell| cell.trim()).to_owned()
            }))
        });
        rows.collect()
    }

    pub(super) fn listed(&self) -> Value {
        let pairs = Self::COLUMNS.iter().zip(&self.0);
        pairs.map(|((name, _), cell)| ((*name).to_owned(), json!(cell))).collect()
    }

    pub(super) fn shown(&self) -> String {
        self.0.join("  ")
    }
}
