//! Operations whose facts are known only at run time, such as those of a command line or of a gateway.
//!
//! An [`Operation`](crate::Operation) may override [`endpoint`](crate::Operation::endpoint) and write its members
//! by their names. The client then treats it like a described one: it encrypts each [`Secret`](crate::Secret), retries
//! only where the endpoint allows it, sends a [`File`](crate::File) as an upload and compares a download with its
//! digest. [`Client::post`](crate::Client::post) and its siblings are simpler where none of this matters.
//!
//! ```
//! use serde_json::json;
//! use wxpay_api::dynamic::{Encoder, RequestWriter};
//! use wxpay_api::{Encode, Endpoint, Idempotency, Json, Operation, PathValues, Secret};
//!
//! /// A request of a private API, whose descriptor was read from a file.
//! struct PrivateOperation {
//!     endpoint: &'static Endpoint,
//!     path: PathValues,
//!     body: PrivateBody,
//! }
//!
//! struct PrivateBody {
//!     out_request_no: Json,
//!     user_name: Secret,
//! }
//!
//! impl Operation for PrivateOperation {
//!     type Request = PrivateBody;
//!     type Response = Json;
//!     // The facts that `endpoint` replaces.
//!     const ENDPOINT: &'static Endpoint = &Endpoint::post("");
//!
//!     fn endpoint(&self) -> &'static Endpoint {
//!         self.endpoint
//!     }
//!     fn path(&self) -> &PathValues {
//!         &self.path
//!     }
//!     fn with(self, change: impl FnOnce(PrivateBody) -> PrivateBody) -> Self {
//!         Self { body: change(self.body), ..self }
//!     }
//!     fn encode(&self, out: &mut RequestWriter<'_>) {
//!         out.body(&self.body);
//!     }
//! }
//!
//! impl Encode for PrivateBody {
//!     fn encode(&self, out: Encoder<'_>) {
//!         let mut object = out.object();
//!         object.put("out_request_no", &self.out_request_no);
//!         object.put("user_name", &self.user_name); // encrypted
//!     }
//! }
//!
//! # async fn call(wx: &wxpay_api::Client) -> wxpay_api::Result<()> {
//! // A program that reads many descriptors keeps their endpoints in a `static`, or leaks them.
//! let endpoint = Endpoint::post("/v3/private/{area}/requests");
//! let endpoint = Box::leak(Box::new(endpoint.idempotency(Idempotency::NaturalKey("out_request_no"))));
//! let operation = PrivateOperation {
//!     endpoint,
//!     path: ["shenzhen".to_owned()].into_iter().collect(),
//!     body: PrivateBody { out_request_no: json!("1"), user_name: "张三".into() },
//! };
//! println!("{}", wx.call(operation).await?["state"]);
//! # Ok(())
//! # }
//! ```

pub use crate::client::RequestWriter;
pub use crate::wire::{Clears, Encoder, JsonText, MayBeEmpty, Presence};
