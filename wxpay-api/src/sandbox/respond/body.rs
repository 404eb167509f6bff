//! The body of a response while it is sent: whole, truncated or slow.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::sandbox::bills::pieces::Pieces;

/// How long the first half may take to reach the client before the connection breaks.
const BREAK_AFTER: Duration = Duration::from_millis(20);

/// A body that is being sent.
pub(in crate::sandbox) struct OutgoingBody {
    pieces: Pieces,
    /// The announced bytes that are not sent yet; `None` if no length is announced.
    left: Option<u64>,
    /// Whether the connection breaks at the end of the body.
    breaks: bool,
    /// How long to wait after each piece.
    pause: Duration,
    sleeping: Option<Pin<Box<Sleep>>>,
}

impl OutgoingBody {
    /// Sends a body of known length.
    pub(in crate::sandbox) fn whole(body: Bytes) -> Self {
        let left = Some(body.len() as u64);
        let pieces = Some(body).filter(|body| !body.is_empty()).into_iter();
        Self { left, ..Self::streamed(Box::new(pieces)) }
    }

    /// Sends a body of unknown length.
    pub(in crate::sandbox) fn streamed(pieces: Pieces) -> Self {
        Self { pieces, left: None, breaks: false, pause: Duration::ZERO, sleeping: None }
    }

    /// Sends half of the first piece, then breaks the connection. A body of known length is one piece.
    pub(in crate::sandbox) fn truncated(mut self) -> Self {
        let half = self.pieces.next().map(|mut piece| piece.split_to(piece.len() / 2));
        let half = half.filter(|half| !half.is_empty());
        let left = self.left.map(|left| left.max(1));
        let pieces = Box::new(half.into_iter());
        Self { pieces, left, breaks: true, pause: BREAK_AFTER, ..self }
    }

    /// Sends a few bytes at a time.
    pub(in crate::sandbox) fn dripping(self, drop: usize, pause: Duration) -> Self {
        let drops = self.pieces.flat_map(move |mut piece| {
            std::iter::from_fn(move || {
                let drop = piece.split_to(drop.max(1).min(piece.len()));
                (!drop.is_empty()).then_some(drop)
            })
        });
        Self { pieces: Box::new(drops), pause, ..self }
    }
}

impl Body for OutgoingBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(sleeping) = &mut self.sleeping {
            ready!(sleeping.as_mut().poll(context));
            self.sleeping = None;
        }
        match self.pieces.next() {
            Some(piece) => {
                self.left = self.left.map(|left| left.saturating_sub(piece.len() as u64));
                self.sleeping = (!self.pause.is_zero()).then(|| Box::pin(sleep(self.pause)));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            None if self.breaks => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0) && !self.breaks
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
