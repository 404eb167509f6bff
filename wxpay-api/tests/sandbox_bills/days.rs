//! Days end at midnight in Beijing, and the ledger has an end.

use wxpay_api::sandbox::Sandbox;

use crate::support::{fen, start, start_with};

#[tokio::test]
async fn midnight_in_beijing_parts_the_days() {
    let shop = start().await;
    shop.advance_to(23, 58);
    let first = shop.today();
    shop.paid("late-01", 100).await;
    shop.refund("late-01", "refund-late", 10, 100).await;
    // Eight hours before, it was midnight in UTC.
    shop.advance_to(0, 1);
    let second = shop.today();
    assert_ne!(first, second);
    shop.paid("early-1", 200).await;
    shop.refund("late-01", "refund-early", 20, 100).await;
    shop.advance_to(8, 1);
    shop.paid("morning-1", 300).await;
    shop.advance_to(0, 1);
    shop.advance_to(10, 0);
    let (yesterday, today) = (shop.trade(&first).await, shop.trade(&second).await);
    let numbers = |rows: &[wxpay_api::bills::TradeRow]| {
        rows.iter()
            .map(|row| format!("{} {}", row.out_trade_no, row.out_refund_no))
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&yesterday.rows), ["late-01 0", "late-01 refund-late"]);
    assert_eq!(numbers(&today.rows), ["early-1 0", "late-01 refund-early", "morning-1 0"]);
    // It arrived after midnight, and before the bill was made.
    assert_eq!(yesterday.rows[1].refund_status, "SUCCESS");
    assert!(today.rows.iter().all(|row| row.trade_time.as_str().starts_with(&second)));
}

#[tokio::test]
async fn the_oldest_records_go_first() {
    let shop = start_with(Sandbox::builder().resource_limit(10)).await;
    for number in 0..30 {
        shop.paid(&format!("order-{number}"), 100 + number).await;
    }
    let day = shop.end_day();
    let bill = shop.trade(&day).await;
    let totals: Vec<_> = bill.rows.iter().map(|row| fen(row.order_amount)).collect();
    assert_eq!(totals, (120..130).collect::<Vec<_>>());
    assert_eq!(bill.summary.trade_count, Some(10));
    assert_eq!(shop.fund_flow(&day).await.rows.len(), 20);
}

#[tokio::test]
async fn a_forgotten_payment_stays_in_the_row_of_its_refund() {
    let shop = start_with(Sandbox::builder().resource_limit(3)).await;
    let order = shop.paid("order-1", 2000).await;
    shop.refund("order-1", "refund-1", 2000, 2000).await;
    shop.order("order-2", 1).await;
    shop.order("order-3", 1).await;
    assert!(shop.sandbox.order("order-1").is_err(), "the sandbox has forgotten it");
    let bill = shop.trade(&shop.end_day()).await;
    let row = &bill.rows[1];
    assert_eq!((&row.transaction_id, &row.appid), (&order.transaction_id, &order.appid));
    assert_eq!(row.fee, Some(wxpay_api::bills::Decimal::new(-12, 2)));
}

#[tokio::test]
async fn many_links_to_a_bill_have_the_same_file() {
    let shop = start().await;
    shop.paid("order-1", 100).await;
    let day = shop.end_day();
    let target = format!("/v3/bill/tradebill?bill_date={day}");
    let (first, second) =
        (shop.wx.get(&target).await.unwrap(), shop.wx.get(&target).await.unwrap());
    assert_ne!(first["download_url"], second["download_url"]);
    assert_eq!(first["hash_value"], second["hash_value"]);
}
