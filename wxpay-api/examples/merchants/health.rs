//! Health and readiness: whether the process lives, and for each merchant whether its keys work.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::merchants::{Entry, Serving, failures};
use crate::service::Service;

#[derive(Serialize)]
pub(crate) struct Readiness {
    /// `ready`, `degraded` if something is wrong with a merchant, or `unready` if none is served.
    status: &'static str,
    merchants: Vec<MerchantHealth>,
}

/// What a person needs to know of a merchant. Ids of keys are no secrets.
#[derive(Serialize)]
struct MerchantHealth {
    mchid: String,
    /// `ok`, `failing` if the keys in use do not work, or `missing` if no configuration works.
    status: &'static str,
    /// Why the configuration in the folder is not used, although an older one may serve.
    problem: Option<String>,
    /// What the latest self-test of the keys in use found.
    failures: Option<String>,
    /// How long the keys in use have served, in seconds.
    age: Option<u64>,
    /// The WeChat Pay keys that verify.
    keys: Vec<String>,
    /// When the merchant's own certificate ends, in seconds since 1970.
    certificate_ends: Option<u64>,
}

/// Responds with what is known. It tests nothing itself, so nobody can make it send requests.
///
/// One merchant with a problem is no reason to take the server away from the others: the status is 503 only if there is
/// none to serve.
pub(crate) async fn ready(State(service): State<Service>) -> (StatusCode, Json<Readiness>) {
    let entries = service.merchants.entries();
    let merchants: Vec<_> =
        entries.into_iter().map(|(mchid, entry)| health(mchid, entry)).collect();
    let is_served = merchants.iter().any(|it| it.status != "missing");
    let is_well = merchants.iter().all(|it| it.status == "ok" && it.problem.is_none());
    let (code, status) = match (is_served, is_well) {
        (true, true) => (StatusCode::OK, "ready"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unready"),
    };
    (code, Json(Readiness { status, merchants }))
}

fn health(mchid: String, Entry { serving, problem }: Entry) -> MerchantHealth {
    let problem = problem.map(|problem| problem.why);
    let Some(Serving { wx, since, self_test, .. }) = serving else {
        return MerchantHealth {
            mchid,
            status: "missing",
            problem,
            failures: None,
            age: None,
            keys: Vec::new(),
            certificate_ends: None,
        };
    };
    let failures = Some(failures(&self_test)).filter(|failures| !failures.is_empty());
    let certificate = wx.merchant().certificate().map(|certificate| certificate.not_after());
    MerchantHealth {
        mchid,
        status: if failures.is_none() { "ok" } else { "failing" },
        problem,
        failures,
        age: SystemTime::now().duration_since(since).ok().map(|age| age.as_secs()),
        keys: wx.keys().ids(),
        certificate_ends: certificate.and_then(seconds),
    }
}

fn seconds(time: SystemTime) -> Option<u64> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}
