//! The service provider: what all commands share, and why one fails.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::sleep;
use wxpay_api::compare::Mismatch;
use wxpay_api::{Advice, Client, ErrorKind, Outcome};

use crate::store::Store;

/// What all commands share. Clones are cheap.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) wx: Client,
    pub(crate) store: Store,
    pub(crate) settings: Arc<Settings>,
}

/// Settings of the program.
pub(crate) struct Settings {
    /// The folder with a folder for each application.
    pub(crate) folder: PathBuf,
    /// How long the program waits before each request. WeChat Pay allows 15 submissions a second.
    pub(crate) pause: Duration,
    /// The service provider's appid, for payments.
    pub(crate) sp_appid: String,
    /// Where WeChat Pay sends the notifications of payments.
    pub(crate) notify_url: String,
}

impl Provider {
    /// Waits as long as politeness wants before a request.
    pub(crate) async fn polite(&self) -> &Client {
        sleep(self.settings.pause).await;
        &self.wx
    }
}

/// Why a command fails. No text has a name, an identity number or a bank account.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{file}: {problem}")]
    Form { file: String, problem: String },
    #[error("{file} cannot be read")]
    Read { file: String, source: io::Error },
    #[error("there is no application {0}")]
    NoSuchApplication(String),
    #[error("{business_code} has no merchant number yet: it is {state}")]
    NoMerchant { business_code: String, state: String },
    #[error("{what}: the outcome is unknown")]
    Unknown { what: String, source: Box<wxpay_api::Error> },
    #[error("the store and WeChat Pay contradict each other: {0}")]
    Contradiction(String),
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error("WeChat Pay's response has no {0}")]
    Missing(&'static str),
    #[error("{0} was used before, for another merchant or amount")]
    OtherPayment(String),
    #[error(transparent)]
    WeChatPay(#[from] wxpay_api::Error),
    #[error("the store failed")]
    Store(#[from] rusqlite::Error),
    #[error("a transaction did not end")]
    Stopped(#[from] JoinError),
    #[error("the output cannot be written")]
    Output(#[from] io::Error),
}

impl Failure {
    /// Whether the next request would fail in the same way, so that the run ends here.
    pub(crate) fn ends_the_run(&self) -> bool {
        let error = match self {
            Self::WeChatPay(error) => error,
            Self::Unknown { source, .. } => source,
            Self::Store(_) | Self::Stopped(_) | Self::Output(_) => return true,
            _ => return false,
        };
        let is_busy = error.api().is_some_and(|api| api.advice() == Advice::BackOff);
        is_busy || (error.outcome() == Outcome::NotSent && !is_about_the_form(error))
    }

    /// The error and its causes in one line.
    pub(crate) fn line(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text += &format!(": {error}");
            cause = error.source();
        }
        text
    }
}

/// Whether the client sent nothing because of a value of this form or a picture, such as an emoji in a name.
pub(crate) fn is_about_the_form(error: &wxpay_api::Error) -> bool {
    matches!(error.kind(), ErrorKind::Input(_))
}

/// Whether WeChat Pay itself refused, because it has nothing under this number.
pub(crate) fn is_absent(error: &wxpay_api::Error) -> bool {
    error.api().is_some_and(|api| api.advice() == Advice::Absent)
}
