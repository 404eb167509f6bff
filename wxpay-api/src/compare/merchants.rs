//! The merchants of an order: one, or a service provider and its sub-merchant.

use super::{Carried, Differences};

/// The merchant or merchants of a payment or a refund.
#[derive(Clone, Debug)]
pub(super) enum Merchants {
    Direct { mchid: String },
    Partner { sp_mchid: String, sub_mchid: String },
}

/// The merchant numbers of a payment or a refund, as far as its type has them.
pub(super) struct FoundMerchants<'a> {
    pub(super) mchid: Carried<&'a str>,
    pub(super) sp_mchid: Carried<&'a str>,
    pub(super) sub_mchid: Carried<&'a str>,
}

impl Merchants {
    pub(super) fn direct(mchid: impl Into<String>) -> Self {
        Self::Direct { mchid: mchid.into() }
    }

    pub(super) fn partner(sp_mchid: impl Into<String>, sub_mchid: impl Into<String>) -> Self {
        Self::Partner { sp_mchid: sp_mchid.into(), sub_mchid: sub_mchid.into() }
    }

    pub(super) fn check(&self, found: &FoundMerchants<'_>, differences: &mut Differences) {
        match self {
            Self::Direct { mchid } => differences.carried("mchid", mchid, found.mchid),
            Self::Partner { sp_mchid, sub_mchid } => {
                differences.carried("sp_mchid", sp_mchid, found.sp_mchid);
                differences.carried("sub_mchid", sub_mchid, found.sub_mchid);
            }
        }
    }
}
