//! Where requests are signed: an RSA signature takes more than half a millisecond, which no other task may lose.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::{self, spawn_blocking};

use crate::client::call::deadline::Limits;
use crate::client::call::request::EncodedRequest;
use crate::client::core::Core;
use crate::client::error::failure::AttemptFailure;
use crate::protocol::{Authorization, CryptoError};

/// The tasks that the HTTP library has for one call: its connection, and the end of idle connections.
const OF_ONE_CONNECTION: usize = 2;

/// While requests wait, a thread keeps signatures until it has an eighth of as many, because waking the runtime for
/// every signature costs up to 5 % of a call. Requests wait longer for their turn than a signature is kept.
const SHARE_OF_WAITING: usize = 8;

/// A thread keeps at most this many signatures, which are made in about 10 ms.
const MOST_KEPT: usize = 16;

/// The requests that wait for a signature, and the blocking threads that sign them.
///
/// There are at most as many threads as cores. Each signs one request after the other until none waits, because
/// waking a thread for every signature costs 5 % of a call.
#[derive(Clone)]
pub(crate) struct Signers(Arc<Waiting>);

struct Waiting {
    most_threads: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
}

/// A request to sign. Nobody waits for it any more when its call was dropped.
struct Job {
    core: Core,
    method: &'static str,
    target: String,
    body: Bytes,
    runtime: Handle,
    sender: Sender,
}

type Sender = oneshot::Sender<Result<Authorization, CryptoError>>;

/// Signatures for calls of one runtime, which get them together.
struct Signed {
    runtime: Handle,
    signatures: Vec<(Sender, Result<Authorization, CryptoError>)>,
}

/// A thread that signs. Its place becomes free even if it panics.
struct SigningThread<'a> {
    waiting: &'a Waiting,
    is_done: bool,
}

impl Signers {
    pub(crate) fn new() -> Self {
        let most_threads = thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Waiting { most_threads, state: Mutex::default() }))
    }

    /// Signs a request with the time at which its turn comes. Nothing was sent if this fails.
    ///
    /// A call that has the runtime to itself signs at once. Otherwise a blocking thread does.
    pub(crate) async fn sign(
        &self,
        core: &Core,
        request: &EncodedRequest,
        limits: Limits,
    ) -> Result<Authorization, AttemptFailure> {
        let (method, target, body) = (request.facts.method, &request.target, &request.signed_body);
        let at_once = || core.authorize(method, target, body);
        let signed = match is_alone() {
            true => at_once(),
            false => {
                let (sender, receiver) = oneshot::channel();
                let (core, target, body) = (core.clone(), target.clone(), body.clone());
                self.submit(Job { core, method, target, body, runtime: Handle::current(), sender });
                let signed = limits.call.limit(receiver).await;
                // A runtime that is shutting down runs no more blocking tasks.
                signed.map_err(AttemptFailure::not_sent)?.unwrap_or_else(|_| at_once())
            }
        };
        signed.map_err(AttemptFailure::not_sent)
    }

    /// Queues a request. Threads that have not begun do not count: those of another runtime may never begin.
    fn submit(&self, job: Job) {
        let mut state = self.0.lock();
        state.jobs.push_back(job);
        if state.threads < self.0.most_threads {
            drop(state);
            let waiting = Arc::clone(&self.0);
            drop(spawn_blocking(move || waiting.sign_all()));
        }
    }
}

/// Whether the runtime has no task but those of this call, so that a signature costs nobody a turn.
fn is_alone() -> bool {
    let own = usize::from(task::try_id().is_some());
    Handle::current().metrics().num_alive_tasks() <= own + OF_ONE_CONNECTION
}

impl Waiting {
    /// Signs until no request waits.
    fn sign_all(&self) {
        let mut thread = match self.enter() {
            Some(thread) => thread,
            None => return,
        };
        let mut signed: Option<Signed> = None;
        while let Some((job, waiting)) = thread.next() {
            // A dropped call needs no signature.
            if !job.sender.is_closed() {
                signed = Some(Signed::add(signed.take(), job));
            }
            let most = (waiting / SHARE_OF_WAITING).clamp(1, MOST_KEPT);
            if let Some(all) = signed.take_if(|signed| signed.signatures.len() >= most) {
                all.deliver();
            }
        }
        if let Some(rest) = signed {
            rest.deliver();
        }
    }

    fn enter(&self) -> Option<SigningThread<'_>> {
        let mut state = self.lock();
        let is_free = state.threads < self.most_threads && !state.jobs.is_empty();
        state.threads += usize::from(is_free);
        // Not `then_some`: a value that is not used would be dropped, and its place freed.
        is_free.then(|| SigningThread { waiting: self, is_done: false })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Signed {
    /// Signs a request. Signatures for another runtime are delivered first.
    fn add(kept: Option<Self>, job: Job) -> Self {
        let Job { core, method, target, body, runtime, sender } = job;
        let signature = core.authorize(method, &target, &body);
        let mut signed = match kept {
            Some(kept) if kept.runtime.id() == runtime.id() => kept,
            other => {
                if let Some(other) = other {
                    other.deliver();
                }
                Self { runtime, signatures: Vec::new() }
            }
        };
        signed.signatures.push((sender, signature));
        signed
    }

    /// Delivers all signatures in one task, so that the runtime is woken once.
    fn deliver(self) {
        let Self { runtime, signatures } = self;
        let is_one = signatures.len() == 1;
        let send_all = move || {
            for (sender, signature) in signatures {
                // The call may be dropped meanwhile. Then nothing is sent.
                let _ = sender.send(signature);
            }
        };
        match is_one {
            true => send_all(),
            false => drop(runtime.spawn(async move { send_all() })),
        }
    }
}

impl SigningThread<'_> {
    /// Takes the next request, and returns how many others wait. Without one, the thread's place becomes free under the
    /// same lock, so that a request that comes a moment later gets a new thread.
    fn next(&mut self) -> Option<(Job, usize)> {
        let mut state = self.waiting.lock();
        let job = state.jobs.pop_front();
        if job.is_none() {
            state.threads -= 1;
            self.is_done = true;
        }
        job.map(|job| (job, state.jobs.len()))
    }
}

impl Drop for SigningThread<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.waiting.lock().threads -= 1;
        }
    }
}

impl fmt::Debug for Signers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signers")
    }
}
