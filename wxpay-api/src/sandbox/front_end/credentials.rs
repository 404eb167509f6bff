//! The credentials that responses gave to merchants for their front ends: `prepay_id`, `code_url` and others.

use std::borrow::Cow;
use std::time::SystemTime;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::protocol::Nonce;
use crate::sandbox::book::BookOperation;
use crate::sandbox::check::RequestValues;
use crate::sandbox::control::BASE;
use crate::sandbox::decide::content::{ResponseBody, ResponseContent};
use crate::sandbox::keys::AccountState;
use crate::sandbox::lifecycle::keep::numbered::Numbered;
use crate::sandbox::state::Shared;

/// The longest response that may have a credential, in bytes.
const LONGEST_RESPONSE: usize = 64 << 10;

/// The members of responses that front ends use.
const MEMBERS: [&str; 7] = [
    "prepay_id",
    "code_url",
    "h5_url",
    "package",
    "package_info",
    "apply_permissions_token",
    "mix_trade_no",
];

const APPIDS: [&str; 4] = ["appid", "sp_appid", "sub_appid", "combine_appid"];
const MERCHANTS: [&str; 2] = ["sub_mchid", "mchid"];

/// The merchants' own numbers that name the resource of a credential.
const NUMBERS: [&str; 8] = [
    "out_trade_no",
    "combine_out_trade_no",
    "out_order_no",
    "out_bill_no",
    "out_authorization_no",
    "authorization_code",
    "merchant_plan_no",
    "mix_trade_no",
];

/// The payment page of WeChat Pay that `h5_url` leads to.
const H5_PAGE: &str = "https://wx.tenpay.com/";

/// Which scene an order was made for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(super) enum Trade {
    Jsapi,
    App,
    H5,
    Native,
}

/// A credential that a response gave to a merchant.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Credential {
    pub(super) member: Cow<'static, str>,
    pub(super) value: String,
    /// The merchant number or brand id of the account that asked for it.
    pub(super) account: String,
    /// Method and URL of the operation.
    pub(super) operation: String,
    pub(super) trade: Option<Trade>,
    /// The appids of the request, by member.
    pub(super) appids: Vec<(Cow<'static, str>, String)>,
    /// The merchants of the request, by member.
    pub(super) merchants: Vec<(Cow<'static, str>, String)>,
    /// What the user buys.
    pub(super) description: Option<String>,
    /// The merchant's own numbers, by member.
    pub(super) numbers: Vec<(Cow<'static, str>, String)>,
    /// The business time.
    pub(super) issued: SystemTime,
}

/// The newest credentials of a sandbox.
pub(in crate::sandbox) type Credentials = Numbered<Credential>;

impl Credentials {
    /// Finds the newest credential with a value.
    pub(super) fn find(&self, member: &str, value: &str) -> Option<Credential> {
        let mut newest = self.iter().rev();
        newest.find(|held| held.member == member && held.value == value).cloned()
    }

    /// Returns whether a later credential replaced this one.
    pub(super) fn is_replaced(&self, credential: &Credential) -> bool {
        let same = |other: &&Credential| {
            other.member == credential.member
                && other.account == credential.account
                && other.numbers == credential.numbers
        };
        let newest = self.iter().rev().find(same);
        newest.is_some_and(|newest| newest.value != credential.value)
    }

    /// Returns the newest values of a member, for a guess at what was signed.
    pub(super) fn newest(&self, member: &str, count: usize) -> Vec<String> {
        let newest = self.iter().rev().filter(|held| held.member == member).take(count);
        newest.map(|held| held.value.clone()).collect()
    }
}

/// Remembers the credentials of a response.
///
/// `h5_url` leads to the sandbox's own pay page afterwards, unless a test planned the response.
pub(in crate::sandbox) fn issue(
    shared: &Shared,
    account: &AccountState,
    operation: &BookOperation,
    values: &RequestValues,
    content: ResponseContent,
    planned: bool,
) -> ResponseContent {
    let Some(mut response) = readable(&content) else {
        return content;
    };
    let relinked = !planned && relink(&shared.url, &mut response);
    for member in MEMBERS {
        let Some(value) = response.get(member).and_then(Value::as_str) else {
            continue;
        };
        let credential = Credential {
            member: member.into(),
            value: match member {
                "h5_url" => h5_key(value),
                _ => value.to_owned(),
            },
            account: account.id().to_owned(),
            operation: format!("{} {}", operation.method, operation.path),
            trade: trade(&operation.path),
            appids: texts(values, &APPIDS),
            merchants: texts(values, &MERCHANTS),
            description: values.text("description").map(str::to_owned),
            numbers: texts(values, &NUMBERS),
            issued: shared.world().now(),
        };
        shared.world().remember_credential(credential);
    }
    match relinked {
        true => {
            ResponseContent { body: ResponseBody::Whole(response.to_string().into()), ..content }
        }
        false => content,
    }
}

/// Reads a successful response that may have credentials.
fn readable(content: &ResponseContent) -> Option<Value> {
    let ResponseBody::Whole(body) = &content.body else {
        return None;
    };
    if content.status != StatusCode::OK || body.len() > LONGEST_RESPONSE {
        return None;
    }
    serde_json::from_slice(body).ok().filter(Value::is_object)
}

/// Leads `h5_url` to the sandbox's pay page.
fn relink(own_url: &str, response: &mut Value) -> bool {
    let Some(Value::String(url)) = response.get_mut("h5_url") else {
        return false;
    };
    if !url.starts_with(H5_PAGE) {
        return false;
    }
    let query = match url.split_once('?') {
        Some((_, query)) if !query.is_empty() => query.to_owned(),
        // An example without a query: any number tells this page from others.
        _ => {
            Nonce::random().map_or_else(|_| String::new(), |nonce| format!("h5={}", nonce.as_str()))
        }
    };
    *url = format!("{own_url}{BASE}/pay?{query}");
    true
}

/// Returns the part of an `h5_url` that names its order, whatever the host and the page to return to.
pub(super) fn h5_key(url: &str) -> String {
    const NOT_ORDERS: [&str; 4] = ["redirect_url", "lang", "do", "done"];
    let url = url.split('#').next().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && !NOT_ORDERS.contains(&name)
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn texts(values: &RequestValues, names: &[&'static str]) -> Vec<(Cow<'static, str>, String)> {
    let found =
        names.iter().filter_map(|name| Some(((*name).into(), values.text(name)?.to_owned())));
    found.collect()
}

fn trade(path: &str) -> Option<Trade> {
    match path.rsplit('/').next()? {
        "jsapi" => Some(Trade::Jsapi),
        "app" => Some(Trade::App),
        "h5" | "mweb" => Some(Trade::H5),
        "native" => Some(Trade::Native),
        _ => None,
    }
}

impl Trade {
    /// The last segment of the operation that makes such an order.
    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::Jsapi => "jsapi",
            Self::App => "app",
            Self::H5 => "h5",
            Self::Native => "native",
        }
    }
}
