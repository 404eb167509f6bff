//! What is kept of each reconciliation: whether a day is done, what was found, and when a day is due.

use rusqlite::Connection;
use serde::Serialize;

use crate::shop::ShopError;

/// Days end at midnight in Beijing, and WeChat Pay has the bill at 10:00. At 09:59, the last day with a bill is the one
/// before yesterday.
const LAST_DAY: &str = "SELECT date(?1, '+8 hours', '-10 hours', '-1 day')";

/// How long a day rests after an attempt that failed, in seconds.
const REST: i64 = 30 * 60;

/// The result of the latest attempt for a day.
#[derive(Debug, Serialize)]
pub(crate) struct StoredReport {
    pub(crate) day: String,
    /// How many rows the bill has. `None` until it was compared.
    pub(crate) rows: Option<i64>,
    /// Why it was not compared.
    pub(crate) failure: Option<String>,
    pub(crate) differences: Vec<String>,
}

/// Accepts a day whose bill WeChat Pay must have by now.
///
/// An earlier attempt could find no bill, which would look like a day without trade.
pub(crate) fn must_have_a_bill(db: &Connection, day: &str, now: &str) -> Result<(), ShopError> {
    let select = format!("SELECT coalesce(date(?2) = ?2 AND ?2 <= ({LAST_DAY}), FALSE)");
    match db.query_row(&select, [now, day], |row| row.get(0))? {
        true => Ok(()),
        false => Err(ShopError::NoBillYet(day.to_owned())),
    }
}

/// The days to reconcile now, from the first order to the last day with a bill.
///
/// It asks which days are not done, and not what happened since the last start: so no day is lost while the shop is down.
pub(crate) fn due(db: &Connection, now: &str) -> Result<Vec<String>, ShopError> {
    let mut select = db.prepare(&format!(
        "WITH RECURSIVE days (day) AS (
             SELECT min(date(created_at, 'unixepoch', '+8 hours')) FROM orders
             UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < ({LAST_DAY})
         )
         SELECT day FROM days LEFT JOIN reconciliations USING (day)
         WHERE day <= ({LAST_DAY}) AND (
             tried_at IS NULL OR failure IS NOT NULL AND tried_at <= unixepoch(?1) - ?2
         )
         ORDER BY day"
    ))?;
    let days = select.query_map((now, REST), |row| row.get(0))?;
    Ok(days.collect::<Result<_, _>>()?)
}

/// Stores what a comparison found, in place of earlier attempts.
pub(crate) fn store(
    db: &Connection,
    day: &str,
    now: &str,
    rows: usize,
    differences: &[String],
) -> Result<(), ShopError> {
    db.execute("DELETE FROM differences WHERE day = ?1", [day])?;
    db.execute(
        "INSERT INTO reconciliations (day, tried_at, rows) VALUES (?1, unixepoch(?2), ?3)
         ON CONFLICT (day) DO UPDATE
         SET tried_at = excluded.tried_at, rows = excluded.rows, failure = NULL",
        (day, now, i64::try_from(rows).unwrap_or(i64::MAX)),
    )?;
    let mut insert = db.prepare("INSERT INTO differences (day, what) VALUES (?1, ?2)")?;
    for what in differences {
        insert.execute([day, what])?;
    }
    Ok(())
}

/// Stores why an attempt failed, unless another one has succeeded.
pub(crate) fn store_failure(
    db: &Connection,
    day: &str,
    now: &str,
    why: &str,
) -> Result<(), ShopError> {
    db.execute(
        "INSERT INTO reconciliations (day, tried_at, failure) VALUES (?1, unixepoch(?2), ?3)
         ON CONFLICT (day) DO UPDATE SET tried_at = excluded.tried_at, failure = excluded.failure
         WHERE failure IS NOT NULL",
        [day, now, why],
    )?;
    Ok(())
}

/// The reports of the latest days, the newest first.
pub(crate) fn latest(db: &Connection, days: u32) -> Result<Vec<StoredReport>, ShopError> {
    let mut select =
        db.prepare("SELECT day, rows, failure FROM reconciliations ORDER BY day DESC LIMIT ?1")?;
    let reports = select.query_map([days], |row| {
        let (day, rows, failure) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(StoredReport { day, rows, failure, differences: Vec::new() })
    })?;
    let mut reports = reports.collect::<Result<Vec<_>, _>>()?;
    let mut select = db.prepare("SELECT what FROM differences WHERE day = ?1 ORDER BY rowid")?;
    for report in &mut reports {
        let differences = select.query_map([&report.day], |row| row.get(0))?;
        report.differences = differences.collect::<Result<_, _>>()?;
    }
    Ok(reports)
}
