//! Books that name what does not exist are refused when the sandbox starts.

use serde_json::{Value, json};
use wxpay_api::sandbox::{BookError, Sandbox, SandboxError};

use crate::support::{book, builder};

fn field(path: &str) -> Value {
    json!({ "field": path })
}

fn lifecycle() -> Value {
    json!({
        "title": "a", "keys": ["no"], "states": [["A", { "title": "a", "shows": [] }]],
        "refusals": { "gone": [{ "status": 404, "code": "GONE", "message": "gone" }] },
        "operations": [["query", {
            "title": "q", "on": [{ "method": "GET", "path": "/v3/a/{no}", "sets": [] }],
            "act": { "finds": { "by": [["no", field("request.no")]], "missing": "gone", "from": [] } },
        }]],
        "events": [["go", { "title": "g", "from": [["A", { "state": "A" }]] }]],
    })
}

async fn problem(change: impl FnOnce(&mut Value)) -> String {
    let mut lifecycle = lifecycle();
    change(&mut lifecycle);
    let book = json!({ "lifecycles": { "a/b": lifecycle } }).to_string();
    match Sandbox::builder().book(book).start().await {
        Err(SandboxError::Book(error @ BookError::Lifecycle { .. })) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_named_must_exist() {
    let book = json!({ "lifecycles": { "a/b": lifecycle() } }).to_string();
    let _ = Sandbox::builder().book(book).start().await.unwrap();
    let call = json!({ "function": { "name": "f", "of": [] } });
    let cases: [(&str, Value, &str); 8] = [
        ("/timers", json!([{ "in": ["A"], "after": 1, "do": "come" }]), "event `come`"),
        ("/timers", json!([{ "in": ["B"], "after": 1, "do": "go" }]), "state `B`"),
        (
            "/operations/0/1/guards",
            json!([{ "condition": call, "refuse": "gone" }]),
            "function `f`",
        ),
        ("/operations/0/1/act/finds/missing", json!("lost"), "refusal `lost`"),
        ("/links", json!({ "x": { "to": ["c/d"] } }), "lifecycle `c/d`"),
        ("/parts", json!({ "x": { "of": "c/d", "state": "A" } }), "lifecycle `c/d`"),
        ("/events/0/1/from", json!([["A", { "state": "B" }]]), "state `B`"),
        ("/events/0/1/change", json!({ "sets": [["m", field("order.no")]] }), "scope `order`"),
    ];
    for (pointer, value, expected) in cases {
        let text = problem(|lifecycle| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            lifecycle.pointer_mut(parent).unwrap()[name] = value;
        });
        let text = text.await;
        assert!(text.contains(expected) && text.contains("a/b"), "{pointer}: {text}");
    }
}

#[tokio::test]
async fn a_function_must_be_given() {
    let error = Sandbox::builder().book(book()).start().await.unwrap_err();
    assert!(error.to_string().contains("function `points`"), "{error}");
    let _ = builder().start().await.unwrap();
}
