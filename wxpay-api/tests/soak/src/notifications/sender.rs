//! Sends notifications as WeChat Pay does: until each is acknowledged, a hundred times faster.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderMap, HeaderValue};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::plan::{Forgery, Item, Kind};
use super::wechat_pay::{Body, WechatPay};
use crate::report::Failure;

/// The official pauses between attempts in seconds, up to the sixth: the others are longer.
const PAUSES: [u64; 6] = [15, 15, 30, 180, 300, 300];
const FASTER: u32 = 100;
/// WeChat Pay's attempts. A soak on a busy machine needs as many.
const ATTEMPTS: usize = 16;
/// How long WeChat Pay waits for a response. This is not compressed.
const PATIENCE: Duration = Duration::from_secs(5);
/// The first attempts of a notification whose handler stalls go to one server.
const TO_ONE_SERVER: usize = 3;

/// What sends the notifications of one phase.
#[derive(Debug)]
pub(crate) struct Sender {
    pub(crate) wechat_pay: Arc<WechatPay>,
    pub(crate) urls: Vec<String>,
    /// The certificates that sign, by turns.
    pub(crate) signers: Vec<usize>,
    pub(crate) at_once: usize,
    pub(crate) seed: u64,
    /// How many notifications are settled.
    pub(crate) settled: AtomicUsize,
    pub(crate) http: reqwest::Client,
}

/// A notification, and what came of it.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) item: Item,
    pub(crate) id: String,
    pub(crate) attempts: Vec<Attempt>,
}

#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) copy: Copy,
    pub(crate) sent: Instant,
    pub(crate) responded: Instant,
    /// Status and body; `None` if no response came.
    pub(crate) response: Option<(u16, String)>,
}

/// Which copy of a notification it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Copy {
    First,
    /// One of WeChat Pay's probes in place of the first.
    Probe,
    /// At the same time over a second link.
    Twin,
    /// After the first was acknowledged.
    Late,
    Forged,
}

impl Attempt {
    pub(crate) fn is_acknowledged(&self) -> bool {
        matches!(self.response, Some((200 | 204, _)))
    }
}

impl Sender {
    /// Sends all of them, so many at once, and returns what came of each.
    pub(crate) async fn send_all(self: Arc<Self>, items: Vec<Item>) -> Result<Vec<Sent>, Failure> {
        let permits = Arc::new(Semaphore::new(self.at_once));
        let mut tasks = JoinSet::new();
        let mut all = Vec::new();
        for item in items {
            let permit = Arc::clone(&permits).acquire_owned().await?;
            let sender = Arc::clone(&self);
            tasks.spawn(async move {
                let sent = sender.send(item).await;
                sender.settled.fetch_add(1, Ordering::Relaxed);
                drop(permit);
                sent
            });
            while let Some(finished) = tasks.try_join_next() {
                all.push(finished??);
            }
        }
        while let Some(finished) = tasks.join_next().await {
            all.push(finished??);
        }
        Ok(all)
    }

    async fn send(&self, item: Item) -> Result<Sent, Failure> {
        let number = u64::try_from(item.number)?;
        let mut rng = Rng::with_seed(self.seed.wrapping_mul(1_000_003).wrapping_add(number));
        let body = self.wechat_pay.body(item)?;
        let attempts = match item.kind {
            Kind::Forged(forgery) => self.forged(&body, forgery, &mut rng).await?,
            Kind::Copied => self.copied(&body, &mut rng).await?,
            Kind::Probed => {
                let headers = self.wechat_pay.probe(&body, self.signer(&mut rng))?;
                let server = rng.usize(..self.urls.len());
                let mut attempts = self
                    .until_responded(Copy::Probe, server, (headers, body.bytes.clone()))
                    .await?;
                attempts.extend(self.until_acknowledged(&body, Copy::First, None, &mut rng).await?);
                attempts
            }
            Kind::Stalled(_) => {
                self.until_acknowledged(&body, Copy::First, Some(1), &mut rng).await?
            }
            Kind::Genuine => self.until_acknowledged(&body, Copy::First, None, &mut rng).await?,
        };
        Ok(Sent { item, id: body.id, attempts })
    }

    /// Sends a copy to each server at the same moment, and one more after both were acknowledged.
    async fn copied(&self, body: &Body, rng: &mut Rng) -> Result<Vec<Attempt>, Failure> {
        let (mut one, mut other) = (rng.fork(), rng.fork());
        let (first, twin) = tokio::join!(
            self.until_acknowledged(body, Copy::First, Some(0), &mut one),
            self.until_acknowledged(body, Copy::Twin, Some(1), &mut other),
        );
        let mut attempts = first?;
        attempts.extend(twin?);
        attempts.extend(self.until_acknowledged(body, Copy::Late, None, rng).await?);
        Ok(attempts)
    }

    async fn forged(
        &self,
        body: &Body,
        forgery: Forgery,
        rng: &mut Rng,
    ) -> Result<Vec<Attempt>, Failure> {
        let forged = self.wechat_pay.forge(body, self.signer(rng), forgery)?;
        self.until_responded(Copy::Forged, rng.usize(..self.urls.len()), forged).await
    }

    /// Sends copies with new signatures until the server acknowledges one.
    async fn until_acknowledged(
        &self,
        body: &Body,
        copy: Copy,
        first_to: Option<usize>,
        rng: &mut Rng,
    ) -> Result<Vec<Attempt>, Failure> {
        let mut attempts: Vec<Attempt> = Vec::new();
        for made in 0..ATTEMPTS {
            let server = match first_to {
                Some(server) if made < TO_ONE_SERVER => server,
                _ => rng.usize(..self.urls.len()),
            };
            let headers = self.wechat_pay.sign(body, self.signer(rng))?;
            let attempt = self.attempt(copy, server, headers, body.bytes.clone()).await?;
            let acknowledged = attempt.is_acknowledged();
            attempts.push(attempt);
            if acknowledged {
                break;
            }
            sleep(pause(made)).await;
        }
        Ok(attempts)
    }

    /// Sends the same bytes until any response comes: a server may just be away.
    async fn until_responded(
        &self,
        copy: Copy,
        mut server: usize,
        (headers, body): (HeaderMap, Bytes),
    ) -> Result<Vec<Attempt>, Failure> {
        let mut attempts = Vec::new();
        for made in 0..ATTEMPTS {
            let attempt = self.attempt(copy, server, headers.clone(), body.clone()).await?;
            let responded = attempt.response.is_some();
            attempts.push(attempt);
            if responded {
                break;
            }
            server = (server + 1) % self.urls.len();
            sleep(pause(made)).await;
        }
        Ok(attempts)
    }

    async fn attempt(
        &self,
        copy: Copy,
        server: usize,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<Attempt, Failure> {
        let url = self.urls.get(server).ok_or("no such server")?;
        headers.insert("Content-Type", HeaderValue::from_static("application/json"));
        let sent = Instant::now();
        let request = self.http.post(url).headers(headers).body(body).timeout(PATIENCE).send();
        let response = match request.await {
            Ok(response) => {
                let status = response.status().as_u16();
                response.text().await.ok().map(|body| (status, body))
            }
            Err(_) => None,
        };
        Ok(Attempt { copy, sent, responded: Instant::now(), response })
    }

    fn signer(&self, rng: &mut Rng) -> usize {
        rng.choice(&self.signers).copied().unwrap_or(0)
    }
}

fn pause(made: usize) -> Duration {
    let seconds = PAUSES.get(made).or(PAUSES.last()).copied().unwrap_or(0);
    Duration::from_secs(seconds) / FASTER
}
