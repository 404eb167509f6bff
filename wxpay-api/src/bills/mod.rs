//! Bill files as typed rows, read as they arrive and never held whole ([protocol §7.1]).
//!
//! A bill is a UTF-8 CSV file with a byte-order mark: a line of column names, a line for each
//! payment, refund or movement of money, and two lines of summary. [`RowReader`] reads one from a
//! [`std::io::Read`], [`RowStream`] from chunks that arrive asynchronously, and both are the same
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
//! From WeChat Pay straight into rows, where the loop ends with an error if the file's digest is not
//! the announced one:
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
//! [`TradeBill`] (交易账单) and [`FundFlowBill`] (资金账单) have typed rows and summaries. Any other bill,
//! such as one of profit sharing, is an [`OtherBill`] whose cells go by their column's name, or a
//! [`Bill`] of your own.
//!
//! Columns are found by name, so their order does not matter, and older names are known. A column
//! that a type does not know stays in the row's `other`. The names and meanings of the columns are
//! general knowledge: no official page describes them. Therefore text is kept as sent and no value of
//! it is refused; only amounts and counts must be numbers.
//!
//! A column that a bill does not have leaves its field empty. For text that is all. An amount that is
//! absent must not be added up as zero: a bill without any column for the amount of its orders, its
//! refunds or its movements is refused, and [`RowReader::missing_columns`] lists the other columns of
//! numbers that it does not have. A bill of type `SUCCESS` has none for refunds.
//!
//! # Errors of rows
//!
//! A row with too many or too few cells, with a cell that is no number where one must be, or with
//! text that is not UTF-8, is an error of that row; the rows below it follow. Only what
//! [`BillError::is_fatal`] says of an error ends the bill. After a loop that goes on past such errors,
//! [`RowReader::rows_failed`] counts them, and [`RowReader::finish_complete`] gives no summary of a
//! bill of which rows are missing.
//!
//! # How a line becomes cells
//!
//! WeChat Pay writes a back-tick before each cell and quotes nothing, so that a product's name may
//! hold commas and quotation marks. In a line that starts with a back-tick, cells are therefore
//! separated by the two characters ``,` `` and by nothing else. Any other line is ordinary CSV: the
//! two lines of names, and the rows of a file that lost its back-ticks in a spreadsheet.
//!
//! Text that a user wrote may have line breaks, which nothing escapes either. A line below a row that
//! has no back-tick belongs to the row's last cell, unless it has the names of the summary. A line
//! that starts with a back-tick starts a row, unless the row above lacks just these cells and its
//! first cell, usually a time, looks different. Where the kind of bill does not say what names its
//! summary has, such as [`OtherBill`], the line below the names must have as many values.
//!
//! Only rows with back-ticks go on in lines that nothing announces. If such a row is longer than the
//! limit, it is an error, and the lines below it without a back-tick are passed over as its text.
//!
//! In a bill without back-ticks, a line is a row, unless it ends within quotation marks. A line that is
//! too long is an error, and the next one is read by itself. One quotation mark too many would make all
//! lines below it text of a cell: a mark must therefore be closed where a cell ends, the row must then
//! have as many cells as there are columns, and all that within the limit of a row. Otherwise the first
//! line is an error and the lines below it are read again, each by itself: it is a row or an error, and
//! no line is passed over. Where the names of the summary are not known, a line that is no row is only
//! taken for them once a good row followed the error; without one, the bill ends as incomplete.
//!
//! A bill without a summary is incomplete, and so is one whose last row is cut.
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
