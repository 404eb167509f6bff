//! Converts a bill to CSV that other programs read.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use csv_core::{WriteResult, Writer};
use serde_json::json;
use tempfile::NamedTempFile;
use wxpay_api::bills::{Bill, OtherBill, Row, RowReader};

use super::check::{BadRow, LISTED};
use super::columns::english;
use super::rows::{FileKind, FundFlowCells, TradeCells, open};
use crate::output::{Failure, Output, style};

/// Converts a bill to CSV that other programs read.
///
/// The result is UTF-8, with a line of names, a line for each row, and no back-ticks. The summary is left out: `wxpay bill
/// check` compares it. A bill of any size is converted in constant memory.
///
/// A user may choose a text such as a nickname or a product's name, and a spreadsheet takes a cell that begins with =, +,
/// -, @, a tab or a carriage return for a formula. Such a text gets an apostrophe before it, unless it is a number.
/// `--keep-formulas` leaves it as it is.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  wxpay bill csv trade-2025-03-01.csv > trade.csv
  wxpay bill csv trade-2025-03-01.csv --headers en --out trade.csv
  wxpay bill csv trade-2025-03-01.csv --bom --out excel.csv")]
pub(super) struct CsvArguments {
    /// The bill, which may be a gzip file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file to write; `-` is standard output.
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// The language of the names of columns. Unknown ones stay as they are.
    #[arg(long, value_enum, default_value = "zh", value_name = "LANGUAGE")]
    headers: HeaderLanguage,
    /// Leaves cells that look like formulas as they are.
    #[arg(long)]
    keep_formulas: bool,
    /// Begins with a byte-order mark, by which Excel knows UTF-8.
    #[arg(long)]
    bom: bool,
    /// Leaves out rows that cannot be read, which are listed. Without it, they are an error.
    #[arg(long)]
    skip_bad_rows: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum HeaderLanguage {
    Zh,
    En,
}

/// What was converted.
#[derive(Debug, Default)]
struct Converted {
    rows: u64,
    bad: Vec<BadRow>,
    failed: u64,
}

pub(super) fn run(arguments: &CsvArguments, output: &mut Output) -> Result<(), Failure> {
    let kind = FileKind::of_file(&arguments.file)?;
    if arguments.out == Path::new("-") {
        let mut buffer = BufWriter::with_capacity(BUFFER, output.raw());
        let converted = convert(arguments, kind, &mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        return converted.finish(arguments, output);
    }
    let folder = arguments.out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let cannot = |error: std::io::Error| {
        Failure::caused(format!("{} cannot be written", arguments.out.display()), error)
    };
    let part = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(cannot)?;
    let mut buffer = BufWriter::with_capacity(BUFFER, part);
    let converted = convert(arguments, kind, &mut buffer)?;
    let part = buffer.into_inner().map_err(|error| cannot(error.into_error()))?;
    if converted.failed == 0 || arguments.skip_bad_rows {
        part.persist(&arguments.out).map_err(|error| cannot(error.error))?;
        let (good, rows) = (style::GOOD, converted.rows);
        let file = arguments.out.display().to_string();
        output.line(format_args!("{good}saved{good:#} {file} ({rows} rows)"))?;
        output.value(&json!({
            "file": file,
            "kind": kind.name(),
            "rows": rows,
            "bad_rows": converted.failed,
            "bad": converted.bad.iter().map(BadRow::view).collect::<Vec<_>>(),
        }))?;
    }
    converted.finish(arguments, output)
}

/// The bytes that are written at once.
const BUFFER: usize = 64 << 10;

impl Converted {
    /// Lists bad rows. They are an error unless the caller skips them.
    fn finish(self, arguments: &CsvArguments, output: &mut Output) -> Result<(), Failure> {
        for row in &self.bad {
            let bad = style::BAD;
            output.note(format_args!("{bad}bad row{bad:#} {}", row.problem()));
        }
        match self.failed {
            0 => Ok(()),
            _ if arguments.skip_bad_rows => Ok(()),
            failed => {
                let list = self.bad.iter().map(BadRow::view).collect::<Vec<_>>();
                let message = format!(
                    "{failed} rows cannot be read, and the result lacks them; `--skip-bad-rows` accepts that"
                );
                Err(Failure::new(message).detail(json!({ "bad": list })))
            }
        }
    }
}

fn convert(
    arguments: &CsvArguments,
    kind: FileKind,
    writer: &mut impl Write,
) -> Result<Converted, Failure> {
    let file = open(&arguments.file)?;
    match kind {
        FileKind::Trade => rows::<TradeCells>(arguments, file, writer),
        FileKind::FundFlow => rows::<FundFlowCells>(arguments, file, writer),
        FileKind::Other => rows::<OtherBill>(arguments, file, writer),
    }
}

fn rows<B: Bill>(
    arguments: &CsvArguments,
    file: File,
    writer: &mut impl Write,
) -> Result<Converted, Failure>
where
    B::Row: Into<Row>,
{
    let mut table = CsvTable::new(writer, arguments.keep_formulas);
    let mut converted = Converted::default();
    if arguments.bom {
        table.writer.write_all("\u{feff}".as_bytes())?;
    }
    let mut rows = RowReader::<B, _>::new(file);
    for row in rows.by_ref() {
        match row {
            Ok(row) => {
                let row: Row = row.into();
                if converted.rows == 0 {
                    table.row(row.cells().map(|(name, _)| match arguments.headers {
                        HeaderLanguage::Zh => name,
                        HeaderLanguage::En => english(name).unwrap_or(name),
                    }))?;
                }
                table.row(row.cells().map(|(_, cell)| cell))?;
                converted.rows += 1;
            }
            Err(error) => {
                let row = BadRow::of(error)?;
                converted.failed += 1;
                if converted.bad.len() < LISTED {
                    converted.bad.push(row);
                }
            }
        }
    }
    // An incomplete bill is an error here.
    rows.finish()?;
    Ok(converted)
}

/// Writes a table as CSV.
struct CsvTable<'a, W> {
    writer: &'a mut W,
    csv: Writer,
    keep_formulas: bool,
}

impl<'a, W: Write> CsvTable<'a, W> {
    fn new(writer: &'a mut W, keep_formulas: bool) -> Self {
        Self { writer, csv: Writer::new(), keep_formulas }
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Result<(), Failure> {
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                self.end(Writer::delimiter)?;
            }
            if !self.keep_formulas && is_formula(cell) {
                self.cell(&format!("'{cell}"))?;
            } else {
                self.cell(cell)?;
            }
        }
        self.end(Writer::terminator)
    }

    fn cell(&mut self, cell: &str) -> Result<(), Failure> {
        let mut rest = cell.as_bytes();
        let mut buffer = [0; 1024];
        loop {
            let (result, read, written) = self.csv.field(rest, &mut buffer);
            self.writer.write_all(buffer.get(..written).unwrap_or_default())?;
            rest = rest.get(read..).unwrap_or_default();
            if result == WriteResult::InputEmpty {
                return Ok(());
            }
        }
    }

    fn end(
        &mut self,
        mark: fn(&mut Writer, &mut [u8]) -> (WriteResult, usize),
    ) -> Result<(), Failure> {
        // A mark has a quotation mark before it and at most two bytes.
        let mut buffer = [0; 8];
        let (_, written) = mark(&mut self.csv, &mut buffer);
        Ok(self.writer.write_all(buffer.get(..written).unwrap_or_default())?)
    }
}

/// Returns whether a spreadsheet takes a cell for a formula. Numbers are none.
fn is_formula(cell: &str) -> bool {
    let is_number = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let digits = digits.strip_suffix('%').unwrap_or(digits);
        !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
    };
    let begins = cell
        .trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    begins && !is_number(cell)
}
