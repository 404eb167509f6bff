//! The reconciliation: rows that differ, days without a bill, incomplete bills.

use serde_json::json;
use wxpay_api::sandbox::{BillFile, Fault};

use super::{paid_order, secretly_paid_order};
use crate::play::harness::{Harness, TEA};
use crate::play::wechat_pay::BillRow;
use crate::reconciliation::{Entry, Finding, reconcile};

async fn findings(harness: &Harness) -> Vec<Finding> {
    reconcile(&harness.shop, &harness.wechat_pay.day).await.unwrap().findings
}

fn payment(number: &str) -> Entry {
    Entry { kind: "payment".to_owned(), number: number.to_owned() }
}

#[tokio::test]
async fn a_bill_shows_the_payment_that_the_shop_missed() {
    let harness = Harness::open().await.unwrap();
    let (paid, missed) = (paid_order(&harness).await, secretly_paid_order(&harness).await);
    harness.wechat_pay.end_day();
    let expected = Finding::Differs {
        entry: payment(&missed),
        what: "state",
        books: "unpaid".to_owned(),
        bill: "money moved".to_owned(),
    };
    assert_eq!(findings(&harness).await, [expected]);

    // A row that comes twice was paid twice, and is in the books once.
    harness.wechat_pay.set_bill(&[BillRow::payment(&paid, TEA), BillRow::payment(&paid, TEA)]);
    let expected = Finding::Additional { entry: payment(&paid), fen: Some(TEA) };
    assert_eq!(findings(&harness).await, [expected]);
}

#[tokio::test]
async fn a_bill_shows_refunds_by_their_own_number() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    for (number, fen) in [("return-1", 300), ("return-2", 200)] {
        harness.refund(&order, number, fen).await.unwrap();
    }
    harness.wechat_pay.end_day();
    assert_eq!(findings(&harness).await, []);

    // Another amount, and a refund that is not there.
    let rows = [BillRow::payment(&order, TEA), BillRow::refund(&order, "return-1", 301)];
    harness.wechat_pay.set_bill(&rows);
    let entry = |number: &str| Entry { kind: "refund".to_owned(), number: number.to_owned() };
    let differs = Finding::Differs {
        entry: entry("return-1"),
        what: "amount",
        books: "300 fen".to_owned(),
        bill: "301 fen".to_owned(),
    };
    let missing = Finding::Missing { entry: entry("return-2"), fen: 200 };
    assert_eq!(findings(&harness).await, [differs, missing]);
}

#[tokio::test]
async fn a_day_without_a_bill_has_an_empty_one() {
    let harness = Harness::open().await.unwrap();
    let day = harness.wechat_pay.day.clone();
    let mut missing = Vec::new();
    // The first and the last second of a Beijing day.
    for time in ["00:00:00", "23:59:59"] {
        let number = harness.order().await.unwrap();
        let paid = harness.wechat_pay.invented(&number, TEA);
        let paid = paid.with(json!({ "success_time": format!("{day}T{time}+08:00") }));
        assert_eq!(harness.notify(paid).await.unwrap(), 204);
        missing.push(Finding::Missing { entry: payment(&number), fen: TEA });
    }
    // WeChat Pay makes the bill in the morning of the next day.
    assert!(harness.reconcile().await.is_err());
    harness.wechat_pay.end_day();
    let found = findings(&harness).await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(missing.iter().all(|finding| found.contains(finding)), "{found:?}");
}

#[tokio::test]
async fn half_a_bill_is_not_compared() {
    let harness = Harness::open().await.unwrap();
    let paid = paid_order(&harness).await;
    harness.wechat_pay.end_day();
    harness
        .wechat_pay
        .sandbox
        .inject_fault_at("GET", "/v3/billdownload/file", Fault::TruncatedBody)
        .unwrap();
    assert!(harness.reconcile().await.is_err());
    assert_eq!(findings(&harness).await, []);

    // The summary states a row more than there is.
    let bill = harness.wechat_pay.bill(&[BillRow::payment(&paid, TEA)]);
    let (rows, _) = bill.rsplit_once("`1,").unwrap();
    harness.wechat_pay.sandbox.set_bill(BillFile::from(format!("{rows}`2,`8.80,`0.00\r\n")));
    assert!(harness.reconcile().await.is_err());
}
