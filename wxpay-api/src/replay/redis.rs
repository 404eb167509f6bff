//! The replay guard in Redis, for several processes.

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

/// How long Redis may take, with reconnecting. WeChat Pay waits 5 seconds for the response to a notification
/// (docs/protocol/notifications.md §8.3).
const TIMEOUT: Duration = Duration::from_secs(2);

/// Claims every key, or none if one is claimed or done. Redis runs a script without interruption.
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

/// Marks the keys as done, unless another ticket has one of them.
const COMPLETE: &str = "\
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if value and value ~= ARGV[1] then return 'lost' end
end
for _, key in ipairs(KEYS) do redis.call('SET', key, 'done', 'PX', ARGV[2]) end
return 'done'";

/// Releases the keys that still belong to the ticket.
const RELEASE: &str = "\
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
return 'released'";

/// A guard in Redis, for a service with several instances.
///
/// It connects on first use, and reconnects after the connection broke. Redis must not evict keys when its memory is
/// full (`maxmemory-policy noeviction`): without its key, a handled event looks new. For `rediss://`, add the crate `redis` with its feature `tokio-rustls-comp` to your own dependencies.
#[derive(Clone)]
pub struct RedisReplayGuard {
    runtime: Handle,
    connection: ConnectionManager,
    prefix: String,
    lease: Duration,
    memory: Duration,
}

impl RedisReplayGuard {
    /// Creates a guard with [`DEFAULT_LEASE`], [`DEFAULT_MEMORY`] and the prefix `wxpay:replay:`.
    ///
    /// `url` is `redis://[user:password@]host[:port][/database]`: one server, its proxy, or the leader of several. For the
    /// proxy of a cluster, choose a prefix with braces, such as `{wxpay}:`. It keeps the keys of a notification on one
    /// server.
    ///
    /// # Errors
    ///
    /// [`ReplayError::Store`] if the URL is invalid, and outside a Tokio runtime. A server that cannot be reached is an
    /// error of each claim instead.
    pub fn new(url: &str) -> Result<Self, ReplayError> {
        let runtime = Handle::try_current().map_err(ReplayError::store)?;
        let client = url.into_connection_info().map(with_timeout).and_then(Client::open);
        let client = client.map_err(ReplayError::store)?;
        // Without retries here, each claim tries to reconnect once.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        let connection =
            ConnectionManager::new_lazy_with_config(client, config).map_err(ReplayError::store)?;
        let prefix = "wxpay:replay:".to_owned();
        Ok(Self { runtime, connection, prefix, lease: DEFAULT_LEASE, memory: DEFAULT_MEMORY })
    }

    /// Sets how long a claim holds, in whole milliseconds. If a handler takes longer, its event may be handled twice.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Sets how long the guard remembers handled events, in whole milliseconds. It must be longer than WeChat Pay
    /// repeats notifications ([protocol §8.4]).
    ///
    /// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
    #[must_use]
    pub fn memory(self, memory: Duration) -> Self {
        Self { memory, ..self }
    }

    /// Sets the prefix of each key in Redis.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// Runs a script with the ticket's keys and token. The keys stay in Redis for `stay`.
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
        let response = timeout(TIMEOUT, command.query_async(&mut connection)).await;
        response.map_err(ReplayError::store)?.map_err(|error: RedisError| ReplayError::store(error))
    }

    /// Runs a script to its end, even if the caller is dropped: a handled event must be recorded although WeChat Pay
    /// closed the connection.
    async fn run_to_end(
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

/// Breaks a connection whose packets stay unacknowledged, without waiting the system's quarter of an hour. Works on Linux
/// only.
fn with_timeout(server: ConnectionInfo) -> ConnectionInfo {
    let settings = TcpSettings::default();
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout(TIMEOUT);
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
            match self.run_to_end(COMPLETE, ticket, self.memory).await?.as_str() {
                "done" => Ok(()),
                "lost" => Err(ReplayError::LeaseLost),
                other => Err(unexpected(other)),
            }
        })
    }

    fn release(&self, ticket: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async move { self.run_to_end(RELEASE, ticket, self.lease).await.map(drop) })
    }
}

/// Omits the URL, which may have a password.
impl std::fmt::Debug for RedisReplayGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisReplayGuard")
            .field("prefix", &self.prefix)
            .field("lease", &self.lease)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

fn unexpected(response: &str) -> ReplayError {
    ReplayError::store(format!("Redis returned `{response}`, which the script never returns"))
}
