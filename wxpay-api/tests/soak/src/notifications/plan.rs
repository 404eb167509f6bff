//! What is sent: which notifications are genuine, copied, probed or forged.

use fastrand::Rng;

/// A notification to send.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Item {
    pub(crate) number: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Genuine,
    /// Genuine, with copies: one at the same moment to the other server, one after the acknowledgement.
    Copied,
    /// Genuine, and the signature of the first copy is one of WeChat Pay's probes.
    Probed,
    /// Genuine, and its first handler never ends: the server is killed inside it.
    Stalled(Stall),
    Forged(Forgery),
}

/// Where the first handler stops.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stall {
    BeforeTheEffect,
    AfterTheEffect,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Forgery {
    /// Signed with another key in the name of WeChat Pay's.
    OtherKey,
    /// Signed with another key in the name of a certificate that does not exist.
    UnknownSerial,
    /// Rightly signed, and the header names another of WeChat Pay's certificates.
    OtherSerial,
    /// Signed by WeChat Pay for another body.
    ChangedBody,
    /// Signed by WeChat Pay for another second.
    ChangedTimestamp,
    /// Signed by WeChat Pay with another nonce.
    ChangedNonce,
    /// Signed by WeChat Pay more than five minutes ago.
    Stale,
    /// Without a signature.
    Unsigned,
}

impl Forgery {
    pub(crate) const ALL: [Self; 8] = [
        Self::OtherKey,
        Self::UnknownSerial,
        Self::OtherSerial,
        Self::ChangedBody,
        Self::ChangedTimestamp,
        Self::ChangedNonce,
        Self::Stale,
        Self::Unsigned,
    ];
}

impl Kind {
    pub(crate) fn is_genuine(self) -> bool {
        !matches!(self, Self::Forged(_))
    }
}

impl Stall {
    /// The text in the resource by which the handler knows that it stalls.
    pub(crate) fn attach(self) -> &'static str {
        match self {
            Self::BeforeTheEffect => "stall before the effect",
            Self::AfterTheEffect => "stall after the effect",
        }
    }
}

/// Plans so many notifications in a random order: 5 % forged, 5 % probed, 5 % copied.
pub(crate) fn plan(count: usize, rng: &mut Rng) -> Vec<Item> {
    let share = count / 20;
    let mut forgeries = Forgery::ALL.iter().cycle();
    let mut kinds: Vec<_> = (0..count)
        .map(|index| match index / share.max(1) {
            0 => forgeries.next().map_or(Kind::Genuine, |forgery| Kind::Forged(*forgery)),
            1 => Kind::Probed,
            2 => Kind::Copied,
            _ => Kind::Genuine,
        })
        .collect();
    rng.shuffle(&mut kinds);
    kinds.into_iter().enumerate().map(|(number, kind)| Item { number, kind }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Kind, plan};

    #[test]
    fn a_twentieth_is_forged_probed_and_copied_each() {
        let items = plan(2000, &mut fastrand::Rng::with_seed(1));
        let count = |is: fn(Kind) -> bool| items.iter().filter(|item| is(item.kind)).count();
        assert_eq!(count(|kind| matches!(kind, Kind::Forged(_))), 100);
        assert_eq!(count(|kind| kind == Kind::Probed), 100);
        assert_eq!(count(|kind| kind == Kind::Copied), 100);
        assert_eq!(count(|kind| kind == Kind::Genuine), 1700);
    }
}
