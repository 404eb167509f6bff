//! The body of an answer on its way.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::bill::Pieces;

/// How long the first half has to reach the other side before the connection breaks.
const BREAK_AFTER: Duration = Duration::from_millis(20);

/// A body, sent whole or not.
pub(super) struct Outgoing {
    pieces: Pieces,
    /// What was announced and is still to come; none if no length is announced.
    left: Option<u64>,
    /// Whether the connection breaks where the body ends.
    breaks: bool,
    /// After each piece.
    pause: Duration,
    sleeping: Option<Pin<Box<Sleep>>>,
}

impl Outgoing {
    pub(super) fn whole(body: Bytes) -> Self {
        let left = Some(body.len() as u64);
        let pieces = Some(body).filter(|body| !body.is_empty()).into_iter();
        Self { left, ..Self::made_on_the_way(Box::new(pieces)) }
    }

    /// Its length is not known before.
    pub(super) fn made_on_the_way(pieces: Pieces) -> Self {
        Self { pieces, left: None, breaks: false, pause: Duration::ZERO, sleeping: None }
    }

    /// Half of its first piece, which is all of it if its length is known.
    pub(super) fn truncated(mut self) -> Self {
        let half = self.pieces.next().map(|mut piece| piece.split_to(piece.len() / 2));
        let half = half.filter(|half| !half.is_empty());
        let left = self.left.map(|left| left.max(1));
        let pieces = Box::new(half.into_iter());
        Self { pieces, left, breaks: true, pause: BREAK_AFTER, ..self }
    }

    /// A few bytes at a time.
    pub(super) fn dripping(self, drop: usize, pause: Duration) -> Self {
        let drops = self.pieces.flat_map(move |mut piece| {
            std::iter::from_fn(move || {
                let drop = piece.split_to(drop.max(1).min(piece.len()));
                (!drop.is_empty()).then_some(drop)
            })
        });
        Self { pieces: Box::new(drops), pause, ..self }
    }
}

impl Body for Outgoing {
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
