//! A sandbox, a merchant's server for its notifications, and calls whose responses must fit their descriptors.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use wxpay_api::sandbox::{LifecycleError, Sandbox, SandboxResource};
use wxpay_api::{Call, Client, Error, FromResponse, Notification, Operation, Retries};

pub(crate) const MCHID: &str = "1230000109";
pub(crate) const APPID: &str = "wxd678efh567hg6787";
pub(crate) const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

type Received = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A WeChat Pay that remembers, and a merchant.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) wx: Client,
    /// Where the merchant's server receives notifications.
    pub(crate) url: String,
    received: Received,
}

impl World {
    pub(crate) async fn start() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
        let received = Received::default();
        let url = serve(Arc::clone(&received)).await;
        Self { sandbox, wx, url, received }
    }

    /// Sends `GET`, and returns the response.
    pub(crate) async fn get(&self, target: &str) -> Value {
        self.wx.get(target).await.unwrap_or_else(|error| panic!("GET {target}: {error:?}"))
    }

    /// Sends `POST`, and returns the response.
    pub(crate) async fn post(&self, target: &str, body: Value) -> Value {
        self.wx.post(target, body).await.unwrap_or_else(|error| panic!("POST {target}: {error:?}"))
    }

    /// Sends `GET`, and asserts that WeChat Pay refuses with `status CODE message`.
    pub(crate) async fn refused_get(&self, target: &str, expected: &str) {
        assert_eq!(refusal(self.wx.get(target).await.err()), expected, "GET {target}");
    }

    /// Sends `POST`, and asserts that WeChat Pay refuses with `status CODE message`.
    pub(crate) async fn refused(&self, target: &str, body: Value, expected: &str) {
        assert_eq!(refusal(self.wx.post(target, body).await.err()), expected, "POST {target}");
    }

    /// Chooses what WeChat Pay does where nobody knows it.
    #[track_caller]
    pub(crate) fn switch(&self, lifecycle: &str, name: &str, choice: &str) {
        self.sandbox.switch(lifecycle, name, choice).unwrap();
    }

    /// Returns a resource of a lifecycle by one of its numbers.
    #[track_caller]
    pub(crate) fn resource(&self, lifecycle: &str, number: &str) -> SandboxResource {
        self.sandbox.resource(lifecycle, number).unwrap()
    }

    /// Asserts that a resource is in a state.
    #[track_caller]
    pub(crate) fn assert_state(&self, lifecycle: &str, number: &str, state: &str) {
        assert_eq!(self.resource(lifecycle, number).state().unwrap(), state);
    }

    /// Takes the notifications that came since the last time. Each is verified and decrypted.
    pub(crate) async fn notifications(&self) -> Vec<Notification> {
        self.sandbox.notifications_settled().await;
        let received = std::mem::take(&mut *self.received.lock().unwrap());
        let mut notifications = Vec::new();
        for (headers, body) in received {
            notifications.push(self.wx.notification(&headers, &body).await.unwrap());
        }
        notifications
    }

    /// Takes the only notification that came, and asserts its event.
    pub(crate) async fn notification(&self, event: &str) -> Notification {
        let mut came = self.notifications().await;
        let events: Vec<_> = came.iter().map(|it| it.event_type().to_owned()).collect();
        assert_eq!(events, [event]);
        came.remove(0)
    }

    /// Asserts that nothing was notified, sent or not.
    pub(crate) async fn assert_quiet(&self) {
        assert_eq!(self.notifications().await.len(), 0);
    }
}

/// Another merchant at the same sandbox, whose server receives notifications of some events.
pub(crate) struct Receiver {
    pub(crate) wx: Client,
    received: Received,
}

impl Receiver {
    /// Adds the merchant, and registers its URL for events that begin so.
    pub(crate) async fn add(world: &World, mchid: &str, events: &str) -> Self {
        let account = world.sandbox.add_merchant(mchid).unwrap();
        let received = Received::default();
        account.set_notify_url(events, Some(&serve(Arc::clone(&received)).await));
        Self { wx: account.client().unwrap(), received }
    }

    /// Takes the only notification that came, verified and decrypted with the merchant's keys.
    pub(crate) async fn notification(&self, world: &World, event: &str) -> Notification {
        world.sandbox.notifications_settled().await;
        let received = std::mem::take(&mut *self.received.lock().unwrap());
        let [(headers, body)] = received.as_slice() else { panic!("{}", received.len()) };
        let notification = self.wx.notification(headers, body).await.unwrap();
        assert_eq!(notification.event_type(), event);
        notification
    }
}

/// The resource of a notification as JSON.
pub(crate) fn content(notification: &Notification) -> Value {
    serde_json::from_slice(notification.plaintext()).unwrap()
}

/// Calls, asserts that the response is as its descriptor says, and returns its body.
pub(crate) async fn ok<O: Operation>(call: Call<O>) -> Value
where
    O::Response: FromResponse,
{
    let reply = call.reply().await.unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(reply.corrections(), [], "{:?}", reply.body());
    match reply.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).unwrap(),
    }
}

/// Calls, and asserts that WeChat Pay refuses with `status CODE message`.
pub(crate) async fn refused<O: Operation>(call: Call<O>, expected: &str)
where
    O::Response: FromResponse,
{
    assert_eq!(refusal(call.reply().await.err()), expected);
}

fn refusal(error: Option<Error>) -> String {
    let Some(error) = error else { return "not refused".to_owned() };
    let refusal = error.api().unwrap_or_else(|| panic!("{error:?}"));
    format!("{} {} {}", refusal.status, refusal.code, refusal.message)
}

/// Returns an object with other members.
pub(crate) fn with(mut object: Value, members: Value) -> Value {
    let (Value::Object(object_members), Value::Object(members)) = (&mut object, members) else {
        panic!("not objects");
    };
    object_members.extend(members);
    object
}

/// Returns an object without a member.
pub(crate) fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

/// Asserts that an event is impossible in the state of a resource.
#[track_caller]
pub(crate) fn assert_impossible(resource: &SandboxResource, event: &str) {
    let error = resource.event(event).unwrap_err();
    assert!(matches!(error, LifecycleError::NotPossible { .. }), "{event}: {error}");
}

/// Starts a server that keeps and acknowledges everything, and returns its URL.
async fn serve(received: Received) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let received = Arc::clone(&received);
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let received = Arc::clone(&received);
                async move {
                    let (head, body) = request.into_parts();
                    let body = body.collect().await.unwrap().to_bytes();
                    received.lock().unwrap().push((head.headers, body));
                    Ok::<_, Infallible>(http::Response::new(Full::new(Bytes::new())))
                }
            });
            let server = hyper::server::conn::http1::Builder::new();
            tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
        }
    });
    url
}
