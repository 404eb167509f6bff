//! One exchange through its stages: request, check, decision, response, journal.

use std::sync::Arc;
use std::time::SystemTime;

use http::StatusCode;

use super::check::diagnosis::SignatureDiagnosis;
use super::check::{CheckedRequest, KEY_ID, authorization, check};
use super::decide::content::{ResponseContent, ResponseProof};
use super::decide::{Decider, no_operation};
use super::journal::ReceivedRequest;
use super::keys::AccountState;
use super::refusal::{Problem, Refusal};
use super::request::SandboxRequest;
use super::request::route::MatchedRoute;
use super::respond::fault_plan::FaultPlan;
use super::state::Shared;

/// A response, and the account and key to sign it for.
pub(super) struct DraftResponse {
    pub(super) content: ResponseContent,
    pub(super) account: Arc<AccountState>,
    /// The key that the request named.
    pub(super) key_id: Option<String>,
}

/// The findings of the stages, for the journal.
#[derive(Default)]
struct Findings {
    account: Option<Arc<AccountState>>,
    verified_message: Option<Vec<u8>>,
    route: Option<MatchedRoute>,
    secrets: Vec<(String, Vec<u8>)>,
    notes: Vec<String>,
    diagnosis: Option<SignatureDiagnosis>,
    refusal: Option<String>,
}

/// Takes the fault that a test wants for a request. Its body may still be unread.
pub(super) fn fault_plan(shared: &Shared, request: &SandboxRequest) -> FaultPlan {
    if !shared.state().has_faults() {
        return FaultPlan::default();
    }
    let route = shared.routes.find(request.method.as_str(), request.path()).ok();
    let fault = shared.state().take_fault(request, route.as_ref());
    fault.map_or_else(FaultPlan::default, FaultPlan::new)
}

/// Checks a request, decides the response and writes the journal.
///
/// A request that passes the checks is executed only if `executes`. Requests without an identifiable merchant
/// belong to the first account.
pub(super) fn exchange(shared: &Shared, request: &SandboxRequest, executes: bool) -> DraftResponse {
    let mut findings = Findings::default();
    let began = shared.lifecycles.begin();
    let decided = decide(shared, request, executes, &mut findings);
    // Clients learn only of what is stored.
    let decided = match shared.lifecycles.save(began) {
        Ok(()) => decided,
        Err(failure) => {
            findings.notes.push(failure.to_string());
            Err(Refusal::system(failure.to_string()))
        }
    };
    let content = match decided {
        Ok(content) => content,
        Err(refusal) => {
            findings.refusal = Some(format!("{}: {}", refusal.code, refusal.message));
            let content = ResponseContent::refusal(&refusal);
            // WeChat Pay signs an error only if the request's own signature was right.
            match findings.account {
                None => content.proof(ResponseProof::None),
                Some(_) => content,
            }
        }
    };
    let account = findings.account.clone().unwrap_or_else(|| Arc::clone(&shared.first));
    write_journal(shared, request, findings, content.status);
    DraftResponse { content, account, key_id: request.header(KEY_ID).map(str::to_owned) }
}

fn decide(
    shared: &Shared,
    request: &SandboxRequest,
    executes: bool,
    findings: &mut Findings,
) -> Result<ResponseContent, Refusal> {
    let verified = authorization::verify(shared, request);
    let (account, message) = verified.map_err(|refused| {
        findings.diagnosis = refused.diagnosis.map(|boxed| *boxed);
        refused.refusal
    })?;
    findings.account = Some(Arc::clone(&account));
    findings.verified_message = Some(message);
    let decider = Decider { shared, account: &account };
    let route = match shared.routes.find(request.method.as_str(), request.path()) {
        Ok(route) => findings.route.insert(route),
        Err(_) if !executes => return Err(not_executed()),
        Err(no_route) => return decider.unknown_url(request, no_route),
    };
    let Some(operation) = route.operation() else {
        return Ok(no_operation(request, &[]));
    };
    let CheckedRequest { problems, notes, secrets, values } =
        check(route, operation, request, &account, shared);
    findings.secrets = secrets;
    findings.notes = notes.iter().map(Problem::sentence).collect();
    if !problems.is_empty() {
        return Err(Refusal::parameters(&problems));
    }
    if !executes {
        return Err(not_executed());
    }
    decider.operation(request, route, operation, &values)
}

fn not_executed() -> Refusal {
    Refusal::system("a fault kept the request from being executed")
}

fn write_journal(
    shared: &Shared,
    request: &SandboxRequest,
    findings: Findings,
    status: StatusCode,
) {
    let operation = findings.route.as_ref().and_then(MatchedRoute::operation);
    let received = ReceivedRequest {
        method: request.method.to_string(),
        target: request.target.clone(),
        headers: request.headers.clone(),
        body: request.body.clone(),
        operation: operation.map(|operation| format!("{} {}", operation.method, operation.path)),
        path_values: findings.route.map(|route| route.path_values).unwrap_or_default(),
        sender: findings.account.map(|account| account.id().to_owned()),
        verified_message: findings.verified_message,
        status: status.as_u16(),
        executed: status.is_success(),
        notes: findings.notes,
        diagnosis: findings.diagnosis,
        refusal: findings.refusal,
        time: SystemTime::now(),
        secrets: findings.secrets,
    };
    shared.state().journal.push(received);
}
