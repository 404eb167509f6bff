//! The memory of a sandbox over very many requests, with little bounds, so that they are reached early.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use wxpay_api::sandbox::Sandbox;

use crate::Failure;
use crate::wire::{Connection, sign};

/// How many resources, and how many entries of each journal, the sandbox keeps. The journal of requests has as many
/// without a setting.
const KEPT: usize = 10_000;
/// The requests of one order that is only queried: two that are signed once and sent twice.
const QUERIED: u64 = 4;
/// One order in so many is paid, notified and refunded, which is one request more.
const PAID: u64 = 4;
/// After so many orders of a connection the clock moves on, so that timers fire: refunds arrive and orders expire.
const ADVANCE: u64 = 500;
const REFUND_TIME: Duration = Duration::from_secs(600);
/// The memory is read so often.
const SAMPLES: u64 = 10;
/// From this sample on, it must be flat: everything that is kept has reached its bound.
const FULL: usize = 5;
/// At most so much of the memory at that sample.
const BAR: f64 = 1.05;

/// Sends so many requests over so many connections, and prints the memory after every tenth of them.
pub(crate) async fn print(requests: u64, connections: u64) -> Result<(), Failure> {
    let sandbox = Arc::new(Sandbox::builder().resource_limit(KEPT).start().await?);
    let watch = Arc::new(Watch::new(requests)?);
    let notify_url: Arc<str> = acknowledging_server().await?.into();
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        let (sandbox, watch) = (Arc::clone(&sandbox), Arc::clone(&watch));
        let notify_url = Arc::clone(&notify_url);
        tasks.spawn(async move {
            let mut shop = Shop::open(sandbox, notify_url, connection).await?;
            while !watch.is_over() {
                let sent = shop.order().await?;
                watch.add(sent)?;
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(finished) = tasks.join_next().await {
        finished??;
    }
    let held =
        sandbox.resources("pay/transaction")?.len() + sandbox.resources("refund/refund")?.len();
    if held > KEPT || sandbox.received().len() > KEPT || sandbox.sent_notifications().len() > KEPT {
        return Err("the sandbox keeps more than its bounds".into());
    }
    watch.report(begun.elapsed());
    Ok(())
}

/// One connection of a merchant.
struct Shop {
    sandbox: Arc<Sandbox>,
    notify_url: Arc<str>,
    connection: Connection,
    number: u64,
    orders: u64,
}

impl Shop {
    async fn open(
        sandbox: Arc<Sandbox>,
        notify_url: Arc<str>,
        number: u64,
    ) -> Result<Self, Failure> {
        let connection = Connection::open(sandbox.url().trim_start_matches("http://")).await?;
        Ok(Self { sandbox, notify_url, connection, number, orders: 0 })
    }

    /// Places and queries an order, and pays and refunds some of them. Returns how many requests that took.
    async fn order(&mut self) -> Result<u64, Failure> {
        self.orders += 1;
        let number = format!("order-{}-{}", self.number, self.orders);
        let mchid = self.sandbox.merchant().id().to_owned();
        let order = json!({
            "appid": "wxd678efh567hg6787",
            "mchid": mchid,
            "description": "QQ公仔",
            "out_trade_no": number,
            "notify_url": &*self.notify_url,
            "amount": { "total": 888 },
            "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
        });
        let order = self.sign("POST", "/v3/pay/transactions/jsapi", Some(&order))?;
        let target = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={mchid}");
        let query = self.sign("GET", &target, None)?;
        self.connection.exchange(&order).await?;
        self.connection.exchange(&order).await?;
        self.connection.exchange(&query).await?;
        let paid = self.orders.is_multiple_of(PAID);
        if paid {
            self.sandbox.order(&number)?.pay()?;
            let refund = json!({
                "out_trade_no": number,
                "out_refund_no": format!("refund-{}-{}", self.number, self.orders),
                "amount": { "refund": 300, "total": 888, "currency": "CNY" },
            });
            let refund = self.sign("POST", "/v3/refund/domestic/refunds", Some(&refund))?;
            self.connection.exchange(&refund).await?;
        }
        self.connection.exchange(&query).await?;
        if self.orders.is_multiple_of(ADVANCE) {
            self.sandbox.advance(REFUND_TIME);
        }
        Ok(QUERIED + u64::from(paid))
    }

    fn sign(&self, method: &str, target: &str, body: Option<&Value>) -> Result<Vec<u8>, Failure> {
        let body = body.map(Value::to_string).unwrap_or_default();
        sign(&self.sandbox, method, target, &body)
    }
}

/// A server that acknowledges every notification, unverified.
async fn acknowledging_server() -> Result<String, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/notify", listener.local_addr()?);
    let routes = Router::new().route("/notify", post(|| async { StatusCode::NO_CONTENT }));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(url)
}

/// Counts the requests, and reads the memory after every tenth of them.
struct Watch {
    requests: u64,
    sent: AtomicU64,
    idle: f64,
    samples: Mutex<Vec<(u64, f64)>>,
}

impl Watch {
    fn new(requests: u64) -> Result<Self, Failure> {
        let (sent, samples) = (AtomicU64::new(0), Mutex::default());
        Ok(Self { requests: requests.max(SAMPLES), sent, idle: resident()?, samples })
    }

    fn is_over(&self) -> bool {
        self.sent.load(Ordering::Relaxed) >= self.requests
    }

    fn add(&self, sent: u64) -> Result<(), Failure> {
        let before = self.sent.fetch_add(sent, Ordering::Relaxed);
        let step = self.requests / SAMPLES;
        if before / step != (before + sent) / step {
            let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
            samples.push((before + sent, resident()?));
        }
        Ok(())
    }

    fn report(&self, took: Duration) {
        let samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        println!(
            "A sandbox that keeps {KEPT} resources, notifications and requests, in {:.1} minutes\n",
            took.as_secs_f64() / 60.0
        );
        println!("| requests | resident memory | above idle |\n|--:|--:|--:|");
        println!("| 0 | {:.1} MiB | |", self.idle);
        for (sent, memory) in samples.iter() {
            println!("| {sent} | {memory:.1} MiB | {:.1} MiB |", memory - self.idle);
        }
        let full = samples.get(FULL - 1).map_or(f64::NAN, |(_, memory)| *memory);
        let most = samples.iter().skip(FULL).map(|(_, memory)| *memory).fold(full, f64::max);
        let share = most / full;
        println!("\nThe bar: after half of the requests, the memory grows by 5 % at most.");
        match share <= BAR {
            true => println!("The bar is met: {:.1} %.", (share - 1.0) * 100.0),
            false => println!("Missed: it grows by {:.1} %.", (share - 1.0) * 100.0),
        }
    }
}

/// The resident memory of this process, in MiB.
fn resident() -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib: f64 = line
        .and_then(|line| line.split_whitespace().nth(1))
        .ok_or("no VmRSS in /proc/self/status")?
        .parse()?;
    Ok(kib / 1024.0)
}
