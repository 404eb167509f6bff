//! What the storage of a folder costs an order: the same orders at a sandbox with and without it, by turns.
//!
//! `cargo bench -p wxpay-cli --bench store` prints the table of `docs/benchmarks.md`. Linux only: it reads the CPU that
//! it used from `/proc`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may stop anywhere")]

#[path = "../src/store/mod.rs"]
#[allow(dead_code, reason = "the program and its tests use the rest")]
mod store;

use std::fs;
use std::ops::AddAssign;
use std::time::Instant;

use serde_json::json;
use tokio::task::JoinSet;
use wxpay_api::Client;
use wxpay_api::sandbox::{Sandbox, SandboxBuilder};

/// The orders of one round. Each is one transaction of the storage, which the disk has before the response is sent.
const ORDERS: usize = 300;
const ROUNDS: usize = 3;
/// How many clients order at once.
const CLIENTS: [usize; 3] = [1, 8, 64];
/// The most CPU of an order with the storage, of that without it.
const BAR: f64 = 1.5;
/// The ticks in a second of `/proc`, which Linux never changes for programs.
const TICKS: f64 = 100.0;

#[tokio::main]
async fn main() {
    println!("{ORDERS} orders in each of {ROUNDS} rounds, with and without the storage by turns\n");
    println!(
        "| clients at once | orders a second without | with it | of it | CPU of an order without | with it | times |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|");
    let mut missed = Vec::new();
    for clients in CLIENTS {
        let (mut without, mut with) = (Used::default(), Used::default());
        for _ in 0..ROUNDS {
            without += measure(Sandbox::builder(), clients).await;
            let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
            let storage = store::open(folder.path()).unwrap();
            with += measure(Sandbox::builder().storage(storage), clients).await;
        }
        let times = with.cpu / without.cpu;
        println!(
            "| {clients} | {:.0} | {:.0} | {:.2} | {:.2} ms | {:.2} ms | {times:.2} |",
            without.rate(),
            with.rate(),
            with.rate() / without.rate(),
            without.cpu_of_one(),
            with.cpu_of_one(),
        );
        if times > BAR {
            missed.push(format!("{clients} clients: {times:.2} times the CPU"));
        }
    }
    println!(
        "\nThe bar: an order with the storage takes at most {BAR:.2} times the CPU of one without it."
    );
    match missed.is_empty() {
        true => println!("The bar is met."),
        false => missed.iter().for_each(|missed| println!("Missed: {missed}.")),
    }
}

/// What all rounds took, in seconds.
#[derive(Default)]
struct Used {
    wall: f64,
    cpu: f64,
}

impl Used {
    fn rate(&self) -> f64 {
        (ROUNDS * ORDERS) as f64 / self.wall
    }

    /// The CPU of one order, in milliseconds: of the client and of the sandbox.
    fn cpu_of_one(&self) -> f64 {
        self.cpu * 1e3 / (ROUNDS * ORDERS) as f64
    }
}

impl AddAssign for Used {
    fn add_assign(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

/// Places all orders. Keys and connections are there before.
async fn measure(builder: SandboxBuilder, clients: usize) -> Used {
    let sandbox = builder.start().await.unwrap();
    let wx = sandbox.client().unwrap();
    order(&wx, "order-first").await;
    let (began, before) = (Instant::now(), cpu());
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
    let used = Used { wall: began.elapsed().as_secs_f64(), cpu: cpu() - before };
    assert_eq!(sandbox.resources("pay/transaction").unwrap().len(), ORDERS + 1);
    used
}

async fn order(wx: &Client, number: &str) {
    let body = json!({
        "appid": "wxd678efh567hg6787", "mchid": wx.id(), "description": "coffee",
        "out_trade_no": number, "notify_url": "http://127.0.0.1:9/", "amount": { "total": 100 },
    });
    wx.post("/v3/pay/transactions/native", body).await.unwrap();
}

/// The CPU that all threads of this process used, in seconds.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name of the program, in brackets, may have spaces.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let used = fields.split_whitespace().skip(11).take(2);
    used.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / TICKS
}
