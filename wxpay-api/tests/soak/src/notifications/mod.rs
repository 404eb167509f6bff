//! The soak of notifications: two servers that share one Redis, forgeries, copies, a rotation of certificates, and kills.

mod judge;
mod log;
mod plan;
mod processes;
mod records;
mod sender;
mod server;
mod summary;
mod wechat_pay;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use wxpay_api::sandbox::Sandbox;

use crate::report::Failure;
use crate::usage;
use plan::{Forgery, Item, Kind, Stall};
use processes::{Redis, ServerProcess, free_port};
use sender::{Sender, Sent};
use server::Settings;
use wechat_pay::WechatPay;

/// Redis has it in its URL, which no log may show.
const PASSWORD: &str = "soak-redis-password";
const SERVERS: usize = 2;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many notifications are sent.
    #[arg(long, default_value_t = 20_000)]
    count: usize,
    /// How many are in flight.
    #[arg(long, default_value_t = 64)]
    at_once: usize,
    /// The least seconds between two downloads of certificates by one server.
    #[arg(long, default_value_t = 20)]
    pause: u64,
    /// The seconds of a claim's lease. Handlers take some milliseconds.
    #[arg(long, default_value_t = 5)]
    lease: u64,
    /// The milliseconds for which Redis is away.
    #[arg(long, default_value_t = 2000)]
    away: u64,
    /// Repeats the choices of a run.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs the soak. Returns whether every promise held.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("notifications --count {} --seed {seed}", options.count);
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let mut soak = Soak::start(options, seed, &runtime)?;
    soak.send(options.count, seed)?;
    soak.report(options)
}

/// Serves as one of the servers until the process is killed.
pub(crate) fn serve(folder: &Path, index: usize) -> Result<(), Failure> {
    Builder::new_multi_thread().enable_all().build()?.block_on(server::serve(folder, index))
}

/// The processes, and what was found out so far.
struct Soak<'r> {
    runtime: &'r Runtime,
    folder: tempfile::TempDir,
    wechat_pay: Arc<WechatPay>,
    redis: Redis,
    servers: Vec<ServerProcess>,
    at_once: usize,
    seed: u64,
    pause: Duration,
    away: Duration,
    http: reqwest::Client,
    begun: Instant,
    sent: Vec<Sent>,
    found: Found,
}

/// What happened on the way.
#[derive(Debug, Default)]
struct Found {
    away: Option<(Instant, Instant)>,
    downloads_of_rotation: usize,
    after_rotation: Vec<String>,
    memory: (u64, u64),
}

impl<'r> Soak<'r> {
    fn start(options: &Options, seed: u64, runtime: &'r Runtime) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        for name in ["effects", "stalls", "redis", "keys"] {
            fs::create_dir(folder.path().join(name))?;
        }
        let sandbox = runtime.block_on(Sandbox::builder().certificate_mode().start())?;
        let redis = Redis::start(&folder.path().join("redis"), PASSWORD)?;
        let pause = Duration::from_secs(options.pause);
        let ports = (0..SERVERS).map(|_| free_port()).collect::<Result<Vec<_>, _>>()?;
        let settings = Settings {
            lease: Duration::from_secs(options.lease),
            at_least_apart: pause,
            ..settings(&sandbox, folder.path(), &redis, &ports)?
        };
        fs::write(folder.path().join(Settings::FILE), serde_json::to_vec(&settings)?)?;
        let mut servers = Vec::new();
        for (index, port) in ports.into_iter().enumerate() {
            servers.push(ServerProcess::start(folder.path(), index, port)?);
        }
        Ok(Self {
            runtime,
            folder,
            wechat_pay: Arc::new(WechatPay::new(Arc::new(sandbox))?),
            redis,
            servers,
            at_once: options.at_once,
            seed,
            pause,
            away: Duration::from_millis(options.away),
            http: reqwest::Client::builder().no_proxy().build()?,
            begun: Instant::now(),
            sent: Vec::new(),
            found: Found::default(),
        })
    }

    /// Sends all notifications in four phases: by the old certificate, by the new one, by both with kills, by the new one.
    fn send(&mut self, count: usize, seed: u64) -> Result<(), Failure> {
        let mut items = plan::plan(count, &mut fastrand::Rng::with_seed(seed));
        let last = items.split_off(count * 9 / 10);
        let mut mixed = items.split_off(count * 45 / 100);
        let burst = items.split_off(count * 4 / 10);
        let half = items.split_off(items.len() / 2);

        self.phase(items, &[0])?;
        self.found.memory.0 = self.memory()?;
        self.phase(half, &[0])?;
        mixed.extend(self.rotate(burst)?);
        add_stalls(&mut mixed, count);
        self.with_kills(mixed)?;
        self.phase(last, &[1])?;
        self.found.memory.1 = self.memory()?;
        Ok(())
    }

    fn phase(&mut self, items: Vec<Item>, signers: &[usize]) -> Result<(), Failure> {
        let (_, task) = self.begin(items, signers);
        self.sent.extend(self.runtime.block_on(task)??);
        Ok(())
    }

    fn begin(
        &self,
        items: Vec<Item>,
        signers: &[usize],
    ) -> (Arc<Sender>, JoinHandle<Result<Vec<Sent>, Failure>>) {
        let sender = Arc::new(Sender {
            wechat_pay: Arc::clone(&self.wechat_pay),
            urls: self.servers.iter().map(ServerProcess::url).collect(),
            signers: signers.to_vec(),
            at_once: self.at_once,
            seed: self.seed,
            settled: AtomicUsize::new(0),
            http: self.http.clone(),
        });
        (Arc::clone(&sender), self.runtime.spawn(sender.send_all(items)))
    }

    /// Lists a new certificate, then signs with it alone. Returns the notifications that are for later: forged serials
    /// may use up the right to download.
    fn rotate(&mut self, items: Vec<Item>) -> Result<Vec<Item>, Failure> {
        let is_forged = |item: &Item| item.kind == Kind::Forged(Forgery::UnknownSerial);
        let (later, burst): (Vec<_>, Vec<_>) = items.into_iter().partition(is_forged);
        self.wechat_pay = Arc::new(self.wechat_pay.rotated()?);
        sleep(self.pause + Duration::from_millis(200));
        let (before, first) = (self.wechat_pay.downloads()?, self.sent.len());
        self.phase(burst, &[1])?;
        self.found.downloads_of_rotation = self.wechat_pay.downloads()? - before;
        let is_late = |one: &&Sent| one.item.kind == Kind::Genuine && one.attempts.len() != 1;
        let burst = self.sent.iter().skip(first);
        self.found.after_rotation = burst.filter(is_late).map(|one| format!("{one:?}")).collect();
        Ok(later)
    }

    /// Sends while Redis is killed and comes back, and while servers are killed inside their handlers.
    fn with_kills(&mut self, items: Vec<Item>) -> Result<(), Failure> {
        let count = items.len();
        let (sender, task) = self.begin(items, &[0, 1]);
        while sender.settled.load(Ordering::Relaxed) < count / 4 && !task.is_finished() {
            sleep(Duration::from_millis(5));
        }
        self.redis.kill()?;
        let from = Instant::now();
        sleep(self.away);
        self.found.away = Some((from, Instant::now()));
        self.redis.restart()?;
        while !task.is_finished() {
            self.kill_stalled()?;
            sleep(Duration::from_millis(50));
        }
        self.sent.extend(self.runtime.block_on(task)??);
        Ok(())
    }

    /// Kills the servers that stall in a handler, and starts them again.
    fn kill_stalled(&mut self) -> Result<(), Failure> {
        for entry in fs::read_dir(server::stall(self.folder.path(), ""))? {
            // An empty file is just being written.
            let pid = fs::read_to_string(entry?.path())?.parse().ok();
            for server in &mut self.servers {
                if pid.is_some() && server.pid()? == pid {
                    server.kill()?;
                    sleep(Duration::from_millis(300));
                    server.restart()?;
                }
            }
        }
        Ok(())
    }

    /// The memory of the first server, which is not killed.
    fn memory(&mut self) -> Result<u64, Failure> {
        let server = self.servers.first_mut().ok_or("there is no server")?;
        usage::resident(server.pid()?.ok_or("the server ended")?)
    }
}

/// Spreads notifications whose handlers stall over the second half.
fn add_stalls(items: &mut Vec<Item>, first_number: usize) {
    let stalls = [Stall::BeforeTheEffect, Stall::AfterTheEffect];
    for (index, stall) in stalls.iter().cycle().take(4).enumerate() {
        let item = Item { number: first_number + index, kind: Kind::Stalled(*stall) };
        let place = items.len() * (55 + 10 * index) / 100;
        items.insert(place, item);
    }
}

fn settings(
    sandbox: &Sandbox,
    folder: &Path,
    redis: &Redis,
    ports: &[u16],
) -> Result<Settings, Failure> {
    let config = sandbox.write_config(folder.join("keys"))?;
    let file = |file: Option<PathBuf>| file.ok_or("the sandbox wrote no key");
    Ok(Settings {
        ports: ports.to_vec(),
        url: sandbox.url().to_owned(),
        redis: redis.url(),
        lease: Duration::ZERO,
        at_least_apart: Duration::ZERO,
        mchid: sandbox.merchant().id().to_owned(),
        apiv3_key: sandbox.apiv3_key().to_owned(),
        certificate: file(config.certificate_file)?,
        private_key: file(config.private_key_file)?,
        platform_certificates: config.platform_certificate_files,
    })
}
