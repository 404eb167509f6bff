//! The chain of calls: nodes with their links and methods, and the operations that the methods
//! call.

use super::definition::{Definition, Member, RequestStruct, Ty, Value};
use super::names::{Docs, Gate, Ident, ModulePath, Stage, TypePath};

/// A struct of the chain, for one prefix of URLs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Node {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    pub(crate) links: Vec<Link>,
    pub(crate) methods: Vec<Method>,
    pub(crate) operations: Vec<Operation>,
}

/// A method of the chain that leads to a longer URL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Link {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    /// Whether it takes the value of a path parameter. The argument has the method's name.
    pub(crate) parameter: bool,
    pub(crate) target: TypePath,
    /// The trait with the compiler's message while the gate's features are off.
    pub(crate) marker: Option<TypePath>,
}

/// A method of the chain that makes a call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Method {
    /// The HTTP method's key, which also names the operation's module.
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) labels: Vec<String>,
    pub(crate) deprecated: Option<String>,
    pub(crate) gate: Gate,
    pub(crate) argument: Argument,
    pub(crate) download: bool,
}

/// The argument of a [`Method`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Argument {
    /// No argument, because nothing is required.
    None,
    /// A closure from the first stage of the builder to the request. Without required fields there
    /// is no stage: the closure takes the request itself.
    Request { start: Option<Stage> },
}

/// An HTTP method of a URL, as a module with its operation, request and response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Operation {
    pub(crate) module: ModulePath,
    /// The HTTP method's key, which is the module's last name.
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    /// The statements of a sample call. [`crate::samples::attach`] writes them.
    pub(crate) sample: String,
    pub(crate) gate: Gate,
    pub(crate) struct_docs: Docs,
    pub(crate) new_docs: Docs,
    pub(crate) arguments: Vec<Ident>,
    pub(crate) endpoint: EndpointFacts,
    pub(crate) request: RequestType,
    /// Whether the caller passes the request: it has required fields, or once had some.
    pub(crate) needs_request: bool,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) response: ResponseType,
    /// How the list of the response comes in pages.
    pub(crate) paging: Option<Paging>,
}

/// How the list of a response comes in pages.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Paging {
    /// The field of the response that is the list.
    pub(crate) items: Ident,
    pub(crate) item: Ty,
    pub(crate) by: PageInput,
    /// The field of the request that limits a page.
    pub(crate) limit: Option<Ident>,
    /// The field of the response that repeats the limit.
    pub(crate) confirmed_limit: Option<Ident>,
    pub(crate) total: Option<Ident>,
}

/// The field of the request that chooses the page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum PageInput {
    Offset(Ident),
    Number { input: Ident, first: i64 },
    Token { input: Ident, next: Ident },
}

/// The facts of the constant `ENDPOINT`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct EndpointFacts {
    pub(crate) path: String,
    pub(crate) host: Option<String>,
    /// Only if it differs from the HTTP method's usual value.
    pub(crate) idempotency: Option<wxpay_spec::model::Idempotency>,
    /// Whether the operation is an update although it is neither `PUT` nor `PATCH`.
    pub(crate) updates: bool,
    /// Empty if 200 is the only status.
    pub(crate) statuses: Vec<u16>,
    /// The error codes of the operation's page.
    pub(crate) errors: Vec<String>,
    pub(crate) integrity: Option<wxpay_spec::model::Integrity>,
}

/// The type named `Request`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum RequestType {
    Own(RequestStruct),
    Named { path: TypePath, docs: Docs },
}

/// One step of encoding a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    /// Two members that exclude each other.
    NotBoth(Rival, Rival),
    Query(Member),
    Header(Member),
    Body,
    Upload {
        part: String,
        field: Ident,
    },
    Part(Member),
}

/// One of two members that exclude each other: its Rust name and its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Rival {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// The type named `Response`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ResponseType {
    Own(Definition),
    Named { path: TypePath, docs: Docs },
    NoContent { docs: Docs },
    Download { docs: Docs },
}
