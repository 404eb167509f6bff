//! Reads the rows of a bill from memory, so that a profiler sees nothing else.

use wxpay_api::bills::{Bill, FundFlowBill, RowParser, TradeBill};

use crate::Failure;
use crate::arguments::Kind;
use crate::content::Content;

/// Parses a bill of so many megabytes, in the pieces in which a download arrives.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let [kind, megabytes] = arguments else {
        return Err("`parse` needs `trade` or `fund-flow`, and the megabytes".into());
    };
    let megabytes = megabytes.parse()?;
    match kind.as_str() {
        "trade" => parse::<TradeBill>(Content::new(Kind::Trade, megabytes)),
        "fund-flow" => parse::<FundFlowBill>(Content::new(Kind::FundFlow, megabytes)),
        other => Err(format!("`{other}` is neither `trade` nor `fund-flow`").into()),
    }
}

fn parse<B: Bill>(content: Content) -> Result<(), Failure> {
    let rows = content.rows();
    let mut bill = RowParser::<B>::new();
    content.plain().each(|piece| {
        bill.push(piece);
        bill.by_ref().try_for_each(|row| row.map(drop))?;
        Ok(())
    })?;
    bill.end();
    bill.by_ref().try_for_each(|row| row.map(drop))?;
    if bill.rows_read() != rows {
        return Err(format!("{} rows instead of {rows}", bill.rows_read()).into());
    }
    bill.finish_complete()?;
    println!("{rows} rows");
    Ok(())
}
