//! Whatever is paid and refunded, bills add up to it.

use proptest::prelude::*;
use wxpay_api::bills::Decimal;

use crate::support::{fen, start};

/// An order: its total, the refunds that are tried, and whether the day ends after it.
type Order = (i64, Vec<i64>, bool);

fn orders() -> impl Strategy<Value = Vec<Order>> {
    let total = prop_oneof![1_i64..200, 1_i64..10_000_000];
    let order = total.prop_flat_map(|total| {
        (Just(total), prop::collection::vec(1..=total, 0..4), prop::bool::weighted(0.2))
    });
    prop::collection::vec(order, 1..12)
}

/// What a day must add up to, in fen.
#[derive(Debug, Default)]
struct Day {
    paid: Vec<i64>,
    refunded: Vec<i64>,
}

async fn bills_add_up(orders: Vec<Order>) {
    let shop = start().await;
    let (mut days, mut day) = (Vec::new(), Day::default());
    for (index, (total, refunds, ends)) in orders.into_iter().enumerate() {
        let number = format!("order-{index}");
        shop.paid(&number, total).await;
        day.paid.push(total);
        let mut left = total;
        for (at, refund) in refunds.into_iter().enumerate() {
            let refund = refund.min(left);
            if refund > 0 {
                shop.refund(&number, &format!("refund-{index}-{at}"), refund, total).await;
                day.refunded.push(refund);
                left -= refund;
            }
        }
        if ends {
            days.push((shop.end_day(), std::mem::take(&mut day)));
        }
    }
    days.push((shop.end_day(), day));
    let mut balance = 0;
    for (date, day) in days {
        if day.paid.is_empty() {
            assert!(
                shop.refused(&format!("/v3/bill/tradebill?bill_date={date}"))
                    .await
                    .contains("NO_STATEMENT")
            );
            continue;
        }
        let trade = shop.trade(&date).await;
        let of = |state: &str| {
            trade.rows.iter().filter(|row| row.trade_state == state).collect::<Vec<_>>()
        };
        let paid: Vec<_> = of("SUCCESS").iter().map(|row| fen(row.order_amount)).collect();
        let refunded: Vec<_> = of("REFUND").iter().map(|row| -fen(row.refund_amount)).collect();
        assert_eq!((&paid, &refunded), (&day.paid, &day.refunded));
        let (paid, refunded): (i64, i64) = (paid.iter().sum(), refunded.iter().sum());
        assert_eq!(fen(trade.summary.order_total), paid);
        assert_eq!(fen(trade.summary.refund_total), -refunded);
        let fees: Decimal = trade.rows.iter().map(|row| row.fee.unwrap()).sum();
        assert_eq!(trade.summary.fee_total, Some(fees));
        // Half a fen of rounding, at most, for each order and what stays of it.
        let exact = Decimal::new(paid - refunded, 2) * Decimal::new(6, 3);
        assert!((fees - exact).abs() <= Decimal::new(i64::try_from(trade.rows.len()).unwrap(), 2));

        let flow = shop.fund_flow(&date).await;
        for row in &flow.rows {
            let amount = fen(row.amount);
            assert!(amount > 0, "{row:?}");
            balance += if row.direction == "收入" { amount } else { -amount };
            assert_eq!(fen(row.balance), balance);
            assert!(balance >= 0, "more went out than came in");
        }
        let (income, expense) = (fen(flow.summary.income_amount), fen(flow.summary.expense_amount));
        assert_eq!(income - expense, paid - refunded - fen(Some(fees)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn bills_are_the_sums_of_orders(orders in orders()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(bills_add_up(orders));
    }
}
