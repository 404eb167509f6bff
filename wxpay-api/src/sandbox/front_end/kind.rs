//! What a front end is given, told apart by its members.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::sandbox::request::query_pairs;

/// What a front end is given to open a page of WeChat ([protocol §9]).
///
/// [protocol §9]: crate::docs::protocol::invocation
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FrontEndKind {
    /// A payment on a web page inside WeChat: `getBrandWCPayRequest`.
    Jsapi,
    /// A payment in a mini program: `wx.requestPayment`.
    MiniProgram,
    /// A payment in an app.
    App,
    /// A payment in a browser: `h5_url`.
    H5,
    /// A payment by QR code: `code_url`.
    Native,
    /// A medical insurance order: `requestMedicalInsurancePay`.
    MedicalInsurance,
    /// A PayScore order to confirm: `wxpayScoreUse`.
    PayscoreConfirm,
    /// A PayScore order to look at: `wxpayScoreDetail`.
    PayscoreDetail,
    /// A PayScore service to authorise: `wxpayScoreEnable`.
    PayscoreEnable,
    /// A PayScore plan to sign: `wxpayScorePlan`.
    PayscorePlan,
    /// Coupons that the mini-program plugin sends.
    CouponPlugin,
    /// A web page where a user collects a coupon.
    CouponPage,
    /// A red packet in a mini program: `wx.sendBizRedPacket`.
    RedPacket,
    /// A transfer that its receiver confirms: `requestMerchantTransfer`.
    Transfer,
}

impl FrontEndKind {
    const ALL: [(&'static str, Self); 14] = [
        ("jsapi", Self::Jsapi),
        ("mini-program", Self::MiniProgram),
        ("app", Self::App),
        ("h5", Self::H5),
        ("native", Self::Native),
        ("medical-insurance", Self::MedicalInsurance),
        ("payscore-confirm", Self::PayscoreConfirm),
        ("payscore-detail", Self::PayscoreDetail),
        ("payscore-enable", Self::PayscoreEnable),
        ("payscore-plan", Self::PayscorePlan),
        ("coupon-plugin", Self::CouponPlugin),
        ("coupon-page", Self::CouponPage),
        ("red-packet", Self::RedPacket),
        ("transfer", Self::Transfer),
    ];

    pub(in crate::sandbox) fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|(name, _)| *name).collect()
    }

    pub(in crate::sandbox) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(held, _)| *held == name).map(|(_, kind)| *kind)
    }

    /// Returns the name in the control surface, such as `mini-program`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Returns whether the user pays an order of basic payments.
    pub(super) fn is_payment(self) -> bool {
        use FrontEndKind as K;
        matches!(self, K::Jsapi | K::MiniProgram | K::App | K::H5 | K::Native | K::MedicalInsurance)
    }
}

impl fmt::Display for FrontEndKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The values that a front end is given.
pub(super) struct Parameters {
    pub(super) kind: FrontEndKind,
    pub(super) members: Map<String, Value>,
    /// The whole text, for a kind that is a URL or a query string.
    pub(super) text: Option<String>,
}

impl Parameters {
    /// Tells from the members what the values are for. `None` if nothing is known to have them.
    pub(super) fn recognize(given: Value, wanted: Option<FrontEndKind>) -> Option<Self> {
        let (members, text) = match given {
            Value::Object(members) => (members, None),
            Value::String(text) => match serde_json::from_str(&text) {
                Ok(Value::Object(members)) => (members, None),
                _ => (Map::new(), Some(text.trim().to_owned())),
            },
            _ => return None,
        };
        if let Some(url) = ["code_url", "h5_url"].iter().find_map(|name| members.get(*name)) {
            return Self::recognize_text(url.as_str()?, wanted);
        }
        match text {
            Some(text) => Self::recognize_text(&text, wanted),
            None => Self::recognize_members(members, wanted),
        }
    }

    fn recognize_text(text: &str, wanted: Option<FrontEndKind>) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let is_url = lower.starts_with("http://") || lower.starts_with("https://");
        let kind = if lower.starts_with("weixin://") {
            FrontEndKind::Native
        } else if is_url && lower.contains("getcouponinfo") {
            FrontEndKind::CouponPage
        } else if is_url {
            FrontEndKind::H5
        } else {
            return None;
        };
        let kind = wanted.unwrap_or(kind);
        let query = text.split('#').next().unwrap_or_default();
        let members = decoded(query.split_once('?').map_or("", |(_, query)| query))?;
        Some(Self { kind, members, text: Some(text.to_owned()) })
    }

    fn recognize_members(
        members: Map<String, Value>,
        wanted: Option<FrontEndKind>,
    ) -> Option<Self> {
        let has = |name: &str| members.contains_key(name);
        if let Some(business) = members.get("businessType").and_then(Value::as_str) {
            return Self::jump(business, &members, wanted);
        }
        let kind = match wanted {
            Some(kind) => kind,
            None if has("send_coupon_params") => FrontEndKind::CouponPlugin,
            None if has("mixTradeNo") => FrontEndKind::MedicalInsurance,
            None if has("prepayid") || has("partnerid") || has("prepayId") => FrontEndKind::App,
            None if has("apply_permissions_token") => FrontEndKind::PayscoreEnable,
            None if has("service_id") && has("out_order_no") => FrontEndKind::PayscoreDetail,
            None if has("mch_id") && has("package") => FrontEndKind::PayscoreConfirm,
            None if has("mchId") && has("package") => FrontEndKind::Transfer,
            None if members.get("signType").and_then(Value::as_str) == Some("MD5")
                && !is_prepay(&members) =>
            {
                FrontEndKind::RedPacket
            }
            None if has("appId") => FrontEndKind::Jsapi,
            None if has("paySign") || is_prepay(&members) => FrontEndKind::MiniProgram,
            None => return None,
        };
        Some(Self { kind, members, text: None })
    }

    /// Reads the argument of `openBusinessView`, in the form of mini programs, of web pages or of apps.
    fn jump(
        business: &str,
        members: &Map<String, Value>,
        wanted: Option<FrontEndKind>,
    ) -> Option<Self> {
        let kind = match business {
            "wxpayScoreUse" => FrontEndKind::PayscoreConfirm,
            "wxpayScoreDetail" => FrontEndKind::PayscoreDetail,
            "wxpayScoreEnable" => FrontEndKind::PayscoreEnable,
            "wxpayScorePlan" => FrontEndKind::PayscorePlan,
            "requestMerchantTransfer" => FrontEndKind::Transfer,
            _ => return None,
        };
        let kind = wanted.unwrap_or(kind);
        if let Some(Value::Object(data)) = members.get("extraData") {
            return Some(Self { kind, members: data.clone(), text: None });
        }
        let query = members.get("queryString").or_else(|| members.get("query"))?.as_str()?;
        Some(Self { kind, members: decoded(query)?, text: Some(query.to_owned()) })
    }
}

fn is_prepay(members: &Map<String, Value>) -> bool {
    let package = members.get("package").and_then(Value::as_str);
    package.is_some_and(|package| package.starts_with("prepay_id="))
}

/// Decodes a query string to its members.
fn decoded(query: &str) -> Option<Map<String, Value>> {
    // In these query strings a plus sign is itself: they are written with `encodeURIComponent`.
    let target = format!("?{}", query.replace('+', "%2B"));
    let pairs = query_pairs(&target)?.into_iter();
    Some(pairs.map(|(name, value)| (name, Value::String(value))).collect())
}
