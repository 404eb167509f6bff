//! One operation as a value, and how it becomes bytes.

pub(crate) mod endpoint;
pub(crate) mod facts;
pub(crate) mod multipart;
pub(crate) mod path;
pub(crate) mod payload;
pub(crate) mod prepare;
pub(crate) mod response;
pub(crate) mod typed;

use crate::client::{Endpoint, InputError, PathValues, Prepared, RequestWriter};
use crate::protocol::EncryptionKey;

/// One call as a value: where it goes, what it sends, and what its response is read as.
///
/// Generated functions make it, such as
/// `v3::payscore::serviceorder::_out_order_no_::cancel::post::operation`. A [`Client`](crate::Client)
/// sends it with [`call`](crate::Client::call); without one, [`prepare`](Operation::prepare) gives
/// what any other HTTP stack needs.
pub trait Operation: Send + Sized + 'static {
    /// The request.
    type Request;
    /// The type of a response.
    type Response;
    /// The fixed facts of the operation.
    const ENDPOINT: &'static Endpoint;

    /// The facts of this operation. Only an operation that is described [at run time](crate::dynamic) has others
    /// than [`ENDPOINT`](Operation::ENDPOINT).
    fn endpoint(&self) -> &'static Endpoint {
        Self::ENDPOINT
    }

    /// The values of the path's parameters.
    fn path(&self) -> &PathValues;

    /// Changes the request, for optional inputs.
    #[must_use]
    fn with(self, change: impl FnOnce(Self::Request) -> Self::Request) -> Self;

    /// Writes what the request carries.
    fn encode(&self, out: &mut RequestWriter<'_>);

    /// Encodes the request, ready to be signed and sent. Secrets are encrypted with `key`.
    ///
    /// # Errors
    ///
    /// [`InputError`] names the parameter or member that cannot be sent.
    fn prepare(&self, key: Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> {
        let mut out = RequestWriter::new(self.endpoint(), self.path(), key)?;
        self.encode(&mut out);
        out.finish()
    }
}
