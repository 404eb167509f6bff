//! Reconciliation: the trade bill of a day, row by row, against the shop's books.

use std::collections::HashSet;
use std::fmt;

use rusqlite::{Connection, OptionalExtension, Row};
use wxpay_api::bills::{Decimal, TradeBill, TradeRow, to_fen};
use wxpay_api::{Advice, Error};

use crate::reports;
use crate::shop::{Shop, ShopError};

/// The result for one day.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// How many rows the bill has.
    pub(crate) rows: usize,
    /// Where the bill and the books differ. A person looks at each.
    pub(crate) findings: Vec<Finding>,
}

/// One difference between the bill and the books. `number` is the shop's own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Finding {
    /// The books have it for this day, the bill has not.
    Missing { entry: Entry, fen: i64 },
    /// The bill has it, the books have not.
    Additional { entry: Entry, fen: Option<i64> },
    /// Both have it, with different values.
    Differs { entry: Entry, what: &'static str, books: String, bill: String },
}

/// A payment or a refund, by the shop's own number.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Entry {
    /// `payment` or `refund`. Any other state of a row stays as the bill has it, and is in no book.
    pub(crate) kind: String,
    pub(crate) number: String,
}

/// Downloads the trade bill of a Beijing day such as `2025-03-01`, compares it with the books, and stores the result.
///
/// WeChat Pay has the bill from 10:00 of the next day. Nothing is compared unless the whole bill arrived, with its
/// digest and as many rows as its summary states. A timer calls this once for each day; a person may do so again.
pub(crate) async fn reconcile(shop: &Shop, day: &str) -> Result<Report, ShopError> {
    let (day, now) = (day.to_owned(), shop.clock.now().await?);
    let (asked, at) = (day.clone(), now.clone());
    shop.database.transaction(move |db| reports::must_have_a_bill(db, &asked, &at)).await?;
    let bill = match download(shop, &day).await {
        Ok(bill) => bill,
        // WeChat Pay makes no bill for a day without payments and refunds. The books may have some.
        Err(ShopError::WeChatPay(error)) if has_no_bill(&error) => Vec::new(),
        // Also while WeChat Pay is still making the bill: the timer tries again in half an hour.
        Err(error) => return Err(error),
    };
    let compare = move |db: &Connection| {
        let report = compare(db, &day, &bill)?;
        let differences: Vec<_> = report.findings.iter().map(Finding::to_string).collect();
        reports::store(db, &day, &now, report.rows, &differences)?;
        Ok(report)
    };
    shop.database.transaction(compare).await
}

fn has_no_bill(error: &Error) -> bool {
    error.api().is_some_and(|api| api.advice() == Advice::Stop)
}

async fn download(shop: &Shop, day: &str) -> Result<Vec<Line>, ShopError> {
    let call = shop.wx.v3().bill().tradebill().get(|r| r.bill_date(day).tar_type("GZIP"));
    let mut rows = shop.wx.download_url(&call.await?).rows::<TradeBill>().await?;
    // A shop with millions of orders a day writes the lines into a table instead.
    let mut bill = Vec::new();
    while let Some(row) = rows.next().await {
        bill.push(Line::from(row?));
    }
    rows.finish_complete().await?;
    Ok(bill)
}

/// What counts of a row of the bill.
struct Line {
    entry: Entry,
    wechat_pay_id: String,
    fen: Option<i64>,
}

impl From<TradeRow> for Line {
    fn from(row: TradeRow) -> Self {
        // A refund's sign differs between bills; its own columns say what it is.
        let fen = |yuan: Option<Decimal>| yuan.map(|yuan| yuan.abs()).and_then(to_fen);
        let entry = |kind: &str, number| Entry { kind: kind.to_owned(), number };
        match row.trade_state.as_str() {
            "SUCCESS" => Self {
                entry: entry("payment", row.out_trade_no),
                wechat_pay_id: row.transaction_id,
                fen: fen(row.order_amount),
            },
            "REFUND" => Self {
                entry: entry("refund", row.out_refund_no),
                wechat_pay_id: row.refund_id,
                fen: fen(row.applied_refund_amount),
            },
            other => Self {
                entry: entry(other, row.out_trade_no),
                wechat_pay_id: row.transaction_id,
                fen: fen(row.order_amount),
            },
        }
    }
}

/// A line of the books.
struct Booked {
    entry: Entry,
    wechat_pay_id: Option<String>,
    fen: i64,
    state: String,
    moved_money: bool,
}

fn compare(db: &Connection, day: &str, bill: &[Line]) -> Result<Report, ShopError> {
    let mut findings = Vec::new();
    let mut billed = HashSet::new();
    let mut select = db.prepare("SELECT * FROM booked WHERE kind = ?1 AND number = ?2")?;
    for line in bill {
        let (entry, fen) = (line.entry.clone(), line.fen);
        if !billed.insert(&line.entry) {
            // Twice in one bill: one of them is in no book.
            findings.push(Finding::Additional { entry, fen });
            continue;
        }
        // The books may have it for the day before or after, where the clocks differ at midnight.
        match select.query_row([&entry.kind, &entry.number], read).optional()? {
            Some(booked) => findings.extend(differences(&booked, line)),
            None => findings.push(Finding::Additional { entry, fen }),
        }
    }
    for Booked { entry, fen, .. } in booked_on(db, day)? {
        if !billed.contains(&entry) {
            findings.push(Finding::Missing { entry, fen });
        }
    }
    Ok(Report { rows: bill.len(), findings })
}

fn differences(booked: &Booked, line: &Line) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut differs = |what, books: String, bill: String| {
        findings.push(Finding::Differs { entry: line.entry.clone(), what, books, bill });
    };
    if !booked.moved_money {
        // For example, its notification never came and the shop did not query it.
        differs("state", booked.state.clone(), "money moved".to_owned());
    } else if booked.wechat_pay_id.as_deref() != Some(&line.wechat_pay_id) {
        let books = booked.wechat_pay_id.clone().unwrap_or_default();
        differs("WeChat Pay's number", books, line.wechat_pay_id.clone());
    }
    if line.fen != Some(booked.fen) {
        // An empty cell is no zero.
        let bill = line.fen.map_or("no amount".to_owned(), |fen| format!("{fen} fen"));
        differs("amount", format!("{} fen", booked.fen), bill);
    }
    findings
}

fn booked_on(db: &Connection, day: &str) -> Result<Vec<Booked>, ShopError> {
    let mut select = db.prepare("SELECT * FROM booked WHERE day = ?1 AND moved_money")?;
    let booked = select.query_map([day], read)?;
    Ok(booked.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Booked> {
    Ok(Booked {
        entry: Entry { kind: row.get("kind")?, number: row.get("number")? },
        wechat_pay_id: row.get("wechat_pay_id")?,
        fen: row.get("fen")?,
        state: row.get("state")?,
        moved_money: row.get("moved_money")?,
    })
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.number)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { entry, fen } => {
                write!(f, "missing: the bill has no {entry} of {fen} fen")
            }
            Self::Additional { entry, fen: Some(fen) } => {
                write!(f, "additional: the books have no {entry} of {fen} fen")
            }
            Self::Additional { entry, fen: None } => {
                write!(f, "additional: the books have no {entry}, whose amount is not readable")
            }
            Self::Differs { entry, what, books, bill } => {
                write!(
                    f,
                    "different: the {what} of {entry} is {books} in the books, {bill} in the bill"
                )
            }
        }
    }
}
