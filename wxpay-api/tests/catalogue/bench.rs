//! Sandboxes and their clients.

use std::collections::HashMap;

use serde_json::Value;
use wxpay_api::sandbox::{PlannedResponse, Sandbox};
use wxpay_api::{Client, Retries};

use crate::case::Case;

/// The members that must name the merchant who signs.
const OWN_NUMBER: [&str; 3] = ["mchid", "sp_mchid", "combine_mchid"];

/// The file behind a link to a bill, and its SHA-1, which the response with the link would
/// announce.
const BILL: &str = "bill";
pub(crate) const BILL_SHA1: &str = "c692d6a10598e0a801576fdd4ecf3c37e45bfbc4";

/// The paths that a brand calls.
const BRAND_PATHS: &str = "/brand/";
const BRAND_ID: &str = "40001";

/// One sandbox for each signer that the samples need.
#[derive(Default)]
pub(crate) struct Benches(HashMap<Signer, Bench>);

/// The signer of a sample's request.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) enum Signer {
    /// Any merchant.
    Anyone,
    /// The merchant that the sample names.
    Merchant(String),
    Brand,
}

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
}

impl Benches {
    /// Returns a sandbox that is ready for a case.
    pub(crate) async fn bench(&mut self, case: &Case) -> &Bench {
        let signer = signer(case);
        if !self.0.contains_key(&signer) {
            self.0.insert(signer.clone(), Bench::new(&signer).await);
        }
        let bench = &self.0[&signer];
        bench.prepare(case);
        bench
    }
}

impl Bench {
    pub(crate) async fn new(signer: &Signer) -> Self {
        // The samples are examples: they need not fit each other, and ask for any page.
        let builder = Sandbox::builder().examples_only();
        let builder = match signer {
            Signer::Merchant(mchid) => builder.mchid(mchid),
            Signer::Anyone | Signer::Brand => builder,
        };
        let sandbox = builder.start().await.unwrap();
        let builder = match signer {
            Signer::Brand => sandbox.add_brand(BRAND_ID).unwrap().client_builder(),
            Signer::Anyone | Signer::Merchant(_) => sandbox.client_builder(),
        };
        // Requests that fail on purpose must not be retried.
        let builder = builder.retries(Retries::none());
        // A test searches the traces for secrets.
        let client = builder.trace_bodies(true).build().unwrap();
        Self { sandbox, client }
    }

    /// A link to a bill works only if the sandbox issued it. The link in the sample leads nowhere.
    fn prepare(&self, case: &Case) {
        if case.expected.url == "/v3/billdownload/file" {
            let bill = PlannedResponse::file("text/plain", BILL);
            self.sandbox.respond(case.expected.method, case.expected.url, bill).unwrap();
        }
    }
}

fn signer(case: &Case) -> Signer {
    if case.endpoint.path.starts_with(BRAND_PATHS) {
        return Signer::Brand;
    }
    merchant(case).map_or(Signer::Anyone, Signer::Merchant)
}

/// The merchant that must sign, if a sample names one.
fn merchant(case: &Case) -> Option<String> {
    let body: Value = serde_json::from_str(case.expected.body.unwrap_or("{}")).unwrap();
    OWN_NUMBER
        .iter()
        .find_map(|own| {
            let in_query = case.expected.query.iter().find(|(name, _)| name == own);
            let in_query = in_query.map(|(_, value)| (*value).to_owned());
            in_query.or_else(|| Some(body.get(own)?.as_str()?.to_owned()))
        })
        .filter(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
}
