//! What a program that embeds the sandbox is told: changed accounts, and requests of unknown senders.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::account::Account;
use super::request::SandboxRequest;
use crate::protocol::Authorization;

/// The sender of a request that the sandbox does not know. The request was refused with 401.
///
/// The program may run with a real merchant's keys by mistake: WeChat Pay would have executed the request.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnknownSender {
    /// The merchant number or brand id that the request names.
    pub id: String,
    /// The serial number of the certificate that the request names.
    pub serial_no: String,
    /// Whether the sandbox has an account with this id, but with another certificate.
    pub id_is_known: bool,
    /// The method and the URL of the request.
    pub operation: String,
}

/// A function that the sandbox calls.
type Watcher<T> = Arc<dyn Fn(&T) + Send + Sync>;

/// The functions of a program that the sandbox calls.
#[derive(Clone, Default)]
pub(super) struct Watchers {
    pub(super) accounts: Option<Watcher<Account>>,
    pub(super) senders: Option<Watcher<UnknownSender>>,
    /// Held while an account is shown, so that the program sees the changes in their order.
    order: Arc<Mutex<()>>,
}

impl Watchers {
    /// Shows the program an account that was added, or whose keys changed.
    pub(super) fn account_changed(&self, account: &Account) {
        if let Some(watcher) = &self.accounts {
            let _order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
            watcher(account);
        }
    }

    /// Shows the program a sender that the sandbox does not know.
    pub(super) fn unknown_sender(
        &self,
        request: &SandboxRequest,
        authorization: &Authorization,
        id_is_known: bool,
    ) {
        let Some(watcher) = &self.senders else {
            return;
        };
        watcher(&UnknownSender {
            id: authorization.id().to_owned(),
            serial_no: authorization.serial().to_owned(),
            id_is_known,
            operation: format!("{} {}", request.method, request.path()),
        });
    }
}

impl fmt::Debug for Watchers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Watchers")
            .field("accounts", &self.accounts.is_some())
            .field("senders", &self.senders.is_some())
            .finish_non_exhaustive()
    }
}
