//! Facts of single operations in the protocol reference, which the descriptors must have too.

use std::collections::BTreeSet;

use serde_json::Value;
use wxpay_api::{Endpoint, Idempotency, Integrity};

use crate::case::{Case, cases, resources};

/// Every upload (docs/protocol/uploads.md §6.2): path, part of the file, and the members of `meta` that describe the
/// file.
const UPLOADS: [(&str, &str, &[&str]); 14] = [
    ("/v3/merchant/media/upload", "file", &["filename", "sha256"]),
    ("/v3/merchant/media/video_upload", "file", &["filename", "sha256"]),
    ("/v3/marketing/favor/media/image-upload", "file", &["filename", "sha256"]),
    ("/v3/merchant-service/images/upload", "file", &["filename", "sha256"]),
    ("/v3/global/merchant-service/images/upload", "file", &["filename", "sha256"]),
    ("/v3/global/merchant-storage/file/upload", "file", &["filename", "sha256"]),
    ("/v3/marketing/partner/product-coupon/media/upload-image", "file", &["filename", "sha256"]),
    ("/v3/ecommerce/account/cancel-applications/media", "file", &["file_name", "file_digest"]),
    (
        "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
        "file",
        &["file_type", "digest_alogrithm", "digest"],
    ),
    ("/v3/taxi-invoice/cards/upload-file", "file", &["digest_algorithm", "digest"]),
    (
        "/v3/marketing/bank/packages/{package_id}/tasks",
        "file",
        &["filename", "sha256", "bank_type"],
    ),
    ("/v3/marketing/shopping-receipt/shoppingreceipts", "file", &["sha256"]),
    (
        "/v3/mch-manage/submission-files/sub-mchid/{sub_mchid}/upload",
        "submission_file",
        &["file_name", "file_digest"],
    ),
    (
        "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/upload",
        "due_diligence_file",
        &["file_name", "file_digest", "sub_mchid", "item_id"],
    ),
];

/// Raw files (docs/protocol/verification.md §2.7), and statements that are signed over a digest (§2.8).
const DOWNLOADS: [(&str, Integrity); 7] = [
    ("/v3/billdownload/file", Integrity::Sha1),
    ("/v3/merchant-service/images/{media_id}", Integrity::None),
    ("/v3/global/merchant-service/images/{media_id}", Integrity::None),
    ("/v3/transferdownload/elecvoucherfile", Integrity::None),
    ("/v3/transferdownload/signfile", Integrity::None),
    ("/v3/global/statements", Integrity::SignedDigest),
    ("/hk/v3/statements", Integrity::SignedDigest),
];

/// Operations that require the header `Idempotency-Key` (docs/protocol/errors.md §10.5).
const IDEMPOTENCY_KEYS: [&str; 4] = [
    "/v3/marketing/partnerships/build",
    "/v3/marketing/partnerships/terminate",
    "/v3/global/merchants",
    "/hk/v3/merchants",
];

/// The algorithm of an encrypted bill: the names of the parameter differ (docs/protocol/downloads.md §7.4).
const ENCRYPTED_BILLS: [(&str, &str); 3] = [
    ("/v3/bill/sub-merchant-fundflowbill", "algorithm"),
    ("/v3/ecommerce/bill/fundflowbill", "algorithm"),
    ("/v3/payscore/merchant-bill", "encryption_algorithm"),
];

/// Encrypted members of responses (docs/protocol/encryption.md §5).
const SECRETS: [(&str, &str, &[&str]); 14] = [
    (
        "GET",
        "/v3/transfer/batches/batch-id/{batch_id}/details/detail-id/{detail_id}",
        &["user_name"],
    ),
    ("GET", "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}", &["user_name"]),
    (
        "GET",
        "/v3/fund-app/mch-transfer/partner/transfer-bills/out-bill-no/{out_bill_no}",
        &["user_name"],
    ),
    ("GET", "/v3/fund-app/mch-transfer/transfer-to-qq-wallet-bills/{out_bill_no}", &["user_name"]),
    (
        "GET",
        "/v3/partner-transfer/batches/batch-id/{batch_id}/details/detail-id/{detail_id}",
        &["user_name"],
    ),
    ("GET", "/v3/merchant-service/complaints-v2/{complaint_id}", &["payer_phone"]),
    ("GET", "/v3/new-tax-control-fapiao/user-title", &["phone", "email"]),
    ("POST", "/v3/profitsharing/receivers/add", &["name"]),
    ("GET", "/v3/smartguide/guides", &["data.name", "data.mobile"]),
    (
        "GET",
        "/v3/ecommerce/applyments/{applyment_id}",
        &["account_validation.account_name", "account_validation.account_no"],
    ),
    (
        "GET",
        "/v3/bank-transfer/batches/batch-id/{batch_id}/details/detail-id/{detail_id}",
        &["username"],
    ),
    (
        "GET",
        "/v3/brand/partner/card-member/user-cards/{user_card_code}",
        &["phone_number", "user_information.common_field_list.value"],
    ),
    (
        "POST",
        "/v3/marketing/shopping-receipt/shoppingreceipts",
        &["receipt.merchant_contact_information.consultation_phone_number"],
    ),
    ("GET", "/v3/bill/sub-merchant-fundflowbill", &["download_bill_list.encrypt_key"]),
];

/// Operations that only read although they are a POST, by the official titles (查询, 检查, 获取建议).
const READS_BY_POST: [&str; 16] = [
    "/v3/gov/subsidy/audit/cup/query",
    "/v3/gov/subsidy/companies/query",
    "/v3/gov/subsidy/qualifications/passthrough/query",
    "/v3/gov/subsidy/qualifications/query",
    "/v3/gov/subsidy/sncode/query",
    "/v3/gov/subsidy/transactions/query",
    "/v3/gov/subsidy/transactions/summary/query-day",
    "/v3/gov/subsidy/zhejiang/goods/query",
    "/v3/gov/subsidy/zhejiang/qualifications/query",
    "/v3/gov/subsidy/zhejiang/sncode/query",
    "/v3/merchant-risk-manage/ec-trade-risk/query-risk-trades",
    "/v3/new-tax-control-fapiao/merchant/{sub_mchid}/check",
    "/v3/parking/reminders/parking-fee",
    "/v3/pay/instal/exposure",
    "/v3/pay/instal/partner/exposure",
    "/v3/platsolution/ecommerce/insurance-compensation-contracts/sub-mchid/{sub_mchid}/check-opened",
];

/// The number by which WeChat Pay recognises a retry (docs/protocol/errors.md §10.3).
const NATURAL_KEYS: [(&str, &str); 10] = [
    ("/v3/pay/transactions/jsapi", "out_trade_no"),
    ("/v3/pay/partner/transactions/jsapi", "out_trade_no"),
    ("/v3/pay/transactions/out-trade-no/{out_trade_no}/close", "out_trade_no"),
    ("/v3/refund/domestic/refunds", "out_refund_no"),
    ("/v3/transfer/batches", "out_batch_no"),
    ("/v3/fund-app/mch-transfer/transfer-bills", "out_bill_no"),
    ("/v3/payscore/serviceorder", "out_order_no"),
    ("/v3/payscore/serviceorder/{out_order_no}/cancel", "out_order_no"),
    ("/v3/profitsharing/orders", "out_order_no"),
    ("/v3/marketing/favor/users/{openid}/coupons", "out_request_no"),
];

/// Events whose resource is documented (docs/protocol/events.md §8.5).
const EVENTS: &[&str] = &[
    "TRANSACTION.SUCCESS",
    "TRANSACTION.FAIL",
    "TRANSACTION.PAY_BACK",
    "TRANSACTION.INDUSTRY_SUCCESS",
    "TRANSACTION.INDUSTRY_FAILED",
    "REFUND.SUCCESS",
    "REFUND.ABNORMAL",
    "REFUND.CLOSED",
    "PROFITSHARING",
    "PROFITSHARING.SUCCESS",
    "PROFITSHARING_RETURN",
    "PROFITSHARING.RETURN",
    "RECHARGE.SUCCESS",
    "RECHARGE.CLOSED",
    "MCHTRANSFER.BILL.FINISHED",
    "MCHTRANSFER.BATCH.FINISHED",
    "MCHTRANSFER.BATCH.CLOSED",
    "MCHTRANSFER.QQWALLETBILL.FINISHED",
    "MCHTRANSFER.AUTHORIZATION.CONFIRMED",
    "PAYSCORE.USER_CONFIRM",
    "PAYSCORE.USER_PAID",
    "PAYSCORE.USER_ACCEPTED",
    "PAYSCORE.USER_OPEN_SERVICE",
    "PAYSCORE.USER_CLOSE_SERVICE",
    "PAYSCORE.USER_SIGN_PLAN",
    "PAYSCORE.USER_CANCEL_SIGN_PLAN",
    "PAYSCORE.BIND_SERVICE_ACCOUNT",
    "HIRE_POWER_BANK.RECEIVE_INSURANCE",
    "DISCOUNT_CARD.USER_ACCEPTED",
    "DISCOUNT_CARD.AGREEMENT_ENDED",
    "DISCOUNT_CARD.USER_PAID",
    "DISCOUNT_CARD.GET_CARD",
    "DISCOUNT_CARD.SETTLEMENT",
    "ENTRUST.SIGN",
    "ENTRUST.TERMINATE",
    "ENTRUST.SIGNING",
    "ENTRUST.RELEASE",
    "ENTRUST.TERMINATE_RETENTION",
    "INSURANCE_ENTRUST.SIGN",
    "INSURANCE_ENTRUST.RENEW",
    "INSURANCE_ENTRUST.TERMINATE",
    "ECOMMERCE_ENTRUST.SIGN",
    "ECOMMERCE_ENTRUST.TERMINATE",
    "EDU_SCHOOL_PAY.USER_DEBT_STATE_UPDATE",
    "COUPON.SEND",
    "COUPON.USE",
    "MEMBERCARD.ACCEPT_CARD",
    "MEMBERCARD.ACTIVATE_CARD",
    "MEMBERCARD.USERCARD_MANAGE",
    "MALL_AUTH.ACTIVATE_CARD",
    "MALL_TRANSACTION.SUCCESS",
    "MALL_REFUND.SUCCESS",
    "DELIVERY_PLAN.CHANGE",
    "COMPLAINT.CREATE",
    "COMPLAINT.STATE_CHANGE",
    "VIOLATION.PUNISH",
    "VIOLATION.INTERCEPT",
    "VIOLATION.APPEAL",
    "RISKTRADE.IDENTIFICATION",
    "FAPIAO.USER_APPLIED",
    "FAPIAO.ISSUED",
    "FAPIAO.REVERSED",
    "FAPIAO.CARD_INSERTED",
    "FAPIAO.CARD_DISCARDED",
    "BRAND_MEMBER_CARD_SP.USER_CARD.CREATE",
    "BRAND_MEMBER_CARD_SP.SYNC_USER_POINT",
    "BRAND_MEMBER_CARD_SP.POINT_EXCHANGE_COUPON",
    "VEHICLE.ENTRANCE_STATE_CHANGE",
    "VEHICLE.USER_STATE_CHANGE",
];

#[test]
fn uploads_name_their_file_and_its_digest_as_documented() {
    let mut left = BTreeSet::from(UPLOADS.map(|(path, ..)| path));
    for case in cases("13900000000") {
        let Some((part, ..)) = case.expected.file else { continue };
        let path = case.endpoint.path;
        let known = UPLOADS.iter().find(|(known, ..)| *known == path);
        let (_, wanted_part, wanted) = known.unwrap_or_else(|| panic!("{path} is not listed"));
        assert_eq!(part, *wanted_part, "{path}");
        let meta: Value = serde_json::from_str(case.expected.body.unwrap()).unwrap();
        for name in *wanted {
            assert!(meta.get(name).is_some(), "{path}: meta has no {name}: {meta}");
        }
        left.remove(path);
    }
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn no_responses_but_these_are_unsigned() {
    let found: BTreeSet<_> = cases("13900000000")
        .iter()
        .filter_map(|case| Some((case.endpoint.path, format!("{:?}", case.endpoint.download?))))
        .collect();
    let wanted = DOWNLOADS.map(|(path, integrity)| (path, format!("{integrity:?}")));
    assert_eq!(found, BTreeSet::from(wanted));
}

#[test]
fn four_operations_require_an_idempotency_key() {
    let found: BTreeSet<_> = cases("13900000000")
        .iter()
        .filter(|case| case.expected.headers.iter().any(|(name, _)| *name == "Idempotency-Key"))
        .map(|case| case.endpoint.path)
        .collect();
    assert_eq!(found, BTreeSet::from(IDEMPOTENCY_KEYS));
}

/// Finds the member at a path of keys. In a list, it is a member of the first element.
fn member<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| match value {
        Value::Array(list) => list.first()?.get(key),
        value => value.get(key),
    })
}

#[test]
fn responses_have_the_documented_secrets() {
    let cases = cases("13900000000");
    for (method, path, members) in SECRETS {
        let same = |case: &&Case| (case.endpoint.method, case.endpoint.path) == (method, path);
        let case = cases.iter().find(same).unwrap_or_else(|| panic!("no {method} {path}"));
        let response: Value = serde_json::from_str(case.expected.response.unwrap()).unwrap();
        for name in members {
            let kind = member(&response, name).and_then(Value::as_str).unwrap_or_default();
            assert!(kind.starts_with("secret"), "{path}: {name} is {kind}");
        }
    }
}

#[test]
fn retries_are_recognised_by_their_numbers_and_those_of_uploads_are_not() {
    let cases = cases("13900000000");
    for (path, key) in NATURAL_KEYS {
        let same = |case: &&Case| (case.endpoint.method, case.endpoint.path) == ("POST", path);
        let case = cases.iter().find(same).unwrap_or_else(|| panic!("no POST {path}"));
        assert_eq!(case.endpoint.idempotency, Idempotency::NaturalKey(key), "{path}");
    }
    for case in cases {
        let Endpoint { method, path, idempotency, .. } = case.endpoint;
        let reads = *method == "GET" || (*method == "POST" && READS_BY_POST.contains(path));
        assert_eq!(reads, *idempotency == Idempotency::Safe, "{method} {path}");
        let is_media = path.ends_with("upload") || path.ends_with("media");
        if case.expected.file.is_some() && is_media {
            assert_eq!(*idempotency, Idempotency::Never, "{path}");
        }
    }
}

#[test]
fn encrypted_bills_are_requested_by_their_algorithm() {
    let cases = cases("13900000000");
    for (path, name) in ENCRYPTED_BILLS {
        let case = cases.iter().find(|case| case.endpoint.path == path).unwrap();
        assert!(case.expected.query.iter().any(|(key, _)| *key == name), "{path} has no {name}");
    }
}

#[test]
fn operations_are_at_the_main_host_or_overseas() {
    for case in cases("13900000000") {
        let host = case.endpoint.host.unwrap_or("api.mch.weixin.qq.com");
        assert!(["api.mch.weixin.qq.com", "apihk.mch.weixin.qq.com"].contains(&host), "{host}");
        let path = case.endpoint.path;
        let starts = ["/v3/", "/hk/v3/", "/global/v3/"];
        assert!(starts.iter().any(|start| path.starts_with(start)), "{path}");
    }
}

#[test]
fn documented_events_have_a_type() {
    let known: BTreeSet<_> =
        resources().iter().flat_map(|case| case.expected.events.iter().copied()).collect();
    let missing: Vec<_> = EVENTS.iter().filter(|event| !known.contains(*event)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
