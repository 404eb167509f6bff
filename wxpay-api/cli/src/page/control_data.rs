//! What the control surface says, as far as the page shows it. Members that are missing are empty.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::amount::time;
use super::members::excerpt;

/// A request in a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct RequestSummary {
    pub(super) number: usize,
    pub(super) method: String,
    pub(super) target: String,
    pub(super) operation: Option<String>,
    pub(super) sender: Option<String>,
    pub(super) status: u16,
    pub(super) executed: bool,
    pub(super) notes: Vec<String>,
    /// Why it was refused.
    pub(super) refusal: Option<String>,
    /// When the sandbox responded.
    pub(super) time: String,
}

/// Why a signature was refused.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Diagnosis {
    pub(super) verdict: String,
    pub(super) explanation: String,
    pub(super) expected_message: Option<String>,
    pub(super) signed_message: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RequestList {
    pub(super) requests: Vec<RequestSummary>,
    pub(super) last: usize,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct HeaderView {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LifecycleList {
    pub(super) lifecycles: Vec<Lifecycle>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Lifecycle {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) states: Vec<State>,
    pub(super) events: Vec<Event>,
    pub(super) arrows: Vec<Arrow>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) title: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) creates: bool,
    /// The inputs with their usual values.
    pub(super) inputs: Map<String, Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Arrow {
    pub(super) from: Option<String>,
    pub(super) to: String,
    pub(super) by: Vec<Cause>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cause {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResourceList {
    pub(super) resources: Vec<Resource>,
    pub(super) total: usize,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Resource {
    pub(super) id: u64,
    pub(super) lifecycle: String,
    pub(super) title: String,
    pub(super) owner: String,
    pub(super) keys: Map<String, Value>,
    pub(super) state: String,
    pub(super) state_title: String,
    pub(super) object: Value,
    /// The object with all members, those too that no response shows.
    pub(super) remembered: Value,
    pub(super) created: String,
    pub(super) entered: String,
    pub(super) links: Vec<Link>,
    pub(super) whole: Option<u64>,
    pub(super) parts: Vec<u64>,
    pub(super) events: Vec<Event>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) id: u64,
    pub(super) lifecycle: String,
    pub(super) number: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NotificationList {
    pub(super) notifications: Vec<Notification>,
    /// How many fit without `skip` and `limit`.
    pub(super) total: usize,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Notification {
    pub(super) id: String,
    pub(super) event_type: String,
    pub(super) lifecycle: String,
    pub(super) number: String,
    pub(super) url: Option<String>,
    pub(super) attempts: Vec<Attempt>,
    pub(super) not_sent: Option<String>,
    pub(super) finished: bool,
    pub(super) acknowledged: bool,
    pub(super) resource: u64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attempt {
    /// Seconds since the first attempt, before compression.
    pub(super) after: f64,
    pub(super) status: Option<u16>,
    pub(super) refusal: Option<String>,
    /// Whether a person asked for this copy.
    pub(super) copy: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoneyList {
    pub(super) entries: Vec<MoneyEntry>,
    /// How many there are without `skip` and `limit`.
    pub(super) total: usize,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MoneyEntry {
    pub(super) kind: String,
    pub(super) amount: i64,
    pub(super) resource: u64,
    pub(super) lifecycle: String,
    pub(super) owner: String,
    pub(super) time: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FaultList {
    pub(super) faults: Vec<Fault>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fault {
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) event_type: Option<String>,
    pub(super) fault: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlannedList {
    pub(super) responses: Vec<Planned>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Planned {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: Option<u16>,
    pub(super) times: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AccountList {
    pub(super) accounts: Vec<Account>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) first: bool,
    pub(super) certificate_serial: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Keys {
    pub(super) mode: String,
    pub(super) public_key: PublicKey,
    pub(super) certificates: Vec<Certificate>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PublicKey {
    pub(super) id: String,
    pub(super) pem: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Certificate {
    pub(super) serial: String,
    pub(super) valid_from: String,
    pub(super) valid_to: String,
    pub(super) signs: bool,
    pub(super) pem: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Clock {
    pub(super) now: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SwitchList {
    pub(super) switches: Vec<Switch>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switch {
    pub(super) lifecycle: String,
    pub(super) name: String,
    pub(super) choices: Vec<String>,
    pub(super) chosen: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingList {
    pub(super) settings: Vec<Setting>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Setting {
    pub(super) lifecycle: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) usual: Value,
    pub(super) value: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NotifyUrlList {
    pub(super) notify_urls: Vec<NotifyUrl>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NotifyUrl {
    pub(super) owner: String,
    pub(super) event: String,
    pub(super) url: String,
}

impl RequestSummary {
    /// Returns whether the sandbox responded with an error.
    pub(super) fn is_refused(&self) -> bool {
        self.status >= 400
    }

    /// Returns when it came, in Beijing.
    pub(super) fn moment(&self) -> String {
        time(&self.time)
    }

    /// Returns why it was refused, as far as a list shows it.
    pub(super) fn reason(&self) -> String {
        self.refusal.as_deref().map(excerpt).unwrap_or_default()
    }

    /// Returns whether a text is in the target, the operation or the sender.
    pub(super) fn has(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let has = |held: &str| held.to_lowercase().contains(&text);
        let texts = [Some(&self.target), self.operation.as_ref(), self.sender.as_ref()];
        texts.into_iter().flatten().any(|held| has(held)) || has(&self.method)
    }
}

impl Resource {
    /// Returns its own number: the first of its keys that has a value.
    pub(super) fn number(&self) -> &str {
        self.keys.values().find_map(Value::as_str).unwrap_or_default()
    }
}
