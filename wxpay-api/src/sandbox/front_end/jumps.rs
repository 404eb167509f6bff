//! The check of PayScore, coupons, red packets and transfers (docs/protocol/invocation.md §9.3, §9.4).

use std::time::Duration;

use serde_json::Value;

use super::apiv2_sign::{ApiV2Digest, ApiV2Sign};
use super::check::FrontEndCheck;
use super::kind::FrontEndKind;
use crate::protocol::excerpt::excerpt;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

pub(super) fn check(check: &mut FrontEndCheck<'_>) {
    match check.kind {
        FrontEndKind::PayscoreConfirm => payscore_confirm(check),
        FrontEndKind::PayscoreDetail => payscore_detail(check),
        FrontEndKind::PayscoreEnable => {
            if let Some(token) = check.text_of("apply_permissions_token") {
                let member = "apply_permissions_token";
                check.find_credential(member, member, token, HOUR);
            }
        }
        FrontEndKind::PayscorePlan => {
            if let Some(package) = check.text_of("package") {
                check.find_credential("package", "package", package, MONTH);
            }
        }
        FrontEndKind::CouponPlugin => coupon_plugin(check),
        FrontEndKind::CouponPage => coupon_page(check),
        FrontEndKind::RedPacket => red_packet(check),
        _ => transfer(check),
    }
}

fn payscore_confirm(check: &mut FrontEndCheck<'_>) {
    // The package may be a whole query string with its own signature, passed on unchanged.
    if let Some(query) = check.text
        && check.shared.world().credentials(|all| all.find("package", query)).is_some()
    {
        check.find_credential("queryString", "package", query, MONTH);
        return;
    }
    let fields = ["mch_id", "package", "timestamp", "nonce_str", "sign_type"];
    let Some((fields, sign)) = payscore_fields(check, &fields) else {
        return;
    };
    let package = fields.iter().find(|(name, _)| name == "package").map(|(_, value)| value.clone());
    if let Some(package) = package
        && let Some(credential) = check.find_credential("package", "package", &package, MONTH)
    {
        own_merchant(check, "mch_id", &credential.account);
    }
    apiv2(check, "mch_id", ApiV2Digest::HmacSha256, fields, ("sign", &sign));
}

fn payscore_detail(check: &mut FrontEndCheck<'_>) {
    let fields = ["mch_id", "service_id", "out_order_no", "timestamp", "nonce_str", "sign_type"];
    let Some((fields, sign)) = payscore_fields(check, &fields) else {
        return;
    };
    apiv2(check, "mch_id", ApiV2Digest::HmacSha256, fields, ("sign", &sign));
}

/// Reads the fields that a PayScore jump signs, and the signature.
fn payscore_fields(
    check: &mut FrontEndCheck<'_>,
    names: &[&str],
) -> Option<(Vec<(String, String)>, String)> {
    let values: Vec<_> = names.iter().map(|name| (*name, check.text_of(name))).collect();
    let sign = check.text_of("sign");
    for (name, value) in &values {
        match (*name, value) {
            ("timestamp", Some(value)) => check.check_timestamp(name, value),
            ("nonce_str", Some(value)) => check.check_nonce(name, value),
            ("sign_type", Some(value)) if *value != "HMAC-SHA256" => {
                check.problem(name, format!("is `{}`, but must be `HMAC-SHA256`", excerpt(value)));
            }
            _ => {}
        }
    }
    let fields = values.into_iter().map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    Some((fields.collect::<Option<Vec<_>>>()?, sign?.to_owned()))
}

fn coupon_plugin(check: &mut FrontEndCheck<'_>) {
    const MEMBERS: [&str; 5] = [
        "stock_id",
        "out_request_no",
        "coupon_code",
        "customize_send_time",
        "create_coupon_merchant",
    ];
    let merchant = check.text_of("send_coupon_merchant");
    let sign = check.text_of("sign");
    let Some(Value::Array(coupons)) = check.members.get("send_coupon_params") else {
        return check.problem("send_coupon_params", "must be a list of coupons");
    };
    if coupons.is_empty() {
        check.problem("send_coupon_params", "has no coupon");
    }
    let mut fields = Vec::new();
    for (number, coupon) in coupons.iter().enumerate() {
        for name in MEMBERS {
            let place = format!("send_coupon_params[{number}].{name}");
            match coupon.get(name) {
                Some(Value::String(value)) => {
                    fields.push((format!("{name}{number}"), value.clone()))
                }
                Some(_) => check.problem(&place, "must be a text"),
                None if ["stock_id", "out_request_no"].contains(&name) => {
                    check.problem(&place, "is missing");
                }
                None => {}
            }
        }
    }
    let (Some(merchant), Some(sign)) = (merchant, sign) else {
        return;
    };
    fields.push(("send_coupon_merchant".to_owned(), merchant.to_owned()));
    apiv2(check, "send_coupon_merchant", ApiV2Digest::HmacSha256, fields, ("sign", sign));
}

fn coupon_page(check: &mut FrontEndCheck<'_>) {
    let required = ["stock_id", "out_request_no", "send_coupon_merchant", "open_id"];
    let values: Vec<_> = required.iter().map(|name| (*name, check.text_of(name))).collect();
    let sign = check.text_of("sign");
    if !check.text.unwrap_or_default().ends_with("#wechat_redirect") {
        check.problem("url", "must end with `#wechat_redirect`");
    }
    let fields = values.into_iter().map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let (Some(mut fields), Some(sign)) = (fields.collect::<Option<Vec<_>>>(), sign) else {
        return;
    };
    let code = check.optional("coupon_code").unwrap_or_default();
    fields.push(("coupon_code".to_owned(), code.to_owned()));
    apiv2(check, "send_coupon_merchant", ApiV2Digest::HmacSha256, fields, ("sign", sign));
}

fn red_packet(check: &mut FrontEndCheck<'_>) {
    let timestamp = check.text_of("timeStamp");
    let nonce = check.text_of("nonceStr");
    let package = check.text_of("package");
    let sign_type = check.text_of("signType");
    let sign = check.text_of("paySign");
    if let Some(timestamp) = timestamp {
        check.check_timestamp("timeStamp", timestamp);
    }
    if let Some(nonce) = nonce {
        check.check_nonce("nonceStr", nonce);
    }
    if let Some(sign_type) = sign_type.filter(|it| *it != "MD5") {
        check.problem("signType", format!("is `{}`, but must be `MD5`", excerpt(sign_type)));
    }
    let Some(appid) = check.optional("appId").or(check.hints.appid.as_deref()) else {
        return check
            .problem("appId", "is not passed, but signed: tell which mini program invokes");
    };
    let (Some(timestamp), Some(nonce), Some(package), Some(sign)) =
        (timestamp, nonce, package, sign)
    else {
        return;
    };
    if package.contains(['=', '&']) {
        check.problem("package", "must be percent-encoded when it is passed; it is signed raw");
    }
    let raw = percent_encoding::percent_decode_str(package).decode_utf8_lossy().into_owned();
    let fields = vec![
        ("appId".to_owned(), appid.to_owned()),
        ("timeStamp".to_owned(), timestamp.to_owned()),
        ("nonceStr".to_owned(), nonce.to_owned()),
        ("package".to_owned(), raw),
    ];
    let first = check.shared.first.id().to_owned();
    apiv2_of(check, &first, ApiV2Digest::Md5, fields, ("paySign", sign));
}

fn transfer(check: &mut FrontEndCheck<'_>) {
    let (merchant, appid) = (check.text_of("mchId"), check.text_of("appId"));
    let Some(package) = check.text_of("package") else {
        return;
    };
    let Some(credential) = check.find_credential("package", "package_info", package, DAY) else {
        return;
    };
    if merchant.is_some() {
        own_merchant(check, "mchId", &credential.account);
    }
    let ordered = credential.appids.iter().map(|(_, appid)| appid.as_str());
    if let Some(appid) = appid
        && !credential.appids.is_empty()
        && !ordered.clone().any(|ordered| ordered == appid)
    {
        let ordered: Vec<_> = ordered.map(|ordered| format!("`{ordered}`")).collect();
        let issue = format!("is `{}`, but the transfer has {}", excerpt(appid), ordered.join(", "));
        check.problem("appId", issue);
    }
}

/// Checks that the passed merchant is the one that got the credential.
fn own_merchant(check: &mut FrontEndCheck<'_>, member: &str, owner: &str) {
    let passed = check.optional(member).unwrap_or_default();
    if passed != owner {
        let issue = format!("is `{}`, but the package was issued to {owner}", excerpt(passed));
        check.problem(member, issue);
    }
}

/// Verifies a signature with the APIv2 key of the merchant that a member names.
fn apiv2(
    check: &mut FrontEndCheck<'_>,
    member: &str,
    digest: ApiV2Digest,
    fields: Vec<(String, String)>,
    signature: (&str, &str),
) {
    let id = check.optional(member).unwrap_or_default().to_owned();
    if check.account_of(&id).is_none() {
        let issue = format!("is `{}`, a merchant that this sandbox does not have", excerpt(&id));
        return check.problem(member, issue);
    }
    apiv2_of(check, &id, digest, fields, signature);
}

fn apiv2_of(
    check: &mut FrontEndCheck<'_>,
    id: &str,
    digest: ApiV2Digest,
    fields: Vec<(String, String)>,
    signature: (&str, &str),
) {
    let Some(account) = check.account_of(id) else {
        return;
    };
    let sign = ApiV2Sign { digest, fields, signature };
    check.signed_message = Some(sign.message());
    check.account.get_or_insert_with(|| id.to_owned());
    let problem = sign.check(&account, &check.accounts());
    check.problems.extend(problem);
}
