//! The processes of a measurement: the fixed server, and one for each subject.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};

use crate::Failure;
use crate::keys::{Keys, MERCHANT, PUBLIC_KEY_ID, SERIAL};
use crate::subject::ORDER;

/// What calls took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Used {
    calls: u32,
    wall: f64,
    cpu: f64,
    /// Resident memory after them, in KiB.
    pub(crate) resident: u64,
}

/// A process that ends with this value.
#[derive(Debug)]
pub(crate) struct Child {
    process: process::Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Child {
    /// Starts the fixed server, and returns its URL.
    pub(crate) fn server(keys: &Keys) -> Result<(Self, String), Failure> {
        let mut server =
            Self::start(Command::new(env::current_exe()?).arg("server").arg(keys.folder()))?;
        let url = server.line()?;
        Ok((server, url))
    }

    /// Starts a client for Rust.
    pub(crate) fn subject(
        name: &str,
        runtime: &str,
        keys: &Keys,
        url: &str,
    ) -> Result<Self, Failure> {
        let program = env::current_exe()?;
        Self::start(
            Command::new(program).args(["subject", name, runtime]).arg(keys.folder()).arg(url),
        )
    }

    /// Starts wechatpay-axios-plugin, which `modules` holds.
    pub(crate) fn axios(modules: &Path, keys: &Keys, url: &str) -> Result<Self, Failure> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/axios.cjs");
        let mut node = Command::new("node");
        node.arg(script).arg(modules).arg(keys.folder());
        Self::start(node.args([url, MERCHANT, SERIAL, PUBLIC_KEY_ID, ORDER]))
    }

    /// Has so many calls made, with so many in flight.
    pub(crate) fn calls(&mut self, count: usize, in_flight: usize) -> Result<Used, Failure> {
        writeln!(self.input, "{count} {in_flight}")?;
        let line = self.line()?;
        let mut words = line.split(' ');
        let mut word = || words.next().ok_or("SECONDS CPU_SECONDS RESIDENT_KIB");
        Ok(Used {
            calls: u32::try_from(count)?,
            wall: word()?.parse()?,
            cpu: word()?.parse()?,
            resident: word()?.parse()?,
        })
    }

    fn start(command: &mut Command) -> Result<Self, Failure> {
        // Nothing of the environment may lead calls elsewhere, or trace them.
        let command = command.env_clear().envs(env::vars_os().filter(|(name, _)| name == "PATH"));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take().ok_or("no input")?;
        let output = BufReader::new(process.stdout.take().ok_or("no output")?);
        Ok(Self { process, input, output })
    }

    fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        match self.output.read_line(&mut line)? {
            0 => Err("a process ended early; its error is above".into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // A process that has ended already is no problem.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Used {
    /// Returns how many calls were made in a second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.calls) / self.wall
    }

    /// Returns the CPU of one call in seconds.
    pub(crate) fn cpu_of_one(&self) -> f64 {
        self.cpu / f64::from(self.calls)
    }
}

impl AddAssign for Used {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.wall += other.wall;
        self.cpu += other.cpu;
        self.resident = other.resident;
    }
}

/// Installs the npm packages that the interoperability tests pin, and returns the folder that `require` needs.
pub(crate) fn install_npm() -> Result<PathBuf, Failure> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pinned = package.join("../../../.ci/interop");
    let folder = package.join("target/npm");
    let lock = "package-lock.json";
    let installed = fs::read(folder.join("node_modules/.installed")).unwrap_or_default();
    if installed != fs::read(pinned.join(lock))? {
        fs::create_dir_all(&folder)?;
        for file in ["package.json", lock] {
            fs::copy(pinned.join(file), folder.join(file))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]);
        if !npm.current_dir(&folder).stdout(Stdio::null()).status()?.success() {
            return Err("npm ci failed".into());
        }
        fs::copy(pinned.join(lock), folder.join("node_modules/.installed"))?;
    }
    Ok(folder)
}
