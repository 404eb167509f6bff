//! What is measured: the files, what becomes of them, and how often.

use std::fmt;
use std::str::FromStr;

use crate::Failure;

/// The arguments of the bench.
pub(crate) struct Arguments {
    /// The length of the plain text of each file.
    pub(crate) megabytes: u64,
    pub(crate) rounds: u32,
}

impl Arguments {
    pub(crate) fn read(given: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut arguments = Self { megabytes: 1024, rounds: 3 };
        let mut given = given;
        while let Some(name) = given.next() {
            let mut value = || given.next().ok_or(format!("{name} needs a number"));
            match name.as_str() {
                "--megabytes" => arguments.megabytes = value()?.parse::<u64>()?.max(1),
                "--rounds" => arguments.rounds = value()?.parse::<u32>()?.max(1),
                // `cargo bench` passes it to every bench.
                "--bench" => {}
                _ => {
                    return Err(
                        format!("{name} is unknown; there are --megabytes and --rounds").into()
                    );
                }
            }
        }
        Ok(arguments)
    }
}

/// The kinds of bills.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// The trade bill, whose digest is that of its plain text.
    Trade,
    /// The fund-flow bill of a sub-merchant, which is encrypted.
    FundFlow,
}

/// A file that the server has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct File {
    pub(crate) kind: Kind,
    pub(crate) gzip: bool,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Goal {
    /// Its plain text is written, and its digest is compared.
    Writing,
    /// Its rows are read as their types. Without the client, nothing is read.
    Rows,
}

/// Who downloads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// reqwest alone.
    Bare,
    /// The client of `wxpay-api`.
    Client,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Trade, Self::FundFlow];
}

impl File {
    pub(crate) const ALL: [Self; 4] = [
        Self { kind: Kind::Trade, gzip: false },
        Self { kind: Kind::Trade, gzip: true },
        Self { kind: Kind::FundFlow, gzip: false },
        Self { kind: Kind::FundFlow, gzip: true },
    ];

    /// The name on the server and in the table.
    pub(crate) fn name(self) -> &'static str {
        match (self.kind, self.gzip) {
            (Kind::Trade, false) => "plain",
            (Kind::Trade, true) => "gzip",
            (Kind::FundFlow, false) => "encrypted",
            (Kind::FundFlow, true) => "encrypted-gzip",
        }
    }

    pub(crate) fn is_encrypted(self) -> bool {
        self.kind == Kind::FundFlow
    }

    /// The path and query on the server.
    pub(crate) fn target(self) -> String {
        format!("/v3/billdownload/file?token={}", self.name())
    }
}

impl Goal {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Writing => "write",
            Self::Rows => "rows",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "bare",
            Self::Client => "client",
        })
    }
}

impl FromStr for File {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        let found = Self::ALL.into_iter().find(|file| file.name() == name);
        found.ok_or_else(|| format!("no file is named {name}").into())
    }
}

impl FromStr for Goal {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        let found = [Self::Writing, Self::Rows].into_iter().find(|goal| goal.name() == name);
        found.ok_or_else(|| format!("no goal is named {name}").into())
    }
}

impl FromStr for Side {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        match name {
            "bare" => Ok(Self::Bare),
            "client" => Ok(Self::Client),
            _ => Err(format!("no side is named {name}").into()),
        }
    }
}
