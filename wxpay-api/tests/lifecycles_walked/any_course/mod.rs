//! Random operations, events and time over the shipped lifecycles, with what must hold whatever happens.

mod arrows;
mod bills;
mod calls;
mod money;
mod notifications;
#[path = "../../lifecycle/storage/records.rs"]
mod records;
mod seen;
mod sharing_calls;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use arrows::Arrows;
use bills::Days;
use calls::Shops;
use seen::{Held, Seen};
use sharing_calls::SharingForm;
use steps::{Outcome, Step, step};

/// Keys that need not name one resource only: a user, an account or a merchant may have several.
const SHARED_KEYS: [&str; 5] = ["openid", "sub_openid", "account", "mchid", "authorization_code"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_money_states_numbers_and_notifications_agree(
        steps in vec(step(), 50..100),
    ) {
        Runtime::new().unwrap().block_on(async { drop(play(&steps, &[]).await) });
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn a_restart_changes_nothing(
        steps in vec(step(), 20..40),
        restarts in vec(0..40_usize, 1..4),
    ) {
        Runtime::new().unwrap().block_on(async {
            let (outcomes, course) = play(&steps, &[]).await;
            let (restarted_outcomes, restarted_course) = play(&steps, &restarts).await;
            for (index, (one, other)) in outcomes.iter().zip(&restarted_outcomes).enumerate() {
                let is_same = std::mem::discriminant(one) == std::mem::discriminant(other);
                assert!(is_same, "step {index}, {:?}: {one:?}, and {other:?}", steps[index]);
            }
            assert_eq!(course, restarted_course);
        });
    }
}

/// The steps do what they say, so that the random ones do not pass because everything is refused.
#[tokio::test]
async fn a_written_course_is_taken() {
    use Step as S;
    let (second, number, total) = (false, 1, 100);
    let steps = [
        S::Order { second, number, total, sharing: true },
        S::Pay(0),
        S::Advance(Duration::from_secs(60)),
        S::Share { payment: 0, form: SharingForm::Ordinary, number, percent: 20, last: false },
        S::Refund { payment: 0, number, percent: 50 },
        S::Unfreeze { payment: 0, form: SharingForm::Ordinary, number: 2 },
        S::Complain(0),
        S::ComplaintAction(0, 0),
        S::Combine { number, totals: vec![10, 20], sharing: false },
        S::Pay(1),
        S::OrderAsPartner { number: 2, total, sharing: true },
        S::Pay(2),
        S::Advance(Duration::from_secs(60)),
        S::Share { payment: 1, form: SharingForm::Brand, number: 3, percent: 20, last: false },
        S::Share { payment: 1, form: SharingForm::Ecommerce, number: 4, percent: 20, last: false },
        S::Unfreeze { payment: 1, form: SharingForm::Ecommerce, number: 5 },
        S::OrderAsPartner { number: 3, total, sharing: false },
        S::OrderAction(3, 0),
        S::PayByCode { second: true, number, total, sharing: false },
        S::OrderAction(4, 1),
        S::Transfer { second, number, amount: 30 },
        S::CancelTransfer(0),
        S::Score { second, number, deposit: 300 },
        S::Advance(Duration::from_secs(300)),
    ];
    let (outcomes, _) = play(&steps, &[6, 12]).await;
    for (step, outcome) in steps.iter().zip(outcomes) {
        assert!(!matches!(outcome, Outcome::Refused(_)), "{step:?}: {outcome:?}");
    }
}

/// Takes the steps with all checks. Returns what came of each, and the states in which the resources end.
///
/// The sandbox restarts before the steps with these indexes.
async fn play(steps: &[Step], restarts: &[usize]) -> (Vec<Outcome>, Vec<String>) {
    let mut outcomes = Vec::new();
    let arrows = Arrows::described();
    let mut shops = Shops::open().await;
    let mut days = Days::default();
    let mut before = Seen::look(&shops.sandbox).await;
    for (index, step) in steps.iter().enumerate() {
        if restarts.contains(&index) {
            shops.restart().await;
            assert_eq!(before, Seen::look(&shops.sandbox).await, "restart before step {index}");
        }
        let outcome = step.take(&shops, &before).await;
        let now = Seen::look(&shops.sandbox).await;
        let told = || format!("step {index}, {step:?}: {outcome:?}");
        check_step(&arrows, &before, &now, &outcome, &told);
        money::check(&now, &told);
        check_numbers(&now, &told);
        notifications::check(&now, &told);
        days.note(&shops, &before, &now);
        before = now;
        outcomes.push(outcome);
    }
    days.check(&shops).await;
    let ends = before.resources.values();
    let ends =
        ends.map(|held| format!("{} {} {} {}", held.id, held.lifecycle, held.owner, held.state));
    (outcomes, ends.collect())
}

/// States change along described arrows only, and a refusal changes nothing.
fn check_step(
    arrows: &Arrows,
    before: &Seen,
    now: &Seen,
    outcome: &Outcome,
    told: &dyn Fn() -> String,
) {
    if matches!(outcome, Outcome::Refused(_)) {
        assert_eq!(before, now, "{}", told());
        return;
    }
    for held in now.resources.values() {
        let place = || format!("{}: {} {:?}", told(), held.lifecycle, held.keys);
        match before.resources.get(&held.id) {
            None => {
                assert!(*outcome != Outcome::Passed, "{} began by itself", place());
                assert!(arrows.begins(held), "{} began as {}", place(), held.state);
            }
            Some(was) if was.state == held.state => {}
            Some(was) if *outcome == Outcome::Passed => {
                let lead = arrows.time_leads(&held.lifecycle, &was.state, &held.state);
                assert!(lead, "{} went from {} to {}", place(), was.state, held.state);
            }
            Some(was) => {
                let lead = arrows.leads(&held.lifecycle, &was.state, &held.state);
                assert!(lead, "{} went from {} to {}", place(), was.state, held.state);
            }
        }
    }
    let gone = before.resources.keys().find(|id| !now.resources.contains_key(*id));
    assert_eq!(gone, None, "{}", told());
}

/// A merchant's own number names one resource, and WeChat Pay's numbers are never used twice.
fn check_numbers(now: &Seen, told: &dyn Fn() -> String) {
    let mut own = BTreeSet::new();
    let mut generated: BTreeMap<&str, &Held> = BTreeMap::new();
    for held in now.resources.values() {
        for (index, (key, number)) in held.keys.iter().enumerate() {
            if SHARED_KEYS.contains(&key.as_str()) {
                continue;
            }
            // A share's only key comes from WeChat Pay, as those after the first do.
            if index == 0 && key.starts_with("out_") {
                let new = own.insert((&held.owner, &held.lifecycle, number));
                assert!(new, "{}: {key} {number} names two", told());
            } else if key != "combine_out_trade_no" {
                let other = generated.insert(number, held);
                assert!(other.is_none(), "{}: {key} {number} is of {other:?} too", told());
            }
        }
    }
}
