//! The JSON format of the catalogue.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::lifecycle::CatalogueLifecycle;

/// Names and titles, by which a program finds everything else.
#[derive(Serialize)]
pub(super) struct Index<'a> {
    pub(super) families: Vec<FamilyEntry<'a>>,
    pub(super) operations: Vec<OperationEntry<'a>>,
    pub(super) notifications: Vec<NotificationEntry<'a>>,
    pub(super) lifecycles: Vec<LifecycleEntry<'a>>,
}

#[derive(Serialize)]
pub(super) struct FamilyEntry<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    /// The length of its gzip member, in bytes.
    pub(super) length: usize,
}

#[derive(Serialize)]
pub(super) struct OperationEntry<'a> {
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    pub(super) title: &'a str,
    pub(super) family: &'a str,
    /// The names of its modules: `v3.pay.transactions.jsapi.post`.
    pub(super) chain: String,
}

#[derive(Serialize)]
pub(super) struct NotificationEntry<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) family: &'a str,
    pub(super) events: &'a [String],
}

#[derive(Serialize)]
pub(super) struct LifecycleEntry<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) family: &'a str,
    /// The operations that it describes, such as `POST /v3/refund/domestic/refunds`.
    pub(super) operations: Vec<String>,
}

/// The facts of a family. It is self-contained: it repeats the types of other families.
#[derive(Serialize)]
pub(super) struct FamilyPart<'a> {
    pub(super) types: BTreeMap<String, Schema<'a>>,
    pub(super) operations: Vec<CatalogueOperation<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notifications: Vec<CatalogueNotification<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) lifecycles: BTreeMap<&'a str, CatalogueLifecycle<'a>>,
}

#[derive(Serialize)]
pub(super) struct CatalogueOperation<'a> {
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<&'a str>,
    pub(super) title: &'a str,
    pub(super) docs: &'a [String],
    pub(super) roles: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deprecated: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<CatalogueNote<'a>>,
    /// `safe`, `never`, or the member by which WeChat Pay recognises a retry.
    pub(super) repeat: &'a str,
    /// Whether members that it leaves out keep their stored values.
    pub(super) update: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parameters: Vec<CatalogueField<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) query: Vec<CatalogueField<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) header: Vec<CatalogueField<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Schema<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<CatalogueUpload<'a>>,
    pub(super) response: CatalogueResponse<'a>,
    pub(super) paged: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<CatalogueError<'a>>,
    /// The module of its Rust types.
    pub(super) module: String,
    /// The statements of a call in Rust.
    pub(super) sample: &'a str,
}

#[derive(Serialize)]
pub(super) struct CatalogueUpload<'a> {
    pub(super) file: &'a str,
    pub(super) meta: Vec<CatalogueField<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<CatalogueField<'a>>,
}

#[derive(Serialize)]
pub(super) struct CatalogueResponse<'a> {
    pub(super) statuses: &'a [u16],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Schema<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) download: Option<CatalogueDownload<'a>>,
}

#[derive(Serialize)]
pub(super) struct CatalogueDownload<'a> {
    pub(super) media: &'a [String],
    pub(super) integrity: &'static str,
}

#[derive(Serialize)]
pub(super) struct CatalogueError<'a> {
    pub(super) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct CatalogueNotification<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) docs: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<CatalogueNote<'a>>,
    pub(super) events: &'a [String],
    pub(super) resource: Schema<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response: Option<Schema<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_limit: Option<u16>,
    /// The statements that read it in Rust.
    pub(super) sample: &'a str,
}

/// A remark. Both texts are the same where the descriptor has one text.
#[derive(Serialize)]
pub(super) struct CatalogueNote<'a> {
    pub(super) zh: &'a str,
    pub(super) en: &'a str,
}

#[derive(Serialize)]
pub(super) struct CatalogueField<'a> {
    pub(super) name: &'a str,
    pub(super) required: bool,
    pub(super) schema: Schema<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<CatalogueNote<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) example: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) length: Option<(u64, Option<u64>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) range: Option<(Option<&'a str>, Option<&'a str>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) computed: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) constant: Option<&'a str>,
    /// `clears` or `allowed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) empty: Option<&'static str>,
    /// The member of the body that carries the same value, by its Rust name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_with: Option<&'a str>,
    /// The name in Rust, where the descriptor chooses one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rust: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) superseded: bool,
}

#[derive(Serialize)]
pub(super) struct CatalogueEnumValue<'a> {
    pub(super) value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Schema<'a> {
    String {
        #[serde(skip_serializing_if = "Option::is_none")]
        format: Option<&'a str>,
    },
    Integer,
    Number,
    Boolean,
    Json,
    Secret {
        content: &'static str,
    },
    Enum {
        integer: bool,
        values: Vec<CatalogueEnumValue<'a>>,
    },
    Object {
        members: Vec<CatalogueField<'a>>,
    },
    List {
        items: Box<Schema<'a>>,
    },
    JsonText {
        content: Box<Schema<'a>>,
    },
    Named {
        name: String,
    },
}
