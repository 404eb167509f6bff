//! Starts the sandbox of a folder.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use wxpay_api::sandbox::{Sandbox, SandboxBuilder, SandboxError};

use super::SandboxArguments;
use super::unknown::UnknownSenders;
use crate::folder::Folder;
use crate::output::Failure;
use crate::page::Pages;
use crate::store;

/// Starts the sandbox with the accounts of the folder. The first start makes the keys and keeps them.
pub(super) async fn start(
    arguments: &SandboxArguments,
    folder: &Arc<Folder>,
    pages: &Pages,
) -> Result<Sandbox, Failure> {
    if folder.accounts().is_empty() {
        make_keys(folder).await?;
    }
    let mut builder = settings(arguments)?
        .bind(SocketAddr::from((arguments.bind, arguments.port)))
        .pages(pages.handler())
        .accounts(folder.accounts())
        .storage(store::open(folder.path())?);
    if let Some(seed) = folder.seed() {
        builder = builder.seed(seed);
    }
    let keeper = Arc::clone(folder);
    builder = builder.on_account_change(move |account| {
        if let Err(failure) = keeper.remember(account) {
            anstream::eprint!("warning: a change of keys will not survive a restart\n{failure}");
        }
    });
    let senders = UnknownSenders::default();
    builder = builder.on_unknown_sender(move |sender| senders.warn(sender));
    let sandbox = builder.start().await.map_err(|error| unstarted(error, arguments))?;
    if let Some(keys) = arguments.keys {
        sandbox.set_key_mode(keys.into());
    }
    Ok(sandbox)
}

/// Makes the keys of the first merchant, and keeps them before anything is remembered with them.
async fn make_keys(folder: &Folder) -> Result<(), Failure> {
    let builder = Sandbox::builder().mchid(folder.mchid()).fresh_keys();
    let sandbox = builder
        .start()
        .await
        .map_err(|error| Failure::caused("the keys of the sandbox cannot be made", error))?;
    folder.remember(&sandbox)
}

/// Passes the settings of the command line on.
fn settings(arguments: &SandboxArguments) -> Result<SandboxBuilder, Failure> {
    let mut builder = Sandbox::builder()
        .resource_limit(arguments.keep)
        .journal_limit(arguments.keep.min(10_000))
        .notification_speed(arguments.notification_speed);
    for host in &arguments.allow_webhook_host {
        builder = builder.allow_webhook_host(host);
    }
    for file in &arguments.webhook_root {
        let pem = fs::read(file).map_err(|error| {
            Failure::caused(format!("{} cannot be read", file.display()), error)
        })?;
        builder = builder.webhook_root(pem);
    }
    for origin in &arguments.shop_origin {
        builder = builder.shop_origin(origin);
    }
    for name in &arguments.host_name {
        builder = builder.host_name(name);
    }
    if arguments.refuse_lengths {
        builder = builder.refuse_lengths();
    }
    Ok(builder)
}

fn unstarted(error: SandboxError, arguments: &SandboxArguments) -> Failure {
    let address = SocketAddr::from((arguments.bind, arguments.port));
    let message = match &error {
        SandboxError::Listen(source) if source.kind() == io::ErrorKind::AddrInUse => {
            format!("another program listens on {address}; name another port with `--port`")
        }
        SandboxError::Listen(_) => {
            format!("the sandbox cannot listen on {address}; see `--bind` and `--port`")
        }
        _ => "the sandbox cannot start".to_owned(),
    };
    Failure::caused(message, error)
}
