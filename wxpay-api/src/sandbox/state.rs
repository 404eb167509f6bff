//! The state of one sandbox: accounts, bills, planned responses, faults, the journal.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bills::links::Bills;
use super::check::values::LengthPolicy;
use super::control::pages::PageHandler;
use super::control::settings::ControlSettings;
use super::error::SandboxError;
use super::fault::Fault;
use super::journal::{Journal, JournalLimits};
use super::keys::AccountState;
use super::lifecycle::remembered::Lifecycles;
use super::notifications::webhook_client::WebhookAccess;
use super::planned_response::PlannedResponse;
use super::request::SandboxRequest;
use super::request::route::{MatchedRoute, RequestPattern, Routes};
use super::watch::Watchers;

/// What a test sets when it starts a sandbox.
#[derive(Default)]
pub(super) struct StartSettings {
    pub(super) lengths: LengthPolicy,
    pub(super) examples_only: bool,
    pub(super) journal: JournalLimits,
    pub(super) pages: Option<PageHandler>,
    pub(super) watchers: Watchers,
    /// The accounts beside the first one.
    pub(super) others: Vec<AccountState>,
}

/// The state that the handle of a sandbox shares with its connections.
pub(super) struct Shared {
    pub(super) url: String,
    pub(super) control: ControlSettings,
    pub(super) routes: Arc<Routes>,
    pub(super) lengths: LengthPolicy,
    /// Whether only the descriptors decide what is accepted and sent.
    pub(super) examples_only: bool,
    /// The account that the sandbox started with.
    pub(super) first: Arc<AccountState>,
    pub(super) webhooks: Arc<WebhookAccess>,
    pub(super) lifecycles: Lifecycles,
    /// The pages of the program that embeds the sandbox.
    pub(super) pages: Option<PageHandler>,
    pub(super) watchers: Watchers,
    state: Mutex<SandboxState>,
}

/// The part that changes while the sandbox runs.
#[derive(Default)]
pub(super) struct SandboxState {
    /// The accounts by merchant number or brand id.
    accounts: BTreeMap<String, Arc<AccountState>>,
    pub(super) bills: Bills,
    pub(super) journal: Journal,
    /// A fault without a pattern is for any request.
    faults: Vec<(Option<RequestPattern>, Fault)>,
    planned: Vec<(RequestPattern, PlannedResponse)>,
}

impl Shared {
    /// Creates the state of a sandbox with its first account.
    pub(super) fn new(
        control: ControlSettings,
        routes: Arc<Routes>,
        first: AccountState,
        webhooks: Arc<WebhookAccess>,
        lifecycles: Lifecycles,
        settings: StartSettings,
    ) -> Result<Self, SandboxError> {
        let StartSettings { lengths, examples_only, journal, pages, watchers, others } = settings;
        let first = Arc::new(first);
        let mut state = SandboxState { journal: Journal::new(journal), ..SandboxState::default() };
        state.open(Arc::clone(&first))?;
        for account in others {
            state.open(Arc::new(account))?;
        }
        let url = control.url.clone();
        let state = Mutex::new(state);
        Ok(Self {
            url,
            control,
            routes,
            lengths,
            examples_only,
            first,
            webhooks,
            lifecycles,
            pages,
            watchers,
            state,
        })
    }

    /// Locks the state. A task that panicked leaves it whole, so a poisoned lock is usable.
    pub(super) fn state(&self) -> MutexGuard<'_, SandboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SandboxState {
    /// Returns the account of a merchant number or brand id.
    pub(super) fn account(&self, id: &str) -> Option<Arc<AccountState>> {
        self.accounts.get(id).cloned()
    }

    /// Returns the merchant numbers and brand ids of all accounts.
    pub(super) fn account_ids(&self) -> Vec<String> {
        self.accounts.keys().cloned().collect()
    }

    /// Forgets bills, requests, planned responses and faults. The accounts stay.
    pub(super) fn forget(&mut self) {
        let accounts = std::mem::take(&mut self.accounts);
        let journal = Journal::new(self.journal.limits());
        *self = Self { accounts, journal, ..Self::default() };
    }

    /// Adds an account.
    pub(super) fn open(&mut self, account: Arc<AccountState>) -> Result<(), SandboxError> {
        let id = account.id().to_owned();
        if self.accounts.contains_key(&id) {
            return Err(SandboxError::AccountExists { id });
        }
        self.accounts.insert(id, account);
        Ok(())
    }

    pub(super) fn plan(&mut self, pattern: RequestPattern, response: PlannedResponse) {
        if response.times > 0 {
            self.planned.push((pattern, response));
        }
    }

    /// Names the planned responses and faults that no request fetched.
    pub(super) fn unfetched(&self) -> Vec<String> {
        let planned = self.planned.iter().map(|(pattern, response)| match response.times {
            1 => format!("a response to {pattern}"),
            times => format!("a response to {pattern}, {times} times"),
        });
        let faults = self.faults.iter().map(|(pattern, fault)| match pattern {
            Some(pattern) => format!("the fault {fault:?} at {pattern}"),
            None => format!("the fault {fault:?}"),
        });
        planned.chain(faults).collect()
    }

    /// Removes the planned responses and faults.
    pub(super) fn forget_unfetched(&mut self) {
        self.planned.clear();
        self.faults.clear();
    }

    pub(super) fn inject_fault(&mut self, pattern: Option<RequestPattern>, fault: Fault) {
        self.faults.push((pattern, fault));
    }

    /// Returns the planned responses that nobody fetched yet.
    pub(super) fn planned(&self) -> impl Iterator<Item = (&RequestPattern, &PlannedResponse)> {
        self.planned.iter().map(|(pattern, response)| (pattern, response))
    }

    /// Returns the faults that hit no exchange yet.
    pub(super) fn faults(&self) -> impl Iterator<Item = (Option<&RequestPattern>, &Fault)> {
        self.faults.iter().map(|(pattern, fault)| (pattern.as_ref(), fault))
    }

    pub(super) fn clear_planned(&mut self) {
        self.planned.clear();
    }

    pub(super) fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Returns whether a test wants a fault of any request.
    pub(super) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Takes the oldest fault that a test injected for a request.
    pub(super) fn take_fault(
        &mut self,
        request: &SandboxRequest,
        route: Option<&MatchedRoute>,
    ) -> Option<Fault> {
        let index = self.faults.iter().position(|(pattern, _)| {
            pattern.as_ref().is_none_or(|pattern| pattern.matches(request, route))
        })?;
        Some(self.faults.remove(index).1)
    }

    /// Takes the oldest response that a test planned for a request.
    pub(super) fn take_planned(
        &mut self,
        request: &SandboxRequest,
        route: Option<&MatchedRoute>,
    ) -> Option<PlannedResponse> {
        let index = self.planned.iter().position(|(pattern, _)| pattern.matches(request, route))?;
        let (_, planned) = self.planned.get_mut(index)?;
        let response = planned.clone();
        planned.times = planned.times.saturating_sub(1);
        if planned.times == 0 {
            self.planned.remove(index);
        }
        Some(response)
    }
}
