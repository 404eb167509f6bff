//! How a notification is delivered: again and again, until it is acknowledged (docs/protocol/notifications.md §8.3,
//! §8.4).

use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::SandboxError;
use super::account::Account;
use super::courier::{Courier, PATIENCE, WebhookResponse};
use super::fault::SignatureFault;
use super::notice::SandboxNotification;
use super::retention;
use super::schedule::Schedule;

/// How long after the first attempt a copy comes over a second link.
const SECOND_LINK: Duration = Duration::from_secs(1);

/// How [`Account::deliver`] delivers a notification.
///
/// ```
/// use wxpay_api::sandbox::Delivery;
///
/// // A day passes in 86 ms, and a second copy comes at once.
/// let day = Delivery::faster(1_000_000).second_link();
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to `Account::deliver`"]
pub struct Delivery {
    faster: u32,
    schedule: Option<Schedule>,
    patience: Option<Duration>,
    second_link: bool,
}

/// What became of a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeliveryLog {
    /// The id that all its copies had.
    pub id: String,
    /// In the order in which they were begun.
    pub attempts: Vec<Attempt>,
}

/// One copy of a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The official time since the first attempt, before it is compressed.
    pub after: Duration,
    /// Whether it was the copy over the second link.
    pub second_link: bool,
    /// What the merchant's server answered; none if nothing came in time.
    pub response: Option<WebhookResponse>,
    /// Why the notification counts as not received; none if it was acknowledged.
    pub refusal: Option<String>,
}

impl Delivery {
    /// By the official schedule of the event, this many times faster.
    pub fn faster(factor: u32) -> Self {
        Self { faster: factor.max(1), schedule: None, patience: None, second_link: false }
    }

    /// By this schedule.
    pub fn schedule(self, schedule: Schedule) -> Self {
        Self { schedule: Some(schedule), ..self }
    }

    /// How long an answer may take; it is not compressed. Officially 5 seconds, and 1 second for
    /// `ENTRUST.TERMINATE_RETENTION`.
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// Sends a copy over a second link a second after the first attempt, whether that was answered or
    /// not.
    pub fn second_link(self) -> Self {
        Self { second_link: true, ..self }
    }

    /// Sends the notification until it is acknowledged or the schedule ends. Only the first copy has a
    /// wrong signature, if the notice asks for one.
    pub(super) async fn run(
        self,
        account: &Account,
        url: &str,
        notice: SandboxNotification,
    ) -> Result<DeliveryLog, SandboxError> {
        let envelope = notice.envelope(account)?;
        let is_question = envelope.event_type == retention::EVENT;
        let usual = if is_question { retention::PATIENCE } else { PATIENCE };
        let patience = self.patience.unwrap_or(usual);
        let courier = Courier::new(url, patience)?;
        let body = Bytes::from(envelope.body);
        let copies = Copies { account: account.clone(), body, notice, is_question };
        let mut second = JoinSet::new();
        if self.second_link {
            let (second_courier, copies) = (Courier::new(url, patience)?, copies.clone());
            second.spawn(async move {
                sleep(SECOND_LINK / self.faster).await;
                copies.send(&second_courier, SECOND_LINK, None).await
            });
        }
        let mut after = Duration::ZERO;
        let mut attempts = vec![copies.send(&courier, after, copies.notice.first_fault()).await?];
        // It does not panic, and so does not fail to come.
        if let Some(Ok(copy)) = second.join_next().await {
            attempts.push(Attempt { second_link: true, ..copy? });
        }
        let schedule = self.schedule.unwrap_or_else(|| Schedule::of(&envelope.event_type));
        for pause in schedule.pauses() {
            if attempts.iter().any(Attempt::is_acknowledged) {
                break;
            }
            sleep(pause / self.faster).await;
            after += pause;
            attempts.push(copies.send(&courier, after, None).await?);
        }
        Ok(DeliveryLog { id: envelope.id, attempts })
    }
}

/// What every copy is made of.
#[derive(Clone)]
struct Copies {
    account: Account,
    body: Bytes,
    notice: SandboxNotification,
    is_question: bool,
}

impl Copies {
    async fn send(
        &self,
        courier: &Courier,
        after: Duration,
        fault: Option<&SignatureFault>,
    ) -> Result<Attempt, SandboxError> {
        let headers = self.notice.headers(&self.account, &self.body, fault)?;
        let (answer, refusal) = match courier.post(headers, self.body.clone()).await {
            Ok(answer) => {
                let refusal = self.refusal(&answer);
                (Some(answer), refusal)
            }
            Err(error) => (None, Some(error.to_string())),
        };
        Ok(Attempt { after, second_link: false, response: answer, refusal })
    }

    fn refusal(&self, answer: &WebhookResponse) -> Option<String> {
        match answer.status {
            200 | 204 if self.is_question => retention::problem(&answer.body),
            200 | 204 => None,
            status => Some(format!("the status is {status}, not 200 or 204")),
        }
    }
}

impl DeliveryLog {
    /// Whether the merchant's server acknowledged it at last.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.attempts.iter().any(Attempt::is_acknowledged)
    }
}

impl Attempt {
    /// Whether the merchant's server acknowledged it.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.refusal.is_none()
    }
}
