//! Nothing that a test says is silently ignored: URLs and bodies that no descriptor has are errors.

use serde_json::{Value, json};
use wxpay_api::sandbox::{Fault, PlannedResponse, Sandbox, SandboxError, SandboxNotification};

use crate::support::{Forgery, builder, start};

const ORDER: &str = "/v3/orders/{order_id}";

fn suggestions(error: SandboxError) -> Vec<String> {
    match error {
        SandboxError::UnknownOperation { suggestions, .. } => suggestions,
        other => panic!("{other}"),
    }
}

fn problems(sandbox: &Sandbox, path: &str, response: PlannedResponse) -> Vec<String> {
    match sandbox.respond("GET", path, response).unwrap_err() {
        SandboxError::UnfitResponse { operation, problems } => {
            assert_eq!(operation, format!("GET {path}"));
            problems
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_url_that_no_descriptor_has_is_refused_everywhere() {
    let sandbox = start().await;
    let typo = "/v3/pay/transactions/natve";
    let response = PlannedResponse::json(json!({ "code_url": "weixin://" }));
    let busy = Fault::Unavailable { status: 500, retry_after: None };
    for error in [
        sandbox.respond("POST", typo, response).unwrap_err(),
        sandbox.inject_fault_at("POST", typo, busy).unwrap_err(),
        sandbox.executions("POST", typo).unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(text.contains("`POST /v3/pay/transactions/natve`; did you mean"), "{text}");
        assert_eq!(suggestions(error)[0], "POST /v3/pay/transactions/native");
    }
    sandbox.finish().unwrap();
}

#[tokio::test]
async fn the_closest_operations_are_suggested() {
    let sandbox = start().await;
    for (method, path, expected) in [
        ("GET", "/v3/pay/transactions/native", "POST /v3/pay/transactions/native"),
        ("GET", "/v3/order/7", "GET /v3/orders/{order_id}"),
        ("POST", "/v3/orders/7/closed", "POST /v3/orders/{order_id}/close"),
        ("POST", "/v3/orders/{id}", "GET /v3/orders/{order_id}"),
        ("POST", "/v3/slash", "POST /v3/slash/"),
        ("GET", "/v3/certificates?algorithm_type=RSA", "GET /v3/certificates"),
        ("GET", "v3/certificates", "GET /v3/certificates"),
        ("POST", "https://api.mch.weixin.qq.com/v3/orders", ""),
        ("GET", "/nowhere/near", ""),
    ] {
        let found = suggestions(sandbox.executions(method, path).unwrap_err());
        let first = found.first().map_or("", String::as_str);
        assert_eq!(first, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_known_operation_is_selected_in_every_spelling() {
    let sandbox = start().await;
    Forgery::get("/v3/orders/1").send(&sandbox).await;
    Forgery::get("/v3/orders/a%2Fb").send(&sandbox).await;
    for (path, expected) in [
        (ORDER, 2),
        ("/v3/orders/{any_name}", 2),
        ("/v3/orders/1", 1),
        ("/v3/orders/a%2Fb", 1),
        ("/v3/orders/2", 0),
    ] {
        assert_eq!(sandbox.executions("get", path).unwrap(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_planned_response_must_fit_its_descriptor() {
    let sandbox = start().await;
    let body = json!({
        "order_id": 7, "stat": "DONE", "amount": { "total": "1", "payer": 1 },
        "goods": [{ "name": "pen" }, { "price": 1.5 }, 3], "scene": "{\"device\":1}", "open": "true",
        "level": "7", "rate": 1, "phone": null, "anything": [{}], "tree": { "branches": [{ "lea": "" }] },
    });
    let expected = [
        "`order_id` must be a string, not a number",
        "`stat` is not a member",
        "`amount.total` must be an integer, not a string",
        "`amount.payer` is not a member",
        "`goods[1].price` must be an integer, not a number",
        "`goods[2]` must be an object, not a number",
        "`scene.device` is not a member",
        "`open` must be a boolean, not a string",
        "`level` must be an integer, not a string",
        "`tree.branches[0].lea` is not a member",
    ];
    let mut found = problems(&sandbox, ORDER, PlannedResponse::json(body.clone()));
    let mut expected = expected.map(str::to_owned).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    let error = sandbox.respond("GET", ORDER, PlannedResponse::json(body.clone())).unwrap_err();
    assert!(error.to_string().contains("`stat` is not a member"), "{error}");
    sandbox.respond("GET", ORDER, PlannedResponse::json(body.clone()).unchecked()).unwrap();
    let got = Forgery::get("/v3/orders/1").send(&sandbox).await;
    assert_eq!(got.json()["stat"], "DONE");
}

#[tokio::test]
async fn responses_that_may_happen_are_accepted() {
    let sandbox = start().await;
    let state = |state: &str| json!({ "state": state });
    for response in [
        PlannedResponse::json(json!({})),
        PlannedResponse::json(state("DONE")).status(202),
        PlannedResponse::json(state("A_NEW_STATE")),
        PlannedResponse::json(json!({ "code": "USERPAYING", "message": "m" })).status(202),
        PlannedResponse::json(json!({ "anything": 1 })).status(500),
        PlannedResponse::error(404, "ORDER_NOT_EXIST", "订单不存在"),
        PlannedResponse::verbatim("not json"),
        PlannedResponse::empty(204),
    ] {
        sandbox.respond("GET", ORDER, response.clone()).unwrap_or_else(|error| panic!("{error}"));
        Forgery::get("/v3/orders/1").send(&sandbox).await;
    }
    sandbox.finish().unwrap();
}

#[tokio::test]
async fn the_kind_of_response_must_fit() {
    let sandbox = start().await;
    let file = || PlannedResponse::file("text/plain", "text");
    let json = || PlannedResponse::json(json!({ "a": 1 }));
    assert_eq!(problems(&sandbox, ORDER, file()), ["it does not respond with a file"]);
    assert_eq!(problems(&sandbox, "/v3/images/{media_id}", json()), ["it responds with a file"]);
    let error = sandbox.respond("POST", "/v3/orders/{order_id}/close", json()).unwrap_err();
    assert!(error.to_string().contains("its response has no body"), "{error}");
    assert_eq!(problems(&sandbox, ORDER, PlannedResponse::json(Value::from(1))).len(), 1);
    for status in [0, 99, 1000] {
        let error = sandbox.respond("GET", ORDER, json().status(status)).unwrap_err();
        assert!(matches!(error, SandboxError::InvalidStatus { .. }), "{error}");
    }
    sandbox.respond("GET", ORDER, PlannedResponse::json(json!({})).times(0)).unwrap();
    sandbox.finish().unwrap();
}

#[tokio::test]
async fn an_operation_without_a_descriptor_is_named_at_the_start() {
    let sandbox = builder().undescribed("post", "/v3/grey/{id}").start().await.unwrap();
    let path = "/v3/grey/{id}";
    sandbox.respond("POST", path, PlannedResponse::json(json!({ "grey": 1 }))).unwrap();
    sandbox
        .inject_fault_at("POST", "/v3/grey/7", Fault::Html { status: 502, signed: false })
        .unwrap();
    let send = async || Forgery::post("/v3/grey/7", &json!({ "any": null })).send(&sandbox).await;
    assert_eq!(send().await.status, 502, "the fault hits a response that was executed");
    assert_eq!(send().await.status, 404, "no response is planned any more");
    assert_eq!(sandbox.executions("POST", path).unwrap(), 1);
    assert_eq!(sandbox.executions("POST", "/v3/grey/8").unwrap(), 0);
    suggestions(sandbox.executions("GET", path).unwrap_err());
    suggestions(sandbox.executions("POST", "/v3/gray/7").unwrap_err());
}

#[tokio::test]
async fn changes_of_a_notification_must_fit_its_descriptor() {
    let sandbox = start().await;
    let done = || SandboxNotification::example("test/order");
    let typo = || done().with(json!({ "amount": { "totl": 1 }, "level": "7" }));
    let error = sandbox.notification(typo()).unwrap_err();
    let text = error.to_string();
    let SandboxError::UnfitNotification { name, problems } = error else { panic!("{text}") };
    assert_eq!((name.as_str(), problems.len()), ("test/order", 2));
    assert!(text.contains("`amount.totl` is not a member"), "{text}");
    sandbox.notification(typo().unchecked()).unwrap();
    let error = sandbox.notification(done().event_type("ORDER.DNE")).unwrap_err();
    assert!(error.to_string().contains("ORDER.DONE, ORDER.CLOSED, not ORDER.DNE"), "{error}");
    sandbox.notification(done().event_type("ORDER.CLOSED")).unwrap();
    sandbox.notification(done().event_type("ORDER.NEW").unchecked()).unwrap();
    sandbox.notification(SandboxNotification::new("ANY", json!({ "any": 1 }))).unwrap();
}
