//! A sandbox that remembers, and a client that returns what it says.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use wxpay_api::sandbox::{Sandbox, SandboxResource};
use wxpay_api::{Client, Error};

pub(crate) const APPID: &str = "wxd678efh567hg6787";
pub(crate) const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
pub(crate) const SUB_MCHID: &str = "1900000109";

/// A sandbox, and a client of its first merchant.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) wx: Client,
    /// The URL for notifications, if somebody serves one.
    pub(crate) hook: Option<String>,
}

impl World {
    pub(crate) async fn start() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let wx = sandbox.client().unwrap();
        Self { sandbox, wx, hook: None }
    }

    pub(crate) fn mchid(&self) -> &str {
        self.wx.id()
    }

    /// The URL for notifications. Usually nobody serves it.
    pub(crate) fn notify_url(&self) -> String {
        let dead = || format!("{}/notify", self.sandbox.dead_url());
        self.hook.clone().unwrap_or_else(dead)
    }

    /// Sends `GET`, and returns the response.
    pub(crate) async fn get(&self, target: impl Into<String>) -> Value {
        self.wx.get(target).await.unwrap()
    }

    /// Sends `POST`, and returns the response.
    pub(crate) async fn post(&self, target: impl Into<String>, body: Value) -> Value {
        self.wx.post(target, body).await.unwrap()
    }

    /// Sends `GET`, and returns status and code of the refusal.
    pub(crate) async fn refused_get(&self, target: impl Into<String>) -> String {
        refusal(self.wx.get(target).allow_retries(false).await.unwrap_err())
    }

    /// Sends `POST`, and returns status and code of the refusal.
    pub(crate) async fn refused(&self, target: impl Into<String>, body: Value) -> String {
        refusal(self.wx.post(target, body).allow_retries(false).await.unwrap_err())
    }

    /// Chooses another way, of which nobody knows whether WeChat Pay goes it.
    pub(crate) fn switch(&self, lifecycle: &str, name: &str, choice: &str) {
        self.sandbox.switch(lifecycle, name, choice).unwrap();
    }

    /// A time of the business clock from now on, in Beijing.
    pub(crate) fn time_after(&self, seconds: u64) -> String {
        self.beijing(seconds).to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
    }

    /// The day of the business clock after so many days, in Beijing.
    pub(crate) fn day_after(&self, days: u64) -> String {
        self.beijing(days * 86_400).format("%Y-%m-%d").to_string()
    }

    fn beijing(&self, seconds: u64) -> chrono::DateTime<chrono::FixedOffset> {
        let time = self.sandbox.now() + Duration::from_secs(seconds);
        let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let utc = chrono::DateTime::from_timestamp(seconds.cast_signed(), 0).unwrap();
        utc.with_timezone(&chrono::FixedOffset::east_opt(8 * 3600).unwrap())
    }

    pub(crate) fn order(&self, number: &str) -> SandboxResource {
        self.sandbox.order(number).unwrap()
    }

    pub(crate) fn resource(&self, lifecycle: &str, number: &str) -> SandboxResource {
        self.sandbox.resource(lifecycle, number).unwrap()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// Asserts which notifications went out so far: event type and number of each.
    pub(crate) fn assert_sent(&self, expected: &[(&str, &str)]) {
        let sent = self.sandbox.sent_notifications();
        let sent: Vec<_> =
            sent.iter().map(|one| (one.event_type.as_str(), one.number.as_str())).collect();
        assert_eq!(sent, expected);
    }

    /// The smallest order for JSAPI.
    pub(crate) fn jsapi_order(&self, number: &str) -> Value {
        let mut order = self.native_order(number);
        order["payer"] = json!({ "openid": OPENID });
        order
    }

    /// The smallest order that names no payer.
    pub(crate) fn native_order(&self, number: &str) -> Value {
        json!({
            "appid": APPID,
            "mchid": self.mchid(),
            "description": "咖啡",
            "out_trade_no": number,
            "notify_url": self.notify_url(),
            "attach": "桌号 7",
            "amount": { "total": 100 },
        })
    }

    /// The smallest order of a partner that names no payer.
    pub(crate) fn partner_order(&self, number: &str) -> Value {
        json!({
            "sp_appid": APPID,
            "sp_mchid": self.mchid(),
            "sub_mchid": SUB_MCHID,
            "description": "咖啡",
            "out_trade_no": number,
            "notify_url": self.notify_url(),
            "amount": { "total": 100 },
        })
    }

    /// Orders for JSAPI, and lets the user pay.
    pub(crate) async fn pay(&self, order: Value) -> SandboxResource {
        let number = order["out_trade_no"].as_str().unwrap().to_owned();
        self.post("/v3/pay/transactions/jsapi", order).await;
        let order = self.order(&number);
        order.pay().unwrap();
        order
    }

    /// Queries an order by the own number.
    pub(crate) async fn query(&self, number: &str) -> Value {
        let mchid = self.mchid();
        self.get(format!("/v3/pay/transactions/out-trade-no/{number}?mchid={mchid}")).await
    }

    /// Applies for a refund of an order of 100 fen.
    pub(crate) fn refund(&self, number: &str, refund_number: &str, amount: i64) -> Value {
        json!({
            "out_trade_no": number,
            "out_refund_no": refund_number,
            "notify_url": self.notify_url(),
            "amount": { "refund": amount, "total": 100, "currency": "CNY" },
        })
    }
}

/// Returns status and code of a refusal.
pub(crate) fn refusal(error: Error) -> String {
    let api = error.api().unwrap_or_else(|| panic!("not refused: {error}"));
    format!("{} {}", api.status, api.code)
}

/// Returns an object with another member.
pub(crate) fn with(mut object: Value, path: &str, value: impl Into<Value>) -> Value {
    let pointer = format!("/{}", path.replace('.', "/"));
    match object.pointer_mut(&pointer) {
        Some(member) => *member = value.into(),
        None => {
            let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
            let parent = match parent {
                "" => &mut object,
                path => object.pointer_mut(&format!("/{}", path.replace('.', "/"))).unwrap(),
            };
            parent[name] = value.into();
        }
    }
    object
}

/// Returns an object without a member.
pub(crate) fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}
