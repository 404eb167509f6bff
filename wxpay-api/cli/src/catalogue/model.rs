//! The content of the catalogue, as `cargo xtask regen` writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Names and titles, by which everything else is found.
#[derive(Debug, Deserialize)]
pub(crate) struct Index {
    pub(crate) families: Vec<FamilyEntry>,
    pub(crate) operations: Vec<OperationEntry>,
    pub(crate) notifications: Vec<NotificationEntry>,
    pub(crate) lifecycles: Vec<LifecycleEntry>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct FamilyEntry {
    pub(crate) name: String,
    pub(crate) title: String,
    /// The length of its gzip member, in bytes.
    pub(crate) length: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OperationEntry {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) family: String,
    /// The names of its modules: `v3.pay.transactions.jsapi.post`.
    pub(crate) chain: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NotificationEntry {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) family: String,
    pub(crate) events: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct LifecycleEntry {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) family: String,
    /// The operations that it describes, such as `POST /v3/refund/domestic/refunds`.
    pub(crate) operations: Vec<String>,
}

/// The facts of a family. It has every type that it names.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Part {
    pub(crate) types: BTreeMap<String, Schema>,
    pub(crate) operations: Vec<OperationFacts>,
    #[serde(default)]
    pub(crate) notifications: Vec<NotificationFacts>,
    #[serde(default)]
    pub(crate) lifecycles: BTreeMap<String, Lifecycle>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct OperationFacts {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) host: Option<String>,
    pub(crate) title: String,
    pub(crate) docs: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) updated: Option<String>,
    pub(crate) deprecated: Option<String>,
    pub(crate) note: Option<Note>,
    /// `safe`, `never`, or the member by which WeChat Pay recognises a retry.
    pub(crate) repeat: String,
    /// Whether members that it leaves out keep their stored values.
    pub(crate) update: bool,
    #[serde(default)]
    pub(crate) parameters: Vec<Field>,
    #[serde(default)]
    pub(crate) query: Vec<Field>,
    #[serde(default)]
    pub(crate) header: Vec<Field>,
    pub(crate) body: Option<Schema>,
    pub(crate) upload: Option<Upload>,
    pub(crate) response: Response,
    pub(crate) paged: bool,
    #[serde(default)]
    pub(crate) errors: Vec<ErrorCode>,
    /// The module of its Rust types.
    pub(crate) module: String,
    /// The statements of a call in Rust.
    pub(crate) sample: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Upload {
    /// The name of the form part that holds the file.
    pub(crate) file: String,
    pub(crate) meta: Vec<Field>,
    #[serde(default)]
    pub(crate) parts: Vec<Field>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Response {
    pub(crate) statuses: Vec<u16>,
    pub(crate) body: Option<Schema>,
    pub(crate) download: Option<DownloadFacts>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct DownloadFacts {
    pub(crate) media: Vec<String>,
    pub(crate) integrity: Integrity,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Integrity {
    None,
    Sha1,
    SignedDigest,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct ErrorCode {
    pub(crate) code: String,
    pub(crate) status: Option<u16>,
    pub(crate) when: Option<String>,
    pub(crate) source: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct NotificationFacts {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) docs: Vec<String>,
    pub(crate) note: Option<Note>,
    pub(crate) events: Vec<String>,
    pub(crate) resource: Schema,
    pub(crate) response: Option<Schema>,
    pub(crate) time_limit: Option<u16>,
    /// The statements that read it in Rust.
    pub(crate) sample: String,
}

/// A remark in both languages.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Note {
    pub(crate) zh: String,
    pub(crate) en: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    pub(crate) title: Option<String>,
    pub(crate) note: Option<Note>,
    pub(crate) example: Option<Value>,
    /// The least and the most characters of a text, or elements of a list.
    pub(crate) length: Option<(u64, Option<u64>)>,
    /// The bounds of a number, as written in the descriptor.
    pub(crate) range: Option<(Option<String>, Option<String>)>,
    pub(crate) pattern: Option<String>,
    /// What the client computes: `sha256`, `sm3` or `file-name`.
    pub(crate) computed: Option<Computed>,
    pub(crate) constant: Option<String>,
    pub(crate) empty: Option<Empty>,
    /// The member of the body that carries the same value, by its Rust name.
    pub(crate) not_with: Option<String>,
    pub(crate) rust: Option<String>,
    #[serde(default)]
    pub(crate) superseded: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Computed {
    Sha256,
    Sm3,
    FileName,
}

/// What an empty text or list means.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Empty {
    Clears,
    Allowed,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct EnumValue {
    pub(crate) value: String,
    pub(crate) title: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Schema {
    String { format: Option<String> },
    Integer,
    Number,
    Boolean,
    Json,
    Secret { content: SecretContent },
    Enum { integer: bool, values: Vec<EnumValue> },
    Object { members: Vec<Field> },
    List { items: Box<Schema> },
    JsonText { content: Box<Schema> },
    Named { name: String },
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecretContent {
    Text,
    Bytes,
}

/// How one kind of resource lives.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Lifecycle {
    pub(crate) title: String,
    pub(crate) keys: Vec<String>,
    pub(crate) docs: Vec<String>,
    pub(crate) note: Option<Note>,
    pub(crate) states: Vec<State>,
    pub(crate) operations: Vec<Rule>,
    pub(crate) events: Vec<Rule>,
    pub(crate) timers: Vec<Timer>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct State {
    pub(crate) name: String,
    pub(crate) title: String,
}

/// What an operation or an event does.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) does: Deed,
    /// The operations, such as `POST /v3/refund/domestic/refunds`.
    #[serde(default)]
    pub(crate) on: Vec<String>,
    #[serde(default)]
    pub(crate) arrows: Vec<Arrow>,
    /// The event type of the notification that follows.
    pub(crate) notifies: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Deed {
    Creates,
    Changes,
    Reads,
    Lists,
    /// It needs no resource.
    Answers,
    Event,
}

/// Where a resource goes: to one of some states, or nowhere with one of some refusals.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Arrow {
    /// `None` for a new resource.
    pub(crate) from: Option<String>,
    pub(crate) to: Vec<String>,
    /// The error codes.
    #[serde(default)]
    pub(crate) refuses: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Timer {
    pub(crate) states: Vec<String>,
    /// In seconds.
    pub(crate) after: u64,
    pub(crate) event: String,
}
