//! Reads bill files as typed rows while they arrive, in constant memory ([protocol §7.1]).
//!
//! A bill is a UTF-8 CSV file with a byte-order mark. It has a line of column names, a line for each payment, refund or
//! movement of money, and two lines of summary.
//!
//! [`RowReader`] reads a bill from a [`std::io::Read`], and [`RowStream`] from chunks that arrive asynchronously. Both use
//! [`RowParser`], which does no I/O:
//!
//! ```
//! use wxpay_api::bills::{Decimal, RowReader, TradeBill};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let file = "\u{feff}交易时间,商户订单号,订单金额\r\n`2025-01-01 12:00:00,`1217752501,`0.01\r\n\
//! #     总交易单数,订单总金额\r\n`1,`0.01\r\n".as_bytes();
//! let mut rows = RowReader::<TradeBill, _>::new(file);
//! let mut total = Decimal::ZERO;
//! for row in &mut rows {
//!     // `None` is no zero: the bill has no such column, or the cell is empty.
//!     total += row?.order_amount.ok_or("a row without its amount")?;
//! }
//! assert_eq!(rows.finish_complete()?.order_total, Some(total));
//! # Ok(())
//! # }
//! ```
//!
//! A download can go straight into rows. The loop ends with an error if the file's digest is not the announced one:
//!
//! ```
//! # #[cfg(feature = "bill")]
//! # async fn read(wx: wxpay_api::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use wxpay_api::bills::TradeBill;
//!
//! let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await?;
//! let mut rows = wx.download_url(&bill).rows::<TradeBill>().await?;
//! while let Some(row) = rows.next().await {
//!     println!("{:?}", row?.order_amount);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Kinds of bills
//!
//! [`TradeBill`] (交易账单) and [`FundFlowBill`] (资金账单) have typed rows and summaries. Read any other bill, such as one
//! of profit sharing, as an [`OtherBill`], whose cells are found by column name. Or implement [`Bill`] for your own
//! type.
//!
//! Columns are found by name, so that their order does not matter. Older names are known, too. A column that a type
//! does not know stays in the row's `other`.
//!
//! No official page describes the columns; their names and meanings are general knowledge. Therefore text is kept as
//! sent, and no text is refused. Only amounts and counts must be numbers.
//!
//! The field of a column that a bill lacks is empty. Never add up an absent amount as zero:
//!
//! * A bill without any column for the amount of its orders, its refunds or its movements is refused.
//! * [`RowReader::missing_columns`] lists the other columns of numbers that the bill lacks. A bill of type `SUCCESS`
//!   has none for refunds.
//!
//! # Errors of rows
//!
//! A row is an error if it has too many or too few cells, text that is not UTF-8, or a cell that must be a number and
//! is not. The rows below it follow. Only a [fatal](BillError::is_fatal) error ends the bill.
//!
//! [`RowReader::rows_failed`] counts the errors of rows. If rows are missing, [`RowReader::finish_complete`] returns an error
//! in place of the summary.
//!
//! # How a line becomes cells
//!
//! WeChat Pay writes a back-tick before each cell and quotes nothing, so that a product's name may have commas and
//! quotation marks. Therefore, in a line that starts with a back-tick, only the two characters ``,` `` separate cells.
//! Any other line is ordinary CSV: the two lines of names, and the rows of a file that lost its back-ticks in a
//! spreadsheet.
//!
//! Text that a user wrote may have line breaks, which are not escaped either:
//!
//! * A line without a back-tick below a row belongs to the row's last cell, unless it has the names of the summary.
//! * A line that starts with a back-tick starts a row. It continues the row above only if that row lacks exactly these
//!   cells, and if the first cells of both, usually times, look different.
//! * Some kinds of bills, such as [`OtherBill`], do not know the names of their summary. Then the
//!   line below these names must have as many values.
//!
//! Only rows with back-ticks continue in such lines. If such a row is longer than the limit, it is an error. The lines
//! below it without a back-tick are skipped as its text.
//!
//! In a bill without back-ticks, each line is a row, unless it ends within quotation marks. A line that is too long is
//! an error, and the next line is read by itself.
//!
//! One stray quotation mark would make all lines below it text of a cell. Therefore a row over several lines is
//! accepted only if its quotation mark is closed at the end of a cell, if it has as many cells as there are columns,
//! and if it is within the limit. Otherwise its first line is an error, and each line below is read again by itself. No
//! line is skipped.
//!
//! After such an error, a line that is not a row counts as the names of an unknown summary only after a good row.
//! Without a good row, the bill ends as incomplete.
//!
//! A bill is incomplete without a summary, and if its last row is cut.
//!
//! [protocol §7.1]: crate::docs::protocol::downloads#71-bills

mod error;
mod parser;
mod read;
mod reader;
mod source;
mod split;
mod stream;

pub use error::{BillError, BillErrorKind, ReadError};
pub use parser::RowParser;
pub use read::bill::{Bill, FromRow, OtherBill, RequiredColumn};
pub use read::cell::{BillTime, Cell};
pub use read::fund_flow::{FundFlowBill, FundFlowRow, FundFlowSummary};
pub use read::row::Row;
pub use read::trade::{TradeBill, TradeRow, TradeSummary};
pub use read::yuan::to_fen;
pub use reader::RowReader;
pub use rust_decimal::Decimal;
pub use stream::{Chunks, RowStream};
