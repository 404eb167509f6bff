//! URLs and their operations: parameters, request, response, error codes and what a retry may do.

use std::collections::BTreeMap;

use super::correction::{Corrects, OperationFact};
use super::{Field, NamedType, Note, Shape, TypeId};

/// One URL and its operations.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The path of the file below the descriptor folder, with `/`.
    pub source: String,
    /// The path exactly as on the wire, `{…}` for parameters, a trailing slash included.
    pub path: String,
    /// The host if it is not the default one, for example `apihk.mch.weixin.qq.com`.
    pub host: Option<String>,
    /// The family of the URL; [`super::CORE`] if it belongs to no product.
    pub family: String,
    /// Hand-chosen Rust names of segments by wire name (`names` in the descriptor).
    pub names: BTreeMap<String, String>,
    /// The operations by HTTP method.
    pub operations: BTreeMap<Method, Operation>,
}

/// One segment of a path.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Segment {
    /// A fixed text such as `serviceorder`.
    Literal(String),
    /// A parameter; the name without its braces.
    Parameter(String),
}

impl Endpoint {
    /// Returns the segments of [`Endpoint::path`]; a trailing slash adds none.
    #[must_use]
    pub fn segments(&self) -> Vec<Segment> {
        self.path.split('/').filter(|text| !text.is_empty()).map(Segment::parse).collect()
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Self::Parameter(name.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }

    /// Returns the wire name: the literal itself, or the parameter's name without braces.
    #[must_use]
    pub fn wire(&self) -> &str {
        match self {
            Self::Literal(text) | Self::Parameter(text) => text,
        }
    }
}

/// One HTTP method of one URL.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The official name.
    pub title: String,
    /// Official pages, newest style last.
    pub docs: Vec<String>,
    /// Who may call the operation.
    pub roles: Vec<Role>,
    /// When the official page last changed, `YYYY-MM-DD`.
    pub updated: Option<String>,
    /// Why callers should no longer use it.
    pub deprecated: Option<String>,
    /// A remark for the reader.
    pub note: Option<Note>,
    /// Why the title, pages, roles or dates depart from the imported facts on purpose.
    pub corrects: Option<Corrects<OperationFact>>,
    /// Whether a retry is harmless.
    pub idempotency: Idempotency,
    /// Whether a POST changes stored data. PUT and PATCH always do, see [`Operation::is_update`].
    pub updates: bool,
    /// The path parameters, in the order of the URL; never optional.
    pub path: Vec<Field>,
    /// The members sent in the query.
    pub query: Vec<Field>,
    /// The members sent as headers.
    pub header: Vec<Field>,
    /// The request body.
    pub input: Input,
    /// Whether the Rust method still takes a closure, although no input is required any more.
    pub keeps_closure: bool,
    /// The response.
    pub response: Response,
    /// How its list comes in pages; `None` if the response is whole.
    pub pages: Option<Paging>,
    /// The error codes that its page lists.
    pub errors: Vec<ErrorCode>,
}

impl Operation {
    /// Whether an import keeps a fact, because the descriptor corrects it.
    #[must_use]
    pub fn keeps(&self, fact: OperationFact) -> bool {
        self.corrects.as_ref().is_some_and(|corrects| corrects.keeps(&fact))
    }

    /// Whether the operation changes stored data. Members that it leaves out may keep their values.
    #[must_use]
    pub const fn is_update(&self, method: Method) -> bool {
        self.updates || matches!(method, Method::Put | Method::Patch)
    }
}

/// How the list of a response comes in pages.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Paging {
    /// The member of the response that is the list.
    pub items: String,
    /// The input that chooses the page.
    pub by: PageInput,
    /// The input that limits the elements of a page.
    pub limit: Option<String>,
    /// The member of the response with the number of elements on all pages.
    pub total: Option<String>,
}

/// The input of a request that chooses the page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PageInput {
    /// `offset`: it counts the elements before the page.
    Offset(String),
    /// `page`: it is the page's number.
    Number {
        /// The input.
        input: String,
        /// The number of the first page.
        first: i64,
    },
    /// `token`: it takes what the previous response holds.
    Token {
        /// The input.
        input: String,
        /// The member of the response with the token of the next page.
        next: String,
    },
}

/// An error code of an operation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ErrorCode {
    /// The code, for example `ORDER_CLOSED`; a few have a space.
    pub code: String,
    /// The HTTP status of the error, where known.
    pub status: Option<u16>,
    /// When WeChat Pay returns it.
    pub when: Option<String>,
    /// The best source that names it. `None` if a person wrote it down without a source.
    pub source: Option<ErrorSource>,
}

/// The kind of source that names an error code, the best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum ErrorSource {
    /// `official`: a page of WeChat Pay.
    Official,
    /// `sdk`: an SDK of WeChat Pay.
    Sdk,
    /// `samples`: samples or trouble guides of WeChat Pay.
    Samples,
    /// `real`: a response that a merchant received.
    Real,
    /// `third-party`: a library or a page of others.
    ThirdParty,
    /// `assumed`: no source; it follows from similar operations.
    Assumed,
}

impl ErrorSource {
    /// Every source, the best first, with its word in descriptors.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Official, "official"),
        (Self::Sdk, "sdk"),
        (Self::Samples, "samples"),
        (Self::Real, "real"),
        (Self::ThirdParty, "third-party"),
        (Self::Assumed, "assumed"),
    ];

    /// Returns the word that the descriptor writes.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(source, _)| *source == self).map_or("", |(_, word)| word)
    }

    /// Returns the source with a word of descriptors.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(source, _)| *source)
    }

    /// Whether WeChat Pay itself named the code, in a page, in code or in a response.
    #[must_use]
    pub const fn is_first_hand(self) -> bool {
        matches!(self, Self::Official | Self::Sdk | Self::Samples | Self::Real)
    }
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Every method, in the order of listings.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The descriptor's key and the Rust method: `get`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    /// The text on the wire: `GET`.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// `merchant`: 普通商户, 直连商户.
    Merchant,
    /// `partner`: 服务商.
    Partner,
    /// `ecommerce`: 电商平台, 平台商户.
    Ecommerce,
    /// `channel`: 渠道商.
    Channel,
    /// `institution`: 从业机构, 机构模式.
    Institution,
    /// `brand`: 品牌商户, which signs with a certificate of its own.
    Brand,
}

impl Role {
    /// Every role, with its key in descriptors and its official name.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Merchant, "merchant", "商户"),
        (Self::Partner, "partner", "服务商"),
        (Self::Ecommerce, "ecommerce", "电商平台"),
        (Self::Channel, "channel", "渠道商"),
        (Self::Institution, "institution", "从业机构"),
        (Self::Brand, "brand", "品牌商户"),
    ];
}

/// Whether an operation may be retried when its outcome is unknown (docs/protocol/errors.md §10.3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Idempotency {
    /// The operation changes nothing.
    Safe,
    /// A retry could execute it twice.
    Never,
    /// WeChat Pay recognises a retry by the value of this member.
    NaturalKey(String),
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// No body.
    None,
    /// A JSON body.
    Json(Body),
    /// A multipart upload.
    Upload(Upload),
}

/// An object: its members, or the name of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// The members. Without any it is an object of unknown members, `json` in descriptors.
    Fields(Vec<Field>),
    /// A named type.
    Named(TypeId),
}

impl Body {
    /// The members, written out here or in the named type; none if the type does not exist.
    #[must_use]
    pub fn fields<'a>(&'a self, types: &'a BTreeMap<TypeId, NamedType>) -> &'a [Field] {
        match self {
            Self::Fields(fields) => fields,
            Self::Named(id) => match types.get(id).map(|named| &named.shape) {
                Some(Shape::Object { fields, .. }) => fields,
                _ => &[],
            },
        }
    }
}

/// A multipart upload (docs/protocol/uploads.md §6).
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    /// The members of the `meta` part, computed ones included.
    pub meta: Vec<Field>,
    /// The name of the file's part, usually `file`.
    pub file: String,
    /// The plain text parts beside the file.
    pub parts: Vec<Field>,
}

/// A successful response.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// A status without a body.
    None {
        /// The statuses, the usual one first; never empty. The default is 204.
        statuses: Vec<u16>,
    },
    /// A signed JSON body.
    Json {
        /// The statuses, the usual one first; never empty. The default is 200.
        statuses: Vec<u16>,
        /// The body.
        body: Body,
    },
    /// A raw, unsigned file (docs/protocol/verification.md §2.7, §2.8, docs/protocol/downloads.md §7).
    Download(Download),
}

impl Response {
    /// Returns the statuses of success, the usual one first.
    #[must_use]
    pub fn statuses(&self) -> &[u16] {
        match self {
            Self::None { statuses } | Self::Json { statuses, .. } => statuses,
            Self::Download(_) => &[200],
        }
    }

    /// Returns the usual status of success.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.statuses().first().copied().unwrap_or(200)
    }
}

/// A file that is downloaded as it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Download {
    /// The media types that the file may have.
    pub media: Vec<String>,
    /// The proof that the file is complete and unchanged.
    pub integrity: Integrity,
}

/// The proof of a download's integrity.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Integrity {
    /// `none`: TLS alone.
    None,
    /// `sha1`: the SHA-1 of the plain text, announced by the operation that returned the link.
    Sha1,
    /// `signed-digest`: a SHA-1 in a header that the signature covers.
    SignedDigest,
}
