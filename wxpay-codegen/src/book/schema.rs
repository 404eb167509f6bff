//! The JSON format of a sandbox's book.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// The facts of some families. A book is self-contained: it repeats the types of other families.
#[derive(Serialize)]
pub(super) struct Book<'a> {
    pub(super) types: BTreeMap<String, Schema<'a>>,
    pub(super) operations: Vec<BookOperation<'a>>,
    pub(super) notifications: Vec<BookNotification<'a>>,
}

#[derive(Serialize)]
pub(super) struct BookOperation<'a> {
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    pub(super) host: Option<&'a str>,
    pub(super) title: &'a str,
    pub(super) status: u16,
    pub(super) parameters: Vec<BookMember<'a>>,
    pub(super) query: Vec<BookMember<'a>>,
    pub(super) header: Vec<BookMember<'a>>,
    pub(super) body: Option<Schema<'a>>,
    pub(super) upload: Option<Upload<'a>>,
    pub(super) response: Option<Schema<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pages: Option<BookPages<'a>>,
    pub(super) download: Option<Download<'a>>,
}

/// How the list of a response comes in pages.
#[derive(Serialize)]
pub(super) struct BookPages<'a> {
    /// The member of the response that is the list.
    pub(super) items: &'a str,
    /// The input that chooses the page.
    pub(super) input: &'a str,
    pub(super) by: PageInput<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum PageInput<'a> {
    Offset,
    Number { first: i64 },
    Token { next: &'a str },
}

#[derive(Serialize)]
pub(super) struct Upload<'a> {
    pub(super) file: &'a str,
    pub(super) meta: Vec<BookMember<'a>>,
    pub(super) parts: Vec<BookMember<'a>>,
}

#[derive(Serialize)]
pub(super) struct Download<'a> {
    pub(super) media: &'a [String],
    pub(super) integrity: &'static str,
}

#[derive(Serialize)]
pub(super) struct BookNotification<'a> {
    pub(super) name: &'a str,
    pub(super) events: &'a [String],
    pub(super) original_type: Option<&'a str>,
    /// Keys that the resource never has. An example must not have them.
    pub(super) absent: &'a [String],
    pub(super) resource: Schema<'a>,
}

#[derive(Serialize)]
pub(super) struct BookMember<'a> {
    pub(super) name: &'a str,
    pub(super) required: bool,
    pub(super) schema: Schema<'a>,
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
        values: Vec<&'a str>,
    },
    Object {
        members: Vec<BookMember<'a>>,
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
