//! A sandbox with the book of the descriptors beside this file, and short names for its calls.

mod shop;

pub(crate) use shop::Shop;

use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};
use wxpay_api::Client;
use wxpay_api::sandbox::{Sandbox, SandboxBuilder};

/// The descriptors of these tests.
pub(crate) fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/lifecycle/descriptors"))
}

/// The book that the generator makes of them.
pub(crate) fn book() -> &'static [u8] {
    static BOOK: OnceLock<Vec<u8>> = OnceLock::new();
    BOOK.get_or_init(|| book_of(folder()))
}

pub(crate) fn book_of(folder: &Path) -> Vec<u8> {
    let spec = wxpay_spec::load(folder).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let output = wxpay_codegen::generate(&spec, wxpay_codegen::Target::Crate).unwrap();
    let book = output.files.into_iter().find(|(name, _)| name.ends_with(".json.gz"));
    book.unwrap().1
}

/// One point for each yuan.
fn points(values: &[Value]) -> Value {
    values.first().and_then(Value::as_i64).map_or(Value::Null, |amount| json!(amount / 100))
}

pub(crate) fn builder() -> SandboxBuilder {
    Sandbox::builder().book(book()).function("points", points)
}

pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) wx: Client,
}

pub(crate) async fn start() -> Fixture {
    start_with(builder()).await
}

pub(crate) async fn start_with(builder: SandboxBuilder) -> Fixture {
    let sandbox = builder.start().await.unwrap();
    let wx = sandbox.client().unwrap();
    Fixture { sandbox, wx }
}

impl Fixture {
    pub(crate) async fn get(&self, target: &str) -> Value {
        self.wx.get(target).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.wx.post(path, body).await.unwrap()
    }

    /// Returns the status and the code with which a `GET` is refused.
    pub(crate) async fn get_refused(&self, target: &str) -> String {
        refusal(self.wx.get(target).await)
    }

    /// Returns the status and the code with which a `POST` is refused.
    pub(crate) async fn refused(&self, path: &str, body: impl Into<Option<Value>>) -> String {
        refusal(self.wx.post(path, body).await)
    }

    /// Calls the control surface, and returns the status and the body.
    pub(crate) async fn control(&self, method: &'static str, target: &str) -> (u16, Value) {
        let url = format!("{}{target}", self.sandbox.url());
        let call = move || {
            let agent: ureq::Agent =
                ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let request = http::Request::builder()
                .method(method)
                .uri(url)
                .header("Content-Type", "application/json")
                .body(())
                .unwrap();
            let mut response = agent.run(request).unwrap();
            let body = response.body_mut().read_to_string().unwrap();
            (response.status().as_u16(), serde_json::from_str(&body).unwrap_or_default())
        };
        tokio::task::spawn_blocking(call).await.unwrap()
    }

    pub(crate) async fn order(&self, number: &str, total: i64) -> Value {
        self.post("/v3/shop/orders", order(number, total)).await
    }

    /// Orders and pays.
    pub(crate) async fn paid(&self, number: &str, total: i64) {
        self.order(number, total).await;
        self.sandbox.order(number).unwrap().pay().unwrap();
    }

    pub(crate) async fn query(&self, number: &str) -> Value {
        self.get(&format!("/v3/shop/orders/{number}")).await
    }
}

fn refusal(result: Result<Value, wxpay_api::Error>) -> String {
    let error = result.expect_err("the sandbox refuses");
    let api = error.api().unwrap_or_else(|| panic!("{error}"));
    format!("{} {}", api.status, api.code)
}

pub(crate) fn order(number: &str, total: i64) -> Value {
    json!({ "out_trade_no": number, "amount": { "total": total } })
}

pub(crate) fn refund(order: &str, number: &str, refund: i64, total: i64) -> Value {
    let amount = json!({ "refund": refund, "total": total });
    json!({ "out_trade_no": order, "out_refund_no": number, "amount": amount })
}
