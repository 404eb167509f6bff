//! Orders a second at a sandbox with and without the storage of a folder.
//!
//! `cargo bench -p wxpay-cli --bench store`

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../src/store/mod.rs"]
#[allow(dead_code, reason = "the program and its tests use the rest")]
mod store;

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;
use wxpay_api::Client;
use wxpay_api::sandbox::{Sandbox, SandboxBuilder};

const ORDERS: usize = 1000;
/// How many clients order at once.
const CLIENTS: [usize; 3] = [1, 8, 64];

#[tokio::main]
async fn main() {
    for clients in CLIENTS {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let without = measure(Sandbox::builder(), clients).await;
        let storage = store::open(folder.path()).unwrap();
        let with = measure(Sandbox::builder().storage(storage), clients).await;
        let rate = |time: Duration| ORDERS as f64 / time.as_secs_f64();
        println!(
            "{clients} clients: {:.0} orders a second without storage, {:.0} with it: {:.2} of it",
            rate(without),
            rate(with),
            without.as_secs_f64() / with.as_secs_f64()
        );
    }
}

/// Returns how long all orders take.
async fn measure(builder: SandboxBuilder, clients: usize) -> Duration {
    let sandbox = builder.start().await.unwrap();
    let wx = sandbox.client().unwrap();
    order(&wx, "order-first").await;
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let wx = wx.clone();
        tasks.spawn(async move {
            for index in (client..ORDERS).step_by(clients) {
                order(&wx, &format!("order-{index}")).await;
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    began.elapsed()
}

async fn order(wx: &Client, number: &str) {
    let body = json!({
        "appid": "wxd678efh567hg6787", "mchid": wx.id(), "description": "coffee",
        "out_trade_no": number, "notify_url": "http://127.0.0.1:9/", "amount": { "total": 100 },
    });
    wx.post("/v3/pay/transactions/native", body).await.unwrap();
}
