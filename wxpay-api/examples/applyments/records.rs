//! The records of applications: their states, and what WeChat Pay said of them.

use rusqlite::{Connection, OptionalExtension, Row};
use wxpay_api::Present;
use wxpay_api::v3::applyment4sub::types::{Applyment, ApplymentState};

use crate::provider::Failure;
use crate::store::stored_as_text;

/// The state of an application. `Finished` and `Canceled` are final.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum State {
    /// It is to be submitted. WeChat Pay does not have it as it is now.
    Ready,
    /// A submission was sent, or is about to be. WeChat Pay may have it or not.
    Submitting,
    /// WeChat Pay did not accept the submission: somebody has to correct it.
    Refused,
    /// WeChat Pay has it, and something went wrong there: it is submitted again.
    Editing,
    /// Auditors look at it, for some days.
    Auditing,
    /// The auditors rejected it: somebody has to correct it.
    Rejected,
    /// The merchant has to verify its bank account, within 10 days.
    ToBeConfirmed,
    /// The merchant has to sign, within 30 days.
    ToBeSigned,
    /// WeChat Pay opens the account.
    Signing,
    /// The merchant can be paid.
    Finished,
    /// It is void. Another application needs another business code.
    Canceled,
}

stored_as_text!(State {
    Ready = "ready",
    Submitting = "submitting",
    Refused = "refused",
    Editing = "editing",
    Auditing = "auditing",
    Rejected = "rejected",
    ToBeConfirmed = "to_be_confirmed",
    ToBeSigned = "to_be_signed",
    Signing = "signing",
    Finished = "finished",
    Canceled = "canceled",
});

impl State {
    /// Whether WeChat Pay takes another submission in this state.
    pub(crate) fn takes_a_submission(self) -> bool {
        matches!(self, Self::Editing | Self::Rejected)
    }
}

/// The record of an application.
pub(crate) struct Record {
    pub(crate) business_code: String,
    pub(crate) state: State,
    /// The digest of what was sent, or is about to be.
    pub(crate) content: String,
    pub(crate) applyment_id: Option<i64>,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) sign_url: Option<String>,
    pub(crate) refusal: Option<String>,
}

/// What the auditors said of one field.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Rejection {
    pub(crate) field: String,
    pub(crate) field_name: String,
    pub(crate) reason: String,
}

/// Finds a record.
pub(crate) fn find(db: &Connection, business_code: &str) -> Result<Option<Record>, Failure> {
    let select = "SELECT * FROM applications WHERE business_code = ?1";
    Ok(db.query_row(select, [business_code], record).optional()?)
}

/// Every record, in the order of the business codes.
pub(crate) fn all(db: &Connection) -> Result<Vec<Record>, Failure> {
    let mut select = db.prepare("SELECT * FROM applications ORDER BY business_code")?;
    let records = select.query_map([], record)?;
    Ok(records.collect::<Result<_, _>>()?)
}

/// What the auditors rejected, in a fixed order.
pub(crate) fn rejections(db: &Connection, business_code: &str) -> Result<Vec<Rejection>, Failure> {
    let mut select =
        db.prepare("SELECT field, field_name, reason FROM rejections WHERE business_code = ?1")?;
    let rejection = |row: &Row<'_>| {
        let (field, field_name, reason) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Rejection { field, field_name, reason })
    };
    let found = select.query_map([business_code], rejection)?;
    let mut rejections: Vec<_> = found.collect::<Result<_, _>>()?;
    rejections.sort();
    Ok(rejections)
}

/// Makes the record of an application that is new to this store.
pub(crate) fn insert(db: &Connection, business_code: &str, content: &str) -> Result<(), Failure> {
    let insert = "INSERT INTO applications (business_code, state, content) VALUES (?1, ?2, ?3)";
    db.execute(insert, (business_code, State::Ready, content))?;
    Ok(())
}

/// Keeps that a submission is about to be sent.
pub(crate) fn begin(db: &Connection, business_code: &str, content: &str) -> Result<(), Failure> {
    db.execute(
        "UPDATE applications SET state = ?2, content = ?3, sent_at = unixepoch(), refusal = NULL
         WHERE business_code = ?1",
        (business_code, State::Submitting, content),
    )?;
    Ok(())
}

/// Whether the latest submission was sent so recently that it may still be on its way.
pub(crate) fn is_under_way(
    db: &Connection,
    business_code: &str,
    seconds: i64,
) -> Result<bool, Failure> {
    let select = "SELECT coalesce(sent_at > unixepoch() - ?2, FALSE) FROM applications
                  WHERE business_code = ?1";
    Ok(db.query_row(select, (business_code, seconds), |row| row.get(0))?)
}

/// Keeps that nothing was accepted, and why. The next submission uploads the pictures anew.
pub(crate) fn not_accepted(
    db: &Connection,
    business_code: &str,
    state: State,
    refusal: Option<&str>,
) -> Result<State, Failure> {
    db.execute(
        "UPDATE applications SET state = ?2, refusal = ?3 WHERE business_code = ?1",
        (business_code, state, refusal),
    )?;
    if state == State::Refused {
        forget_pictures(db, business_code)?;
    }
    Ok(state)
}

/// Keeps WeChat Pay's number of a submission that it accepted.
pub(crate) fn accepted(
    db: &Connection,
    business_code: &str,
    applyment_id: i64,
) -> Result<State, Failure> {
    db.execute(
        "UPDATE applications SET state = ?2, applyment_id = ?3 WHERE business_code = ?1",
        (business_code, State::Auditing, applyment_id),
    )?;
    db.execute("DELETE FROM rejections WHERE business_code = ?1", [business_code])?;
    Ok(State::Auditing)
}

/// Records the state that WeChat Pay's response to a query states.
pub(crate) fn stated(
    db: &Connection,
    business_code: &str,
    applyment: &Applyment,
) -> Result<State, Failure> {
    if applyment.business_code.present().is_some_and(|stated| stated != business_code) {
        let what = format!("asked for application {business_code}, WeChat Pay returned another");
        return Err(Failure::Contradiction(what));
    }
    let id = applyment.applyment_id.ok_or(Failure::Missing("applyment_id"))?;
    let state = state_of(business_code, &applyment.applyment_state)?;
    let sub_mchid = applyment.sub_mchid.present();
    if state == State::Finished && sub_mchid.is_none() {
        return Err(Failure::Missing("sub_mchid"));
    }
    db.execute(
        "UPDATE applications SET state = ?2, applyment_id = ?3, sub_mchid = coalesce(?4, sub_mchid),
         sign_url = ?5, refusal = NULL WHERE business_code = ?1",
        (business_code, state, id, sub_mchid, applyment.sign_url.present()),
    )?;
    db.execute("DELETE FROM rejections WHERE business_code = ?1", [business_code])?;
    for rejection in rejections_of(applyment) {
        db.execute(
            "INSERT INTO rejections (business_code, field, field_name, reason) VALUES (?1, ?2, ?3, ?4)",
            (business_code, &rejection.field, &rejection.field_name, &rejection.reason),
        )?;
    }
    if state == State::Rejected {
        forget_pictures(db, business_code)?;
    }
    Ok(state)
}

/// What the auditors rejected by WeChat Pay's response, in a fixed order.
pub(crate) fn rejections_of(applyment: &Applyment) -> Vec<Rejection> {
    let details = applyment.audit_detail.iter();
    let mut rejections: Vec<_> = details
        .map(|detail| Rejection {
            field: detail.field.clone(),
            field_name: detail.field_name.clone(),
            reason: detail.reject_reason.clone(),
        })
        .collect();
    rejections.sort();
    rejections
}

/// The state by WeChat Pay's name of it.
pub(crate) fn state_of(business_code: &str, state: &ApplymentState) -> Result<State, Failure> {
    Ok(match state {
        ApplymentState::Editing => State::Editing,
        ApplymentState::Auditing => State::Auditing,
        ApplymentState::Rejected => State::Rejected,
        ApplymentState::ToBeConfirmed => State::ToBeConfirmed,
        ApplymentState::ToBeSigned => State::ToBeSigned,
        ApplymentState::Signing => State::Signing,
        ApplymentState::Finished => State::Finished,
        ApplymentState::Canceled => State::Canceled,
        other => {
            let what = format!("application {business_code} is in state {other}");
            return Err(Failure::Contradiction(what));
        }
    })
}

/// WeChat Pay's number of a picture that is uploaded already.
pub(crate) fn media_id(
    db: &Connection,
    business_code: &str,
    digest: &str,
) -> Result<Option<String>, Failure> {
    let select = "SELECT media_id FROM pictures WHERE business_code = ?1 AND digest = ?2";
    Ok(db.query_row(select, (business_code, digest), |row| row.get(0)).optional()?)
}

/// Keeps that a picture is uploaded.
pub(crate) fn uploaded(
    db: &Connection,
    business_code: &str,
    digest: &str,
    media_id: &str,
) -> Result<(), Failure> {
    let insert =
        "INSERT OR REPLACE INTO pictures (business_code, digest, media_id) VALUES (?1, ?2, ?3)";
    db.execute(insert, (business_code, digest, media_id))?;
    Ok(())
}

/// A number of WeChat Pay's may be what was refused, perhaps because it is too old.
fn forget_pictures(db: &Connection, business_code: &str) -> Result<(), Failure> {
    db.execute("DELETE FROM pictures WHERE business_code = ?1", [business_code])?;
    Ok(())
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        business_code: row.get("business_code")?,
        state: row.get("state")?,
        content: row.get("content")?,
        applyment_id: row.get("applyment_id")?,
        sub_mchid: row.get("sub_mchid")?,
        sign_url: row.get("sign_url")?,
        refusal: row.get("refusal")?,
    })
}
