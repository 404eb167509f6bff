//! The world's notifications: their journal, further copies, registered URLs, and faults.

use std::sync::Arc;

use super::error::LifecycleError;
use super::run::transaction::PendingUrl;
use super::show::dispatch::send_copy;
use super::show::journal::{JournalId, NotificationAttempt, NotifyUrlView, SentNotification};
use super::world::{ResourceId, World};
use crate::sandbox::error::SandboxError;
use crate::sandbox::notifications::fault::{NotificationFault, check_event};

/// Which notifications to list. `None` stands for all.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct NotificationFilter<'a> {
    /// Only those of this resource.
    pub(in crate::sandbox) of: Option<ResourceId>,
    pub(in crate::sandbox) id: Option<&'a str>,
    pub(in crate::sandbox) acknowledged: Option<bool>,
    /// How many of the newest to leave out.
    pub(in crate::sandbox) skip: usize,
    /// The most notifications to return.
    pub(in crate::sandbox) limit: usize,
}

impl NotificationFilter<'_> {
    fn accepts(&self, sent: &SentNotification) -> bool {
        self.of.is_none_or(|of| sent.resource == of)
            && self.id.is_none_or(|id| sent.id == id)
            && self.acknowledged.is_none_or(|wanted| sent.is_acknowledged() == wanted)
    }
}

impl World<'_> {
    /// Returns the journal of notifications, the oldest first; those of one resource, or all.
    pub(in crate::sandbox) fn notifications(self, of: Option<ResourceId>) -> Vec<SentNotification> {
        let memory = self.lifecycles_held().memory();
        let all = memory.journal.entries();
        all.filter(|it| of.is_none_or(|of| it.resource == of)).cloned().collect()
    }

    /// Returns a page of the journal of notifications, the oldest first, and how many fit without `skip` and `limit`.
    pub(in crate::sandbox) fn notifications_page(
        self,
        filter: &NotificationFilter<'_>,
    ) -> (Vec<SentNotification>, usize) {
        let memory = self.lifecycles_held().memory();
        let fitting = || memory.journal.entries().filter(|sent| filter.accepts(sent));
        let total = fitting().count();
        let end = total.saturating_sub(filter.skip);
        let page = fitting().take(end).skip(end.saturating_sub(filter.limit));
        (page.cloned().collect(), total)
    }

    /// Waits until every notification is acknowledged, given up, or journaled as not sent.
    pub(in crate::sandbox) async fn notifications_settled(self) {
        let held = self.lifecycles_held();
        loop {
            let changed = held.notifications_changed.notified();
            tokio::pin!(changed);
            // Registers before the look at the journal, so that no change in between is missed.
            changed.as_mut().enable();
            if held.memory().journal.is_settled() {
                return;
            }
            changed.await;
        }
    }

    /// Lists the URLs that merchants registered for notifications.
    pub(in crate::sandbox) fn notify_urls(self) -> Vec<NotifyUrlView> {
        self.lifecycles_held().memory().urls.list()
    }

    /// Registers the URL of a merchant for an event type, or the beginning of several; `None` ends it. Without an
    /// owner it is that of the first account.
    pub(in crate::sandbox) fn set_notify_url(
        self,
        owner: Option<&str>,
        event: &str,
        url: Option<&str>,
    ) -> Result<(), LifecycleError> {
        let owner = Arc::from(self.account(owner)?);
        let (event, url) = (event.to_owned(), url.map(str::to_owned));
        let url = PendingUrl { owner, event, url };
        self.lifecycles_held().change(|memory| memory.set_url(url))
    }

    /// Sends one more copy of the newest notification about a resource.
    pub(in crate::sandbox) async fn notify_again(
        self,
        id: ResourceId,
    ) -> Result<NotificationAttempt, SandboxError> {
        self.resource(id)?;
        let newest = self.lifecycles_held().memory().journal.newest_of(id);
        let none = || "no notification about the resource is in the journal".to_owned();
        let at = newest.ok_or_else(|| SandboxError::NoCopy { reason: none() })?;
        self.copy(at).await
    }

    /// Sends one more copy of the notification with an id.
    pub(in crate::sandbox) async fn send_copy(
        self,
        id: &str,
    ) -> Result<NotificationAttempt, SandboxError> {
        let at = self.lifecycles_held().memory().journal.with_id(id);
        self.copy(at.ok_or_else(|| SandboxError::UnknownSentNotification { id: id.to_owned() })?)
            .await
    }

    async fn copy(self, at: JournalId) -> Result<NotificationAttempt, SandboxError> {
        Box::pin(send_copy(self.shared, at)).await
    }

    /// Injects a fault into the next notification: of an event type, or of any.
    pub(in crate::sandbox) fn inject_notification_fault(
        self,
        event_type: Option<&str>,
        fault: NotificationFault,
    ) -> Result<(), SandboxError> {
        if let Some(event_type) = event_type {
            check_event(&self.shared.routes, event_type)?;
        }
        self.lifecycles_held().memory().faults.add(event_type.map(str::to_owned), fault);
        Ok(())
    }

    /// Returns the faults that no notification met yet, the oldest first.
    pub(in crate::sandbox) fn notification_faults(
        self,
    ) -> Vec<(Option<String>, NotificationFault)> {
        self.lifecycles_held().memory().faults.list().to_vec()
    }

    /// Names the faults that no notification met yet.
    pub(in crate::sandbox) fn unmet_notification_faults(self) -> Vec<String> {
        self.lifecycles_held().memory().faults.unmet()
    }

    /// Forgets the faults that no notification met yet.
    pub(in crate::sandbox) fn clear_notification_faults(self) {
        self.lifecycles_held().memory().faults.clear();
    }
}
