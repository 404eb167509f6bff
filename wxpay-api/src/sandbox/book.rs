//! A book: the descriptors of one product family, as the sandbox reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::{Arc, OnceLock};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::lifecycle::describe::model::Lifecycle;
use crate::generated::sandbox::BOOKS;

const CERTIFICATE_LISTS: [&str; 3] =
    ["/v3/certificates", "/v3/global/certificates", "/hk/v3/certificates"];

/// Operations, types and notifications of a family. A book contains every type that it names.
#[derive(Debug, Deserialize)]
pub(super) struct Book {
    #[serde(default)]
    types: BTreeMap<String, Schema>,
    #[serde(default)]
    pub(super) operations: Vec<BookOperation>,
    #[serde(default)]
    pub(super) notifications: Vec<NotificationSchema>,
    /// By the name of the lifecycle.
    #[serde(default)]
    pub(super) lifecycles: BTreeMap<String, Lifecycle>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BookOperation {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: u16,
    #[serde(default)]
    pub(super) parameters: Vec<BookMember>,
    #[serde(default)]
    pub(super) query: Vec<BookMember>,
    #[serde(default)]
    pub(super) header: Vec<BookMember>,
    pub(super) body: Option<Schema>,
    pub(super) upload: Option<BookUpload>,
    pub(super) response: Option<Schema>,
    pub(super) download: Option<BookDownload>,
    pub(super) pages: Option<BookPages>,
}

/// How the list of a response comes in pages.
#[derive(Debug, Deserialize)]
pub(super) struct BookPages {
    /// The member of the response that is the list.
    pub(super) items: String,
    #[serde(flatten)]
    pub(super) by: PageInput,
    /// The input that limits the elements of a page.
    pub(super) limit: Option<String>,
    /// The member of the response with the number of elements on all pages.
    pub(super) total: Option<String>,
}

/// The input of a request that chooses the page.
#[derive(Debug, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub(super) enum PageInput {
    /// It counts the elements before the page.
    Offset { input: String },
    /// It is the page's number.
    Number { input: String, first: i64 },
    /// It takes what the previous response holds in `next`.
    Token { input: String, next: String },
}

impl BookOperation {
    /// Returns whether the operation lists platform certificates (docs/protocol/keys.md §3.2).
    pub(super) fn lists_certificates(&self) -> bool {
        CERTIFICATE_LISTS.contains(&self.path.as_str())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct BookUpload {
    /// The name of the form part that holds the file.
    pub(super) file: String,
    pub(super) meta: Vec<BookMember>,
    #[serde(default)]
    pub(super) parts: Vec<BookMember>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BookDownload {
    #[serde(default)]
    pub(super) media: Vec<String>,
    pub(super) integrity: DownloadIntegrity,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DownloadIntegrity {
    None,
    Sha1,
    SignedDigest,
}

/// The resource of a notification.
#[derive(Debug, Deserialize)]
pub(super) struct NotificationSchema {
    pub(super) name: String,
    pub(super) events: Vec<String>,
    pub(super) original_type: Option<String>,
    /// Keys that this resource always has.
    #[serde(default)]
    pub(super) present: Vec<String>,
    /// Keys that this resource never has. They distinguish it from other resources of the same event.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    #[serde(rename = "resource")]
    pub(super) schema: Schema,
}

#[derive(Debug, Deserialize)]
pub(super) struct BookMember {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) schema: Schema,
    pub(super) example: Option<Value>,
    /// The least and the most characters of a text, or elements of a list.
    pub(super) length: Option<(usize, Option<usize>)>,
    /// The bounds of a number, as written in the descriptor.
    pub(super) range: Option<(Option<String>, Option<String>)>,
    /// A regular expression that a whole text must match.
    pub(super) pattern: Option<String>,
    pub(super) computed: Option<Computed>,
    pub(super) constant: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Computed {
    Sha256,
    Sm3,
    FileName,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Schema {
    String {
        format: Option<String>,
    },
    Integer,
    Number,
    Boolean,
    Json,
    Secret {
        content: SecretContent,
    },
    Enum {
        #[serde(default)]
        integer: bool,
        values: Vec<String>,
    },
    Object {
        members: Vec<BookMember>,
    },
    List {
        items: Box<Schema>,
    },
    JsonText {
        content: Box<Schema>,
    },
    Named {
        name: String,
    },
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SecretContent {
    Text,
    Bytes,
}

/// Why a book cannot be used.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum BookError {
    /// The compressed file is damaged.
    #[error("the book is not a complete gzip file")]
    Compression,
    /// The book is not JSON of the expected shape.
    #[error("the book cannot be read: {0}")]
    Shape(Arc<serde_json::Error>),
    /// A lifecycle names something that does not exist.
    #[error("the lifecycle `{lifecycle}` cannot be played: {problem}")]
    Lifecycle {
        /// The lifecycle.
        lifecycle: String,
        /// The problem.
        problem: String,
    },
}

impl Book {
    /// Reads a book, compressed with gzip or not.
    pub(super) fn read(file: &[u8]) -> Result<Self, BookError> {
        let mut text = Vec::new();
        if file.starts_with(&[0x1f, 0x8b]) {
            GzDecoder::new(file).read_to_end(&mut text).map_err(|_| BookError::Compression)?;
        } else {
            text.extend_from_slice(file);
        }
        serde_json::from_slice(&text).map_err(|error| BookError::Shape(Arc::new(error)))
    }

    /// Returns the books of the families that this crate was compiled with, read once a process.
    pub(super) fn embedded() -> Result<Vec<Arc<Self>>, BookError> {
        static READ: OnceLock<Result<Vec<Arc<Book>>, BookError>> = OnceLock::new();
        let read = || BOOKS.iter().map(|(_, file)| Self::read(file).map(Arc::new)).collect();
        READ.get_or_init(read).clone()
    }

    /// Returns the schema of a named type.
    pub(super) fn named(&self, name: &str) -> Option<&Schema> {
        self.types.get(name)
    }

    /// Follows names to their schema. A name without a schema allows any value.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        const LONGEST_CHAIN: usize = 8;
        let mut resolved = schema;
        for _ in 0..LONGEST_CHAIN {
            let Schema::Named { name } = resolved else {
                return resolved;
            };
            match self.named(name) {
                Some(next) => resolved = next,
                None => return &Schema::Json,
            }
        }
        &Schema::Json
    }

    /// Adds the key paths of the secrets of a schema, such as `receivers[].name`.
    pub(super) fn secret_paths(&self, schema: &Schema, found: &mut BTreeSet<String>) {
        SecretSearch { book: self, steps: Vec::new(), inside: Vec::new(), found }.schema(schema);
    }

    /// Adds the key paths of the secrets of a member.
    pub(super) fn secret_paths_of(&self, member: &BookMember, found: &mut BTreeSet<String>) {
        SecretSearch { book: self, steps: Vec::new(), inside: Vec::new(), found }.member(member);
    }
}

/// Looks for the secrets of a schema.
struct SecretSearch<'b, 'f> {
    book: &'b Book,
    /// The members on the way, with `[]` for the elements of a list.
    steps: Vec<&'b str>,
    /// The named types on the way: a comment may contain comments.
    inside: Vec<&'b str>,
    found: &'f mut BTreeSet<String>,
}

impl<'b> SecretSearch<'b, '_> {
    fn schema(&mut self, schema: &'b Schema) {
        match schema {
            Schema::Secret { .. } => {
                let path = self.steps.join(".").replace(".[]", "[]");
                self.found.insert(path);
            }
            Schema::Object { members } => members.iter().for_each(|member| self.member(member)),
            Schema::List { items } => {
                self.steps.push("[]");
                self.schema(items);
                self.steps.pop();
            }
            Schema::JsonText { content } => self.schema(content),
            Schema::Named { name } if !self.inside.contains(&name.as_str()) => {
                let Some(named) = self.book.named(name) else { return };
                self.inside.push(name);
                self.schema(named);
                self.inside.pop();
            }
            _ => {}
        }
    }

    fn member(&mut self, member: &'b BookMember) {
        self.steps.push(&member.name);
        self.schema(&member.schema);
        self.steps.pop();
    }
}
