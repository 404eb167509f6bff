//! Bill files as typed rows, read as they arrive and never held whole (PROTOCOL §7.1).
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
//!     total += row?.order_amount.unwrap_or_default();
//! }
//! assert_eq!(rows.finish()?.order_total, Some(total));
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
//! Columns are found by name, so their order does not matter. One that a bill does not have leaves
//! its field empty, and one that a type does not know stays in the row's `other`. The names and
//! meanings of the columns are general knowledge: PROTOCOL says nothing of them. Therefore text is
//! kept as sent and no value of it is refused; only amounts and counts must be numbers.
//!
//! # How a line becomes cells
//!
//! WeChat Pay writes a back-tick before each cell and quotes nothing, so that a product's name may
//! hold commas and quotation marks. In a line that starts with a back-tick, cells are therefore
//! separated by the two characters ``,` `` and by nothing else. Any other line is ordinary CSV: the
//! two lines of names, and the rows of a file that lost its back-ticks in a spreadsheet.
//!
//! The first line that has no back-tick, after rows that had, names the summary's columns. Before
//! any row with back-ticks, it is the first line with another number of cells than the header. A
//! bill without a summary is incomplete, and so is one whose last row is cut.

mod bill;
mod cell;
mod columns;
mod error;
mod fund_flow;
mod lines;
mod parser;
mod reader;
mod record;
mod row;
mod stream;
mod table;
mod time;
mod trade;
mod whole;
mod yuan;

pub use bill::{Bill, FromRow, OtherBill};
pub use cell::Cell;
pub use error::{BillError, BillErrorKind, ReadError};
pub use fund_flow::{FundFlowBill, FundFlowRow, FundFlowSummary};
pub use parser::RowParser;
pub use reader::RowReader;
pub use row::Row;
pub use rust_decimal::Decimal;
pub use stream::{Chunks, RowStream};
pub use time::BillTime;
pub use trade::{TradeBill, TradeRow, TradeSummary};
pub use yuan::to_fen;
