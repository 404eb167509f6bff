//! The body of an answer on its way.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How long the first half has to reach the other side before the connection breaks.
const BREAK_AFTER: Duration = Duration::from_millis(20);

/// A body of known length, sent whole or not.
#[derive(Debug)]
pub(super) struct Outgoing {
    pieces: VecDeque<Bytes>,
    /// What was announced and is still to come.
    left: u64,
    /// After each piece.
    pause: Duration,
    sleeping: Option<Pin<Box<Sleep>>>,
}

impl Outgoing {
    pub(super) fn whole(body: Bytes) -> Self {
        let left = body.len() as u64;
        let pieces = Some(body).filter(|body| !body.is_empty()).into_iter().collect();
        Self { pieces, left, pause: Duration::ZERO, sleeping: None }
    }

    /// Half of it, at least one byte too few.
    pub(super) fn truncated(mut self) -> Self {
        let half = self.left / 2;
        self.left = self.left.max(1);
        self.pause = BREAK_AFTER;
        for piece in &mut self.pieces {
            piece.truncate(usize::try_from(half).unwrap_or(usize::MAX));
        }
        self.pieces.retain(|piece| !piece.is_empty());
        self
    }

    /// A few bytes at a time.
    pub(super) fn dripping(mut self, piece: usize, pause: Duration) -> Self {
        let mut drops = VecDeque::new();
        for mut rest in self.pieces {
            while !rest.is_empty() {
                drops.push_back(rest.split_to(piece.clamp(1, rest.len())));
            }
        }
        self.pieces = drops;
        Self { pause, ..self }
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
        match self.pieces.pop_front() {
            Some(piece) => {
                self.left = self.left.saturating_sub(piece.len() as u64);
                self.sleeping = (!self.pause.is_zero()).then(|| Box::pin(sleep(self.pause)));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            None if self.left == 0 => Poll::Ready(None),
            None => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
