//! Operations and resources without their types, so that each test is compiled only once.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use wxpay_api::codegen::{Decode, Encode};
use wxpay_api::protocol::EncryptionKey;
use wxpay_api::{
    Acknowledgement, Client, Correction, Download, EncodeError, Endpoint, Error, InputError,
    Integrity, Merchant, NoContent, Notification, Operation, Prepared, Reply, Resource, decode,
};

use crate::bench::BILL_SHA1;
use crate::samples;
use crate::visitor::{Accessor, Expected, ExpectedResource, Visitor};

/// An operation with all its inputs.
pub(crate) struct Case {
    pub(crate) expected: Expected,
    pub(crate) endpoint: &'static Endpoint,
    operation: Box<dyn Erased>,
}

/// A notification's resource.
pub(crate) struct ResourceCase {
    pub(crate) expected: ExpectedResource,
    resource: Box<dyn ErasedResource>,
}

/// The response that a notification asks for, with all members.
pub(crate) struct ResponseCase {
    pub(crate) name: &'static str,
    /// Its JSON by the descriptor.
    pub(crate) body: &'static str,
    pub(crate) sent: Result<Acknowledgement, EncodeError>,
}

/// The facts of a typed value.
pub(crate) struct Read {
    pub(crate) debug: String,
    pub(crate) corrections: Vec<Correction>,
    /// The plain bytes of each secret by its key path, if it is there and decrypted.
    pub(crate) secrets: Vec<(&'static str, Option<Vec<u8>>)>,
}

/// The result of a call.
pub(crate) struct CallResult {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// The typed value. A download and a response without content have none.
    pub(crate) read: Option<Read>,
    pub(crate) is_download: bool,
    pub(crate) is_digest_checked: bool,
    /// Everything that a program could print of the result.
    pub(crate) shown: String,
}

type CallFuture = Pin<Box<dyn Future<Output = Result<CallResult, Error>>>>;

trait Erased {
    fn prepare(&self, key: Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError>;
    fn call(&self, client: &Client) -> CallFuture;
    fn read(&self, body: &[u8], merchant: Option<&Merchant>) -> Result<Read, String>;
    fn shown(&self, client: &Client) -> String;
}

trait ErasedResource {
    fn read(&self, body: &[u8], merchant: Option<&Merchant>) -> Result<Read, String>;
    fn read_notification(&self, notification: &Notification) -> Result<Read, String>;
}

/// Every operation that this build has; each secret in a request is `secret`.
pub(crate) fn cases(secret: &str) -> Vec<Case> {
    let mut collector = Collector::default();
    samples::operations(&mut collector, secret);
    assert!(!collector.cases.is_empty());
    collector.cases
}

/// Every notification that this build has.
pub(crate) fn resources() -> Vec<ResourceCase> {
    let mut collector = Collector::default();
    samples::resources(&mut collector);
    collector.resources
}

/// Every response that a notification of this build asks for.
pub(crate) fn responses() -> Vec<ResponseCase> {
    let mut collector = Collector::default();
    samples::resources(&mut collector);
    collector.responses
}

impl Case {
    pub(crate) fn prepare(&self, key: Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> {
        self.operation.prepare(key)
    }

    pub(crate) async fn call(&self, client: &Client) -> Result<CallResult, Error> {
        self.operation.call(client).await
    }

    /// Reads a body as the operation's response.
    pub(crate) fn read(&self, body: &[u8], merchant: Option<&Merchant>) -> Result<Read, String> {
        self.operation.read(body, merchant)
    }

    /// Everything that a program could print of the operation before it is sent.
    pub(crate) fn shown(&self, client: &Client) -> String {
        self.operation.shown(client)
    }
}

impl ResourceCase {
    /// Reads a plain resource.
    pub(crate) fn read(&self, body: &[u8], merchant: Option<&Merchant>) -> Result<Read, String> {
        self.resource.read(body, merchant)
    }

    /// Reads what a notification carries.
    pub(crate) fn read_notification(&self, notification: &Notification) -> Result<Read, String> {
        self.resource.read_notification(notification)
    }
}

#[derive(Default)]
struct Collector {
    cases: Vec<Case>,
    resources: Vec<ResourceCase>,
    responses: Vec<ResponseCase>,
}

impl Collector {
    fn add<O: Operation>(&mut self, expected: Expected, operation: impl Erased + 'static) {
        self.cases.push(Case { expected, endpoint: O::ENDPOINT, operation: Box::new(operation) });
    }
}

impl Visitor for Collector {
    fn operation<O>(&mut self, expected: Expected, operation: O, secrets: &[Accessor<O::Response>])
    where
        O: Operation + Clone + Debug,
        O::Response: Decode + Debug + 'static,
    {
        self.add::<O>(expected, Typed { operation, secrets: secrets.to_vec() });
    }

    fn no_content<O>(&mut self, expected: Expected, operation: O)
    where
        O: Operation<Response = NoContent> + Clone + Debug,
    {
        self.add::<O>(expected, WithoutContent(operation));
    }

    fn download<O>(&mut self, expected: Expected, operation: O)
    where
        O: Operation<Response = Download> + Clone + Debug,
    {
        self.add::<O>(expected, Raw(operation));
    }

    fn resource<T>(&mut self, expected: ExpectedResource, secrets: &[Accessor<T>])
    where
        T: Resource + Debug + 'static,
    {
        let resource = Box::new(TypedResource(secrets.to_vec()));
        self.resources.push(ResourceCase { expected, resource });
    }

    fn response<T>(&mut self, name: &'static str, body: &'static str, response: T)
    where
        T: Encode + Debug,
    {
        let sent = Acknowledgement::respond(&response);
        self.responses.push(ResponseCase { name, body, sent });
    }
}

impl Read {
    fn new<T: Debug>(value: &T, corrections: &[Correction], secrets: &[Accessor<T>]) -> Self {
        let reveal = |(path, open): &Accessor<T>| (*path, open(value).map(<[u8]>::to_vec));
        Self {
            debug: format!("{value:?}"),
            corrections: corrections.to_vec(),
            secrets: secrets.iter().map(reveal).collect(),
        }
    }
}

fn read<T: Decode + Debug>(
    body: &[u8],
    merchant: Option<&Merchant>,
    secrets: &[Accessor<T>],
) -> Result<Read, String> {
    let (value, corrections) = decode::<T>(body, merchant).map_err(|error| error.to_string())?;
    Ok(Read::new(&value, &corrections, secrets))
}

fn call_result<T: Debug>(reply: &Reply<T>, read: Option<Read>) -> CallResult {
    CallResult {
        status: reply.http_status().as_u16(),
        body: reply.body().to_vec(),
        read,
        is_download: false,
        is_digest_checked: false,
        shown: format!("{reply:?} {reply:#?} {:?} {:#?}", reply.sent(), reply.value),
    }
}

struct Typed<O: Operation> {
    operation: O,
    secrets: Vec<Accessor<O::Response>>,
}

impl<O> Erased for Typed<O>
where
    O: Operation + Clone + Debug,
    O::Response: Decode + Debug + 'static,
{
    fn prepare(&self, key: Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> {
        self.operation.prepare(key)
    }

    fn call(&self, client: &Client) -> CallFuture {
        let reply = client.call(self.operation.clone()).reply();
        let secrets = self.secrets.clone();
        Box::pin(async move {
            let reply = reply.await?;
            let read = Read::new(&reply.value, reply.corrections(), &secrets);
            Ok(call_result(&reply, Some(read)))
        })
    }

    fn read(&self, body: &[u8], merchant: Option<&Merchant>) -> Result<Read, String> {
        read(body, merchant, &self.secrets)
    }

    fn shown(&self, client: &Client) -> String {
        let call = client.call(self.operation.clone());
        format!("{:?} {:#?} {call:?}", self.operation, self.operation)
    }
}

struct WithoutContent<O>(O);

impl<O: Operation<Response = NoContent> + Clone + Debug> Erased for WithoutContent<O> {
    fn prepare(&self, key: Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> {
        self.0.prepare(key)
    }

    fn call(&self, client: &Client) -> CallFuture {
        let reply = client.call(self.0.clone()).reply();
        Box::pin(async move { Ok(call_result(&reply.await?, None)) })
    }

    fn read(&self, _: &[u8], _: Option<&Merchant>) -> Result<Read, String> {
        Err("the response has no content".to_owned())
    }

    fn shown(&self, client: &Client) -> String {
        let call = client.call(self.0.clone());
        format!("{:?} {:#?} {call:?}", self.0, self.0)
    }
}

struct Raw<O>(O);

impl<O: Operation<Response = Download> + Clone + Debug> Erased for Raw<O> {
    fn prepare(&self, key: Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> {
        self.0.prepare(key)
    }

    fn call(&self, client: &Client) -> CallFuture {
        let download = client.download(self.0.clone());
        let download = match O::ENDPOINT.download {
            Some(Integrity::Sha1) => download.sha1(BILL_SHA1),
            _ => download,
        };
        let download = download.into_future();
        Box::pin(async move {
            let download = download.await?;
            Ok(CallResult {
                status: download.received().status.as_u16(),
                body: download.content().to_vec(),
                read: None,
                is_download: true,
                is_digest_checked: download.is_digest_checked(),
                shown: format!("{download:?} {download:#?}"),
            })
        })
    }

    fn read(&self, _: &[u8], _: Option<&Merchant>) -> Result<Read, String> {
        Err("a download is no JSON".to_owned())
    }

    fn shown(&self, client: &Client) -> String {
        let call = client.download(self.0.clone());
        format!("{:?} {:#?} {call:?}", self.0, self.0)
    }
}

struct TypedResource<T>(Vec<Accessor<T>>);

impl<T: Resource + Debug> ErasedResource for TypedResource<T> {
    fn read(&self, body: &[u8], merchant: Option<&Merchant>) -> Result<Read, String> {
        read(body, merchant, &self.0)
    }

    fn read_notification(&self, notification: &Notification) -> Result<Read, String> {
        let result = notification.corrected_resource::<T>();
        let (value, corrections) = result.map_err(|error| error.to_string())?;
        Ok(Read::new(&value, &corrections, &self.0))
    }
}
