//! Tables for people, in a terminal.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::records::{Record, Rejection, State};

/// Prints the state of every application, and what has to be done next.
pub(crate) fn applications(records: &[Record], out: &mut (dyn Write + Send)) -> io::Result<()> {
    let heads = ["application", "state", "merchant", "next"];
    let rows = records.iter().map(|record| {
        let merchant = record.sub_mchid.clone().unwrap_or_default();
        vec![record.business_code.clone(), record.state.to_string(), merchant, next(record)]
    });
    table(&heads, rows.collect(), out)
}

/// Prints what the auditors rejected.
pub(crate) fn rejections(
    rejections: &[(String, Rejection)],
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    if rejections.is_empty() {
        return Ok(());
    }
    let heads = ["rejected", "field", "name", "reason"];
    let rows = rejections.iter().map(|(code, it)| {
        vec![code.clone(), it.field.clone(), it.field_name.clone(), it.reason.clone()]
    });
    writeln!(out)?;
    table(&heads, rows.collect(), out)
}

/// What has to be done next, and by whom.
fn next(record: &Record) -> String {
    let link = record.sign_url.as_deref().unwrap_or("the link is missing");
    match record.state {
        State::Ready | State::Editing => "the next run submits it".to_owned(),
        State::Submitting => "unknown: the next run asks WeChat Pay".to_owned(),
        State::Refused => {
            let why = record.refusal.as_deref().unwrap_or("WeChat Pay gave no reason");
            format!("correct it: {why}")
        }
        State::Auditing => "the auditors need some days".to_owned(),
        State::Rejected => "correct it: see below".to_owned(),
        State::ToBeConfirmed => format!("the merchant verifies its account: {link}"),
        State::ToBeSigned => format!("the merchant signs: {link}"),
        State::Signing => "WeChat Pay opens the account".to_owned(),
        State::Finished => String::new(),
        State::Canceled => "void: apply again in a new folder".to_owned(),
    }
}

/// Prints columns as wide as their cells. A Chinese character is two columns wide.
fn table(heads: &[&str], rows: Vec<Vec<String>>, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let heads: Vec<_> = heads.iter().map(|head| (*head).to_owned()).collect();
    let lines: Vec<Vec<_>> = std::iter::once(heads)
        .chain(rows)
        .map(|row| row.iter().map(|text| printable(text)).collect())
        .collect();
    let columns = lines.first().map(Vec::len).unwrap_or_default();
    let width =
        |column: usize| lines.iter().filter_map(move |line| line.get(column)).map(|it| it.width());
    let widths: Vec<_> =
        (0..columns).map(|column| width(column).max().unwrap_or_default()).collect();
    for line in &lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            text += cell;
            text += &" ".repeat(width.saturating_sub(cell.width()) + 2);
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// A text from elsewhere on one line. Control characters could rewrite the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
