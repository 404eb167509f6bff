//! Where requests are signed: a signature holds up no other task, and one that is not wanted any more sends nothing.
//!
//! The one blocking thread of each runtime is held, so that counts show what waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinHandle, yield_now};
use wxpay_api::sandbox::Sandbox;
use wxpay_api::{Client, Outcome};

use crate::cancel;

const CALLS: usize = 64;
const REFUSAL: &[u8] = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}";

/// A server in other threads that counts its requests and refuses them, and a client of it.
struct Counted {
    _server: Runtime,
    client: Client,
    requests: Arc<AtomicUsize>,
}

impl Counted {
    fn start() -> Self {
        let server = Runtime::new().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        let client = server.block_on(async {
            let sandbox = Sandbox::builder().examples().start().await.unwrap();
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(refuse_all(stream, Arc::clone(&count)));
                }
            });
            sandbox.client_builder().base_url(url).build().unwrap()
        });
        Self { _server: server, client, requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Starts calls, and lets every task of the runtime run many times.
    async fn start_calls(&self) -> Vec<JoinHandle<Outcome>> {
        let calls: Vec<_> =
            (0..CALLS).map(|_| tokio::spawn(outcome(self.client.clone()))).collect();
        for _ in 0..1000 {
            yield_now().await;
        }
        calls
    }
}

async fn refuse_all(mut stream: TcpStream, requests: Arc<AtomicUsize>) {
    let mut request = vec![0; 64 << 10];
    // Each request of these tests comes in one or two pieces, the body last.
    while let Ok(length @ 1..) = stream.read(&mut request).await {
        if request[..length].ends_with(b"}") {
            requests.fetch_add(1, Ordering::SeqCst);
            if stream.write_all(REFUSAL).await.is_err() {
                return;
            }
        }
    }
}

async fn outcome(client: Client) -> Outcome {
    cancel(&client).await.unwrap_err().outcome()
}

/// A runtime of one thread whose one blocking thread waits for the sender.
fn held_runtime() -> (Runtime, Sender<()>) {
    let runtime =
        Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
    let (release, released) = channel::<()>();
    let (begin, begun) = channel();
    runtime.spawn_blocking(move || {
        begin.send(()).unwrap();
        // The sender may be dropped at the end of a test.
        let _ = released.recv();
    });
    begun.recv().unwrap();
    (runtime, release)
}

#[test]
fn tasks_go_on_while_calls_wait_for_their_signatures() {
    let counted = Counted::start();
    let (runtime, release) = held_runtime();
    runtime.block_on(async {
        let calls = counted.start_calls().await;
        assert_eq!(counted.requests(), 0);
        assert!(calls.iter().all(|call| !call.is_finished()));
        release.send(()).unwrap();
        for call in calls {
            assert_ne!(call.await.unwrap(), Outcome::NotSent);
        }
    });
    assert_eq!(counted.requests(), CALLS);
}

#[test]
fn a_call_that_is_dropped_before_its_signature_sends_nothing() {
    let counted = Counted::start();
    let (runtime, release) = held_runtime();
    runtime.block_on(async {
        for call in counted.start_calls().await {
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
        }
        release.send(()).unwrap();
        assert_ne!(outcome(counted.client.clone()).await, Outcome::NotSent);
    });
    assert_eq!(counted.requests(), 1);
}

#[test]
fn a_deadline_that_passes_before_the_signature_means_not_sent() {
    let counted = Counted::start();
    let (runtime, release) = held_runtime();
    runtime.block_on(async {
        let _others = counted.start_calls().await;
        let error = cancel(&counted.client).deadline(Duration::from_millis(20)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert_eq!(counted.requests(), 0);
    });
    drop(release);
}

#[test]
fn a_call_that_is_alone_needs_no_other_thread() {
    let counted = Counted::start();
    let (runtime, release) = held_runtime();
    // The first call makes the connection, whose task is there at the second.
    for requests in [1, 2] {
        assert_ne!(runtime.block_on(outcome(counted.client.clone())), Outcome::NotSent);
        assert_eq!(counted.requests(), requests);
    }
    drop(release);
}

#[test]
fn a_runtime_without_a_free_thread_holds_up_no_other_runtime() {
    let counted = Counted::start();
    let (held, release) = held_runtime();
    let (free, released) = held_runtime();
    drop(released);
    held.block_on(async {
        counted.start_calls().await;
        assert_eq!(counted.requests(), 0);
    });
    free.block_on(async {
        for call in counted.start_calls().await {
            assert_ne!(call.await.unwrap(), Outcome::NotSent);
        }
    });
    assert_eq!(counted.requests(), CALLS);
    drop(release);
}

#[test]
fn calls_end_when_their_runtime_does() {
    let counted = Counted::start();
    let (held, release) = held_runtime();
    held.block_on(counted.start_calls());
    // The blocking thread is let go after the calls were dropped with their runtime.
    held.shutdown_background();
    drop(release);
    assert_ne!(Runtime::new().unwrap().block_on(outcome(counted.client.clone())), Outcome::NotSent);
    assert_eq!(counted.requests(), 1);
}
