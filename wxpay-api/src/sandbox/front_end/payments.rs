//! The check of payments: JSAPI, mini program, app, H5, Native, medical insurance (docs/protocol/invocation.md §9.1, §9.2).

use std::time::Duration;

use super::check::FrontEndCheck;
use super::credentials::{Credential, Trade, h5_key};
use super::kind::FrontEndKind;
use super::pay_sign::{PaySign, Suspects};
use crate::protocol::Scheme;
use crate::protocol::excerpt::excerpt;

const TWO_HOURS: Duration = Duration::from_secs(2 * 60 * 60);
const FIVE_MINUTES: Duration = Duration::from_secs(5 * 60);

/// How many other `prepay_id` are tried as what was signed.
const OTHER_ORDERS: usize = 50;

const PREFIX: &str = "prepay_id=";

/// Schemes that a page to return to must not have: they run code.
const SCRIPTS: [&str; 5] = ["javascript", "data", "vbscript", "blob", "file"];

pub(super) fn check(check: &mut FrontEndCheck<'_>) {
    match check.kind {
        FrontEndKind::App => app(check),
        FrontEndKind::H5 => h5(check),
        FrontEndKind::Native => native(check),
        FrontEndKind::MedicalInsurance => medical(check),
        _ => wechat(check),
    }
}

/// Checks a payment inside WeChat, which has `prepay_id=…` as its package.
fn wechat(check: &mut FrontEndCheck<'_>) {
    let appid = match check.kind {
        FrontEndKind::MiniProgram => check.optional("appId"),
        FrontEndKind::MedicalInsurance if check.optional("appId").is_none() => None,
        _ => check.text_of("appId"),
    };
    let appid = appid.or(check.hints.appid.as_deref());
    let timestamp = check.text_of("timeStamp");
    let nonce = check.text_of("nonceStr");
    let package = check.text_of("package");
    let sign_type = check.text_of("signType");
    let signature = check.text_of("paySign");
    if let Some(timestamp) = timestamp {
        check.check_timestamp("timeStamp", timestamp);
    }
    if let Some(nonce) = nonce {
        check.check_nonce("nonceStr", nonce);
    }
    let Some(package) = package else { return };
    let credential = match package.strip_prefix(PREFIX) {
        Some(id) if id.starts_with(PREFIX) => {
            check.problem("package", format!("has `{PREFIX}` twice"));
            return;
        }
        Some(id) => check.find_credential("package", "prepay_id", id, TWO_HOURS),
        None => {
            check.problem("package", format!("must be `{PREFIX}` and the prepay id"));
            return;
        }
    };
    let Some(credential) = credential else { return };
    check_trade(check, "package", &credential, Trade::Jsapi);
    let appid = choose_appid(check, "appId", appid, &credential);
    check_sign_type(check, sign_type.unwrap_or_default(), &credential);
    let (Some(timestamp), Some(nonce), Some(signature)) = (timestamp, nonce, signature) else {
        return;
    };
    let lines =
        [("appId", ""), ("timeStamp", timestamp), ("nonceStr", nonce), ("package", package)];
    check_signature(check, &credential, &appid, lines, ("paySign", signature));
}

fn app(check: &mut FrontEndCheck<'_>) {
    let appid = check.text_of("appid");
    let partner = check.text_of("partnerid");
    let id = check.text_of("prepayid");
    let nonce = check.text_of("noncestr");
    let timestamp = check.text_of("timestamp");
    let signature = check.text_of("sign");
    let package = match check.members.contains_key("packageValue") {
        true => ("packageValue", check.text_of("packageValue")),
        false => ("package", check.text_of("package")),
    };
    if let (name, Some(value)) = package
        && value != "Sign=WXPay"
    {
        check.problem(name, "must be the constant `Sign=WXPay`");
    }
    if let Some(timestamp) = timestamp {
        check.check_timestamp("timestamp", timestamp);
    }
    if let Some(nonce) = nonce {
        check.check_nonce("noncestr", nonce);
    }
    let Some(id) = id else { return };
    if id.starts_with(PREFIX) {
        check.problem("prepayid", format!("must be the prepay id alone, without `{PREFIX}`"));
        return;
    }
    let Some(credential) = check.find_credential("prepayid", "prepay_id", id, TWO_HOURS) else {
        return;
    };
    check_trade(check, "prepayid", &credential, Trade::App);
    if let Some(partner) = partner.filter(|partner| *partner != credential.account) {
        let is_sub = credential.merchants.iter().any(|(_, merchant)| merchant == partner);
        let hint =
            if is_sub { "; with a service provider, it is the service provider's" } else { "" };
        let issue = format!(
            "is `{}`, but the order was made by {}{hint}",
            excerpt(partner),
            credential.account
        );
        check.problem("partnerid", issue);
    }
    let appid = choose_appid(check, "appid", appid, &credential);
    let (Some(timestamp), Some(nonce), Some(signature)) = (timestamp, nonce, signature) else {
        return;
    };
    // For apps the prepay id alone is signed.
    let lines = [("appid", ""), ("timestamp", timestamp), ("noncestr", nonce), ("prepayid", id)];
    check_signature(check, &credential, &appid, lines, ("sign", signature));
}

fn h5(check: &mut FrontEndCheck<'_>) {
    let url = check.text.unwrap_or_default();
    let Some(credential) = check.find_credential("h5_url", "h5_url", &h5_key(url), FIVE_MINUTES)
    else {
        return;
    };
    check_replaced(check, "h5_url", &credential);
    let Some(return_url) = check.optional("redirect_url") else {
        return;
    };
    let scheme = return_url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let has_controls = return_url.chars().any(char::is_control);
    match scheme.filter(|scheme| !SCRIPTS.contains(&scheme.as_str()) && !has_controls) {
        Some(_) if return_url.contains("://") => check.return_url = Some(return_url.to_owned()),
        _ => check.problem("redirect_url", "must be an absolute URL, percent-encoded once"),
    }
}

fn native(check: &mut FrontEndCheck<'_>) {
    let url = check.text.unwrap_or_default();
    let Some(credential) = check.find_credential("code_url", "code_url", url, TWO_HOURS) else {
        return;
    };
    check_replaced(check, "code_url", &credential);
}

fn medical(check: &mut FrontEndCheck<'_>) {
    let Some(number) = check.text_of("mixTradeNo") else {
        return;
    };
    let order = check.find_credential("mixTradeNo", "mix_trade_no", number, TWO_HOURS * 12);
    // Insurance pays all: nothing is signed.
    let is_paid = ["paySign", "package"].iter().any(|name| check.members.contains_key(*name));
    if is_paid {
        wechat(check);
        if order.is_some() {
            check.credential = order;
        }
    }
}

/// A new `code_url` makes the old one void.
fn check_replaced(check: &mut FrontEndCheck<'_>, member: &str, credential: &Credential) {
    if check.shared.world().credentials(|all| all.is_replaced(credential)) {
        check.problem(
            member,
            "was replaced: the same order request was sent again, and returned a new one",
        );
    }
}

fn check_trade(
    check: &mut FrontEndCheck<'_>,
    member: &str,
    credential: &Credential,
    wanted: Trade,
) {
    let Some(trade) = credential.trade.filter(|trade| *trade != wanted) else {
        return;
    };
    let issue = format!(
        "has a prepay_id of `{}`; this front end needs one of `…/{}`, not `…/{}`",
        credential.operation,
        wanted.segment(),
        trade.segment()
    );
    check.problem(member, issue);
}

/// Returns the appid that invokes, and checks that the order was made for it.
fn choose_appid(
    check: &mut FrontEndCheck<'_>,
    member: &str,
    passed: Option<&str>,
    credential: &Credential,
) -> Vec<String> {
    let ordered: Vec<String> = credential.appids.iter().map(|(_, appid)| appid.clone()).collect();
    let Some(passed) = passed else {
        // A mini program passes no appid. WeChat knows which one it runs.
        return ordered;
    };
    if !ordered.is_empty() && !ordered.iter().any(|appid| appid == passed) {
        let names: Vec<_> =
            credential.appids.iter().map(|(name, appid)| format!("{name} `{appid}`")).collect();
        let issue = format!("is `{}`, but the order has {}", excerpt(passed), names.join(", "));
        check.problem(member, issue);
    }
    vec![passed.to_owned()]
}

fn check_sign_type(check: &mut FrontEndCheck<'_>, passed: &str, credential: &Credential) {
    let scheme = check.account_of(&credential.account).map(|account| account.merchant.scheme());
    if passed.is_empty() || scheme.is_none_or(|scheme| scheme == Scheme::Sm2) || passed == "RSA" {
        return;
    }
    let hint = match passed {
        "MD5" | "HMAC-SHA256" => "; that is of APIv2",
        _ => "",
    };
    check.problem("signType", format!("is `{}`, but must be `RSA`{hint}", excerpt(passed)));
}

/// Verifies the signature with each appid that may invoke. The first one is shown if none fits.
fn check_signature(
    check: &mut FrontEndCheck<'_>,
    credential: &Credential,
    appids: &[String],
    lines: [(&str, &str); 4],
    signature: (&str, &str),
) {
    let Some(account) = check.account_of(&credential.account) else {
        return;
    };
    let others = check.accounts();
    let suspects = Suspects {
        appids: credential.appids.iter().map(|(_, appid)| appid.clone()).collect(),
        packages: check.shared.world().credentials(|all| all.newest("prepay_id", OTHER_ORDERS)),
        sign_type: check.optional("signType").unwrap_or_default().to_owned(),
    };
    let [(appid_name, _), rest @ ..] = lines;
    let [timestamp, nonce, package] = rest;
    let mut first = None;
    for appid in appids {
        let lines = [(appid_name, appid.as_str()), timestamp, nonce, package];
        let sign = PaySign { lines, signature };
        let message = String::from_utf8_lossy(&sign.message()).into_owned();
        match sign.check(&account, &others, &suspects) {
            None => {
                check.signed_message = Some(message);
                return;
            }
            Some(problem) => {
                first.get_or_insert((message, problem));
            }
        }
    }
    match first {
        Some((message, problem)) => {
            check.signed_message = Some(message);
            check.problems.push(problem);
        }
        None => {
            check.problem(appid_name, "is unknown: the order has none; pass the appid that invokes")
        }
    }
}
