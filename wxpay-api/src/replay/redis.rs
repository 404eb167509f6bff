use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{Client, ConnectionInfo, IntoConnectionInfo, RedisError};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::{
    Claim, DEFAULT_LEASE, DEFAULT_MEMORY, ReplayError, ReplayFuture, ReplayGuard, ReplayKeys,
    Ticket,
};

/// How long Redis may take, reconnecting included: WeChat Pay waits 5 seconds for an answer
/// (docs/protocol/notifications.md §8.3).
const PATIENCE: Duration = Duration::from_secs(2);

/// Claims every key, or says what stands in the way. A script is one step to all other clients.
const CLAIM: &str = "\
local claimed = false
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if value == 'done' then return 'done' end
  claimed = claimed or value
end
if claimed then return 'claimed' end
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'NX', 'PX', ARGV[2]) end
return 'new'";

/// Notes that the keys are done, unless one of them is another's by now.
const COMPLETE: &str = "\
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if value and value ~= ARGV[1] then return 'lost' end
end
for _, key in ipairs(KEYS) do redis.call('SET', key, 'done', 'PX', ARGV[2]) end
return 'done'";

/// Gives back those keys that are still the ticket's.
const RELEASE: &str = "\
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
return 'released'";

/// A guard in Redis, for a service that runs more than once.
///
/// It connects when it is first used, and again when the connection broke. Redis must not evict keys when
/// its memory is full (`maxmemory-policy noeviction`): to a guard, an event whose key is gone is new.
/// For `rediss://` add the crate `redis` with its feature `tokio-rustls-comp` to your own dependencies.
#[derive(Clone)]
pub struct RedisReplayGuard {
    runtime: Handle,
    connection: ConnectionManager,
    prefix: String,
    lease: Duration,
    memory: Duration,
}

impl RedisReplayGuard {
    /// A guard with [`DEFAULT_LEASE`], [`DEFAULT_MEMORY`] and the prefix `wxpay:replay:` before each key.
    ///
    /// `url` is `redis://[user:password@]host[:port][/database]`, for one server, its proxy, or the leader
    /// of several. On a proxy of a cluster, choose a prefix with braces, such as `{wxpay}:`, which keeps the
    /// keys of a notification together.
    ///
    /// # Errors
    ///
    /// [`ReplayError::Store`] when the URL cannot be read, and outside a Tokio runtime. That the server
    /// cannot be reached is an error of each claim.
    pub fn new(url: &str) -> Result<Self, ReplayError> {
        let runtime = Handle::try_current().map_err(ReplayError::store)?;
        let client = url.into_connection_info().map(patient).and_then(Client::open);
        let client = client.map_err(ReplayError::store)?;
        // Each claim that finds the server gone tries once more to reach it.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let connection =
            ConnectionManager::new_lazy_with_config(client, config).map_err(ReplayError::store)?;
        let prefix = "wxpay:replay:".to_owned();
        Ok(Self { runtime, connection, prefix, lease: DEFAULT_LEASE, memory: DEFAULT_MEMORY })
    }

    /// How long a claim holds, in whole milliseconds. A handler that takes longer may see its event acted
    /// upon twice.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// How long it is remembered what was acted upon, in whole milliseconds; longer than WeChat Pay repeats
    /// it ([protocol §8.4]).
    ///
    /// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
    #[must_use]
    pub fn memory(self, memory: Duration) -> Self {
        Self { memory, ..self }
    }

    /// What each key in Redis begins with.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// Runs a script over the ticket's keys and token, and how long they shall stay.
    async fn run(
        &self,
        script: &str,
        ticket: &Ticket,
        stay: Duration,
    ) -> Result<String, ReplayError> {
        let keys: Vec<String> =
            ticket.keys().iter().map(|key| format!("{}{key}", self.prefix)).collect();
        let mut command = redis::cmd("EVAL");
        command.arg(script).arg(keys.len()).arg(keys);
        command.arg(format!("claimed by {}", ticket.token())).arg(stay.as_millis().to_string());
        let mut connection = self.connection.clone();
        let answer = timeout(PATIENCE, command.query_async(&mut connection)).await;
        answer.map_err(ReplayError::store)?.map_err(|error: RedisError| ReplayError::store(error))
    }

    /// Runs a script to its end, even if nobody waits for it any more: what was done has to be noted down,
    /// though WeChat Pay hung up and the handler was dropped.
    async fn see_through(
        &self,
        script: &'static str,
        ticket: Ticket,
        stay: Duration,
    ) -> Result<String, ReplayError> {
        let guard = self.clone();
        let run = async move { guard.run(script, &ticket, stay).await };
        self.runtime.spawn(run).await.map_err(ReplayError::store)?
    }
}

/// The connection breaks when nothing of it is acknowledged for so long, instead of after the system's quarter of
/// an hour. Elsewhere than on Linux the system's own time holds.
fn patient(server: ConnectionInfo) -> ConnectionInfo {
    let settings = TcpSettings::default();
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout(PATIENCE);
    server.set_tcp_settings(settings)
}

impl ReplayGuard for RedisReplayGuard {
    fn claim<'a>(&'a self, keys: &'a ReplayKeys) -> ReplayFuture<'a, Claim> {
        Box::pin(async move {
            let ticket = Ticket::new(keys)?;
            match self.run(CLAIM, &ticket, self.lease).await?.as_str() {
                "new" => Ok(Claim::New(ticket)),
                "claimed" => Ok(Claim::InProgress),
                "done" => Ok(Claim::Done),
                other => Err(unexpected(other)),
            }
        })
    }

    fn complete(&self, ticket: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async move {
            match self.see_through(COMPLETE, ticket, self.memory).await?.as_str() {
                "done" => Ok(()),
                "lost" => Err(ReplayError::LeaseLost),
                other => Err(unexpected(other)),
            }
        })
    }

    fn release(&self, ticket: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async move { self.see_through(RELEASE, ticket, self.lease).await.map(drop) })
    }
}

/// Shows no password of the URL.
impl std::fmt::Debug for RedisReplayGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisReplayGuard")
            .field("prefix", &self.prefix)
            .field("lease", &self.lease)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

fn unexpected(answer: &str) -> ReplayError {
    ReplayError::store(format!("Redis answered `{answer}`, which the script does not say"))
}
