//! The chain of calls: places, their links and methods, and the operations behind the methods.

use super::definition::{Definition, Member, RequestStruct, Ty, Value};
use super::names::{Docs, Gate, Ident, ModulePath, Stage, TypePath};

/// A place in the URL, as a struct of the chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Node {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    pub(crate) links: Vec<Link>,
    pub(crate) methods: Vec<Method>,
    pub(crate) operations: Vec<Operation>,
}

/// A method of the chain that goes on to a longer URL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Link {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    /// Whether it takes the value of a path parameter, which is then called like the method.
    pub(crate) parameter: bool,
    pub(crate) target: TypePath,
    /// The marker for the compiler's message where the gate is closed.
    pub(crate) marker: Option<TypePath>,
}

/// A method of the chain that makes a call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Method {
    /// The HTTP method's key, which is the operation's module too.
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) labels: Vec<String>,
    pub(crate) deprecated: Option<String>,
    pub(crate) gate: Gate,
    pub(crate) argument: Argument,
    pub(crate) download: bool,
}

/// What a [`Method`] takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Argument {
    /// Nothing, because nothing is required.
    None,
    /// A closure from the first stage to the request; without required fields the request is both.
    Request { start: Option<Stage> },
}

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
    pub(crate) endpoint: EndpointFacts,
    pub(crate) request: RequestType,
    /// Whether a caller gives the request: it has required fields, or had some.
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
    /// Only where it is not what the HTTP method says.
    pub(crate) idempotency: Option<wxpay_spec::model::Idempotency>,
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
pub(crate) enum RequestType {
    Own(RequestStruct),
    Named { path: TypePath, docs: Docs },
}

/// One step of putting a request on the wire.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    /// Two members of which at most one may be set.
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

/// One of two members of which at most one may be set: its Rust name and its value.
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
