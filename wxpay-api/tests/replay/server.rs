//! A Redis server for one test.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wxpay_api::replay::{RedisReplayGuard, ReplayGuard};

/// A server on its own port, which keeps nothing on disk. Dropping this ends it.
pub(crate) struct RedisServer {
    port: u16,
    folder: TempDir,
    process: Option<Child>,
}

/// Starts a server. If Redis is not installed, the test prints that it is skipped; on CI it fails.
pub(crate) async fn redis() -> Option<RedisServer> {
    let folder = tempfile::tempdir().unwrap();
    let mut server = RedisServer { port: 0, folder, process: None };
    for _ in 0..5 {
        server.port = free_port();
        match server.try_start() {
            Ok(()) => return Some(server),
            Err(error) if error.kind() == ErrorKind::NotFound => return skip(),
            // Another process may have taken the port meanwhile.
            Err(_) => {}
        }
    }
    panic!("redis-server is installed, but does not start");
}

fn skip() -> Option<RedisServer> {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "redis-server is not installed");
    let thread = std::thread::current();
    let test = thread.name().unwrap_or_default();
    // Unlike `eprintln!`, this is shown when the test passes.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: redis-server is not installed");
    None
}

impl RedisServer {
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn guard(&self, lease: Duration, memory: Duration) -> Arc<dyn ReplayGuard> {
        Arc::new(RedisReplayGuard::new(&self.url()).unwrap().lease(lease).memory(memory))
    }

    /// Ends the server, which loses everything it remembers.
    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it again on the same port.
    pub(crate) fn start(&mut self) {
        self.try_start().unwrap();
    }

    fn try_start(&mut self) -> std::io::Result<()> {
        let mut process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .spawn()?;
        let started = Instant::now();
        while !self.answers_as(process.id()).unwrap_or(false) {
            if process.try_wait()?.is_some() || started.elapsed() > Duration::from_secs(5) {
                let _ = process.kill();
                process.wait()?;
                return Err(ErrorKind::AddrInUse.into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.process = Some(process);
        Ok(())
    }

    /// Whether this server listens on the port, not another test's.
    fn answers_as(&self, pid: u32) -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(b"INFO server\r\nQUIT\r\n")?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response.contains(&format!("process_id:{pid}\r\n")))
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Returns a port on which no process listens now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
