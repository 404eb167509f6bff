//! The proxy between client and sandbox: passes exchanges on, injects faults, and attacks. It logs what it did to each call.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::sleep;
use wxpay_api::sandbox::Sandbox;

use super::attack::{Attack, Forgery, choose};
use super::message::{Message, exchange, read_request, spoiled};
use crate::report::Failure;

/// The header that names the call of a request. It is not signed.
pub(crate) const CALL: &str = "X-Soak-Call";

/// How many responses the attacker keeps: the latest, and the first of all.
const KEPT: usize = 64;

/// How old a signed response may be. A second more is for the fractions of the clock.
pub(crate) const FRESH: Duration = Duration::from_secs(301);

/// What the proxy did to one attempt of a call.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    pub(crate) attack: Attack,
    /// How often the request was forwarded.
    pub(crate) forwarded: usize,
    /// The bodies of the responses that the sandbox made for this call.
    pub(crate) genuine: Vec<Bytes>,
    pub(crate) delivered: Delivered,
}

/// What the client got.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Delivered {
    Nothing,
    /// What the sandbox sent, faults included.
    Sent(u16),
    Changed(u16),
    /// A whole earlier response, of another call, with its age.
    Replayed(Duration),
}

impl Passage {
    /// Whether the client got a response that is too old to be believed.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.delivered, Delivered::Replayed(age) if age > FRESH)
    }
}

impl fmt::Display for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attack, forwarded, genuine, delivered } = self;
        let genuine: Vec<_> = genuine.iter().map(|body| String::from_utf8_lossy(body)).collect();
        write!(f, "{attack:?}, forwarded {forwarded} times, responses {genuine:?}, {delivered:?}")
    }
}

/// A proxy of one sandbox. Dropping it ends it and its connections to come.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) url: String,
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    sandbox: Arc<Sandbox>,
    upstream: String,
    seed: u64,
    replaces: bool,
    /// Whether everything passes as it is.
    is_clean: AtomicBool,
    /// One exchange at a time, so that an injected fault meets the exchange that it is for.
    turn: tokio::sync::Mutex<()>,
    /// The exchanges that are not over, although their client may be gone.
    active: AtomicUsize,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    log: HashMap<String, Vec<Passage>>,
    latest: VecDeque<(String, Message)>,
    oldest: Vec<(String, Message)>,
}

impl Proxy {
    pub(crate) async fn start(
        sandbox: &Arc<Sandbox>,
        seed: u64,
        replaces: bool,
    ) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            sandbox: Arc::clone(sandbox),
            upstream: sandbox.url().trim_start_matches("http://").to_owned(),
            seed,
            replaces,
            is_clean: AtomicBool::new(true),
            turn: tokio::sync::Mutex::default(),
            active: AtomicUsize::new(0),
            seen: Mutex::default(),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Ok(Self { url, shared, task })
    }

    /// Sets whether everything passes as it is.
    pub(crate) fn set_clean(&self, is_clean: bool) {
        self.shared.is_clean.store(is_clean, Ordering::SeqCst);
    }

    /// Waits until every exchange is over, those of cancelled calls included.
    pub(crate) async fn quiet(&self) {
        while self.shared.active.load(Ordering::SeqCst) > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Takes the log of all calls since the last time.
    pub(crate) fn take_log(&self) -> HashMap<String, Vec<Passage>> {
        std::mem::take(&mut self.shared.seen().log)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, Arc::clone(&shared)));
    }
}

/// Serves the requests of one connection, until one side or an attack ends it.
async fn connection(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut buffer = BytesMut::new();
    // Errors of the client's connection end it, as a cancelled call does.
    while let Ok(Some(request)) = read_request(&mut stream, &mut buffer, CALL).await {
        shared.active.fetch_add(1, Ordering::SeqCst);
        let (attack, response) = shared.respond(request.call.as_deref(), &request.bytes).await;
        shared.active.fetch_sub(1, Ordering::SeqCst);
        let Some(response) = response else { return };
        if deliver(&mut stream, &attack, &response).await.is_err() || !response.is_whole {
            return;
        }
    }
}

async fn deliver(
    stream: &mut TcpStream,
    attack: &Attack,
    response: &Message,
) -> std::io::Result<()> {
    let bytes = response.to_bytes();
    match attack {
        Attack::Truncate(share) => {
            let (part, _) = bytes.split_at(bytes.len() * share / 100);
            stream.write_all(part).await?;
            Err(std::io::ErrorKind::ConnectionAborted.into())
        }
        Attack::Slow { piece, pause } => {
            for piece in bytes.chunks(*piece) {
                stream.write_all(piece).await?;
                sleep(*pause).await;
            }
            Ok(())
        }
        Attack::Late(delay) => {
            sleep(*delay).await;
            stream.write_all(&bytes).await
        }
        _ => stream.write_all(&bytes).await,
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the exchange, and returns what the client gets.
    async fn respond(&self, call: Option<&str>, request: &[u8]) -> (Attack, Option<Message>) {
        let turn = self.turn.lock().await;
        let name = call.unwrap_or_default();
        let attempt = self.seen().log.get(name).map_or(0, Vec::len);
        let is_clean = call.is_none() || self.is_clean.load(Ordering::SeqCst);
        let attack =
            if is_clean { Attack::Pass } else { choose(self.seed, name, attempt, self.replaces) };
        if let Attack::Fault(fault) = &attack {
            self.sandbox.inject_fault(fault.clone());
        }
        let times = match attack {
            Attack::Withhold | Attack::Replay { withheld: true, .. } => 0,
            Attack::Duplicate { .. } => 2,
            _ => 1,
        };
        let request = match attack {
            Attack::SpoilRequest => spoiled(request),
            _ => request.to_vec(),
        };
        let mut responses = Vec::new();
        for _ in 0..times {
            responses.extend(Message::parse(&exchange(&self.upstream, &request).await));
        }
        let mut seen = self.seen();
        let (delivered, response) = seen.attacked(name, &attack, &responses);
        let genuine = responses.iter().map(|it| it.body.clone()).collect();
        let passage = Passage { attack: attack.clone(), forwarded: times, genuine, delivered };
        if call.is_some() {
            seen.log.entry(name.to_owned()).or_default().push(passage);
            seen.keep(name, responses);
        }
        drop((seen, turn));
        (attack, response)
    }
}

impl Seen {
    /// Keeps whole responses for later attacks.
    fn keep(&mut self, call: &str, responses: Vec<Message>) {
        for response in responses
            .into_iter()
            .filter(|it| it.is_whole && it.header("wechatpay-signature").is_some())
        {
            if self.oldest.len() < KEPT {
                self.oldest.push((call.to_owned(), response.clone()));
            }
            self.latest.push_back((call.to_owned(), response));
            if self.latest.len() > KEPT {
                self.latest.pop_front();
            }
        }
    }

    /// Returns a kept response of another call. Which one follows from the call's name.
    fn other(&self, call: &str, oldest: bool) -> Option<&Message> {
        let index = call.bytes().map(usize::from).sum::<usize>();
        let others: Vec<_> = match oldest {
            true => self.oldest.iter().filter(|(of, _)| of != call).collect(),
            false => self.latest.iter().filter(|(of, _)| of != call).collect(),
        };
        others.get(index % others.len().max(1)).map(|(_, response)| response)
    }

    /// Returns what the client gets.
    fn attacked(
        &self,
        call: &str,
        attack: &Attack,
        responses: &[Message],
    ) -> (Delivered, Option<Message>) {
        let first = responses.first().cloned();
        let sent = |response: Option<Message>| {
            let status = response.as_ref().map(|it| it.status);
            (status.map_or(Delivered::Nothing, Delivered::Sent), response)
        };
        match attack {
            Attack::Withhold | Attack::Swallow => (Delivered::Nothing, None),
            Attack::Duplicate { second: true } => sent(responses.last().cloned()),
            Attack::Replay { oldest, .. } => match self.other(call, *oldest).cloned() {
                Some(replayed) => {
                    let age = Instant::now().duration_since(replayed.at);
                    (Delivered::Replayed(age), Some(replayed))
                }
                None => sent(first),
            },
            Attack::Forge(forgery) => match first {
                Some(mut response) => {
                    forge(&mut response, forgery, self.other(call, false));
                    (Delivered::Changed(response.status), Some(response))
                }
                None => (Delivered::Nothing, None),
            },
            _ => sent(first),
        }
    }
}

/// Changes a response as an attacker without keys can.
fn forge(response: &mut Message, forgery: &Forgery, other: Option<&Message>) {
    match forgery {
        Forgery::Body => {
            if let Some(other) = other {
                response.body = other.body.clone();
            }
        }
        Forgery::Signature => {
            if let Some(other) = other {
                for name in ["timestamp", "nonce", "signature", "serial"] {
                    response.take(&format!("wechatpay-{name}"), other);
                }
            }
        }
        Forgery::ByteOfBody => {
            let mut body = response.body.to_vec();
            let middle = body.len() / 2;
            if let Some(byte) = body.get_mut(middle) {
                *byte ^= 1;
            }
            response.body = body.into();
        }
        Forgery::ByteOfSignature => {
            let changed = response
                .header("wechatpay-signature")
                .map(|it| it.chars().rev().collect::<String>());
            response.headers.retain(|(name, _)| name != "wechatpay-signature");
            response.headers.extend(changed.map(|it| ("wechatpay-signature".to_owned(), it)));
        }
        Forgery::Status(status) => response.status = *status,
        Forgery::Strip(names) => {
            response.headers.retain(|(name, _)| !names.contains(&name.as_str()))
        }
        Forgery::Refusal(status, code) => {
            unsigned(response, *status, format!(r#"{{"code":"{code}","message":"forged"}}"#));
        }
        Forgery::Page(status) => unsigned(response, *status, "<html>gateway</html>".to_owned()),
        Forgery::Success => {
            unsigned(response, 200, r#"{"prepay_id":"forged","state":"SUCCESS"}"#.to_owned())
        }
    }
}

fn unsigned(response: &mut Message, status: u16, body: String) {
    response.status = status;
    response.headers.retain(|(name, _)| !name.starts_with("wechatpay-"));
    response.body = body.into();
    response.is_whole = true;
}
