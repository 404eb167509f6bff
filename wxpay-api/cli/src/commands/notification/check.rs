//! The checks of a notification, one by one.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use wxpay_api::protocol::{Envelope, SignedHeaders};
use wxpay_api::{Client, Core, NotificationError, VerificationError};

use super::input::ReceivedNotification;
use crate::output::{Exit, Failure, Output, style};
use crate::times::rough;

/// What the checks found.
#[derive(Debug, Default)]
pub(super) struct Checked {
    findings: Vec<Finding>,
    key_id: Option<String>,
    pub(super) envelope: Option<Envelope>,
    /// The resource, decrypted.
    pub(super) plaintext: Option<Vec<u8>>,
}

/// The result of one check.
#[derive(Debug)]
struct Finding {
    name: &'static str,
    outcome: FindingOutcome,
    explanation: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum FindingOutcome {
    Passed,
    Failed,
    Skipped,
}

impl FindingOutcome {
    fn name(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Makes every check. With `any_age`, the time is not checked.
pub(super) async fn check(wx: &Client, received: &ReceivedNotification, any_age: bool) -> Checked {
    let ReceivedNotification { headers, body } = received;
    // The client may download a certificate that it does not have. Its verdict is made again below, in steps.
    let verdict = wx.notification(headers, body).await;
    let core = wx.core();
    let mut checked = Checked::default();
    let is_signed = checked.signature(&core, received, any_age);
    if let Err(error @ NotificationError::NotAsSent { .. }) = verdict {
        checked.add("form", FindingOutcome::Failed, error.to_string());
    }
    match is_signed {
        true => checked.content(&core, body),
        false => {
            checked.add("body", FindingOutcome::Skipped, "what is not genuine is not read");
            checked.add(
                "decryption",
                FindingOutcome::Skipped,
                "the signature has to be right first",
            );
        }
    }
    checked
}

impl Checked {
    /// Checks headers, time, key and signature. Returns whether the signature is right.
    fn signature(&mut self, core: &Core, received: &ReceivedNotification, any_age: bool) -> bool {
        use FindingOutcome as F;
        let ReceivedNotification { headers, body } = received;
        let signed = match SignedHeaders::read(core.merchant().scheme(), headers) {
            Ok(signed) => signed,
            Err(error) => {
                self.add("headers", F::Failed, error.to_string());
                return false;
            }
        };
        self.key_id = Some(signed.key_id().to_owned());
        self.add("headers", F::Passed, format!("signed with the key {}", signed.key_id()));
        let time = time(received);
        match signed.verify(core.keys(), body, SystemTime::now()) {
            Err(VerificationError::Clock { seconds }) if any_age => {
                self.add(
                    "time",
                    F::Skipped,
                    format!("it is {} old; any age is accepted", rough(seconds)),
                );
            }
            Err(error @ VerificationError::Clock { .. }) => {
                self.add("time", F::Failed, format!("{error}; `--any-age` checks the rest alone"));
            }
            Err(error @ VerificationError::Timestamp { .. }) => {
                self.add("time", F::Failed, error.to_string());
                return false;
            }
            _ => self.add("time", F::Passed, "within 300 s of this machine's clock"),
        }
        // The other checks are made at the notification's own time.
        match signed.verify(core.keys(), body, time.unwrap_or_else(SystemTime::now)) {
            Ok(()) => {
                self.add("key", F::Passed, "it is held");
                self.add("signature", F::Passed, "it covers the time, the nonce and the body");
                true
            }
            Err(error @ VerificationError::UnknownKey { .. }) => {
                self.add("key", F::Failed, error.to_string());
                self.add("signature", F::Skipped, "the key has to be held first");
                false
            }
            Err(error) => {
                self.add("key", F::Passed, "it is held");
                self.add("signature", F::Failed, format!("{error}{}", line_break(body)));
                false
            }
        }
    }

    /// Checks the envelope, and decrypts the resource.
    fn content(&mut self, core: &Core, body: &[u8]) {
        use FindingOutcome as F;
        let envelope = match Envelope::parse(body) {
            Ok(envelope) => envelope,
            Err(error) => return self.add("body", F::Failed, error.to_string()),
        };
        self.add("body", F::Passed, format!("{}: {}", envelope.event_type, envelope.id));
        match core.apiv3_key() {
            None => self.add("decryption", F::Skipped, "no APIv3 key is given (`apiv3_key`)"),
            Some(key) => match envelope.resource.decrypt(core.merchant().scheme(), key) {
                Ok(plaintext) => {
                    self.add("decryption", F::Passed, "with the APIv3 key");
                    self.plaintext = Some(plaintext.to_vec());
                }
                Err(error) => self.add("decryption", F::Failed, error.to_string()),
            },
        }
        self.envelope = Some(envelope);
    }

    fn add(&mut self, name: &'static str, outcome: FindingOutcome, explanation: impl Into<String>) {
        self.findings.push(Finding { name, outcome, explanation: explanation.into() });
    }

    fn failed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.outcome == FindingOutcome::Failed)
    }

    /// Fails if a check failed.
    pub(super) fn demand(&self) -> Result<(), Failure> {
        let failed: Vec<_> = self.failed().collect();
        let Some(first) = failed.first() else { return Ok(()) };
        let message =
            format!("the notification is not genuine: {}: {}", first.name, first.explanation);
        let names: Vec<_> = failed.iter().map(|finding| finding.name).collect();
        Err(Failure::new(message).exit(Exit::NotGenuine).detail(json!({ "failed_checks": names })))
    }

    pub(super) fn show(&self, output: &mut Output) -> Result<(), Failure> {
        for Finding { name, outcome, explanation } in &self.findings {
            let style = match outcome {
                FindingOutcome::Passed => style::GOOD,
                FindingOutcome::Failed => style::BAD,
                FindingOutcome::Skipped => style::FAINT,
            };
            let outcome = outcome.name();
            output.line(format_args!("{style}{outcome:<7}{style:#} {name}: {explanation}"))?;
        }
        Ok(())
    }

    /// Returns the findings for programs.
    pub(super) fn view(&self) -> Value {
        let findings = self.findings.iter().map(|finding| {
            json!({
                "name": finding.name,
                "outcome": finding.outcome.name(),
                "explanation": finding.explanation,
            })
        });
        let envelope = self.envelope.as_ref();
        json!({
            "genuine": self.failed().next().is_none(),
            "checks": findings.collect::<Vec<_>>(),
            "key_id": self.key_id,
            "id": envelope.map(|envelope| &envelope.id),
            "event_type": envelope.map(|envelope| &envelope.event_type),
            "create_time": envelope.map(|envelope| &envelope.create_time),
            "original_type": envelope.map(|envelope| &envelope.original_type),
        })
    }
}

/// Returns the time at which a notification was signed.
pub(super) fn time(received: &ReceivedNotification) -> Option<SystemTime> {
    let text = received.headers.get("Wechatpay-Timestamp")?.to_str().ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(text.parse().ok()?))
}

/// Names a usual mistake: an editor ended the body with a line break.
fn line_break(body: &[u8]) -> &'static str {
    match body.ends_with(b"\n") {
        true => "; the body ends with a line break, which WeChat Pay does not send",
        false => "",
    }
}
