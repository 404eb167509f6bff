//! One table decides the outcome, and only WeChat Pay itself can refuse a request.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::json;
use wxpay_api::protocol::Nonce;
use wxpay_api::protocol::issuing::{Identity, signed_headers};
use wxpay_api::sandbox::{PlannedResponse, Sandbox};
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post as cancel_post;
use wxpay_api::{
    Advice, Client, Core, Error, ErrorKind, Idempotency, Merchant, Outcome, Retries, Signed,
    WechatPayKeys,
};

use crate::gateway::{self, Message, page};
use crate::{CANCEL, UNDESCRIBED, cancel, sandbox};

/// The codes of WeChat Pay's pages, and what each means with a status 4xx.
const TABLE: &[(&str, Outcome, Advice)] = &[
    ("PARAM_ERROR", Outcome::Refused, Advice::Fix),
    ("INVALID_REQUEST", Outcome::Refused, Advice::Fix),
    ("INVALID REQUEST", Outcome::Refused, Advice::Fix),
    ("MCH_NOT_EXISTS", Outcome::Refused, Advice::Fix),
    ("APPID_MCHID_NOT_MATCH", Outcome::Refused, Advice::Fix),
    ("SIGN_ERROR", Outcome::Refused, Advice::Fix),
    ("INVALID_TRANSACTIONID", Outcome::Refused, Advice::Fix),
    ("OPENID_MISMATCH", Outcome::Refused, Advice::Fix),
    ("NO_AUTH", Outcome::Refused, Advice::Decide),
    ("NOT_ENOUGH", Outcome::Refused, Advice::Decide),
    ("RULE_LIMIT", Outcome::Refused, Advice::Decide),
    ("USER_ACCOUNT_ABNORMAL", Outcome::Refused, Advice::Decide),
    ("REQUEST_BLOCKED", Outcome::Refused, Advice::Decide),
    ("ACCOUNT_ERROR", Outcome::Refused, Advice::Decide),
    ("TRADE_ERROR", Outcome::Refused, Advice::Decide),
    ("INVALID_ORDER_STATE", Outcome::Refused, Advice::Decide),
    ("ORDER_NOT_EXIST", Outcome::Refused, Advice::Absent),
    ("RESOURCE_NOT_EXISTS", Outcome::Refused, Advice::Absent),
    ("NOT_FOUND", Outcome::Refused, Advice::Absent),
    ("NO_STATEMENT_EXIST", Outcome::Refused, Advice::Stop),
    ("STATEMENT_CREATING", Outcome::Refused, Advice::Later(Duration::from_secs(1800))),
    ("RATELIMIT_EXCEED", Outcome::Refused, Advice::BackOff),
    ("RATELIMIT_EXCEEDED", Outcome::Refused, Advice::BackOff),
    ("SYSTEM_ERROR", Outcome::Unknown, Advice::SameParameters),
    ("SYSTEMERROR", Outcome::Unknown, Advice::SameParameters),
    ("BANK_ERROR", Outcome::Unknown, Advice::SameParameters),
    ("BIZERR_NEED_RETRY", Outcome::Unknown, Advice::Query),
    ("FREQUENCY_LIMIT_EXCEED", Outcome::Unknown, Advice::Query),
    ("FREQUENCYLIMITED", Outcome::Unknown, Advice::Query),
    ("ALREADYEXISTS", Outcome::Unknown, Advice::Query),
    ("ORDERNOTEXIST", Outcome::Refused, Advice::Absent),
    ("USER_PAYING", Outcome::Unknown, Advice::Query),
    ("USERPAYING", Outcome::Unknown, Advice::Query),
    ("IN_PROCESS", Outcome::Unknown, Advice::Query),
    ("FREQUENCY_LIMITED", Outcome::Unknown, Advice::Query),
    ("ALREADY_EXISTS", Outcome::Unknown, Advice::Query),
    ("RESOURCE_ALREADY_EXISTS", Outcome::Unknown, Advice::Query),
    ("OUT_TRADE_NO_USED", Outcome::Unknown, Advice::Query),
    ("ORDER_PAID", Outcome::Unknown, Advice::Query),
    ("ORDER_DONE", Outcome::Unknown, Advice::Query),
    ("ORDER_CLOSED", Outcome::Unknown, Advice::Query),
    ("ORDER_CANCELED", Outcome::Unknown, Advice::Query),
];

/// The error of one attempt, with its outcome and its advice.
async fn error_for(
    sandbox: &Sandbox,
    wx: &Client,
    response: PlannedResponse,
) -> (Error, Outcome, Advice) {
    sandbox.respond("POST", CANCEL, response).unwrap();
    let error = cancel(wx).retries(Retries::none()).await.unwrap_err();
    let (outcome, advice) = (error.outcome(), error.api().unwrap().advice());
    (error, outcome, advice)
}

/// Whether the error's text agrees with the advice.
fn says_its_advice(error: &Error) -> bool {
    let Some(api) = error.api() else { return true };
    let shown = error.to_string();
    let sentence = shown.rsplit("; ").next().unwrap_or_default();
    let may_retry = sentence.contains("retry it") && !sentence.contains("do not retry it")
        || sentence.contains("may be tried again");
    may_retry == api.advice().may_retry()
}

fn is_consistent(outcome: Outcome, advice: Advice) -> bool {
    let on_unknown = matches!(advice, Advice::Query | Advice::SameParameters);
    match outcome {
        Outcome::Unknown => on_unknown,
        Outcome::Refused => !on_unknown,
        _ => false,
    }
}

#[tokio::test]
async fn a_code_decides_before_the_status() {
    let (sandbox, wx) = sandbox().await;
    for &(code, outcome, advice) in TABLE {
        for status in [400, 401, 403, 404, 500, 503] {
            let got = error_for(&sandbox, &wx, PlannedResponse::error(status, code, "")).await;
            assert_eq!((got.1, got.2), (outcome, advice), "{status} {code}: {}", got.0);
            assert!(says_its_advice(&got.0), "{status} {code}: {}", got.0);
        }
        // 429 asks for fewer requests, under every code.
        let got = error_for(&sandbox, &wx, PlannedResponse::error(429, code, "")).await;
        let slower = if outcome == Outcome::Refused { Advice::BackOff } else { advice };
        assert_eq!((got.1, got.2), (outcome, slower), "429 {code}: {}", got.0);
    }
}

#[tokio::test]
async fn an_unknown_code_is_a_refusal_by_signature_and_status_alone() {
    let (sandbox, wx) = sandbox().await;
    for (status, code, outcome) in [
        (400, "A_CODE_OF_TOMORROW", Outcome::Refused),
        (403, "A_CODE_OF_TOMORROW", Outcome::Refused),
        (404, "A_CODE_OF_TOMORROW", Outcome::Refused),
        (409, "A_CODE_OF_TOMORROW", Outcome::Unknown),
        (429, "A_CODE_OF_TOMORROW", Outcome::Unknown),
        (500, "A_CODE_OF_TOMORROW", Outcome::Unknown),
        (400, "", Outcome::Unknown),
        (400, "400", Outcome::Unknown),
        (400, "-1", Outcome::Unknown),
        (404, "NoSuchRoute", Outcome::Unknown),
    ] {
        let (error, got, advice) =
            error_for(&sandbox, &wx, PlannedResponse::error(status, code, "")).await;
        assert_eq!(got, outcome, "{error}");
        assert!(is_consistent(got, advice), "{error}: {advice:?}");
        assert_ne!(advice, Advice::Absent, "{error}");
    }
}

#[tokio::test]
async fn a_retry_of_a_non_idempotent_operation_is_never_advised() {
    let (sandbox, wx) = sandbox().await;
    for &(code, outcome, _) in TABLE.iter().filter(|(_, outcome, _)| *outcome == Outcome::Unknown) {
        let path = "/v3/smartguide/guides";
        for status in [400, 403, 429, 500] {
            sandbox.respond("POST", path, PlannedResponse::error(status, code, "")).unwrap();
            let guide = wx.v3().smartguide().guides().post(|r| {
                r.corpid("1234567890")
                    .store_id(12345678)
                    .userid("robert")
                    .name("robert")
                    .mobile("13900000000")
                    .qr_code("https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=xxx")
                    .avatar("https://example.com/avatar.png")
            });
            let error = guide.await.unwrap_err();
            assert_eq!(
                (error.idempotency(), error.outcome()),
                (Idempotency::Never, outcome),
                "{error}"
            );
            assert_eq!((error.attempts(), error.api().unwrap().advice()), (1, Advice::Query));
        }
    }
}

#[tokio::test]
async fn a_refusal_after_an_unknown_attempt_gives_no_advice_on_refusals() {
    let (sandbox, _) = sandbox().await;
    let retries = Retries::new().first_pause(Duration::from_millis(1));
    let wx = sandbox.client_builder().retries(retries).build().unwrap();
    for (code, status) in [("RESOURCE_NOT_EXISTS", 404), ("PARAM_ERROR", 400), ("NO_AUTH", 403)] {
        sandbox.respond("POST", CANCEL, PlannedResponse::error(500, "SYSTEM_ERROR", "")).unwrap();
        sandbox.respond("POST", CANCEL, PlannedResponse::error(status, code, "")).unwrap();
        let error = cancel(&wx).await.unwrap_err();
        assert_eq!((error.attempts(), error.outcome()), (2, Outcome::Unknown), "{error}");
        assert_eq!(error.api().unwrap().advice(), Advice::Query, "{error}");
    }
}

/// 202 with `USER_PAYING` and similar codes: WeChat Pay accepted the request and has not finished
/// it.
#[tokio::test]
async fn an_error_body_under_a_2xx_is_an_error() {
    let (sandbox, wx) = sandbox().await;
    for (status, code, advice) in [
        (202, "USER_PAYING", Advice::Query),
        (200, "SYSTEM_ERROR", Advice::SameParameters),
        (200, "A_CODE_OF_TOMORROW", Advice::Query),
        (202, "RESOURCE_NOT_EXISTS", Advice::Query),
    ] {
        let got =
            error_for(&sandbox, &wx, PlannedResponse::error(status, code, "用户支付中")).await;
        assert_eq!((got.1, got.2), (Outcome::Unknown, advice), "{}", got.0);
        let api = got.0.api().unwrap();
        assert_eq!((api.status, &*api.code), (status, code));
        // An operation whose success is a status alone.
        let path = "/v3/pay/transactions/out-trade-no/{out_trade_no}/close";
        sandbox.respond("POST", path, PlannedResponse::error(status, code, "用户支付中")).unwrap();
        let orders = wx.v3().pay().transactions().out_trade_no().out_trade_no("T1");
        let close = orders.close().post(|r| r.mchid("1230000109")).retries(Retries::none());
        let error = close.await.unwrap_err();
        assert_eq!((error.outcome(), &*error.api().unwrap().code), (Outcome::Unknown, code));
        // Without a type, only a documented code counts as an error.
        sandbox.respond("POST", UNDESCRIBED, PlannedResponse::error(status, code, "")).unwrap();
        let untyped = wx.post(UNDESCRIBED, json!({})).retries(Retries::none()).await;
        assert_eq!(untyped.is_err(), code != "A_CODE_OF_TOMORROW", "{code}");
    }
    // The client retries it where that is harmless, and traces its outcome.
    let retries = Retries::new().first_pause(Duration::from_millis(1));
    sandbox.respond("POST", CANCEL, PlannedResponse::error(200, "SYSTEM_ERROR", "")).unwrap();
    assert_eq!(cancel(&wx).retries(retries).reply().await.unwrap().sent().attempts, 2);
    // With a member of the response type, it is a response.
    let mixed = json!({ "code": "SYSTEM_ERROR", "message": "", "order_id": "1" });
    sandbox.respond("POST", CANCEL, PlannedResponse::json(mixed).unchecked()).unwrap();
    assert_eq!(cancel(&wx).await.unwrap().order_id, "1");
}

#[tokio::test]
async fn a_result_under_any_2xx_status_is_read() {
    let (sandbox, wx) = sandbox().await;
    for status in [200, 201, 202, 206] {
        let body = json!({ "out_order_no": "order-1", "order_id": "1" });
        sandbox.respond("POST", CANCEL, PlannedResponse::json(body).status(status)).unwrap();
        let reply = cancel(&wx).reply().await.unwrap();
        assert_eq!((reply.http_status().as_u16(), &*reply.value.order_id), (status, "1"));
    }
    // Without such a member, it is still being processed.
    sandbox.respond("POST", CANCEL, PlannedResponse::empty(202)).unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Pending), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
}

/// A client that cancels orders through a gateway, with one attempt for each.
async fn behind_gateway(
    replace: impl Fn(usize, Message) -> Message + Send + Sync + 'static,
) -> (Sandbox, Client) {
    let (sandbox, _) = sandbox().await;
    let url = gateway::start(sandbox.url(), replace).await;
    let wx = sandbox.client_builder().base_url(url).retries(Retries::none()).build().unwrap();
    (sandbox, wx)
}

/// A gateway's page stops neither the downloads of certificates nor the calls that wait for them.
#[tokio::test]
async fn a_gateways_page_does_not_stop_certificate_downloads() {
    let sandbox = Sandbox::builder().examples().certificate_mode().start().await.unwrap();
    let replace = |number, original| match number {
        0 => page(404, &[], r#"{"code":"NOT_FOUND","message":"x"}"#),
        _ => original,
    };
    let url = gateway::start(sandbox.url(), replace).await;
    let builder = sandbox.client_builder().wechatpay_keys(WechatPayKeys::new()).base_url(url);
    let wx = builder.download_certificates(wxpay_api::CertificateDownload::new()).build().unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert!(!error.to_string().contains("PUB_KEY_ID"), "{error}");
    cancel(&wx).await.unwrap();
}

#[tokio::test]
async fn a_gateways_page_gives_no_advice_beyond_a_query() {
    const REQUEST_ID: (&str, &str) = ("Request-ID", "08F78BB0AF0610D302189E8DB40120A3D4-0");
    for (status, headers, body) in [
        (404, vec![("Content-Type", "text/html")], "<html><h1>404 Not Found</h1></html>"),
        (499, vec![], r#"{"code":-1}"#),
        (499, vec![], r#"{"code":"UPSTREAM_TIMEOUT"}"#),
        (444, vec![], r#"{"code":"timeout"}"#),
        (404, vec![], r#"{"code":"NoSuchRoute"}"#),
        (403, vec![], r#"{"code":" "}"#),
        (400, vec![], r#"{"code":"400.1"}"#),
        (404, vec![], r#"{"code":"RESOURCE_NOT_EXISTS","message":"x"}"#),
        (400, vec![], r#"{"code":"PARAM_ERROR","message":"x"}"#),
        (404, vec![REQUEST_ID], r#"{"code":"NOT_FOUND","message":"x"}"#),
        (404, vec![REQUEST_ID], r#"{"code":"NoSuchRoute","message":"x"}"#),
        (409, vec![REQUEST_ID], r#"{"code":"PARAM_ERROR","message":"x"}"#),
        (502, vec![REQUEST_ID], r#"{"code":"PARAM_ERROR","message":"x"}"#),
        (404, vec![("Request-ID", " ")], r#"{"code":"RESOURCE_NOT_EXISTS","message":"x"}"#),
        (401, vec![], r#"{"code":"UNAUTHORIZED","message":"x"}"#),
        (429, vec![], r#"{"code":"RATELIMIT_EXCEEDED","message":"x"}"#),
        (429, vec![REQUEST_ID], r#"{"message":"slow down"}"#),
    ] {
        let shown = format!("{status} {headers:?} {body}");
        let (sandbox, wx) = behind_gateway(move |_, _| page(status, &headers, body)).await;
        let error = cancel(&wx).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{shown}: {error}");
        let advice = error.api().unwrap().advice();
        assert!(matches!(advice, Advice::Query | Advice::SameParameters), "{shown}: {advice:?}");
        assert_eq!(advice.may_retry(), matches!(status, 429 | 502), "{shown}: {advice:?}");
        assert!(sandbox.received()[0].executed, "{shown}");
    }
}

#[tokio::test]
async fn a_known_code_with_a_request_id_is_a_refusal_unless_signatures_are_demanded() {
    let refusal = |_, _| {
        let headers = [("Request-ID", "08F78BB0AF0610D302189E8DB40120A3D4-268435461")];
        page(400, &headers, r#"{"code":"PARAM_ERROR","message":"x"}"#)
    };
    let (sandbox, wx) = behind_gateway(refusal).await;
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!((error.outcome(), error.api().unwrap().advice()), (Outcome::Refused, Advice::Fix));

    let url = gateway::start(sandbox.url(), refusal).await;
    let builder = sandbox.client_builder().base_url(url).retries(Retries::none());
    let wx = builder.signed_refusals(true).build().unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!((error.outcome(), error.api().unwrap().advice()), (Outcome::Unknown, Advice::Query));
    // A signed refusal counts, and so does a 401, which WeChat Pay cannot sign.
    let wx = sandbox.client_builder().signed_refusals(true).build().unwrap();
    sandbox.respond("POST", CANCEL, PlannedResponse::error(400, "PARAM_ERROR", "")).unwrap();
    assert_eq!(cancel(&wx).await.unwrap_err().outcome(), Outcome::Refused);
    let (sandbox, _) = crate::sandbox().await;
    let sign_error = |_, _| page(401, &[], r#"{"code":"SIGN_ERROR","message":"x"}"#);
    let url = gateway::start(sandbox.url(), sign_error).await;
    let wx = sandbox.client_builder().base_url(url).signed_refusals(true).build().unwrap();
    assert_eq!(cancel(&wx).await.unwrap_err().outcome(), Outcome::Refused);
}

/// Pages of gateways, proxies and load balancers in place of a response.
fn gateway_page(number: usize, original: Message) -> Message {
    const STATUSES: [u16; 22] = [
        400, 401, 403, 404, 405, 408, 409, 410, 413, 421, 429, 431, 444, 451, 499, 500, 501, 502,
        503, 504, 520, 599,
    ];
    const BODIES: [(&str, &str); 14] = [
        ("text/html", "<html><body><center><h1>502 Bad Gateway</h1></center></body></html>"),
        ("text/plain", "upstream connect error or disconnect/reset before headers"),
        ("application/json", ""),
        ("application/json", "{}"),
        ("application/json", r#"{"code":-1,"message":"error"}"#),
        ("application/json", r#"{"code":504,"message":"upstream timed out"}"#),
        ("application/json", r#"{"code":"UPSTREAM_TIMEOUT","message":"upstream timed out"}"#),
        ("application/json", r#"{"code":"NoSuchRoute","message":"no route"}"#),
        ("application/json", r#"{"code":"NOT_FOUND","message":"no route"}"#),
        ("application/json", r#"{"code":"UNAUTHORIZED","message":"token expired"}"#),
        ("application/json", r#"{"code":"TOO_MANY_REQUESTS","message":"slow down"}"#),
        ("application/json", r#"{"error":{"code":"PARAM_ERROR"}}"#),
        (
            "application/problem+json",
            r#"{"type":"about:blank","title":"Bad Gateway","status":502}"#,
        ),
        ("application/json", r#"{"code":" ","message":null}"#),
    ];
    let status = STATUSES[number % STATUSES.len()];
    let (media_type, body) = BODIES[number / STATUSES.len() % BODIES.len()];
    let mut headers = vec![("Content-Type", media_type)];
    match number / 3 % 4 {
        0 => headers.push(("Request-ID", "08F78BB0AF0610D302189E8DB40120A3D4-0")),
        1 => headers.push(("X-Request-Id", "7d1b6a4e-1f0a-4f0e-9c7e-0d3f1f3b0a55")),
        // WeChat Pay's own headers over another body.
        2 => {
            let names = [
                "Wechatpay-Timestamp",
                "Wechatpay-Nonce",
                "Wechatpay-Signature",
                "Wechatpay-Serial",
                "Wechatpay-Signature-Type",
                "Request-ID",
            ];
            headers.extend(names.into_iter().flat_map(|name| {
                original.headers(name).map(move |value| (name, value)).collect::<Vec<_>>()
            }));
            // Even with an error code of WeChat Pay.
            let refusal = r#"{"code":"PARAM_ERROR","message":"x"}"#;
            let body = if number.is_multiple_of(2) { body } else { refusal };
            return page(status, &headers, body);
        }
        _ => {}
    }
    page(status, &headers, body)
}

/// Thousands of calls whose requests run and whose responses are replaced.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replaced_responses_never_look_refused_or_not_sent() {
    const CALLS: usize = 3000;
    let (sandbox, wx) = behind_gateway(gateway_page).await;
    let mut calls = tokio::task::JoinSet::new();
    for worker in 0..8 {
        let wx = wx.clone();
        calls.spawn(async move {
            for _ in (worker..CALLS).step_by(8) {
                let error = cancel(&wx).await.unwrap_err();
                assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
                let advice = error.api().unwrap().advice();
                assert!(is_consistent(Outcome::Unknown, advice), "{error}: {advice:?}");
                let shown = error.to_string();
                assert!(shown.contains("outcome unknown"), "{shown}");
            }
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    let executed = sandbox.received().iter().filter(|request| request.executed).count();
    assert_eq!(executed, CALLS);
}

/// A merchant's keys, and WeChat Pay's private key, with which the test signs responses.
struct Keys {
    core: Core,
    wechatpay: Identity,
    other: Identity,
}

const KEY_ID: &str = "PUB_KEY_ID_0119000000012024101000292400000";

impl Keys {
    fn new() -> Self {
        let merchant = Identity::merchant("1900000109").unwrap();
        let key = merchant.private_key_pem().unwrap();
        let merchant = Merchant::from_pem("1900000109", merchant.certificate_pem(), key).unwrap();
        let (wechatpay, other) = (Identity::platform().unwrap(), Identity::platform().unwrap());
        let keys = WechatPayKeys::new().with_public_key(KEY_ID, wechatpay.public_key_pem());
        Self { core: Core::new(merchant, keys.unwrap()).unwrap(), wechatpay, other }
    }

    /// The headers of a signature over `body`.
    fn sign(&self, signer: &Identity, body: &[u8]) -> http::HeaderMap {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let (scheme, key) = (self.core.merchant().scheme(), signer.private_key());
        let nonce = Nonce::new("5K8264ILTKCH16CQ2502SI8ZNMTM67VS").unwrap();
        signed_headers(scheme, key, KEY_ID, now, &nonce, body).unwrap()
    }
}

/// Who signed a response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Signature {
    /// Not signed. There may be headers of any sort.
    Unsigned,
    /// WeChat Pay.
    Valid,
    /// WeChat Pay, but another body.
    OverAnotherBody,
    /// Another signer, in WeChat Pay's name.
    ByAnotherKey,
}

fn signed(core: &Core) -> Signed<cancel_post::Operation> {
    let request =
        cancel_post::Request::builder().appid("wx1").service_id("500001").reason("用户投诉");
    core.prepare(cancel_post::operation("order-1", request)).unwrap().sign().unwrap()
}

/// Error codes: known ones, near misses, and anything.
fn code() -> impl Strategy<Value = serde_json::Value> {
    let known: Vec<_> = TABLE.iter().map(|(code, ..)| json!(code)).collect();
    prop_oneof![
        4 => proptest::sample::select(known),
        1 => "[A-Z_]{1,20}".prop_map(|text| json!(text)),
        1 => any::<String>().prop_map(|text| json!(text)),
        1 => any::<i64>().prop_map(|number| json!(number)),
        1 => Just(json!(null)),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let names = proptest::sample::select(vec![
        "Request-ID",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Retry-After",
        "Server",
    ]);
    proptest::collection::vec((names, "[ -~]{0,40}"), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    /// For any response, the conclusion has no contradiction, and only a proven response of WeChat
    /// Pay is a refusal.
    #[test]
    fn any_response_gives_one_consistent_conclusion(
        status in 200_u16..600,
        headers in headers(),
        signature in prop_oneof![
            2 => Just(Signature::Unsigned),
            2 => Just(Signature::Valid),
            1 => Just(Signature::OverAnotherBody),
            1 => Just(Signature::ByAnotherKey),
        ],
        code in code(),
        body in prop_oneof![
            3 => Just(None),
            1 => proptest::collection::vec(any::<u8>(), 0..200).prop_map(Some),
        ],
    ) {
        thread_local! {
            static KEYS: Keys = Keys::new();
        }
        let (is_json, body) = match body {
            Some(body) => (false, body),
            None => (true, json!({ "code": code, "message": "m" }).to_string().into_bytes()),
        };
        let mut response = http::Response::builder().status(status);
        let kept = |name: &str| signature == Signature::Unsigned || !name.starts_with("Wechatpay-");
        for (name, value) in headers.iter().filter(|(name, _)| kept(name)) {
            response = response.header(*name, value);
        }
        let mut response = response.body(Bytes::from(body.clone())).unwrap();
        let other_body = [&*body, b" "].concat();
        let checked = KEYS.with(|keys| {
            response.headers_mut().extend(match signature {
                Signature::Unsigned => http::HeaderMap::new(),
                Signature::Valid => keys.sign(&keys.wechatpay, &body),
                Signature::OverAnotherBody => keys.sign(&keys.wechatpay, &other_body),
                Signature::ByAnotherKey => keys.sign(&keys.other, &body),
            });
            signed(&keys.core).check(response)
        });
        let names: HashSet<_> = headers.iter().map(|(name, _)| *name).collect();
        let has_request_id = headers
            .iter()
            .find(|(name, _)| *name == "Request-ID")
            .is_some_and(|(_, value)| !value.trim().is_empty());
        let code = if is_json { code.as_str().unwrap_or_default() } else { "" };
        let row = TABLE.iter().find(|row| row.0 == code);
        let error = match checked {
            Err(error) => error,
            Ok(_) => {
                // Success: WeChat Pay's signature, and no error's body.
                prop_assert_eq!(signature, Signature::Valid);
                prop_assert!(status < 300 && row.is_none(), "{} {}", status, code);
                return Ok(());
            }
        };
        let outcome = error.outcome();
        prop_assert_ne!(outcome, Outcome::NotSent);
        prop_assert!(says_its_advice(&error), "{}", error);
        let is_known = row.is_some() && code != "NOT_FOUND";
        let is_word = match signature {
            Signature::Valid => true,
            Signature::OverAnotherBody | Signature::ByAnotherKey => false,
            Signature::Unsigned => {
                !names.contains("Wechatpay-Signature")
                    && ((status == 401 && code == "SIGN_ERROR")
                        || (has_request_id && is_known && [400, 401, 403, 404, 429].contains(&status)))
            }
        };
        let says_refused = match row {
            Some((_, outcome, _)) => *outcome == Outcome::Refused,
            // A code that this version does not know.
            None => is_code(code) && [400, 401, 403, 404].contains(&status),
        };
        match status {
            // Only a signature of WeChat Pay proves “accepted and unreadable”.
            ..300 if signature == Signature::Valid && row.is_none() => {
                prop_assert!(matches!(outcome, Outcome::Accepted | Outcome::Unknown), "{}", error);
            }
            400.. if is_word && says_refused => {
                prop_assert_eq!(outcome, Outcome::Refused, "{}", error);
            }
            _ => prop_assert_eq!(outcome, Outcome::Unknown, "{}", error),
        }
        if let Some(api) = error.api() {
            let advice = api.advice();
            prop_assert!(is_consistent(outcome, advice), "{}: {:?}", error, advice);
            if row.is_some() && is_word && outcome == Outcome::Refused && status != 429 {
                prop_assert_eq!(Some(advice), row.map(|row| row.2), "{}", error);
            }
        }
    }
}

/// Whether a text looks like an error code of WeChat Pay.
fn is_code(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|one| matches!(one, 'A'..='Z' | '0'..='9' | '_'))
}
