//! The body of an answer on its way.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How long the first half has to reach the other side before the connection breaks.
const BREAK_AFTER: Duration = Duration::from_millis(20);

/// A body that is sent in one piece, whole or not.
#[derive(Debug)]
pub(super) struct Outgoing {
    chunk: Option<Bytes>,
    /// Bytes that are announced and never come.
    missing: u64,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Outgoing {
    pub(super) fn whole(body: Bytes) -> Self {
        Self { chunk: Some(body).filter(|body| !body.is_empty()), missing: 0, pause: None }
    }

    /// Half of `body`, at least one byte too few.
    pub(super) fn truncated(mut body: Bytes) -> Self {
        let length = body.len();
        body.truncate(length / 2);
        let missing = (length - body.len()).max(1);
        Self { missing: missing as u64, ..Self::whole(body) }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(chunk) = self.chunk.take() {
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        if self.missing == 0 {
            return Poll::Ready(None);
        }
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(BREAK_AFTER)));
        match pause.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.chunk.is_none() && self.missing == 0
    }

    fn size_hint(&self) -> SizeHint {
        let there = self.chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        SizeHint::with_exact(there + self.missing)
    }
}
