//! A request body on its way to a connection.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::client::Payload;

/// Decides between a connection that takes a request and a limit that stops waiting for one. So no
/// error says “nothing was sent” of a request that is sent a moment later.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handover(Arc<AtomicU8>);

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const WITHDRAWN: u8 = 2;

impl Handover {
    /// Withdraws the request. Returns whether that was in time, before a connection began to send
    /// it.
    pub(crate) fn withdraw(&self) -> bool {
        self.move_to(WITHDRAWN)
    }

    fn take(&self) -> bool {
        self.move_to(TAKEN)
    }

    /// The first change of the state wins.
    fn move_to(&self, state: u8) -> bool {
        match self.0.compare_exchange(WAITING, state, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => true,
            Err(found) => found == state,
        }
    }
}

/// A payload on its way. Its length is known, so that `Content-Length` is sent.
///
/// The HTTP library asks for the end of the body exactly when a connection is about to write the
/// request's head. That shows whether anything was sent. A body that was withdrawn before breaks
/// off, so that the server gets no whole request.
#[derive(Debug)]
pub(crate) struct PayloadBody {
    pieces: VecDeque<Bytes>,
    handover: Handover,
}

/// The request was withdrawn before a connection took it.
#[derive(Debug, thiserror::Error)]
#[error("the request was withdrawn")]
pub(crate) struct Withdrawn;

impl PayloadBody {
    pub(crate) fn new(payload: &Payload, handover: &Handover) -> Self {
        let pieces = payload.pieces().iter().cloned().collect();
        Self { pieces, handover: handover.clone() }
    }
}

impl Body for PayloadBody {
    type Data = Bytes;
    type Error = Withdrawn;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Withdrawn>>> {
        if !self.handover.take() {
            return Poll::Ready(Some(Err(Withdrawn)));
        }
        Poll::Ready(self.pieces.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.handover.take() && self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.handover.0.load(Ordering::SeqCst) {
            // With an unknown length, the library would send no body at all for methods without
            // one.
            WITHDRAWN => SizeHint::with_exact(1),
            _ => SizeHint::with_exact(self.pieces.iter().map(|piece| piece.len() as u64).sum()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll(body: &mut PayloadBody) -> Poll<Option<Result<Frame<Bytes>, Withdrawn>>> {
        Pin::new(body).poll_frame(&mut Context::from_waker(std::task::Waker::noop()))
    }

    #[test]
    fn a_request_withdrawn_in_time_breaks_off_even_without_a_body() {
        for payload in [Payload::default(), Bytes::from_static(b"{}").into()] {
            let handover = Handover::default();
            let mut body = PayloadBody::new(&payload, &handover);
            assert!(handover.withdraw());
            // A connection that asks now must expect more bytes than it will get.
            assert!(!body.is_end_stream());
            assert_ne!(body.size_hint().exact(), Some(0));
            assert!(matches!(poll(&mut body), Poll::Ready(Some(Err(Withdrawn)))));
        }
    }

    #[test]
    fn a_request_that_a_connection_has_taken_cannot_be_withdrawn() {
        let handover = Handover::default();
        let mut body = PayloadBody::new(&Bytes::from_static(b"{}").into(), &handover);
        assert!(!body.is_end_stream());
        assert!(!handover.withdraw());
        assert!(matches!(poll(&mut body), Poll::Ready(Some(Ok(_)))));
        assert!(body.is_end_stream());
    }
}
