//! The steps of a course: calls of merchants, what users do, and time.

use std::time::Duration;

use proptest::prelude::*;

use super::calls::Shops;
use super::money::PAYMENTS;
use super::seen::{Held, Seen};
use super::sharing_calls::SharingForm;

/// What users can pay.
const PAYABLE: [&str; 3] =
    ["pay/transaction", "combine-transactions/order", "payscore/service-order"];
/// What orders can be closed or reversed.
const ORDERS: [&str; 2] = ["pay/transaction", "combine-transactions/order"];

/// One step. Numbers are few, so that they meet again; `usize` picks one of the resources that there are.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Order {
        second: bool,
        number: u8,
        total: i64,
        sharing: bool,
    },
    OrderAsPartner {
        number: u8,
        total: i64,
        sharing: bool,
    },
    PayByCode {
        second: bool,
        number: u8,
        total: i64,
        sharing: bool,
    },
    Combine {
        number: u8,
        totals: Vec<i64>,
        sharing: bool,
    },
    Pay(usize),
    OrderAction(usize, u8),
    Refund {
        payment: usize,
        number: u8,
        percent: i64,
    },
    Share {
        payment: usize,
        form: SharingForm,
        number: u8,
        percent: i64,
        last: bool,
    },
    Unfreeze {
        payment: usize,
        form: SharingForm,
        number: u8,
    },
    GiveBack {
        order: usize,
        form: SharingForm,
        number: u8,
        amount: i64,
    },
    Transfer {
        second: bool,
        number: u8,
        amount: i64,
    },
    CancelTransfer(usize),
    Score {
        second: bool,
        number: u8,
        deposit: i64,
    },
    ScoreAction {
        order: usize,
        action: u8,
        total: i64,
    },
    Complain(usize),
    ComplaintAction(usize, u8),
    /// One of the events that can happen to a resource.
    Event(usize, usize),
    /// An event that another resource has, which may be impossible.
    StrangeEvent(usize, usize),
    Advance(Duration),
}

/// What came of a step.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Outcome {
    Done,
    /// Nothing may have changed.
    Refused(String),
    /// Time passed.
    Passed,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let (number, pick, second, total) = (0..8_u8, any::<usize>(), any::<bool>(), 20..400_i64);
    let percent = prop_oneof![1..60_i64, Just(100), 1..130_i64];
    // A round total meets itself again, as a repeated request does.
    let total = prop_oneof![Just(100), total];
    let form = prop_oneof![
        2 => Just(SharingForm::Ordinary), 1 => Just(SharingForm::Ecommerce),
        1 => Just(SharingForm::Brand),
    ];
    let hour = 3600;
    let time = prop_oneof![
        3 => Just(60), 3 => Just(300), 2 => Just(3 * hour), 2 => Just(24 * hour),
        1 => Just(8 * 24 * hour), 1 => Just(31 * 24 * hour),
    ];
    prop_oneof![
        8 => (second, number.clone(), total.clone(), any::<bool>()).prop_map(
            |(second, number, total, sharing)| Step::Order { second, number, total, sharing }
        ),
        4 => (number.clone(), total.clone(), any::<bool>()).prop_map(
            |(number, total, sharing)| Step::OrderAsPartner { number, total, sharing }
        ),
        3 => (any::<bool>(), number.clone(), total.clone(), any::<bool>()).prop_map(
            |(second, number, total, sharing)| Step::PayByCode { second, number, total, sharing }
        ),
        3 => (number.clone(), prop::collection::vec(total.clone(), 2..4), any::<bool>()).prop_map(
            |(number, totals, sharing)| Step::Combine { number, totals, sharing }
        ),
        8 => pick.prop_map(Step::Pay),
        4 => (pick, any::<u8>()).prop_map(|(pick, action)| Step::OrderAction(pick, action)),
        10 => (pick, 0..20_u8, percent.clone()).prop_map(
            |(payment, number, percent)| Step::Refund { payment, number, percent }
        ),
        8 => (pick, form.clone(), 0..20_u8, percent.clone(), prop::bool::weighted(0.2)).prop_map(
            |(payment, form, number, percent, last)| {
                Step::Share { payment, form, number, percent, last }
            }
        ),
        2 => (pick, form.clone(), 0..20_u8)
            .prop_map(|(payment, form, number)| Step::Unfreeze { payment, form, number }),
        4 => (pick, form, number.clone(), 1..60_i64).prop_map(
            |(order, form, number, amount)| Step::GiveBack { order, form, number, amount }
        ),
        3 => (any::<bool>(), number.clone(), 5..100_i64).prop_map(
            |(second, number, amount)| Step::Transfer { second, number, amount }
        ),
        1 => pick.prop_map(Step::CancelTransfer),
        3 => (any::<bool>(), number, 100..300_i64).prop_map(
            |(second, number, deposit)| Step::Score { second, number, deposit }
        ),
        5 => (pick, any::<u8>(), 0..200_i64).prop_map(
            |(order, action, total)| Step::ScoreAction { order, action, total }
        ),
        2 => pick.prop_map(Step::Complain),
        2 => (pick, any::<u8>())
            .prop_map(|(pick, action)| Step::ComplaintAction(pick, action)),
        24 => (pick, pick).prop_map(|(held, event)| Step::Event(held, event)),
        3 => (pick, pick).prop_map(|(held, other)| Step::StrangeEvent(held, other)),
        12 => time.prop_map(|seconds| Step::Advance(Duration::from_secs(seconds))),
    ]
}

impl Step {
    /// Takes the step. One that picks from what is not there yet does nothing.
    pub(super) async fn take(&self, shops: &Shops, seen: &Seen) -> Outcome {
        self.try_take(shops, seen).await.unwrap_or_else(|| Outcome::Refused("nothing".to_owned()))
    }

    async fn try_take(&self, shops: &Shops, seen: &Seen) -> Option<Outcome> {
        let named = |prefix: &str, number: &u8| format!("{prefix}-{number:04}");
        // Mostly one that was paid; else the order may be any.
        let payment = |pick: &usize| -> Option<&Held> {
            let paid: Vec<_> = PAYMENTS.iter().flat_map(|lifecycle| seen.of(lifecycle)).collect();
            let paid: Vec<_> = paid.into_iter().filter(|held| held.has("transaction_id")).collect();
            paid.get(pick.checked_rem(paid.len())?).copied()
        };
        Some(match self {
            Self::Order { second, number, total, sharing } => {
                let wx = shops.shop(*second);
                shops.order(wx, &named("order", number), *total, *sharing).await
            }
            Self::OrderAsPartner { number, total, sharing } => {
                shops.order_as_partner(&named("order", number), *total, *sharing).await
            }
            Self::PayByCode { second, number, total, sharing } => {
                let wx = shops.shop(*second);
                shops.pay_by_code(wx, &named("order", number), *total, *sharing).await
            }
            Self::Combine { number, totals, sharing } => {
                shops.combine(&named("basket", number), totals, *sharing).await
            }
            Self::Pay(pick) => shops.event(seen.pick(&PAYABLE, *pick)?, "pay").await,
            Self::OrderAction(pick, action) => {
                shops.order_action(seen.pick(&ORDERS, *pick)?, *action).await
            }
            Self::Refund { payment: pick, number, percent } => {
                shops.refund(payment(pick)?, &named("refund", number), *percent).await
            }
            Self::Share { payment: pick, form, number, percent, last } => {
                let number = named("share", number);
                shops.share(payment(pick)?, *form, &number, *percent, *last).await
            }
            Self::Unfreeze { payment: pick, form, number } => {
                shops.unfreeze(payment(pick)?, *form, &named("share", number)).await
            }
            Self::GiveBack { order, form, number, amount } => {
                let order = seen.pick(&["profitsharing/order"], *order)?;
                shops.give_back(order, *form, &named("return", number), *amount).await
            }
            Self::Transfer { second, number, amount } => {
                // Letters and digits only.
                let number = named("transfer", number).replace('-', "");
                shops.transfer(shops.shop(*second), &number, *amount).await
            }
            Self::CancelTransfer(pick) => {
                shops.cancel_transfer(seen.pick(&["fund-app/transfer-bill"], *pick)?).await
            }
            Self::Score { second, number, deposit } => {
                shops.score(shops.shop(*second), &named("score", number), *deposit).await
            }
            Self::ScoreAction { order, action, total } => {
                let order = seen.pick(&["payscore/service-order"], *order)?;
                shops.score_action(order, *action, *total).await
            }
            Self::Complain(pick) => shops.complain(payment(pick)?).await,
            Self::ComplaintAction(pick, action) => {
                let complaint = seen.pick(&["merchant-service/complaint"], *pick)?;
                shops.complaint_action(complaint, *action).await
            }
            Self::Event(pick, event) => {
                let live = seen.resources.values().filter(|held| !held.events.is_empty());
                let live: Vec<_> = live.collect();
                let held = live.get(pick.checked_rem(live.len())?)?;
                let event = held.events.get(event.checked_rem(held.events.len())?)?;
                shops.event(held, event).await
            }
            Self::StrangeEvent(pick, other) => {
                let (held, other) = (seen.pick(&[], *pick)?, seen.pick(&[], *other)?);
                shops.event(held, other.events.first()?).await
            }
            Self::Advance(time) => {
                shops.sandbox.advance(*time);
                Outcome::Passed
            }
        })
    }
}
