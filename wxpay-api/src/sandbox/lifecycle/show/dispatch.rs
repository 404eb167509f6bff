//! Sends the notifications that follow changes, in the background.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;

use super::journal::{JournalId, KeptNotification, NotificationAttempt};
use super::notification::described_notification;
use crate::sandbox::error::SandboxError;
use crate::sandbox::keys::AccountState;
use crate::sandbox::lifecycle::run::transaction::PendingNotification;
use crate::sandbox::notifications::SandboxNotification;
use crate::sandbox::notifications::delivery::{Delivery, NotificationCopies};
use crate::sandbox::notifications::fault::NotificationFault;
use crate::sandbox::notifications::webhook_client::WebhookAccess;
use crate::sandbox::request::route::Routes;
use crate::sandbox::state::Shared;

/// The most deliveries that wait or run at once, each with a task of its own.
const MOST_DELIVERIES: usize = 4096;
/// The most notifications that are encrypted and signed for the first time at once.
const MOST_STARTS: usize = 32;

/// What the background task is told.
pub(in crate::sandbox) enum DispatchCommand {
    Send(Box<Outgoing>),
    /// Ends all deliveries: the sandbox forgets everything.
    Forget,
}

/// A notification to be sent.
pub(in crate::sandbox) struct Outgoing {
    pub(in crate::sandbox) at: JournalId,
    pub(in crate::sandbox) owner: Arc<str>,
    pub(in crate::sandbox) url: String,
    pub(in crate::sandbox) notification: SandboxNotification,
    pub(in crate::sandbox) fault: Option<NotificationFault>,
}

/// Returns a notification with its URL, or why it cannot be sent.
pub(in crate::sandbox) fn addressed(
    routes: &Routes,
    webhooks: &WebhookAccess,
    pending: &PendingNotification,
    id: &str,
) -> Result<(SandboxNotification, String), String> {
    let PendingNotification { event_type, object, url, time, .. } = pending;
    let notification = described_notification(routes, event_type, object)?;
    let Some(url) = url else {
        return Err(format!(
            "the resource has no `notify_url`, and no URL is registered for {event_type}"
        ));
    };
    match webhooks.refusal(url) {
        Some(refusal) => Err(refusal.to_string()),
        None => Ok((notification.id(id.to_owned()).created(*time), url.clone())),
    }
}

/// The way to the background task.
pub(in crate::sandbox) type CommandSender = UnboundedSender<DispatchCommand>;

/// Sends notifications until the task is aborted, which also ends its deliveries.
pub(in crate::sandbox) async fn serve(
    shared: Arc<Shared>,
    mut commands: UnboundedReceiver<DispatchCommand>,
) {
    let mut deliveries = JoinSet::new();
    let starts = Arc::new(Semaphore::new(MOST_STARTS));
    while let Some(command) = commands.recv().await {
        match command {
            DispatchCommand::Forget => deliveries.shutdown().await,
            DispatchCommand::Send(outgoing) if deliveries.len() >= MOST_DELIVERIES => {
                let reason = "too many notifications wait for an acknowledgement";
                shared.lifecycles.finish_notification(outgoing.at, Some(reason.to_owned()));
            }
            DispatchCommand::Send(outgoing) => {
                let (shared, starts) = (Arc::clone(&shared), Arc::clone(&starts));
                deliveries.spawn(async move {
                    let at = outgoing.at;
                    let failure = Box::pin(send(&shared, *outgoing, &starts)).await.err();
                    shared.lifecycles.finish_notification(at, failure);
                });
            }
        }
        while deliveries.try_join_next().is_some() {}
    }
}

/// Sends a notification until it is acknowledged. The error says why it was not sent at all.
async fn send(shared: &Shared, outgoing: Outgoing, starts: &Semaphore) -> Result<(), String> {
    let Outgoing { at, owner, url, notification, fault } = outgoing;
    let permit = starts.acquire().await;
    let account = account(shared, &owner);
    let delivery = Delivery::faster(shared.lifecycles.settings.notification_speed).fault(fault);
    let prepared = delivery.prepare(shared, &account, &url, notification);
    let prepared = prepared.await.map_err(|error| error.to_string())?;
    shared.lifecycles.keep_notification(at, prepared.body());
    drop(permit);
    let watch = |attempt: &_| drop(shared.lifecycles.note_attempt(at, attempt, false));
    let is_acknowledged = || shared.lifecycles.is_finished(at);
    prepared.run(watch, is_acknowledged).await.map(drop).map_err(|error| error.to_string())
}

/// Sends one more copy of a notification: the same body with a new signature.
pub(in crate::sandbox) async fn send_copy(
    shared: &Shared,
    at: JournalId,
) -> Result<NotificationAttempt, SandboxError> {
    let no_copy = |reason: &str| SandboxError::NoCopy { reason: reason.to_owned() };
    let (owner, url, event_type, body) = match shared.lifecycles.kept_notification(at).await {
        Some(KeptNotification::Ready { owner, url, event_type, body }) => {
            (owner, url, event_type, body)
        }
        Some(KeptNotification::NotSent(reason)) => return Err(no_copy(&reason)),
        Some(KeptNotification::Forgotten | KeptNotification::Pending) => {
            return Err(no_copy(
                "newer ones took its memory; raise `SandboxBuilder::journal_bytes`",
            ));
        }
        None => return Err(no_copy("it left the journal; raise `SandboxBuilder::resource_limit`")),
    };
    let account = account(shared, &owner);
    let copies = NotificationCopies::new(shared, &account, &url, &event_type, body, None).await?;
    let attempt = copies.send(Duration::ZERO).await?;
    let noted = shared.lifecycles.note_attempt(at, &attempt, true);
    if noted.refusal.is_none() {
        shared.lifecycles.finish_notification(at, None);
    }
    Ok(noted)
}

fn account(shared: &Shared, owner: &str) -> Arc<AccountState> {
    let account = shared.state().account(owner);
    account.unwrap_or_else(|| Arc::clone(&shared.first))
}
