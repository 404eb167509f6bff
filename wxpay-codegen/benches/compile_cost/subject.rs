use std::fmt;

use clap::ValueEnum;

/// A crate to build, with its features.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Subject {
    /// The naive emission of every descriptor.
    Naive,
    /// `wxpay-api` with all features, the sandbox included.
    All,
    /// `wxpay-api` with its default features.
    Default,
    /// `wxpay-api` with `payscore` alone.
    Payscore,
    /// `wxpay-api` without any product: the runtime.
    Bare,
}

impl Subject {
    /// Every subject, in the order of the table.
    pub(crate) const ALL: [Self; 5] =
        [Self::Naive, Self::All, Self::Default, Self::Payscore, Self::Bare];

    /// The package it is.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            _ => "wxpay-api",
        }
    }

    /// The features it is built with, as arguments of cargo.
    pub(crate) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Naive | Self::Default => &[],
            Self::All => &["--all-features"],
            Self::Payscore => &["--no-default-features", "--features", "payscore"],
            Self::Bare => &["--no-default-features"],
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Naive => "naive",
            Self::All => "all",
            Self::Default => "default",
            Self::Payscore => "payscore",
            Self::Bare => "bare",
        })
    }
}
