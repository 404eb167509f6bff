//! Measures how long it takes to decode responses, beside the derive of `serde` and `serde_json::Value`.
//!
//! `cargo bench -p wxpay-api --features brand-api,merchant-service,sandbox --bench decode` prints the table of
//! `docs/benchmarks.md`.

mod bodies;
mod derived;

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::Value;
use wxpay_api::brand::marketing::product_coupon::users::_openid_::coupons::get::Response as Coupons;
use wxpay_api::v3::merchant_service::types::Complaint;
use wxpay_api::v3::pay::types::{PrepaySession, Transaction};
use wxpay_api::{Decode, decode};

use bodies::Bodies;

/// The readers take turns, so that another load on the machine meets all of them. The best round of each counts.
const ROUNDS: usize = 60;
/// How long each reader reads in a round.
const ROUND: Duration = Duration::from_millis(4);

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let bodies = Bodies::fetch()?;
    println!(
        "| | bytes | ours | serde's derive | `serde_json::Value` | of the derive | of `Value` |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    row::<PrepaySession, derived::PrepaySession>("a prepay id", &bodies.prepay)?;
    row::<Transaction, derived::Transaction>("a transaction", &bodies.transaction)?;
    row::<Complaint, derived::Complaint>("a complaint, its secrets encrypted", &bodies.complaint)?;
    row::<Coupons, derived::UserCoupons>("coupons, the largest response", &bodies.coupons)?;
    println!("\nThe bar is 1.5 times serde's derive.");
    Ok(())
}

/// Measures how long a body takes, read as our type and as the derived one.
fn row<Ours: Decode, Derived: DeserializeOwned>(label: &str, body: &[u8]) -> Result<(), Failure> {
    let (_, corrections) = decode::<Ours>(body, None)?;
    if let Some(first) = corrections.first() {
        return Err(format!("{label}: {first}").into());
    }
    let mut best = [f64::MAX; 3];
    for _ in 0..ROUNDS {
        let round = [
            time(|| decode::<Ours>(body, None).map(|(value, _)| drop(black_box(value))).is_ok())?,
            time(|| serde_json::from_slice::<Derived>(body).map(black_box).is_ok())?,
            time(|| serde_json::from_slice::<Value>(body).map(black_box).is_ok())?,
        ];
        for (best, one) in best.iter_mut().zip(round) {
            *best = best.min(one);
        }
    }
    let [ours, derived, value] = best;
    println!(
        "| {label} | {} | {ours:.2} µs | {derived:.2} µs | {value:.2} µs | {:.2} | {:.2} |",
        body.len(),
        ours / derived,
        ours / value
    );
    Ok(())
}

/// How many microseconds one reading takes.
fn time(mut read: impl FnMut() -> bool) -> Result<f64, Failure> {
    let (begun, mut count) = (Instant::now(), 0_u32);
    while begun.elapsed() < ROUND {
        for _ in 0..16 {
            if !read() {
                return Err("a reader refuses the body".into());
            }
        }
        count += 16;
    }
    Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(count))
}
