//! Measures downloads of large bills, beside a plain reqwest download with the same digests.
//!
//! `cargo bench -p wxpay-api --features bills --bench bills` prints the table of `docs/benchmarks.md`. The bench starts
//! itself again as the server, and for each download as a client. `-- parse` reads rows from memory, for a profiler.

mod arguments;
mod bare;
mod content;
mod download;
mod gcm;
mod parse;
mod server;
mod table;
mod usage;

use std::error::Error;
use std::process::{Child, Command, Stdio};
use std::{env, io};

use arguments::{Arguments, File, Goal, Kind, Side};
use content::Content;
use download::Download;
use table::{Pair, Table};
use usage::Usage;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut given = env::args().skip(1);
    match given.next().as_deref() {
        Some("serve") => server::serve(&given.collect::<Vec<_>>()),
        Some("download") => download::run(&given.collect::<Vec<_>>()),
        Some("parse") => parse::run(&given.collect::<Vec<_>>()),
        first => compare(&Arguments::read(first.map(str::to_owned).into_iter().chain(given))?),
    }
}

/// Downloads each file by turns, by the client and without it.
fn compare(arguments: &Arguments) -> Result<(), Failure> {
    let server = Server::start(arguments.megabytes)?;
    let mut table = Table::new(arguments);
    for kind in Kind::ALL {
        let content = Content::new(kind, arguments.megabytes);
        let (sha1, rows) = (content.sha1(), content.rows());
        for goal in [Goal::Writing, Goal::Rows] {
            for file in File::ALL.into_iter().filter(|file| file.kind == kind) {
                eprintln!("{file:?}, {goal:?}");
                let download = Download { file, goal, port: server.port, sha1: sha1.clone(), rows };
                let mut pair = Pair::default();
                for _ in 0..arguments.rounds {
                    pair.bare.push(in_own_process(&download, Side::Bare)?);
                    pair.client.push(in_own_process(&download, Side::Client)?);
                }
                table.add(&download, content.length(), &pair);
            }
        }
    }
    table.print();
    Ok(())
}

/// Runs one download in a process of its own, whose peak of memory is that of the download.
fn in_own_process(download: &Download, side: Side) -> Result<Usage, Failure> {
    let mut command = Command::new(env::current_exe()?);
    command.arg("download").args(download.arguments(side));
    let output = command.stderr(Stdio::inherit()).output()?;
    match output.status.success() {
        true => Usage::read(&String::from_utf8(output.stdout)?),
        false => Err(format!("the download failed: {download:?}, {side:?}").into()),
    }
}

/// The server process. It ends with this value.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(megabytes: u64) -> Result<Self, Failure> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("serve").arg(megabytes.to_string()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let mut line = String::new();
        let output = process.stdout.as_mut().ok_or("the server has no output")?;
        io::BufRead::read_line(&mut io::BufReader::new(output), &mut line)?;
        Ok(Self { port: line.trim().parse()?, process })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ignore failures here: the process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
