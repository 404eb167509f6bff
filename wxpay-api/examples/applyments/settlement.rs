//! Changes of a merchant's settlement account. WeChat Pay has no number of ours for a change, so none is ever sent twice.

use rusqlite::{Connection, OptionalExtension, Row};
use wxpay_api::v3::apply4sub::sub_merchants::_sub_mchid_::application::_application_no_::get::response::VerifyResult;
use wxpay_api::{Outcome, Present, WhenSome};

use crate::application::{self, BankAccount};
use crate::payment::merchant;
use crate::provider::{Failure, Provider};
use crate::store::stored_as_text;

/// The state of a change. `Accepted` and `Refused` are final.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ChangeState {
    /// It was sent, or is about to be. WeChat Pay may have it or not.
    Sending,
    /// WeChat Pay has it.
    Auditing,
    /// WeChat Pay settles to the new account.
    Accepted,
    /// The old account stays. A corrected change is another file.
    Refused,
}

stored_as_text!(ChangeState {
    Sending = "sending",
    Auditing = "auditing",
    Accepted = "accepted",
    Refused = "refused",
});

/// The record of a change.
pub(crate) struct Change {
    pub(crate) state: ChangeState,
    pub(crate) application_no: Option<String>,
    pub(crate) reason: Option<String>,
}

/// Changes the settlement account to that of the file `NAME.json`, or follows the change that was sent under this name.
pub(crate) async fn change(
    provider: &Provider,
    business_code: &str,
    name: &str,
) -> Result<Change, Failure> {
    let account = application::account_change(&provider.settings.folder, business_code, name)?;
    let sub_mchid = merchant(provider, business_code).await?;
    let held = {
        let (code, name) = (business_code.to_owned(), name.to_owned());
        provider.store.transaction(move |db| hold(db, &code, &name)).await?
    };
    let news = match held {
        None => send(provider, &sub_mchid, &account).await,
        Some(Change { state: ChangeState::Sending, .. }) => {
            look(provider, &sub_mchid, &account).await
        }
        Some(Change { state: ChangeState::Auditing, application_no, .. }) => {
            let number = application_no.ok_or(Failure::Missing("application_no"))?;
            follow(provider, &sub_mchid, number).await
        }
        Some(settled) => return Ok(settled),
    };
    let (code, name) = (business_code.to_owned(), name.to_owned());
    match news {
        Ok(change) => {
            provider
                .store
                .transaction(move |db| record(db, &code, &name, &change).map(|()| change))
                .await
        }
        Err(Failure::WeChatPay(error)) if not_there(&error) => {
            provider.store.transaction(move |db| forget(db, &code, &name)).await?;
            Err(error.into())
        }
        Err(failure) => Err(failure),
    }
}

/// Sends a change that was never sent. The client does not repeat it.
async fn send(
    provider: &Provider,
    sub_mchid: &str,
    account: &BankAccount,
) -> Result<Change, Failure> {
    let merchants = provider.polite().await.v3().apply4sub().sub_merchants();
    let sent = merchants.sub_mchid(sub_mchid).modify_settlement().post(|r| {
        r.account_type(account.account_type.as_str())
            .account_bank(&account.account_bank)
            .bank_address_code(&account.bank_address_code)
            .when_some(account.bank_name.as_deref(), |r, name| r.bank_name(name))
            .account_number(account.account_number.clone())
            .account_name(account.account_name.clone())
    });
    match sent.await {
        Ok(sent) => {
            let number = sent.application_no.present().ok_or(Failure::Missing("application_no"))?;
            Ok(Change::auditing(number.to_owned()))
        }
        Err(error) if error.outcome() == Outcome::Unknown => {
            let what = format!("the change of the account of {sub_mchid}");
            Err(Failure::Unknown { what, source: Box::new(error) })
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether an error proves that WeChat Pay has nothing, so that the change may be sent when its cause is mended.
fn not_there(error: &wxpay_api::Error) -> bool {
    error.operation().starts_with("POST ")
        && matches!(error.outcome(), Outcome::NotSent | Outcome::Refused)
}

/// Follows a change by WeChat Pay's number.
async fn follow(provider: &Provider, sub_mchid: &str, number: String) -> Result<Change, Failure> {
    let merchants = provider.polite().await.v3().apply4sub().sub_merchants();
    let change = merchants.sub_mchid(sub_mchid).application().application_no(&number).get().await?;
    let mut followed = Change::auditing(number);
    match change.verify_result {
        VerifyResult::Auditing => {}
        VerifyResult::AuditSuccess => followed.state = ChangeState::Accepted,
        VerifyResult::AuditFail => {
            followed.state = ChangeState::Refused;
            followed.reason = change.verify_fail_reason.present().map(str::to_owned);
        }
        other => {
            let what = format!("the change of the account of {sub_mchid} is in state {other}");
            return Err(Failure::Contradiction(what));
        }
    }
    Ok(followed)
}

/// Looks for a change without a number of WeChat Pay's. Only the account itself can tell that it was made.
///
/// Another account proves nothing: the change may be with the auditors, so the state stays unknown, for a person.
async fn look(
    provider: &Provider,
    sub_mchid: &str,
    account: &BankAccount,
) -> Result<Change, Failure> {
    let merchants = provider.polite().await.v3().apply4sub().sub_merchants();
    let current = merchants.sub_mchid(sub_mchid).settlement().get().await?;
    let number = account.account_number.plaintext().unwrap_or_default();
    let is_new =
        current.account_bank == account.account_bank && fits(&current.account_number, number);
    let state = if is_new { ChangeState::Accepted } else { ChangeState::Sending };
    Ok(Change { state, application_no: None, reason: None })
}

/// Whether a number can be the one whose middle WeChat Pay hides, as in `62*************78`.
pub(crate) fn fits(masked: &str, number: &str) -> bool {
    masked.chars().count() == number.chars().count()
        && masked.chars().any(|shown| shown != '*')
        && masked.chars().zip(number.chars()).all(|(shown, held)| shown == '*' || shown == held)
}

impl Change {
    fn auditing(number: String) -> Self {
        Self { state: ChangeState::Auditing, application_no: Some(number), reason: None }
    }
}

/// Finds a change, or keeps that it is about to be sent.
fn hold(db: &Connection, business_code: &str, name: &str) -> Result<Option<Change>, Failure> {
    let select = "SELECT * FROM account_changes WHERE business_code = ?1 AND name = ?2";
    let held = |row: &Row<'_>| {
        Ok(Change {
            state: row.get("state")?,
            application_no: row.get("application_no")?,
            reason: row.get("reason")?,
        })
    };
    let held = db.query_row(select, (business_code, name), held).optional()?;
    if held.is_none() {
        db.execute(
            "INSERT INTO account_changes (business_code, name, state) VALUES (?1, ?2, ?3)",
            (business_code, name, ChangeState::Sending),
        )?;
    }
    Ok(held)
}

fn record(
    db: &Connection,
    business_code: &str,
    name: &str,
    change: &Change,
) -> Result<(), Failure> {
    db.execute(
        "UPDATE account_changes SET state = ?3, application_no = ?4, reason = ?5
         WHERE business_code = ?1 AND name = ?2",
        (business_code, name, change.state, &change.application_no, &change.reason),
    )?;
    Ok(())
}

/// Forgets a change that WeChat Pay does not have.
fn forget(db: &Connection, business_code: &str, name: &str) -> Result<(), Failure> {
    db.execute(
        "DELETE FROM account_changes WHERE business_code = ?1 AND name = ?2",
        [business_code, name],
    )?;
    Ok(())
}
