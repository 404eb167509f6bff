//! Checks a bill: every row, and the totals that it states.

use std::io;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use wxpay_api::bills::{Bill, FundFlowBill, OtherBill, ReadError, RowReader, TradeBill};

use super::rows::{FileKind, open};
use super::sums::{FundFlowSums, Total, TradeSums};
use crate::output::{Failure, Output, style};

/// Checks a bill: every row, and the totals that it states.
///
/// Amounts are exact decimals in yuan. A row that cannot be read is listed with its line. The program ends with 1 if a row
/// is bad or missing, or if a total differs.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay bill check trade-2025-03-01.csv
  wxpay bill check fund-flow-2025-03-01.csv.gz --json")]
pub(super) struct CheckArguments {
    /// The bill, which may be a gzip file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// What was found in a bill.
#[derive(Debug, Default)]
struct BillReport {
    rows: u64,
    failed: u64,
    /// The first bad rows.
    bad: Vec<BadRow>,
    stated_rows: Option<u64>,
    totals: Vec<Total>,
    missing_columns: Vec<&'static str>,
}

/// A row that cannot be read.
#[derive(Debug)]
pub(super) struct BadRow {
    line: u64,
    column: Option<String>,
    problem: String,
}

impl BadRow {
    /// Returns the row of an error, unless the error ends the bill.
    pub(super) fn of(error: ReadError<io::Error>) -> Result<Self, Failure> {
        match error {
            ReadError::Bill(error) if !error.is_fatal() => Ok(Self {
                line: error.line(),
                column: error.column().map(str::to_owned),
                problem: error.to_string(),
            }),
            error => Err(error.into()),
        }
    }

    pub(super) fn problem(&self) -> &str {
        &self.problem
    }

    pub(super) fn view(&self) -> Value {
        json!({ "line": self.line, "column": self.column, "problem": self.problem })
    }
}

/// How many bad rows are listed.
pub(super) const LISTED: usize = 100;

pub(super) fn run(arguments: &CheckArguments, output: &mut Output) -> Result<(), Failure> {
    let kind = FileKind::of_file(&arguments.file)?;
    let file = open(&arguments.file)?;
    let report = match kind {
        FileKind::Trade => {
            let mut sums = TradeSums::default();
            let (report, summary) = read::<TradeBill>(RowReader::new(file), |row| sums.add(&row))?;
            BillReport {
                totals: sums.totals(&summary),
                stated_rows: TradeBill::stated_rows(&summary),
                ..report
            }
        }
        FileKind::FundFlow => {
            let mut sums = FundFlowSums::default();
            let (report, summary) =
                read::<FundFlowBill>(RowReader::new(file), |row| sums.add(&row))?;
            BillReport {
                totals: sums.totals(&summary),
                stated_rows: FundFlowBill::stated_rows(&summary),
                ..report
            }
        }
        FileKind::Other => read::<OtherBill>(RowReader::new(file), drop)?.0,
    };
    report.show(output)?;
    output.value(&report.view(kind))?;
    report.demand()
}

/// Reads all rows, and the summary.
fn read<B: Bill>(
    mut rows: RowReader<B, std::fs::File>,
    mut add: impl FnMut(B::Row),
) -> Result<(BillReport, B::Summary), Failure> {
    let mut bad = Vec::new();
    for row in rows.by_ref() {
        match row {
            Ok(row) => add(row),
            Err(error) => {
                let row = BadRow::of(error)?;
                if bad.len() < LISTED {
                    bad.push(row);
                }
            }
        }
    }
    let (read, failed) = (rows.rows_read(), rows.rows_failed());
    let missing_columns = rows.missing_columns();
    let summary = rows.finish()?;
    let report = BillReport { rows: read, failed, bad, missing_columns, ..BillReport::default() };
    Ok((report, summary))
}

impl BillReport {
    /// Returns whether the bill states another number of rows.
    fn rows_differ(&self) -> bool {
        self.stated_rows.is_some_and(|stated| stated != self.rows + self.failed)
    }

    fn show(&self, output: &mut Output) -> Result<(), Failure> {
        let (good, bad, strong) = (style::GOOD, style::BAD, style::STRONG);
        for row in &self.bad {
            output.line(format_args!("{bad}bad row{bad:#} {}", row.problem))?;
        }
        let unlisted = self.failed.saturating_sub(self.bad.len() as u64);
        if unlisted > 0 {
            output.line(format_args!("        and {unlisted} more"))?;
        }
        output.line(format_args!("{strong}{} rows{strong:#}, {} bad", self.rows, self.failed))?;
        if self.rows_differ() {
            let stated = self.stated_rows.unwrap_or_default();
            output.line(format_args!("{bad}differs{bad:#} the bill states {stated} rows"))?;
        }
        for total in &self.totals {
            let Total { name, found, stated, absent } = total;
            match stated {
                Some(stated) if total.differs() => output.line(format_args!(
                    "{bad}differs{bad:#} {name}: {found} in the rows, {stated} stated"
                ))?,
                Some(_) => output.line(format_args!("{good}matches{good:#} {name}: {found}"))?,
                None => output.line(format_args!("        {name}: {found}, none is stated"))?,
            }
            if *absent > 0 && stated.is_some() {
                output.line(format_args!("        {absent} rows have no such amount"))?;
            }
        }
        if !self.missing_columns.is_empty() {
            let missing = self.missing_columns.join(", ");
            output.line(format_args!("        the bill has no columns {missing}"))?;
        }
        Ok(())
    }

    fn view(&self, kind: FileKind) -> Value {
        json!({
            "kind": kind.name(),
            "rows": self.rows,
            "bad_rows": self.failed,
            "bad": self.bad.iter().map(BadRow::view).collect::<Vec<_>>(),
            "stated_rows": self.stated_rows,
            "totals": self.totals.iter().map(Total::view).collect::<Vec<_>>(),
            "missing_columns": self.missing_columns,
        })
    }

    fn demand(&self) -> Result<(), Failure> {
        if self.failed > 0 {
            let message = format!("{} rows cannot be read: look at them by hand", self.failed);
            return Err(Failure::new(message));
        }
        if self.rows_differ() || self.totals.iter().any(Total::differs) {
            return Err(Failure::new(
                "the rows are not what the bill states: download it again, and ask WeChat Pay if it stays so",
            ));
        }
        Ok(())
    }
}
