//! Accounts over HTTP: those of merchants and brands.

use serde_json::{Value, json};

use super::call::{ControlCall, ControlError, ControlResponse, ControlResult, unknown_value};
use crate::sandbox::account::Account;
use crate::sandbox::error::SandboxError;
use crate::sandbox::keys::keyring::KeyMode;
use crate::sandbox::keys::{AccountKind, AccountState, KeySet};

/// Lists the accounts.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    let ids = call.shared.state().account_ids();
    let first = call.shared.first.id();
    let accounts = ids.iter().map(|id| call.account(Some(id)).map(|it| view(&it, first)));
    let accounts = accounts.collect::<Result<Vec<_>, _>>()?;
    Ok(ControlResponse::json(&json!({ "accounts": accounts })))
}

/// Shows one account.
pub(super) fn show(call: &ControlCall) -> ControlResult {
    let account = call.account(Some(call.path_value("account")))?;
    Ok(ControlResponse::json(&view(&account, call.shared.first.id())))
}

/// Adds an account.
pub(super) fn add(call: &ControlCall) -> ControlResult {
    let members = call.members(&["id", "kind"])?;
    let id = members.required_text("id")?;
    let (kind, mode) = kind(members.text("kind")?.unwrap_or("merchant"))?;
    let issue = || {
        let keys = KeySet::shared(kind)?;
        let state = std::sync::Arc::new(AccountState::issue(kind, id, mode, keys)?);
        call.shared.state().open(state)
    };
    issue().map_err(failed)?;
    let account = call.account(Some(id))?;
    account.changed();
    Ok(ControlResponse::created(&view(&account, call.shared.first.id())))
}

fn kind(name: &str) -> Result<(AccountKind, KeyMode), ControlError> {
    match name {
        "merchant" => Ok((AccountKind::Merchant, KeyMode::Migrating)),
        "brand" => Ok((AccountKind::Brand, KeyMode::PublicKey)),
        #[cfg(feature = "sm")]
        "sm2" => Ok((AccountKind::Sm2, KeyMode::Migrating)),
        other => Err(unknown_value("kind", other, &["merchant", "brand", "sm2"])),
    }
}

fn view(account: &Account, first: &str) -> Value {
    let kind = match account.state.kind {
        AccountKind::Merchant => "merchant",
        AccountKind::Brand => "brand",
        #[cfg(feature = "sm")]
        AccountKind::Sm2 => "sm2",
    };
    let merchant = account.merchant();
    json!({
        "id": merchant.id(),
        "kind": kind,
        "first": merchant.id() == first,
        "certificate_serial": merchant.serial().to_string(),
    })
}

/// Reports what an account cannot do. Only a mistake of the sandbox is internal.
pub(super) fn failed(error: SandboxError) -> ControlError {
    match error {
        SandboxError::AccountExists { .. } => ControlError::conflict(error.to_string()),
        SandboxError::UnknownCertificate { .. } | SandboxError::UnknownSentNotification { .. } => {
            ControlError::not_found(error.to_string())
        }
        SandboxError::NoCopy { .. } => ControlError::conflict(error.to_string()),
        SandboxError::Key(source) => ControlError::invalid(source.to_string()),
        SandboxError::UnknownNotification { .. }
        | SandboxError::UnknownEventType { .. }
        | SandboxError::NotOnThisMachine { .. }
        | SandboxError::UnknownOperation { .. }
        | SandboxError::UnfitResponse { .. }
        | SandboxError::UnfitNotification { .. }
        | SandboxError::InvalidStatus { .. } => ControlError::invalid(error.to_string()),
        other => ControlError::internal(other.to_string()),
    }
}
