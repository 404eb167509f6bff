//! Bills from files: the kind, and the cells of each row.

use std::fs::File;
use std::path::Path;

use wxpay_api::bills::{
    Bill, BillError, FromRow, FundFlowRow, FundFlowSummary, OtherBill, Row, RowReader, TradeRow,
    TradeSummary,
};

use crate::output::Failure;

/// A kind of bill, as its columns show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum FileKind {
    Trade,
    FundFlow,
    Other,
}

impl FileKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Trade => "trade",
            Self::FundFlow => "fund-flow",
            Self::Other => "other",
        }
    }

    /// Reads the first row of a bill, and tells the kind by its columns.
    pub(super) fn of_file(file: &Path) -> Result<Self, Failure> {
        let mut rows = RowReader::<OtherBill, _>::new(open(file)?);
        let first = rows.find_map(Result::ok);
        Ok(match first {
            Some(row) if row.has_any(&["交易时间"]) => Self::Trade,
            Some(row) if row.has_any(&["记账时间"]) => Self::FundFlow,
            _ => Self::Other,
        })
    }
}

/// Opens a bill, which may be a gzip file.
pub(super) fn open(file: &Path) -> Result<File, Failure> {
    File::open(file)
        .map_err(|error| Failure::caused(format!("{} cannot be read", file.display()), error))
}

/// A trade bill whose rows keep all their cells.
#[derive(Debug)]
pub(super) struct TradeCells;

/// A fund-flow bill whose rows keep all their cells.
#[derive(Debug)]
pub(super) struct FundFlowCells;

/// All cells of a row of a trade bill.
#[derive(Debug)]
pub(super) struct TradeRowCells(pub(super) Row);

/// All cells of a row of a fund-flow bill.
#[derive(Debug)]
pub(super) struct FundFlowRowCells(pub(super) Row);

impl Bill for TradeCells {
    type Row = TradeRowCells;
    type Summary = TradeSummary;

    fn stated_rows(summary: &TradeSummary) -> Option<u64> {
        summary.trade_count
    }
}

impl Bill for FundFlowCells {
    type Row = FundFlowRowCells;
    type Summary = FundFlowSummary;

    fn stated_rows(summary: &FundFlowSummary) -> Option<u64> {
        summary.flow_count
    }
}

impl FromRow for TradeRowCells {
    const COLUMNS: &'static [&'static str] = TradeRow::COLUMNS;

    fn from_row(row: Row) -> Result<Self, BillError> {
        Ok(Self(row))
    }
}

impl FromRow for FundFlowRowCells {
    const COLUMNS: &'static [&'static str] = FundFlowRow::COLUMNS;

    fn from_row(row: Row) -> Result<Self, BillError> {
        Ok(Self(row))
    }
}

impl From<TradeRowCells> for Row {
    fn from(cells: TradeRowCells) -> Self {
        cells.0
    }
}

impl From<FundFlowRowCells> for Row {
    fn from(cells: FundFlowRowCells) -> Self {
        cells.0
    }
}
