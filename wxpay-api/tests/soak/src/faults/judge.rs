//! Compares what a caller learnt with what the sandbox executed and what the proxy did.

use std::collections::HashSet;
use std::time::Duration;

use wxpay_api::Outcome;
use wxpay_api::sandbox::ReceivedRequest;

use super::attack::{Attack, Forgery};
use super::call::{CallRecord, Ended, Sort};
use super::proxy::{Delivered, FRESH, Passage};

/// One call from all sides.
pub(crate) struct Evidence<'a> {
    pub(crate) call: &'a CallRecord,
    pub(crate) passages: &'a [Passage],
    /// The requests of the call in the sandbox's journal.
    pub(crate) received: Vec<&'a ReceivedRequest>,
}

/// What the evidence shows.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Honest,
    /// The caller believes a genuine, fresh response to another request. WeChat Pay signs neither the URL nor a nonce
    /// of the request, so that no client can notice; comparing the number in the response does, if it has one.
    Replayed {
        noticed_by_comparison: bool,
    },
    /// The caller believes a forged 401 `SIGN_ERROR`, which WeChat Pay itself does not sign either.
    UnsignedSignError,
    Broken(&'static str),
}

impl Evidence<'_> {
    pub(crate) fn verdict(&self) -> Verdict {
        if self.call.sort == Sort::Once && self.times_sent() > 1 {
            return Verdict::Broken("a request that must not be executed twice was sent twice");
        }
        let is_true = match &self.call.ended {
            Ended::Ok(body) => {
                let is_own = self.passages.iter().any(|passage| passage.genuine.contains(body));
                self.executed() && is_own
            }
            Ended::Failed { outcome: Outcome::Accepted, .. } => self.executed(),
            // After a lost response, a query may still be refused.
            Ended::Failed { outcome: Outcome::Refused, .. } => {
                self.call.sort == Sort::Safe || !self.executed()
            }
            Ended::Failed { outcome: Outcome::NotSent, .. } => {
                self.passages.is_empty() && self.received.is_empty()
            }
            Ended::Failed { outcome: Outcome::Unknown, .. } | Ended::Cancelled(_) => true,
            Ended::Failed { .. } => false,
        };
        match (is_true, self.replayed()) {
            (true, _) => Verdict::Honest,
            (false, Some(age)) if age <= FRESH => {
                Verdict::Replayed { noticed_by_comparison: self.call.names_own() == Some(false) }
            }
            (false, None) if self.is_unsigned_sign_error() => Verdict::UnsignedSignError,
            (false, Some(_)) => Verdict::Broken("a stale response was believed"),
            (false, None) => Verdict::Broken(match &self.call.ended {
                Ended::Ok(_) => "the call succeeded, and was not executed or has another response",
                Ended::Failed { outcome: Outcome::Refused, .. } => "refused, and executed",
                Ended::Failed { outcome: Outcome::NotSent, .. } => "not sent, and sent",
                _ => "accepted, and not executed",
            }),
        }
    }

    /// Whether the sandbox executed the call.
    pub(crate) fn executed(&self) -> bool {
        self.received.iter().any(|request| request.executed)
    }

    /// How many requests of the client, each with its own signature, arrived. Copies by the attacker are not the client's.
    fn times_sent(&self) -> usize {
        let signed = self.received.iter().map(|request| request.headers.get("authorization"));
        signed.collect::<HashSet<_>>().len().max(self.passages.len())
    }

    /// The age of the response that the client got last, if it was a replayed one.
    fn replayed(&self) -> Option<Duration> {
        match self.passages.last()?.delivered {
            Delivered::Replayed(age) => Some(age),
            _ => None,
        }
    }

    /// Whether the call ended with a forged 401 `SIGN_ERROR`.
    fn is_unsigned_sign_error(&self) -> bool {
        let forged = self.passages.last().map(|passage| &passage.attack);
        let is_forged = matches!(forged, Some(Attack::Forge(Forgery::Refusal(401, "SIGN_ERROR"))));
        is_forged && matches!(self.call.ended, Ended::Failed { outcome: Outcome::Refused, .. })
    }

    /// Tells the whole history of the call.
    pub(crate) fn history(&self) -> String {
        let CallRecord { name, what, sort, number, ended } = self.call;
        let mut text = format!("call {name}: {what} {number} ({sort:?}), {ended}");
        for passage in self.passages {
            text += &format!("\n  proxy: {passage}");
        }
        for request in &self.received {
            let executed = if request.executed { "executed" } else { "not executed" };
            text += &format!(
                "\n  sandbox: {} {}, {executed}, {} {}",
                request.method,
                request.target,
                request.status,
                request.refusal.as_deref().unwrap_or_default()
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use wxpay_api::sandbox::Sandbox;

    use super::*;
    use crate::faults::attack::Attack;
    use crate::faults::proxy::CALL;

    fn call(sort: Sort, ended: Ended) -> CallRecord {
        CallRecord { name: "1".to_owned(), what: "pay", sort, number: "order-1".to_owned(), ended }
    }

    fn failed(outcome: Outcome) -> Ended {
        Ended::Failed { outcome, attempts: 1, text: String::new() }
    }

    fn passage(body: &'static str, delivered: Delivered) -> Passage {
        let genuine = vec![Bytes::from(body)];
        Passage { attack: Attack::Pass, forwarded: 1, genuine, delivered }
    }

    /// Two journaled requests: one executed, one refused.
    async fn journal() -> (Arc<Sandbox>, Vec<ReceivedRequest>) {
        let sandbox = Arc::new(Sandbox::start().await.unwrap());
        let wx = sandbox.client().unwrap();
        wx.v3().smartguide().guides().get(|r| r.store_id(1)).header(CALL, "1").await.unwrap();
        let query = wx.v3().pay().transactions().out_trade_no().out_trade_no("none");
        query.get(|r| r.mchid("1230000109")).await.unwrap_err();
        let received = sandbox.received();
        (sandbox, received)
    }

    fn verdict(call: &CallRecord, passages: &[Passage], received: &[ReceivedRequest]) -> Verdict {
        Evidence { call, passages, received: received.iter().collect() }.verdict()
    }

    #[tokio::test]
    async fn a_success_needs_an_execution_and_its_own_response() {
        let (_sandbox, received) = journal().await;
        let [executed, refused] = &received[..] else { panic!("{received:?}") };
        let believed = call(Sort::Keyed, Ended::Ok(Bytes::from("own")));
        let own = [passage("own", Delivered::Sent(200))];
        assert_eq!(verdict(&believed, &own, std::slice::from_ref(executed)), Verdict::Honest);
        let unexecuted = verdict(&believed, &own, std::slice::from_ref(refused));
        assert!(matches!(unexecuted, Verdict::Broken(_)));
        let other = [passage("other", Delivered::Changed(200))];
        let changed = verdict(&believed, &other, std::slice::from_ref(executed));
        assert!(matches!(changed, Verdict::Broken(_)));
    }

    #[tokio::test]
    async fn failures_are_compared_with_the_execution() {
        let (_sandbox, received) = journal().await;
        let [executed, refused] = &received[..] else { panic!("{received:?}") };
        let passages = [passage("own", Delivered::Sent(200))];
        for (outcome, if_executed, if_refused) in [
            (Outcome::Refused, false, true),
            (Outcome::Accepted, true, false),
            (Outcome::Unknown, true, true),
            (Outcome::NotSent, false, false),
        ] {
            let call = call(Sort::Keyed, failed(outcome));
            let is_honest = |request: &ReceivedRequest| {
                verdict(&call, &passages, std::slice::from_ref(request)) == Verdict::Honest
            };
            assert_eq!(
                (is_honest(executed), is_honest(refused)),
                (if_executed, if_refused),
                "{outcome:?}"
            );
        }
        assert_eq!(
            verdict(&call(Sort::Keyed, failed(Outcome::NotSent)), &[], &[]),
            Verdict::Honest
        );
    }

    #[tokio::test]
    async fn a_second_request_of_a_call_that_must_not_run_twice_is_found() {
        let (_sandbox, received) = journal().await;
        let once = call(Sort::Once, failed(Outcome::Unknown));
        let passages = [passage("own", Delivered::Nothing)];
        assert!(matches!(verdict(&once, &passages, &received), Verdict::Broken(_)));
        assert_eq!(verdict(&once, &passages, &received[..1]), Verdict::Honest);
    }

    #[tokio::test]
    async fn a_forged_sign_error_is_told_apart_from_other_lies() {
        let (_sandbox, received) = journal().await;
        let refused = call(Sort::Keyed, failed(Outcome::Refused));
        let forged = |code| {
            let attack = Attack::Forge(Forgery::Refusal(401, code));
            [Passage { attack, ..passage("own", Delivered::Changed(401)) }]
        };
        let sign_error = verdict(&refused, &forged("SIGN_ERROR"), &received[..1]);
        assert_eq!(sign_error, Verdict::UnsignedSignError);
        let other = verdict(&refused, &forged("PARAM_ERROR"), &received[..1]);
        assert!(matches!(other, Verdict::Broken(_)));
    }

    #[test]
    fn only_fresh_replays_are_the_protocols_limit() {
        let replay = |seconds| [passage("own", Delivered::Replayed(Duration::from_secs(seconds)))];
        let other = Bytes::from(r#"{"out_trade_no":"order-2"}"#);
        let believed = call(Sort::Safe, Ended::Ok(other));
        let noticed = Verdict::Replayed { noticed_by_comparison: true };
        assert_eq!(verdict(&believed, &replay(10), &[]), noticed);
        assert!(matches!(verdict(&believed, &replay(400), &[]), Verdict::Broken(_)));
    }
}
