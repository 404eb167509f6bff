//! The processes of the soak: redis-server, and the merchant's servers. Dropping one ends it.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::report::Failure;

/// How long a process may take to start.
const START: Duration = Duration::from_secs(30);

/// A process that may be killed and started again.
#[derive(Debug)]
struct Process(Option<Child>);

impl Process {
    /// Kills it, and waits until it is gone.
    fn kill(&mut self) -> Result<(), Failure> {
        if let Some(mut child) = self.0.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    fn start(&mut self, command: &mut Command) -> Result<(), Failure> {
        self.0 = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?);
        Ok(())
    }

    /// Waits until it is ready, unless it ended.
    fn wait_until(&mut self, is_ready: impl Fn() -> bool) -> Result<(), Failure> {
        let begun = Instant::now();
        while !is_ready() {
            if !self.is_running()? {
                return Err("a process of the soak ended while it started".into());
            }
            if begun.elapsed() > START {
                return Err("a process of the soak did not start".into());
            }
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn is_running(&mut self) -> Result<bool, Failure> {
        Ok(match &mut self.0 {
            Some(child) => child.try_wait()?.is_none(),
            None => false,
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A process that is gone already needs no kill.
        let _ = self.kill();
    }
}

/// A redis-server that writes every change to the disk before it responds.
#[derive(Debug)]
pub(crate) struct Redis {
    port: u16,
    folder: PathBuf,
    password: String,
    process: Process,
}

impl Redis {
    pub(crate) fn start(folder: &Path, password: &str) -> Result<Self, Failure> {
        let (folder, password) = (folder.to_owned(), password.to_owned());
        let mut redis = Self { port: free_port()?, folder, password, process: Process(None) };
        redis.restart()?;
        Ok(redis)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}", self.password, self.port)
    }

    /// Kills it with SIGKILL.
    pub(crate) fn kill(&mut self) -> Result<(), Failure> {
        self.process.kill()
    }

    /// Starts it on the same port, with what is on the disk.
    pub(crate) fn restart(&mut self) -> Result<(), Failure> {
        let mut command = Command::new("redis-server");
        command
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--requirepass", &self.password, "--save", ""])
            .args(["--appendonly", "yes", "--appendfsync", "always", "--dir"])
            .arg(&self.folder);
        self.process.start(&mut command)?;
        let (port, password) = (self.port, self.password.clone());
        self.process.wait_until(|| responds(port, &password).unwrap_or(false))
    }
}

/// Returns whether Redis has loaded its file and responds.
fn responds(port: u16, password: &str) -> Result<bool, Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(format!("AUTH {password}\r\nGET none\r\nQUIT\r\n").as_bytes())?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response.contains("$-1\r\n"))
}

/// One of the merchant's servers.
#[derive(Debug)]
pub(crate) struct ServerProcess {
    folder: PathBuf,
    index: usize,
    port: u16,
    /// How often it was started.
    pub(crate) starts: usize,
    process: Process,
}

impl ServerProcess {
    pub(crate) fn start(folder: &Path, index: usize, port: u16) -> Result<Self, Failure> {
        let folder = folder.to_owned();
        let mut server = Self { folder, index, port, starts: 0, process: Process(None) };
        server.restart()?;
        Ok(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/notify", self.port)
    }

    /// Kills it with SIGKILL.
    pub(crate) fn kill(&mut self) -> Result<(), Failure> {
        self.process.kill()
    }

    pub(crate) fn restart(&mut self) -> Result<(), Failure> {
        let log = OpenOptions::new().create(true).append(true).open(self.log())?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("server").arg(&self.folder).arg(self.index.to_string()).stderr(log);
        self.starts += 1;
        self.process.start(&mut command)?;
        let port = self.port;
        self.process.wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_ok())
    }

    /// The file with everything that it traced and printed.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join(format!("log-{}", self.index))
    }

    /// The process, while it runs.
    pub(crate) fn pid(&mut self) -> Result<Option<u32>, Failure> {
        Ok(match self.process.is_running()? {
            true => self.process.0.as_ref().map(Child::id),
            false => None,
        })
    }
}

/// Returns a port on which no process listens now.
pub(crate) fn free_port() -> Result<u16, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
