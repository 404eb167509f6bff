//! Described operations: the one type that all of them share.

use std::fmt;

use crate::client::{Endpoint, Operation, PathValues, RequestWriter};

/// The compile-time facts of a described operation. Implemented by generated types.
pub trait OperationKind: 'static {
    /// The request.
    type Request: Send + 'static;
    /// The type of a response.
    type Response;
    /// The fixed facts of the operation.
    const ENDPOINT: &'static Endpoint;

    /// Writes what the request carries.
    fn encode(request: &Self::Request, out: &mut RequestWriter<'_>);
}

/// A described operation, ready to be sent: its path's values and its request.
///
/// All described operations share this type, so that none costs its own code. Each has an alias
/// `Operation` and a function `operation` beside its `Request`.
pub struct Typed<K: OperationKind> {
    path: PathValues,
    request: K::Request,
}

impl<K: OperationKind> Typed<K> {
    /// The operation at a path, with its request.
    pub fn new(path: PathValues, request: K::Request) -> Self {
        Self { path, request }
    }

    pub(crate) fn into_parts(self) -> (PathValues, K::Request) {
        (self.path, self.request)
    }
}

impl<K: OperationKind> Operation for Typed<K> {
    type Request = K::Request;
    type Response = K::Response;

    const ENDPOINT: &'static Endpoint = K::ENDPOINT;

    fn path(&self) -> &PathValues {
        &self.path
    }

    fn with(self, change: impl FnOnce(K::Request) -> K::Request) -> Self {
        Self { path: self.path, request: change(self.request) }
    }

    fn encode(&self, out: &mut RequestWriter<'_>) {
        K::encode(&self.request, out);
    }
}

impl<K: OperationKind<Request: Clone>> Clone for Typed<K> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), request: self.request.clone() }
    }
}

impl<K: OperationKind<Request: fmt::Debug>> fmt::Debug for Typed<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation")
            .field("path", &self.path)
            .field("request", &self.request)
            .finish()
    }
}
