//! One call of the soak: made, perhaps cancelled, and recorded.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use serde_json::Value;
use wxpay_api::{Download, Error, Outcome, Reply};

/// A call, and what its caller learnt.
#[derive(Clone, Debug)]
pub(crate) struct CallRecord {
    /// The name in the header that the proxy and the sandbox see.
    pub(crate) name: String,
    pub(crate) what: &'static str,
    pub(crate) sort: Sort,
    /// The merchant's number of the thing.
    pub(crate) number: String,
    pub(crate) ended: Ended,
}

/// What WeChat Pay does with a repeated request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sort {
    /// It changes nothing.
    Safe,
    /// Its number makes it one.
    Keyed,
    /// The first creates a thing by its number, and others are one with it.
    Creates,
    /// It is executed again: it must not be sent twice.
    Once,
}

#[derive(Clone, Debug)]
pub(crate) enum Ended {
    /// With this body.
    Ok(Bytes),
    Failed {
        outcome: Outcome,
        attempts: u32,
        text: String,
    },
    /// The caller dropped the call at this await point.
    Cancelled(u32),
}

/// A response with its body as received.
pub(crate) trait Answer {
    fn body(&self) -> Bytes;
}

impl<T> Answer for Reply<T> {
    fn body(&self) -> Bytes {
        Bytes::copy_from_slice(Reply::body(self))
    }
}

impl Answer for Download {
    fn body(&self) -> Bytes {
        self.content().clone()
    }
}

impl CallRecord {
    /// Whether the caller does not know what became of it.
    pub(crate) fn is_unsure(&self) -> bool {
        let ended = &self.ended;
        matches!(ended, Ended::Cancelled(_) | Ended::Failed { outcome: Outcome::Unknown, .. })
    }

    /// Whether the response names this call's own number; `None` if it names none.
    pub(crate) fn names_own(&self) -> Option<bool> {
        let Ended::Ok(body) = &self.ended else { return None };
        let body: Value = serde_json::from_slice(body).ok()?;
        let names = ["out_refund_no", "out_bill_no", "out_order_no", "out_trade_no"];
        let named = names.iter().find_map(|name| body.get(name)?.as_str());
        named.map(|named| named == self.number)
    }
}

impl Ended {
    pub(crate) fn of<R: Answer>(result: &Result<R, Error>) -> Self {
        match result {
            Ok(answer) => Self::Ok(answer.body()),
            Err(error) => Self::Failed {
                outcome: error.outcome(),
                attempts: error.attempts(),
                text: error.to_string(),
            },
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok(body) => write!(f, "ok: {}", String::from_utf8_lossy(body)),
            Self::Failed { outcome, attempts, text } => {
                write!(f, "{outcome:?} after {attempts} attempts: {text}")
            }
            Self::Cancelled(await_point) => write!(f, "dropped at its await point {await_point}"),
        }
    }
}

/// A future that is dropped at one of its await points.
pub(crate) struct Cancelled<F> {
    inner: Option<Pin<Box<F>>>,
    /// How often it may still wait.
    left: Option<u32>,
}

impl<F> Cancelled<F> {
    /// Drops the future when it waits for this time; never if it is `None`.
    pub(crate) fn at(await_point: Option<u32>, inner: F) -> Self {
        Self { inner: Some(Box::pin(inner)), left: await_point }
    }
}

impl<F: Future> Future for Cancelled<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        if let Poll::Ready(output) = inner.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        if self.left == Some(0) {
            self.inner = None;
            return Poll::Ready(None);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Cancelled;

    #[tokio::test]
    async fn a_call_is_dropped_at_its_await_point() {
        let held = Arc::new(());
        let inner = {
            let held = Arc::clone(&held);
            async move {
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                drop(held);
                7
            }
        };
        assert_eq!(Cancelled::at(Some(2), inner).await, None);
        assert_eq!(Arc::strong_count(&held), 1);
        assert_eq!(Cancelled::at(Some(2), async { 7 }).await, Some(7));
        assert_eq!(Cancelled::at(None, async { 7 }).await, Some(7));
    }
}
