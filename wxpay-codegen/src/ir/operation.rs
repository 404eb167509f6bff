use super::{Definition, Docs, Gate, Ident, ModulePath, Sent, TypePath, Value};

/// An HTTP method of a URL, as a module with its operation, request and answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Operation {
    pub(crate) module: ModulePath,
    /// The HTTP method's key, which is the module's last name.
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    /// The statements of a call; [`crate::samples::attach`] writes them.
    pub(crate) sample: String,
    pub(crate) gate: Gate,
    pub(crate) struct_docs: Docs,
    pub(crate) new_docs: Docs,
    pub(crate) arguments: Vec<Ident>,
    pub(crate) fetch: Fetch,
    pub(crate) request: Request,
    /// Whether a caller gives the request: it has required fields, or had some.
    pub(crate) needs_request: bool,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) answer: Answer,
}

/// The facts of the constant `ENDPOINT`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Fetch {
    pub(crate) path: String,
    pub(crate) host: Option<String>,
    /// Only where it is not what the HTTP method says.
    pub(crate) repeat: Option<wxpay_spec::model::Repeat>,
    /// Only where the HTTP method does not say it.
    pub(crate) updates: bool,
    /// Only where they are not 200 alone.
    pub(crate) statuses: Vec<u16>,
    /// The error codes of its own page.
    pub(crate) errors: Vec<String>,
    pub(crate) integrity: Option<wxpay_spec::model::Integrity>,
}

/// The type named `Request`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Request {
    Own(Sent),
    Named { path: TypePath, docs: Docs },
}

/// One step of putting a request on the wire.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    /// Two members of which at most one may be set.
    NotBoth(Rival, Rival),
    Query(super::Member),
    Header(super::Member),
    Body,
    Upload {
        part: String,
        field: Ident,
    },
    Part(super::Member),
}

/// One of two members of which at most one may be set: its Rust name and its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Rival {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// The type named `Response`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    Own(Definition),
    Named { path: TypePath, docs: Docs },
    NoContent { docs: Docs },
    Download { docs: Docs },
}
