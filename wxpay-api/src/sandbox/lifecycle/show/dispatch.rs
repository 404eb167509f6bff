//! Sends the notifications that follow changes, in the background.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;

use super::journal::JournalId;
use super::notification::described_notification;
use crate::sandbox::lifecycle::run::transaction::PendingNotification;
use crate::sandbox::notifications::delivery::Delivery;
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
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) notification: PendingNotification,
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
    let Outgoing { at, id, notification } = outgoing;
    let permit = starts.acquire().await;
    let account = shared.state().account(&notification.owner);
    let account = account.unwrap_or_else(|| Arc::clone(&shared.first));
    let described =
        described_notification(&shared.routes, &notification.event_type, &notification.object)?
            .id(id);
    let Some(url) = notification.url else {
        return Err(format!(
            "the resource has no `notify_url`, and no URL is registered for {}",
            notification.event_type
        ));
    };
    let delivery = Delivery::faster(shared.lifecycles.settings.notification_speed);
    let prepared = delivery.prepare(&account, &shared.routes, &shared.webhooks, &url, described);
    let prepared = prepared.await.map_err(|error| error.to_string())?;
    drop(permit);
    let watch = |attempt: &_| shared.lifecycles.note_attempt(at, attempt);
    prepared.run(watch).await.map(drop).map_err(|error| error.to_string())
}
