//! One signature and one verification, and nothing else.

use std::sync::Arc;

use tokio::task::JoinSet;
use wxpay_api::Merchant;
use wxpay_api::protocol::PublicKey;

use crate::Failure;

/// About as long as the signed messages of the calls are.
const LENGTH: usize = 400;

/// A key pair of RSA with 2048 bits, as the merchant's and WeChat Pay's are.
#[derive(Clone)]
pub(crate) struct Pair {
    merchant: Merchant,
    public: PublicKey,
    message: Arc<[u8]>,
}

impl Pair {
    pub(crate) fn of(merchant: &Merchant) -> Result<Self, Failure> {
        let certificate = merchant.certificate().ok_or("the merchant has no certificate")?;
        let public = certificate.public_key().clone();
        Ok(Self { merchant: merchant.clone(), public, message: vec![b'm'; LENGTH].into() })
    }

    /// Signs and verifies so often, on so many threads.
    pub(crate) async fn repeat(&self, count: usize, threads: usize) -> Result<(), Failure> {
        let mut tasks = JoinSet::new();
        for task in 0..threads {
            let pair = self.clone();
            tasks
                .spawn(async move { (task..count).step_by(threads).try_for_each(|_| pair.once()) });
        }
        while let Some(finished) = tasks.join_next().await {
            finished??;
        }
        Ok(())
    }

    fn once(&self) -> Result<(), Failure> {
        let signature = self.merchant.sign(&self.message)?;
        match self.public.verify(&self.message, &signature) {
            true => Ok(()),
            false => Err("the signature is wrong".into()),
        }
    }
}
