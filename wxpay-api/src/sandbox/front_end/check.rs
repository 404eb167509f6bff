//! The check of what a front end is given: reads the members, collects all problems, finds the credential.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::credentials::Credential;
use super::error::{FrontEndError, FrontEndProblem};
use super::kind::{FrontEndKind, Parameters};
use super::{jumps, payments};
use crate::protocol::excerpt::excerpt;
use crate::sandbox::keys::AccountState;
use crate::sandbox::state::Shared;
use crate::sandbox::suggestion::closest;

/// What the values alone do not say.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Hints {
    pub(in crate::sandbox) kind: Option<FrontEndKind>,
    /// The appid of the mini program or app that invokes.
    pub(in crate::sandbox) appid: Option<String>,
}

/// Values that WeChat would accept.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Verified {
    pub(in crate::sandbox) kind: FrontEndKind,
    /// The merchant number of the account that signed or ordered.
    pub(in crate::sandbox) account: String,
    pub(super) credential: Option<Credential>,
    pub(in crate::sandbox) signed_message: Option<String>,
    /// The page to return to after an H5 payment.
    pub(in crate::sandbox) return_url: Option<String>,
}

impl Verified {
    /// Returns what the user buys.
    pub(super) fn description(&self) -> Option<&str> {
        self.credential.as_ref()?.description.as_deref()
    }
}

/// Verifies what a front end is given.
pub(in crate::sandbox) fn verify(
    shared: &Shared,
    given: Value,
    hints: &Hints,
) -> Result<Verified, FrontEndError> {
    let parameters =
        Parameters::recognize(given, hints.kind).ok_or_else(FrontEndError::unrecognized)?;
    let kind = parameters.kind;
    let mut check = FrontEndCheck {
        shared,
        members: &parameters.members,
        text: parameters.text.as_deref(),
        hints,
        kind,
        problems: Vec::new(),
        account: None,
        credential: None,
        signed_message: None,
        return_url: None,
    };
    if kind.is_payment() {
        payments::check(&mut check);
    } else {
        jumps::check(&mut check);
    }
    let FrontEndCheck { problems, account, credential, signed_message, return_url, .. } = check;
    match account {
        Some(account) if problems.is_empty() => {
            Ok(Verified { kind, account, credential, signed_message, return_url })
        }
        _ => Err(FrontEndError { kind: Some(kind), problems, signed_message }),
    }
}

/// A check in progress.
pub(super) struct FrontEndCheck<'a> {
    pub(super) shared: &'a Shared,
    pub(super) members: &'a Map<String, Value>,
    /// The whole text of a URL or a query string.
    pub(super) text: Option<&'a str>,
    pub(super) hints: &'a Hints,
    pub(super) kind: FrontEndKind,
    pub(super) problems: Vec<FrontEndProblem>,
    pub(super) account: Option<String>,
    pub(super) credential: Option<Credential>,
    pub(super) signed_message: Option<String>,
    pub(super) return_url: Option<String>,
}

impl<'a> FrontEndCheck<'a> {
    pub(super) fn problem(&mut self, member: &str, issue: impl Into<String>) {
        self.problems.push(FrontEndProblem::new(member, issue));
    }

    /// Reads a required text. Front ends refuse numbers.
    pub(super) fn text_of(&mut self, name: &str) -> Option<&'a str> {
        match self.members.get(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            Some(Value::String(_)) => {
                self.problem(name, "is empty");
                None
            }
            Some(Value::Number(_)) => {
                self.problem(name, "is a number, but must be a text: put it in quotation marks");
                None
            }
            Some(_) => {
                self.problem(name, "must be a text");
                None
            }
            None => {
                let near = closest(name, self.members.keys().map(String::as_str));
                let hint = near.map_or_else(String::new, |near| {
                    format!("; `{}` is there, which must be written `{name}`", excerpt(near))
                });
                self.problem(name, format!("is missing{hint}"));
                None
            }
        }
    }

    /// Reads a text that may be missing.
    pub(super) fn optional(&self, name: &str) -> Option<&'a str> {
        self.members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Checks that a text is Unix seconds.
    pub(super) fn check_timestamp(&mut self, name: &str, text: &str) {
        const SECONDS: usize = 10;
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.len() {
            SECONDS if is_number => {}
            13 if is_number => self.problem(name, "counts milliseconds; it must count seconds"),
            _ => self.problem(name, "must be the Unix time in seconds, 10 digits"),
        }
    }

    /// Checks a nonce.
    pub(super) fn check_nonce(&mut self, name: &str, text: &str) {
        const LONGEST: usize = 32;
        let length = text.chars().count();
        if length > LONGEST {
            self.problem(name, format!("has {length} characters; at most {LONGEST} are allowed"));
        }
    }

    /// Finds a credential, and checks its age. `lifetime` is in the business's time.
    pub(super) fn find_credential(
        &mut self,
        passed_as: &str,
        member: &str,
        value: &str,
        lifetime: Duration,
    ) -> Option<Credential> {
        let found = self.shared.world().credentials(|all| all.find(member, value));
        let Some(credential) = found else {
            let issue = format!(
                "has the {member} `{}`, which no response of this sandbox had; was it made by another sandbox, \
                 before a reset, or changed?",
                excerpt(value)
            );
            self.problem(passed_as, issue);
            return None;
        };
        let age = self.shared.world().now().duration_since(credential.issued).unwrap_or_default();
        if age > lifetime {
            let expired = match passed_as == member {
                true => "has expired".to_owned(),
                false => format!("has a {member} that has expired"),
            };
            let issue = format!(
                "{expired}: it is {} old, and valid for {}; send the same order request again for a new one",
                span(age),
                span(lifetime)
            );
            self.problem(passed_as, issue);
        }
        self.account = Some(credential.account.clone());
        self.credential = Some(credential.clone());
        Some(credential)
    }

    /// Returns an account by its id.
    pub(super) fn account_of(&self, id: &str) -> Option<Arc<AccountState>> {
        self.shared.state().account(id)
    }

    /// Returns all accounts, for a guess at the key that signed.
    pub(super) fn accounts(&self) -> Vec<Arc<AccountState>> {
        let state = self.shared.state();
        state.account_ids().iter().filter_map(|id| state.account(id)).collect()
    }
}

/// Writes a duration for people.
fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds % 3600 / 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
