//! Delivers a notification until it is acknowledged (docs/protocol/notifications.md §8.3, §8.4).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::fault::{LostPart, NotificationFault};
use super::schedule::Schedule;
use super::webhook_client::{RESPONSE_TIMEOUT, WebhookClient, WebhookResponse};
use super::{SandboxNotification, signed_headers};
use crate::sandbox::error::SandboxError;
use crate::sandbox::fault::SignatureFault;
use crate::sandbox::keys::AccountState;
use crate::sandbox::state::Shared;

/// How long after the first attempt a copy comes over a second link.
const SECOND_LINK: Duration = Duration::from_secs(1);

/// The event that asks a question: its response says what may keep the user.
const RETENTION_EVENT: &str = "ENTRUST.TERMINATE_RETENTION";
const RETENTION_TIMEOUT: Duration = Duration::from_secs(1);

/// How [`Account::deliver`](crate::sandbox::Account::deliver) delivers a notification.
///
/// ```
/// use wxpay_api::sandbox::Delivery;
///
/// // A day takes 86 ms, and a copy comes over a second link.
/// let day = Delivery::faster(1_000_000).second_link();
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to `Account::deliver`"]
pub struct Delivery {
    faster: u32,
    schedule: Option<Schedule>,
    patience: Option<Duration>,
    second_link: bool,
    /// The fault of the first copy.
    fault: Option<NotificationFault>,
}

/// The log of a delivery.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeliveryLog {
    /// The id of the notification, which all copies have.
    pub id: String,
    /// The attempts, in order.
    pub attempts: Vec<Attempt>,
}

/// An attempt to deliver a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The official time since the first attempt, before compression.
    pub after: Duration,
    /// Whether the copy came over the second link.
    pub second_link: bool,
    /// The response of the merchant's server; `None` if it did not respond in time.
    pub response: Option<WebhookResponse>,
    /// Why the attempt failed; `None` if the server acknowledged the notification.
    pub refusal: Option<String>,
}

impl Delivery {
    /// Delivers by the official schedule of the event, this many times faster.
    pub fn faster(factor: u32) -> Self {
        let (schedule, patience, fault) = (None, None, None);
        Self { faster: factor.max(1), schedule, patience, second_link: false, fault }
    }

    /// Delivers by another schedule.
    pub fn schedule(self, schedule: Schedule) -> Self {
        Self { schedule: Some(schedule), ..self }
    }

    /// Sets how long the sandbox waits for a response. This time is never compressed.
    ///
    /// Officially, it is 5 seconds, and 1 second for `ENTRUST.TERMINATE_RETENTION`.
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// Sends a copy over a second link, one second after the first attempt, even if that was
    /// acknowledged.
    pub fn second_link(self) -> Self {
        Self { second_link: true, ..self }
    }

    /// Sets the fault of the first copy.
    pub(in crate::sandbox) fn fault(self, fault: Option<NotificationFault>) -> Self {
        Self { fault, ..self }
    }

    /// Encrypts the notification, and checks the URL.
    pub(in crate::sandbox) async fn prepare(
        self,
        shared: &Shared,
        account: &Arc<AccountState>,
        url: &str,
        notification: SandboxNotification,
    ) -> Result<PreparedDelivery, SandboxError> {
        let now = shared.world().moment();
        let encrypted = notification.encrypt(account, &shared.routes, now)?;
        let (event_type, body) = (encrypted.event_type, Bytes::from(encrypted.body));
        let fault =
            self.fault.clone().or_else(|| notification.first_fault().cloned().map(Into::into));
        let schedule = self.schedule.unwrap_or_else(|| Schedule::of(&event_type));
        let copies = NotificationCopies {
            by_certificate: notification.is_by_certificate(),
            ..NotificationCopies::new(shared, account, url, &event_type, body, self.patience)
                .await?
        };
        Ok(PreparedDelivery {
            delivery: Self { fault, ..self },
            id: encrypted.id,
            schedule,
            copies,
        })
    }
}

/// A delivery whose notification is encrypted, and whose URL is checked.
pub(in crate::sandbox) struct PreparedDelivery {
    delivery: Delivery,
    id: String,
    schedule: Schedule,
    copies: NotificationCopies,
}

impl PreparedDelivery {
    /// Returns the body that all copies have.
    pub(in crate::sandbox) fn body(&self) -> Bytes {
        self.copies.body.clone()
    }

    /// Sends the notification until it is acknowledged or the schedule ends, and calls `watch` after each attempt.
    ///
    /// Only the first copy has the fault. `is_acknowledged` says whether a copy that somebody else sent was acknowledged.
    pub(in crate::sandbox) async fn run(
        self,
        watch: impl Fn(&Attempt),
        is_acknowledged: impl Fn() -> bool,
    ) -> Result<DeliveryLog, SandboxError> {
        let Self { delivery, id, schedule, copies } = self;
        let mut second = JoinSet::new();
        if delivery.second_link {
            let copies = copies.clone();
            second.spawn(async move {
                sleep(SECOND_LINK / delivery.faster).await;
                copies.send(SECOND_LINK).await
            });
        }
        let mut after = Duration::ZERO;
        let mut attempts = vec![copies.send_first(delivery.fault).await?];
        attempts.iter().for_each(&watch);
        // The task does not panic, so it always returns an attempt.
        if let Some(Ok(copy)) = second.join_next().await {
            let copy = Attempt { second_link: true, ..copy? };
            watch(&copy);
            attempts.push(copy);
        }
        for pause in schedule.pauses() {
            if attempts.iter().any(Attempt::is_acknowledged) {
                break;
            }
            sleep(pause / delivery.faster).await;
            if is_acknowledged() {
                break;
            }
            after += pause;
            let attempt = copies.send(after).await?;
            watch(&attempt);
            attempts.push(attempt);
        }
        Ok(DeliveryLog { id, attempts })
    }
}

/// Makes and sends the copies of a notification.
#[derive(Clone)]
pub(in crate::sandbox) struct NotificationCopies {
    account: Arc<AccountState>,
    client: WebhookClient,
    body: Bytes,
    by_certificate: bool,
    is_question: bool,
}

impl NotificationCopies {
    /// Checks the URL to which the copies go.
    pub(in crate::sandbox) async fn new(
        shared: &Shared,
        account: &Arc<AccountState>,
        url: &str,
        event_type: &str,
        body: Bytes,
        patience: Option<Duration>,
    ) -> Result<Self, SandboxError> {
        let is_question = event_type == RETENTION_EVENT;
        let official = if is_question { RETENTION_TIMEOUT } else { RESPONSE_TIMEOUT };
        let client = shared.webhooks.client(url, patience.unwrap_or(official)).await?;
        let account = Arc::clone(account);
        Ok(Self { account, client, body, by_certificate: false, is_question })
    }

    /// Sends a copy with a new signature.
    pub(in crate::sandbox) async fn send(&self, after: Duration) -> Result<Attempt, SandboxError> {
        self.send_signed(after, self.by_certificate, None).await
    }

    /// Sends the first copy, which may have a fault.
    async fn send_first(&self, fault: Option<NotificationFault>) -> Result<Attempt, SandboxError> {
        let (first, usual) = (Duration::ZERO, self.by_certificate);
        match fault {
            None => self.send(first).await,
            Some(NotificationFault::Signature(fault)) => {
                self.send_signed(first, usual, Some(&fault)).await
            }
            Some(NotificationFault::ByCertificate) => self.send_signed(first, true, None).await,
            Some(NotificationFault::Lost) => Ok(Attempt::lost(LostPart::Notification)),
            Some(NotificationFault::AcknowledgementLost) => {
                self.send(first).await?;
                Ok(Attempt::lost(LostPart::Acknowledgement))
            }
            Some(NotificationFault::Delay(delay)) => {
                sleep(delay).await;
                self.send(first).await
            }
        }
    }

    async fn send_signed(
        &self,
        after: Duration,
        by_certificate: bool,
        fault: Option<&SignatureFault>,
    ) -> Result<Attempt, SandboxError> {
        let headers = signed_headers(&self.account, by_certificate, &self.body, fault)?;
        let (response, refusal) = match self.client.post(headers, self.body.clone()).await {
            Ok(response) => {
                let refusal = self.refusal(&response);
                (Some(response), refusal)
            }
            Err(error) => (None, Some(error.to_string())),
        };
        Ok(Attempt { after, second_link: false, response, refusal })
    }

    /// Returns why a response does not acknowledge the notification.
    fn refusal(&self, response: &WebhookResponse) -> Option<String> {
        match response.status {
            200 | 204 if self.is_question => retention_problem(&response.body),
            200 | 204 => None,
            status => Some(format!("the status is {status}, not 200 or 204")),
        }
    }
}

/// Returns the problem of a response to `ENTRUST.TERMINATE_RETENTION` (docs/protocol/notifications.md §8.3).
fn retention_problem(body: &[u8]) -> Option<String> {
    let Ok(response) = serde_json::from_slice::<Value>(body) else {
        return Some("the body is not JSON".to_owned());
    };
    let members = ["/code", "/message", "/retention_type"];
    // A merchant may keep a user by other means than a coupon.
    let coupon =
        response.get("coupon_info").map(|_| ["/coupon_info/state", "/coupon_info/coupon_id"]);
    let mut members = members.into_iter().chain(coupon.into_iter().flatten());
    let missing = members.find(|member| !response.pointer(member).is_some_and(Value::is_string))?;
    Some(format!("the body has no text `{}`", missing.trim_start_matches('/').replace('/', ".")))
}

impl DeliveryLog {
    /// Returns whether the merchant's server acknowledged the notification in any attempt.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.attempts.iter().any(Attempt::is_acknowledged)
    }
}

impl Attempt {
    /// Returns the first attempt, of which a part was lost on the way.
    fn lost(part: LostPart) -> Self {
        let (after, refusal) = (Duration::ZERO, Some(part.to_string()));
        Self { after, second_link: false, response: None, refusal }
    }

    /// Returns whether the merchant's server acknowledged the notification.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.refusal.is_none()
    }
}
