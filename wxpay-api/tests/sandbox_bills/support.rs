//! A merchant that orders, refunds and downloads bills, and a clock that the tests move.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use wxpay_api::bills::{Bill, Decimal, FundFlowBill, FundFlowRow, FundFlowSummary};
use wxpay_api::bills::{TradeBill, TradeRow, TradeSummary};
use wxpay_api::protocol::WechatPayKeys;
use wxpay_api::sandbox::{Sandbox, SandboxBuilder};
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{Client, Error};

const DAY: u64 = 86_400;
/// Beijing is ahead of UTC.
const BEIJING: u64 = 8 * 3600;

pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) wx: Client,
}

/// A bill with its rows and its summary.
#[derive(Debug)]
pub(crate) struct Read<R, S> {
    pub(crate) rows: Vec<R>,
    pub(crate) summary: S,
}

pub(crate) async fn start() -> Shop {
    start_with(Sandbox::builder()).await
}

pub(crate) async fn start_with(builder: SandboxBuilder) -> Shop {
    let sandbox = builder.start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let shop = Shop { sandbox, wx };
    // Far from midnight, so that a test stays within a day.
    shop.advance_to(12, 0);
    shop
}

impl Shop {
    /// Returns the seconds since 1970 in Beijing.
    fn beijing(&self) -> u64 {
        self.sandbox.now().duration_since(UNIX_EPOCH).unwrap().as_secs() + BEIJING
    }

    /// Moves the clock to the next such time in Beijing.
    pub(crate) fn advance_to(&self, hour: u64, minute: u64) {
        let (now, wanted) = (self.beijing() % DAY, hour * 3600 + minute * 60);
        self.sandbox.advance(Duration::from_secs((DAY + wanted - now - 1) % DAY + 1));
    }

    /// Returns the day in Beijing, as another implementation computes it.
    pub(crate) fn today(&self) -> String {
        let now = chrono::DateTime::from_timestamp(i64::try_from(self.beijing()).unwrap(), 0);
        now.unwrap().format("%Y-%m-%d").to_string()
    }

    /// Ends the day, and returns it. Its bills are there.
    pub(crate) fn end_day(&self) -> String {
        let day = self.today();
        self.advance_to(0, 0);
        self.advance_to(10, 0);
        day
    }

    pub(crate) async fn order(&self, number: &str, total: i64) {
        let order = self.wx.v3().pay().transactions().jsapi().post(|r| {
            r.appid("wxd678efh567hg6787")
                .mchid(self.wx.id())
                .description("Tea, hot")
                .out_trade_no(number)
                .amount(|a| a.total(total))
                .notify_url("http://127.0.0.1:9/notify")
                .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
                .attach("table=4")
        });
        order.await.unwrap();
    }

    pub(crate) async fn paid(&self, number: &str, total: i64) -> Transaction {
        self.order(number, total).await;
        self.sandbox.order(number).unwrap().pay().unwrap();
        let order = self.wx.v3().pay().transactions().out_trade_no().out_trade_no(number);
        order.get(|r| r.mchid(self.wx.id())).await.unwrap()
    }

    pub(crate) async fn refund(
        &self,
        order: &str,
        number: &str,
        refund: i64,
        total: i64,
    ) -> String {
        let call = self.wx.v3().refund().domestic().refunds().post(|r| {
            r.out_trade_no(order)
                .out_refund_no(number)
                .amount(|a| a.refund(refund).total(total).currency("CNY"))
                .reason("too cold")
        });
        call.await.unwrap().refund_id
    }

    pub(crate) async fn paid_for(&self, sub_mchid: &str, number: &str, total: i64) {
        let order = json!({
            "sp_appid": "wx8888888888888888", "sp_mchid": self.wx.id(), "sub_mchid": sub_mchid,
            "description": "Tea", "out_trade_no": number, "amount": { "total": total },
            "notify_url": "http://127.0.0.1:9/notify", "payer": { "sp_openid": "oPartner" },
        });
        self.wx.post("/v3/pay/partner/transactions/jsapi", order).await.unwrap();
        self.sandbox.order(number).unwrap().pay().unwrap();
    }

    pub(crate) async fn trade(&self, day: &str) -> Read<TradeRow, TradeSummary> {
        self.read::<TradeBill>(&format!("/v3/bill/tradebill?bill_date={day}")).await
    }

    pub(crate) async fn fund_flow(&self, day: &str) -> Read<FundFlowRow, FundFlowSummary> {
        self.read::<FundFlowBill>(&format!("/v3/bill/fundflowbill?bill_date={day}")).await
    }

    pub(crate) async fn read<B: Bill>(&self, target: &str) -> Read<B::Row, B::Summary> {
        read::<B>(&self.wx, target).await
    }

    /// Downloads an encrypted fund-flow bill.
    pub(crate) async fn encrypted(&self, target: &str) -> Read<FundFlowRow, FundFlowSummary> {
        use wxpay_api::v3::bill::types::EncryptedBillDownloads;
        let link = self.wx.get(target).await.unwrap().to_string();
        let (bills, _): (EncryptedBillDownloads, _) =
            wxpay_api::decode(link.as_bytes(), Some(&self.wx.merchant())).unwrap();
        let mut rows = self.wx.download_encrypted(&bills).rows::<FundFlowBill>().await.unwrap();
        let mut read = Vec::new();
        while let Some(row) = rows.next().await {
            read.push(row.unwrap());
        }
        Read { rows: read, summary: rows.finish_complete().await.unwrap() }
    }

    /// Adds a receiver of profit sharing. Its name is encrypted.
    pub(crate) async fn add_receiver(&self, mut receiver: Value) {
        let (id, pem) = self.sandbox.wechatpay_public_key();
        let keys = WechatPayKeys::new().with_public_key(id.clone(), pem).unwrap();
        let key = keys.encryption_key(SystemTime::now()).unwrap();
        let name = receiver["name"].as_str().unwrap().to_owned();
        receiver["name"] = key.encrypt(name.as_bytes()).unwrap().into();
        let call = self.wx.post("/v3/profitsharing/receivers/add", receiver);
        call.encrypted_with(id).await.unwrap();
    }

    /// Returns the status, the code and the message with which a bill is refused.
    pub(crate) async fn refused(&self, target: &str) -> String {
        refusal(&self.wx.get(target).await.expect_err("the sandbox refuses"))
    }
}

/// Downloads a bill as its link says, with its digest checked and its rows counted.
pub(crate) async fn read<B: Bill>(wx: &Client, target: &str) -> Read<B::Row, B::Summary> {
    let link: Value = wx.get(target).await.unwrap();
    let url = wxpay_api::FileLink::new(link["download_url"].as_str().unwrap());
    let digest = link["hash_value"].as_str().unwrap();
    let mut rows = wx.download_url(url).sha1(digest).rows::<B>().await.unwrap();
    let mut read = Vec::new();
    while let Some(row) = rows.next().await {
        read.push(row.unwrap());
    }
    Read { rows: read, summary: rows.finish_complete().await.unwrap() }
}

pub(crate) fn refusal(error: &Error) -> String {
    let api = error.api().unwrap_or_else(|| panic!("{error}"));
    format!("{} {} {}", api.status, api.code, api.message)
}

/// Returns an amount in fen.
pub(crate) fn fen(yuan: Option<Decimal>) -> i64 {
    wxpay_api::bills::to_fen(yuan.expect("an amount")).expect("whole fen")
}
