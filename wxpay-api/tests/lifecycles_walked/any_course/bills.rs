//! The trade bill of each day adds up to what was paid and refunded on it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use wxpay_api::bills::{TradeBill, to_fen};
use wxpay_api::{Client, FileLink};

use super::calls::Shops;
use super::money::{PAYMENTS, paid, refunded};
use super::seen::{Held, Seen};

/// The oldest bills that WeChat Pay still has, with some days to spare.
const KEPT: u64 = 80;

/// The amounts of one merchant's day, in fen.
#[derive(Debug, Default, Eq, PartialEq)]
struct Amounts {
    paid: Vec<i64>,
    refunded: Vec<i64>,
    reversed: Vec<i64>,
}

/// By day and merchant.
#[derive(Default)]
pub(super) struct Days(BTreeMap<(String, String), Amounts>);

impl Days {
    /// Notes what the last step paid and refunded.
    pub(super) fn note(&mut self, shops: &Shops, before: &Seen, now: &Seen) {
        let today = shops.today();
        for held in now.resources.values() {
            let was = before.resources.get(&held.id);
            let is_payment = PAYMENTS.contains(&held.lifecycle.as_str());
            let of_day = || (today.clone(), held.owner.clone());
            if is_payment && paid(held) > 0 && was.is_none_or(|was| paid(was) == 0) {
                self.0.entry(of_day()).or_default().paid.push(paid(held));
            }
            let reversed = |held: &Held| held.has("reversed_at");
            if is_payment && reversed(held) && !was.is_some_and(reversed) {
                self.0.entry(of_day()).or_default().reversed.push(paid(held));
            }
            if held.lifecycle == "refund/refund" && was.is_none() {
                self.0.entry(of_day()).or_default().refunded.push(refunded(held));
            }
        }
    }

    /// Downloads the bills of all days, and compares.
    pub(super) async fn check(mut self, shops: &Shops) {
        // Bills are there at ten o'clock of the next day, whatever the hour is now.
        shops.sandbox.advance(Duration::from_secs(2 * 86_400));
        let oldest = shops.day_before(KEPT);
        for ((day, merchant), amounts) in &mut self.0 {
            if *day < oldest {
                continue;
            }
            let wx = shops.client(merchant);
            let billed = billed(wx, day).await;
            for list in [&mut amounts.paid, &mut amounts.refunded, &mut amounts.reversed] {
                list.sort_unstable();
            }
            assert_eq!(billed, *amounts, "the bill of {merchant} for {day}");
        }
    }
}

async fn billed(wx: &Client, day: &str) -> Amounts {
    let link: Value = wx.get(format!("/v3/bill/tradebill?bill_date={day}")).await.unwrap();
    let url = FileLink::new(link["download_url"].as_str().unwrap());
    let digest = link["hash_value"].as_str().unwrap();
    let mut rows = wx.download_url(url).sha1(digest).rows::<TradeBill>().await.unwrap();
    let mut amounts = Amounts::default();
    while let Some(row) = rows.next().await {
        let row = row.unwrap();
        let fen = |yuan| to_fen(Option::unwrap(yuan)).unwrap();
        match row.trade_state.as_str() {
            "SUCCESS" => amounts.paid.push(fen(row.order_amount)),
            "REVOKED" => amounts.reversed.push(-fen(row.refund_amount)),
            _ => amounts.refunded.push(-fen(row.refund_amount)),
        }
    }
    let summary = rows.finish_complete().await.unwrap();
    let total = |yuan| to_fen(Option::unwrap(yuan)).unwrap();
    assert_eq!(total(summary.order_total), amounts.paid.iter().sum::<i64>());
    let back = amounts.refunded.iter().chain(&amounts.reversed).sum::<i64>();
    assert_eq!(total(summary.refund_total), -back);
    for list in [&mut amounts.paid, &mut amounts.refunded, &mut amounts.reversed] {
        list.sort_unstable();
    }
    amounts
}
