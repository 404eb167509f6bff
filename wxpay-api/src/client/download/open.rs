use super::Download;
use super::announced::{Announced, Covers};
use super::digest::DigestAlgorithm;
use super::flow::Flow;
use super::pipeline::Pipeline;
use super::proof::Proof;
use crate::client::attempt::Opened;
use crate::client::options::Options;
use crate::client::route::Route;
use crate::client::{Client, Error, Operation, RawResponse};
use crate::protocol::BillDecryption;

/// A file that is asked for.
pub(super) struct Wanted<O> {
    pub(super) route: Route,
    pub(super) operation: O,
    pub(super) proof: Proof,
    pub(super) decryption: Option<BillDecryption>,
}

/// A file that began to arrive.
pub(super) struct OpenFile {
    pub(super) route: Route,
    pub(super) attempts: u32,
    pub(super) head: RawResponse,
    pub(super) flow: Flow,
}

impl<O: Operation<Response = Download>> Wanted<O> {
    /// Asks for it until it begins to arrive. The deadline holds until then, and again for each wait.
    pub(super) async fn open(
        self,
        client: &Client,
        options: Options,
        limit: Option<usize>,
    ) -> Result<OpenFile, Error> {
        let patience = options.deadline.unwrap_or(client.settings().deadline);
        let (announced, prepare) = self.proof.prepare(self.operation);
        let Opened { route, attempts, head, digest, content } =
            client.answered(self.route, prepare, options).await?;
        let signed = digest
            .map(|digest| Announced::new(DigestAlgorithm::Sha1, digest.as_str(), Covers::Received));
        let pipeline = Pipeline::new(self.decryption, signed.into_iter().chain(announced));
        let flow = Flow::new(content, pipeline, patience, limit);
        Ok(OpenFile { route, attempts, head, flow })
    }
}
