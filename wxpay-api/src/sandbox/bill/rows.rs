//! Made-up rows, as WeChat Pay writes them: a byte-order mark, a back-tick before each cell, a summary.

use bytes::Bytes;

use super::movement::{Movement, Totals};
use super::pieces::PIECE;
use super::{fund_flow, trade};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Trade,
    FundFlow,
}

/// A bill of a day.
#[derive(Debug)]
pub(super) struct Rows {
    kind: Kind,
    pub(super) date: String,
    pub(super) mchid: String,
    rows: u64,
}

/// What a line says beside its movement.
pub(super) struct Line<'a> {
    pub(super) bill: &'a Rows,
    pub(super) movement: Movement,
    /// Hour, minute and second.
    pub(super) time: (u64, u64, u64),
    /// Those of this row and all before it.
    pub(super) totals: Totals,
}

impl Rows {
    pub(super) fn new(kind: Kind, date: String, mchid: String, rows: u64) -> Self {
        Self { kind, date, mchid, rows }
    }

    /// The rows from `start` to `end`, the names before them and the summary after them if so wanted.
    pub(super) fn between(
        self,
        start: u64,
        end: u64,
        names: bool,
        summary: bool,
    ) -> impl Iterator<Item = Bytes> {
        let mut totals = Totals::of(start);
        let mut next = start;
        let mut names = names.then(|| self.names());
        let mut summary = summary;
        std::iter::from_fn(move || {
            let mut piece = names.take().map(str::to_owned).unwrap_or_default();
            while next < end && piece.len() < PIECE {
                let movement = Movement::of(next);
                totals.add(movement);
                self.row(&mut piece, next, movement, totals);
                next += 1;
            }
            if next == end && std::mem::take(&mut summary) {
                self.summary(&mut piece, totals);
            }
            (!piece.is_empty()).then(|| Bytes::from(piece))
        })
    }

    fn names(&self) -> &'static str {
        match self.kind {
            Kind::Trade => trade::NAMES,
            Kind::FundFlow => fund_flow::NAMES,
        }
    }

    fn row(&self, out: &mut String, row: u64, movement: Movement, totals: Totals) {
        let second = u128::from(row) * 86_400 / u128::from(self.rows.max(1));
        let second = u64::try_from(second).unwrap_or_default();
        let time = (second / 3600, second / 60 % 60, second % 60);
        let line = Line { bill: self, movement, time, totals };
        match self.kind {
            Kind::Trade => trade::row(out, &line),
            Kind::FundFlow => fund_flow::row(out, &line),
        }
    }

    fn summary(&self, out: &mut String, totals: Totals) {
        match self.kind {
            Kind::Trade => trade::summary(out, totals),
            Kind::FundFlow => fund_flow::summary(out, totals),
        }
    }
}
