//! Error responses of WeChat Pay, and the advice on them.

use std::time::Duration;

use serde_json::{Value, json};
use wxpay_api::sandbox::PlannedResponse;
use wxpay_api::{Advice, Error, Outcome, error_code};

use crate::{CANCEL, cancel, sandbox};

/// The error of a call with this response.
async fn error(response: PlannedResponse) -> Error {
    let (sandbox, wx) = sandbox().await;
    sandbox.respond("POST", CANCEL, response).unwrap();
    cancel(&wx).allow_retries(false).await.unwrap_err()
}

async fn advice(status: u16, code: &str) -> Advice {
    error(PlannedResponse::error(status, code, "")).await.api().unwrap().advice()
}

#[tokio::test]
async fn known_codes_advise_whether_to_retry() {
    for (status, code, expected) in [
        (400, error_code::PARAM_ERROR, Advice::Fix),
        (400, error_code::INVALID_REQUEST, Advice::Fix),
        (400, error_code::MCH_NOT_EXISTS, Advice::Fix),
        (400, error_code::ALREADY_EXISTS, Advice::Query),
        (400, error_code::NO_STATEMENT_EXIST, Advice::Stop),
        (400, error_code::STATEMENT_CREATING, Advice::Later(Duration::from_secs(1800))),
        (401, error_code::SIGN_ERROR, Advice::Fix),
        (403, error_code::NO_AUTH, Advice::Decide),
        (403, error_code::NOT_ENOUGH, Advice::Decide),
        (403, error_code::RULE_LIMIT, Advice::Decide),
        (403, error_code::USER_ACCOUNT_ABNORMAL, Advice::Decide),
        (404, error_code::ORDER_NOT_EXIST, Advice::Absent),
        (404, error_code::RESOURCE_NOT_EXISTS, Advice::Absent),
        (429, error_code::RATELIMIT_EXCEED, Advice::BackOff),
        (429, error_code::RATELIMIT_EXCEEDED, Advice::BackOff),
        (429, error_code::FREQUENCY_LIMITED, Advice::Query),
        (500, error_code::SYSTEM_ERROR, Advice::SameParameters),
    ] {
        assert_eq!(advice(status, code).await, expected, "{status} {code}");
    }
}

#[test]
fn only_advice_to_wait_or_to_send_the_same_again_allows_a_retry() {
    for advice in [Advice::BackOff, Advice::SameParameters, Advice::Later(Duration::ZERO)] {
        assert!(advice.may_retry(), "{advice}");
    }
    for advice in [Advice::Fix, Advice::Decide, Advice::Query, Advice::Absent, Advice::Stop] {
        assert!(!advice.may_retry(), "{advice}");
    }
}

/// Field, location, issue and value of every entry in an error's detail.
async fn details(detail: Value) -> Value {
    let body = json!({ "code": "PARAM_ERROR", "message": "参数错误", "detail": detail });
    let error = error(PlannedResponse::json(body).status(400)).await;
    let api = error.api().unwrap();
    let all = api.details().map(|detail| {
        json!([detail.field(), detail.location(), detail.issue(), detail.value().cloned()])
    });
    all.collect()
}

#[tokio::test]
async fn details_are_read_in_every_shape() {
    assert_eq!(details(Value::Null).await, json!([]));
    assert_eq!(
        details(json!({ "field": "/amount/total", "location": "body", "issue": "too small",
            "value": { "total": 0, "field": "not this one" } }))
        .await,
        json!([[
            "/amount/total",
            "body",
            "too small",
            { "total": 0, "field": "not this one" }
        ]])
    );
    assert_eq!(
        details(json!({ "detail": { "issue": "sign not match" }, "field": "signature" })).await,
        json!([["signature", null, "sign not match", null]])
    );
    assert_eq!(
        details(json!([{ "field": "appid", "value": null }, { "field": "mchid" }])).await,
        json!([["appid", null, null, null], ["mchid", null, null, null]])
    );
    assert_eq!(details(json!("invalid")).await, json!([[null, null, "invalid", null]]));
    assert_eq!(details(json!({ "field": 7, "x": [] })).await, json!([[null, null, null, null]]));
    assert_eq!(details(json!(7)).await, json!([[null, null, null, null]]));
}

#[tokio::test]
async fn an_error_that_cannot_be_read_keeps_status_headers_and_text() {
    for text in ["", "{\"code\":\"PARAM_ER", "[]", "<html><center>nginx</center></html>", "\u{0}"] {
        let error = error(PlannedResponse::verbatim(text).status(400)).await;
        let api = error.api().unwrap();
        assert_eq!((api.status, &*api.code, error.outcome()), (400, "", Outcome::Unknown));
        let received = error.received().unwrap();
        assert_eq!(received.body, text.as_bytes());
        assert!(received.request_id().is_some());
    }
}

#[tokio::test]
async fn json_of_a_gateway_is_no_refusal() {
    let body = json!({ "code": 404, "message": "no upstream" });
    let error = error(PlannedResponse::json(body).status(404)).await;
    assert_eq!((&*error.api().unwrap().code, error.outcome()), ("404", Outcome::Unknown));
}

#[tokio::test]
async fn the_field_is_named_and_the_value_is_not_shown() {
    let detail = json!({ "field": "/payer/openid", "location": "body", "value": "o-secret",
        "issue": "o-secret does not match" });
    let body = json!({ "code": "PARAM_ERROR", "message": "参数错误", "detail": detail });
    let error = error(PlannedResponse::json(body).status(400)).await;
    assert!(error.to_string().contains("参数错误 (field /payer/openid)"), "{error}");
    let details: Vec<_> = error.api().unwrap().details().collect();
    let shown = format!("{error} {error:?} {details:?}");
    assert!(!shown.contains("o-secret") && shown.contains("body"), "{shown}");
}

#[test]
fn the_internal_code_at_the_end_of_a_request_id() {
    use wxpay_api::RawResponse;
    let code = |id: &str| {
        let response = http::Response::builder().header("Request-ID", id);
        let received = RawResponse::from(response.body(bytes::Bytes::new()).unwrap());
        received.internal_code().map(|code| code.to_string())
    };
    let long = "08F78BB0AF0610D302189E8DB40120A3D4";
    assert_eq!(code(&format!("{long}-0")).as_deref(), Some("0"));
    assert_eq!(code(&format!("{long}-268435461")).as_deref(), Some("268435461 (a bad parameter)"));
    assert_eq!(code(&format!("{long}-999")).as_deref(), Some("999"));
    let last = code(&format!("{long}-272756790"));
    assert!(last.unwrap().ends_with(')'), "the last known code has a meaning");
    for opaque in [
        long,
        "",
        "-1",
        "abc-1",
        "0123456789abcdef-",
        "0123456789abcdef-x",
        "0123456789abcdef-+1",
        "f0e1d2c3-b4a5-9687-7869-123456789012",
        "0123456789abcdef-99999999999999999999",
    ] {
        assert_eq!(code(opaque), None, "{opaque}");
    }
}
