//! Compares what was sent with what the servers did. Each function returns the contradictions to one promise.

use std::collections::HashMap;
use std::time::Instant;

use serde_json::Value;

use super::plan::{Item, Kind};
use super::records::{Records, Runs};
use super::sender::{Attempt, Copy, Sent};
use super::wechat_pay::order;

/// The documented response to a wrong signature.
const REFUSAL: (u16, &str, &str) = (401, "FAIL", "the signature is wrong");

fn genuine(sent: &[Sent]) -> impl Iterator<Item = &Sent> {
    sent.iter().filter(|one| one.item.kind.is_genuine())
}

fn describe(one: &Sent, runs: Runs) -> String {
    let responses: Vec<_> = one
        .attempts
        .iter()
        .map(|attempt| (attempt.copy, attempt.response.as_ref().map(|(status, _)| status)))
        .collect();
    let Item { number, kind } = one.item;
    format!("{number} {kind:?}, id {}: {runs:?}, responses {responses:?}", one.id)
}

fn runs(records: &Records, one: &Sent) -> Runs {
    records.runs.get(&one.id).copied().unwrap_or_default()
}

/// Every genuine notification, and each of its copies, is acknowledged in the end.
pub(crate) fn unacknowledged(sent: &[Sent], records: &Records) -> Vec<String> {
    let is_missing = |one: &&Sent| {
        let copies = match one.item.kind {
            Kind::Copied => vec![Copy::First, Copy::Twin, Copy::Late],
            _ => vec![Copy::First],
        };
        let acknowledged =
            |copy: &Copy| one.attempts.iter().any(|it| it.copy == *copy && it.is_acknowledged());
        !copies.iter().all(acknowledged)
    };
    genuine(sent).filter(is_missing).map(|one| describe(one, runs(records, one))).collect()
}

/// Every genuine notification has its one effect, and nothing else has one.
pub(crate) fn wrong_effects(sent: &[Sent], records: &Records) -> Vec<String> {
    let mut left: HashMap<_, _> = records.effects.iter().collect();
    let mut wrong = Vec::new();
    for one in genuine(sent) {
        let is_right =
            left.remove(&one.id).is_some_and(|order_no| *order_no == order(one.item.number));
        if !is_right || runs(records, one).effects > 1 {
            wrong.push(describe(one, runs(records, one)));
        }
    }
    wrong.extend(left.keys().map(|id| format!("an effect of the unknown id {id}")));
    wrong
}

/// The notifications whose handler began more than once.
pub(crate) fn repeated<'a>(sent: &'a [Sent], records: &Records) -> Vec<&'a Sent> {
    genuine(sent).filter(|one| runs(records, one).begun > 1).collect()
}

/// A handler runs again only if a kill interrupted it, or kept the guard from recording it.
pub(crate) fn unexplained_runs(sent: &[Sent], records: &Records) -> Vec<String> {
    let is_unexplained = |one: &&Sent| {
        let Runs { begun, ended, .. } = runs(records, one);
        let interrupted = begun - ended.min(begun);
        let unrecorded = usize::from(records.unsettled.contains(&one.id));
        begun > 1 + interrupted + unrecorded
    };
    genuine(sent).filter(is_unexplained).map(|one| describe(one, runs(records, one))).collect()
}

/// A server that is killed inside a handler leads to one more attempt.
pub(crate) fn silent_kills(sent: &[Sent], records: &Records) -> Vec<String> {
    let is_wrong = |one: &&Sent| {
        let Runs { begun, ended, .. } = runs(records, one);
        matches!(one.item.kind, Kind::Stalled(_)) && (begun, ended) != (2, 1)
    };
    sent.iter().filter(is_wrong).map(|one| describe(one, runs(records, one))).collect()
}

/// Forgeries and probes are refused with the documented response, and no handler of a forgery runs.
pub(crate) fn accepted_forgeries(sent: &[Sent], records: &Records) -> Vec<String> {
    let is_wrong = |one: &&Sent| {
        let copy = match one.item.kind {
            Kind::Forged(_) => Copy::Forged,
            Kind::Probed => Copy::Probe,
            _ => return false,
        };
        let mut copies = one.attempts.iter().filter(|attempt| attempt.copy == copy);
        let refused = copies.next_back().is_some_and(is_refused);
        let ran = !one.item.kind.is_genuine() && runs(records, one).begun > 0;
        !refused || ran
    };
    sent.iter().filter(is_wrong).map(|one| describe(one, runs(records, one))).collect()
}

fn is_refused(attempt: &Attempt) -> bool {
    let Some((status, body)) = &attempt.response else { return false };
    let Ok(body) = serde_json::from_str::<Value>(body) else { return false };
    let member = |name: &str| body.get(name).and_then(Value::as_str);
    (*status, member("code"), member("message")) == (REFUSAL.0, Some(REFUSAL.1), Some(REFUSAL.2))
}

/// The rightly signed copies that were sent and responded to while Redis was away.
pub(crate) fn sent_without_redis(
    sent: &[Sent],
    (from, until): (Instant, Instant),
) -> Vec<&Attempt> {
    let attempts = sent.iter().flat_map(|one| &one.attempts);
    let is_within = |attempt: &&Attempt| {
        let is_right = !matches!(attempt.copy, Copy::Probe | Copy::Forged);
        is_right && attempt.response.is_some() && attempt.sent >= from && attempt.responded <= until
    };
    attempts.filter(is_within).collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::notifications::plan::{Forgery, Stall};

    fn attempt(copy: Copy, status: u16) -> Attempt {
        let now = Instant::now();
        let body = r#"{"code":"FAIL","message":"the signature is wrong"}"#.to_owned();
        Attempt { copy, sent: now, responded: now, response: Some((status, body)) }
    }

    fn sent(kind: Kind, attempts: Vec<Attempt>) -> Vec<Sent> {
        vec![Sent { item: Item { number: 1, kind }, id: "id".to_owned(), attempts }]
    }

    fn records(begun: usize, effects: usize, ended: usize) -> Records {
        let mut records = Records::default();
        records.runs.insert("id".to_owned(), Runs { begun, effects, ended });
        if effects > 0 {
            records.effects.insert("id".to_owned(), order(1));
        }
        records
    }

    #[test]
    fn a_lost_notification_is_found() {
        let lost = sent(Kind::Genuine, vec![attempt(Copy::First, 500)]);
        assert_eq!(unacknowledged(&lost, &records(0, 0, 0)).len(), 1);
        assert_eq!(wrong_effects(&lost, &records(0, 0, 0)).len(), 1);
        let handled = sent(Kind::Genuine, vec![attempt(Copy::First, 204)]);
        assert!(unacknowledged(&handled, &records(1, 1, 1)).is_empty());
        assert!(wrong_effects(&handled, &records(1, 1, 1)).is_empty());
    }

    #[test]
    fn an_acknowledgement_without_an_effect_is_found() {
        let silent = sent(Kind::Genuine, vec![attempt(Copy::First, 204)]);
        assert_eq!(wrong_effects(&silent, &records(1, 0, 1)).len(), 1);
    }

    #[test]
    fn a_second_run_needs_a_reason() {
        let copied = sent(Kind::Copied, vec![attempt(Copy::First, 204)]);
        assert_eq!(unexplained_runs(&copied, &records(2, 1, 2)).len(), 1);
        assert!(unexplained_runs(&copied, &records(2, 1, 1)).is_empty());
        let mut unrecorded = records(2, 1, 2);
        unrecorded.unsettled.insert("id".to_owned());
        assert!(unexplained_runs(&copied, &unrecorded).is_empty());
    }

    #[test]
    fn a_kill_without_another_attempt_is_found() {
        let stalled = sent(Kind::Stalled(Stall::AfterTheEffect), Vec::new());
        assert_eq!(silent_kills(&stalled, &records(1, 1, 0)).len(), 1);
        assert!(silent_kills(&stalled, &records(2, 1, 1)).is_empty());
    }

    #[test]
    fn an_accepted_forgery_is_found() {
        let kind = Kind::Forged(Forgery::Stale);
        let refused = sent(kind, vec![attempt(Copy::Forged, 401)]);
        assert!(accepted_forgeries(&refused, &Records::default()).is_empty());
        assert_eq!(accepted_forgeries(&refused, &records(1, 1, 1)).len(), 1);
        assert_eq!(wrong_effects(&refused, &records(1, 1, 1)).len(), 1);
        let accepted = sent(kind, vec![attempt(Copy::Forged, 204)]);
        assert_eq!(accepted_forgeries(&accepted, &Records::default()).len(), 1);
        let probed = sent(Kind::Probed, vec![attempt(Copy::Probe, 204), attempt(Copy::First, 204)]);
        assert_eq!(accepted_forgeries(&probed, &records(1, 1, 1)).len(), 1);
    }

    #[test]
    fn attempts_without_redis_are_those_within_its_absence() {
        let one = sent(Kind::Genuine, vec![attempt(Copy::First, 204), attempt(Copy::Probe, 401)]);
        let now = Instant::now();
        let minute = Duration::from_secs(60);
        assert_eq!(sent_without_redis(&one, (now - minute, now + minute)).len(), 1);
        assert!(sent_without_redis(&one, (now + minute, now + 2 * minute)).is_empty());
    }
}
