//! A book: what the descriptors say of one product family, as data.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, OnceLock};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::generated::sandbox::BOOKS;

/// Operations, types and notifications; every type that is named in a book is in it.
#[derive(Debug, Deserialize)]
pub(super) struct Book {
    #[serde(default)]
    types: BTreeMap<String, Schema>,
    #[serde(default)]
    pub(super) operations: Vec<Operation>,
    #[serde(default)]
    pub(super) notifications: Vec<Resource>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: u16,
    #[serde(default)]
    pub(super) parameters: Vec<Member>,
    #[serde(default)]
    pub(super) query: Vec<Member>,
    #[serde(default)]
    pub(super) header: Vec<Member>,
    pub(super) body: Option<Schema>,
    pub(super) upload: Option<Upload>,
    pub(super) response: Option<Schema>,
    pub(super) download: Option<Download>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Upload {
    /// The name of the form part that holds the file.
    pub(super) file: String,
    pub(super) meta: Vec<Member>,
    #[serde(default)]
    pub(super) parts: Vec<Member>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Download {
    #[serde(default)]
    pub(super) media: Vec<String>,
    pub(super) integrity: Integrity,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Integrity {
    None,
    Sha1,
    SignedDigest,
}

/// What a notification carries.
#[derive(Debug, Deserialize)]
pub(super) struct Resource {
    pub(super) name: String,
    pub(super) events: Vec<String>,
    pub(super) original_type: Option<String>,
    /// Keys that this resource never has, by which it is told from others of the same event.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    #[serde(rename = "resource")]
    pub(super) schema: Schema,
}

#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) schema: Schema,
    pub(super) example: Option<Value>,
    /// Characters of a text or elements of a list: at least, at most.
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
        members: Vec<Member>,
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
    #[error("the book is not a whole gzip file")]
    Compression,
    /// It is not JSON of the expected shape.
    #[error("the book cannot be read: {0}")]
    Shape(Arc<serde_json::Error>),
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

    /// The books of the families this crate was compiled with, read once per process.
    pub(super) fn embedded() -> Result<Vec<Arc<Self>>, BookError> {
        static READ: OnceLock<Result<Vec<Arc<Book>>, BookError>> = OnceLock::new();
        let read = || BOOKS.iter().map(|(_, file)| Self::read(file).map(Arc::new)).collect();
        READ.get_or_init(read).clone()
    }

    pub(super) fn named(&self, name: &str) -> Option<&Schema> {
        self.types.get(name)
    }

    /// The schema behind a name; one that leads nowhere allows anything.
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
}
