//! Random operations, events and time over the shipped lifecycles, with what must hold whatever happens.

mod arrows;
mod bills;
mod calls;
mod money;
mod notifications;
mod seen;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use arrows::Arrows;
use bills::Days;
use calls::Shops;
use seen::{Held, Seen};
use steps::{Outcome, Step, step};

/// Keys that need not name one resource only: a user, an account or a merchant may have several.
const SHARED_KEYS: [&str; 5] = ["openid", "sub_openid", "account", "mchid", "authorization_code"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_money_states_numbers_and_notifications_agree(
        steps in vec(step(), 60..120),
    ) {
        Runtime::new().unwrap().block_on(play(&steps));
    }
}

async fn play(steps: &[Step]) {
    let arrows = Arrows::described();
    let shops = Shops::open().await;
    let mut days = Days::default();
    let mut before = Seen::look(&shops.sandbox).await;
    for (index, step) in steps.iter().enumerate() {
        let outcome = step.take(&shops, &before).await;
        let now = Seen::look(&shops.sandbox).await;
        let told = || format!("step {index}, {step:?}: {outcome:?}");
        check_step(&arrows, &before, &now, &outcome, &told);
        money::check(&now, &told);
        check_numbers(&now, &told);
        notifications::check(&now, &told);
        days.note(&shops, &before, &now);
        before = now;
    }
    days.check(&shops).await;
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
