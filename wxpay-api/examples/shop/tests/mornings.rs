//! The reconciliation of each day: when it is due, what failed, what was missed.

use std::time::{Duration, UNIX_EPOCH};

use rusqlite::Connection;
use wxpay_api::sandbox::PlannedResponse;

use super::{paid_order, secretly_paid_order};
use crate::database::Database;
use crate::play::harness::Harness;
use crate::reports::{self, StoredReport};
use crate::timers::reconcile_due_days;

const BILL: &str = "/v3/bill/tradebill";
const HOUR: u64 = 60 * 60;

/// Moves the sandbox's clock to an hour of a Beijing day after today.
fn go_to(harness: &Harness, days: u64, hour: u64) {
    let sandbox = &harness.wechat_pay.sandbox;
    let now = sandbox.now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let today = (now + 8 * HOUR) / (24 * HOUR) * 24 * HOUR - 8 * HOUR;
    sandbox.advance(Duration::from_secs(today + days * 24 * HOUR + hour * HOUR - now));
}

/// Lets the timer do its work once. Returns the days, each with the number of rows and of differences.
async fn tick(harness: &Harness) -> Vec<(String, Option<(usize, usize)>)> {
    let outcomes = reconcile_due_days(&harness.shop).await.unwrap();
    let outcomes = outcomes.into_iter().map(|(day, outcome)| {
        (day, outcome.ok().map(|report| (report.rows, report.findings.len())))
    });
    outcomes.collect()
}

async fn stored(harness: &Harness) -> Vec<StoredReport> {
    harness.shop.database.transaction(|db| reports::latest(db, 100)).await.unwrap()
}

fn downloads(harness: &Harness) -> usize {
    harness.wechat_pay.executions("GET", BILL).unwrap()
}

#[tokio::test]
async fn a_day_is_reconciled_once_after_ten_of_the_next() {
    let mut harness = Harness::open().await.unwrap();
    let day = harness.wechat_pay.day.clone();
    paid_order(&harness).await;
    assert_eq!(tick(&harness).await, []);
    go_to(&harness, 1, 9);
    assert_eq!(tick(&harness).await, []);
    assert_eq!(downloads(&harness), 0);
    go_to(&harness, 0, 10);
    assert_eq!(tick(&harness).await, [(day.clone(), Some((1, 0)))]);
    go_to(&harness, 0, 23);
    harness.restart().await.unwrap();
    assert_eq!(tick(&harness).await, []);
    assert_eq!(downloads(&harness), 1);
    let reports = stored(&harness).await;
    assert_eq!(
        (reports[0].day.as_str(), reports[0].rows, reports.len()),
        (day.as_str(), Some(1), 1)
    );
}

#[tokio::test]
async fn a_bill_that_is_not_ready_is_asked_for_again_half_an_hour_later() {
    let mut harness = Harness::open().await.unwrap();
    let day = harness.wechat_pay.day.clone();
    paid_order(&harness).await;
    go_to(&harness, 1, 10);
    let creating = PlannedResponse::statement_creating();
    harness.wechat_pay.sandbox.respond("GET", BILL, creating).unwrap();
    assert_eq!(tick(&harness).await, [(day.clone(), None)]);
    let failure = stored(&harness).await.remove(0).failure.unwrap();
    assert!(failure.contains("STATEMENT_CREATING"), "{failure}");

    // A restart does not hurry it.
    harness.restart().await.unwrap();
    assert_eq!(tick(&harness).await, []);
    harness.wechat_pay.sandbox.advance(Duration::from_secs(HOUR / 2));
    assert_eq!(tick(&harness).await, [(day, Some((1, 0)))]);
    let report = stored(&harness).await.remove(0);
    assert_eq!((report.rows, report.failure, report.differences.len()), (Some(1), None, 0));
}

#[tokio::test]
async fn days_that_were_missed_are_made_up_for() {
    let mut harness = Harness::open().await.unwrap();
    paid_order(&harness).await;
    go_to(&harness, 2, 12);
    // A payment of the third day, of which the shop never heard.
    let missed = secretly_paid_order(&harness).await;
    go_to(&harness, 2, 12);
    harness.restart().await.unwrap();
    let rows: Vec<_> = tick(&harness).await.into_iter().map(|(_, found)| found).collect();
    // Neither WeChat Pay nor the books have anything of the second and the fourth day.
    assert_eq!(rows, [Some((1, 0)), Some((0, 0)), Some((1, 1)), Some((0, 0))]);
    assert_eq!(tick(&harness).await, []);
    let reports = stored(&harness).await;
    assert!(reports.is_sorted_by(|a, b| a.day > b.day), "{reports:?}");
    let expected = format!("the state of payment {missed} is unpaid in the books");
    assert!(reports[1].differences[0].contains(&expected), "{reports:?}");
}

#[tokio::test]
async fn one_days_failure_does_not_hold_up_the_others() {
    let harness = Harness::open().await.unwrap();
    paid_order(&harness).await;
    go_to(&harness, 1, 12);
    paid_order(&harness).await;
    go_to(&harness, 1, 12);
    let creating = PlannedResponse::statement_creating();
    harness.wechat_pay.sandbox.respond("GET", BILL, creating).unwrap();
    let rows: Vec<_> = tick(&harness).await.into_iter().map(|(_, found)| found).collect();
    assert_eq!(rows, [None, Some((1, 0))]);
    harness.wechat_pay.sandbox.advance(Duration::from_secs(HOUR / 2));
    assert_eq!(tick(&harness).await, [(harness.wechat_pay.day.clone(), Some((1, 0)))]);
}

#[tokio::test]
async fn the_books_know_of_payments_on_a_day_without_a_bill() {
    let harness = Harness::open().await.unwrap();
    let number = paid_order(&harness).await;
    go_to(&harness, 1, 10);
    harness.wechat_pay.sandbox.respond("GET", BILL, PlannedResponse::no_statement()).unwrap();
    assert_eq!(tick(&harness).await, [(harness.wechat_pay.day.clone(), Some((0, 1)))]);
    let expected = format!("missing: the bill has no payment {number} of 880 fen");
    assert_eq!(stored(&harness).await[0].differences, [expected]);

    // The bill came late. A person compares the day once more, and the new result counts.
    assert_eq!(harness.reconcile().await.unwrap(), (1, Vec::new()));
    assert_eq!(stored(&harness).await[0].differences.len(), 0);
}

/// Such a day would look like one without trade, and never be compared again.
#[tokio::test]
async fn a_day_that_is_not_over_is_not_compared() {
    let harness = Harness::open().await.unwrap();
    paid_order(&harness).await;
    for day in [&harness.wechat_pay.day, "2999-01-01", "2025-02-30", "yesterday"] {
        let path = format!("/office/reconciliations/{day}");
        let refused = harness.call("POST", &path, None).await.unwrap();
        assert_eq!(refused.status, 409, "{day}: {}", refused.text("error"));
    }
    assert_eq!(downloads(&harness), 0);
    assert_eq!(stored(&harness).await.len(), 0);
}

/// Any hour of a week, after any days that are done or have failed.
#[tokio::test]
async fn due_are_the_days_with_a_bill_that_are_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("shop.sqlite")).unwrap();
    let due = database.transaction(|db| {
        let none = reports::due(db, "2026-03-01T12:00:00+08:00")?;
        assert!(none.is_empty(), "no order, no days: {none:?}");
        db.execute_batch(
            "INSERT INTO orders (out_trade_no, description, total, openid, state, created_at)
             VALUES ('1', 'tea', 1, 'o', 'unpaid', unixepoch('2026-02-25T00:10:00+08:00'))",
        )?;
        for hour in 0..8 * 24_i64 {
            let now: String = db.query_row(
                "SELECT datetime('2026-02-21T16:00:00Z', ?1 || ' hours')",
                [hour],
                |row| row.get(0),
            )?;
            assert_eq!(reports::due(db, &now)?, expected(hour), "{now}");
        }
        let now = "2026-03-01T12:00:00+08:00";
        reports::store(db, "2026-02-26", now, 3, &[])?;
        reports::store_failure(db, "2026-02-26", now, "late news of another process")?;
        reports::store_failure(db, "2026-02-27", now, "not ready")?;
        let soon = reports::due(db, "2026-03-01T12:29:59+08:00")?;
        let later = reports::due(db, "2026-03-01T12:30:00+08:00")?;
        Ok((soon, later))
    });
    let (soon, later) = due.await.unwrap();
    assert_eq!(soon, ["2026-02-25", "2026-02-28"]);
    assert_eq!(later, ["2026-02-25", "2026-02-27", "2026-02-28"]);
}

/// The days from the 25th on whose bills are there, so many hours after the beginning of the 22nd.
fn expected(hour: i64) -> Vec<String> {
    (25..=28_i64)
        .filter(|day| (day - 22 + 1) * 24 + 10 <= hour)
        .map(|day| format!("2026-02-{day}"))
        .collect()
}

/// Two processes of the shop may do the same day at once.
#[tokio::test]
async fn a_result_is_stored_once() {
    let harness = Harness::open().await.unwrap();
    let missed = secretly_paid_order(&harness).await;
    go_to(&harness, 1, 10);
    let (first, second) = tokio::join!(tick(&harness), tick(&harness));
    assert_eq!((first.len(), second.len()), (1, 1));
    let reports = stored(&harness).await;
    assert_eq!((reports.len(), reports[0].differences.len()), (1, 1), "{missed}");
    let lines = Connection::open(harness.database_file()).unwrap();
    let count = lines.query_row("SELECT count(*) FROM differences", [], |row| row.get::<_, i64>(0));
    assert_eq!(count.unwrap(), 1);
}
