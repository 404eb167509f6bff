//! The page of a sandbox, for people: what came in, what the sandbox remembers, and what can happen next.
//!
//! It is rendered on the server and speaks the control surface alone. The sandbox's walls keep pages of other origins
//! and forms that are not the page's own away from it.

mod accounts;
mod amount;
mod clock;
mod connect;
mod control_data;
mod diagram;
mod faults;
mod kinds;
mod language;
mod layout;
mod members;
mod money;
mod notifications;
mod paging;
mod planned;
mod requests;
mod resource;
mod resources;
mod respond;
mod routes;
mod settings;
mod signature;
mod verdicts;
mod visit;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::Request;
use wxpay_api::sandbox::PageFuture;

use crate::control::Control;
use crate::folder::Environment;
use control_data::LifecycleList;

/// Where the pages are.
pub(crate) const BASE: &str = "/_sandbox/page";

/// The pages of one sandbox. They can be served before the sandbox's URL is known, and respond once they are connected.
#[derive(Clone, Default)]
pub(crate) struct Pages(Arc<OnceLock<Connection>>);

/// The sandbox that the pages show.
pub(crate) struct Connection {
    control: Control,
    /// How SDKs reach it. The APIv3 key and the token in it are shown on no page.
    environment: Environment,
    /// The folder with the keys.
    folder: PathBuf,
    /// The lifecycles, which never change while the sandbox runs.
    lifecycles: OnceLock<Arc<LifecycleList>>,
}

impl Pages {
    /// Returns what [`SandboxBuilder::pages`](wxpay_api::sandbox::SandboxBuilder::pages) takes.
    pub(crate) fn handler(&self) -> impl Fn(Request<Bytes>) -> PageFuture + Send + Sync + 'static {
        let connection = Arc::clone(&self.0);
        move |request| {
            let connection = Arc::clone(&connection);
            Box::pin(async move { routes::respond(connection.get(), request).await })
        }
    }

    /// Connects the pages with a sandbox that runs. Only the first connection counts.
    pub(crate) fn connect(&self, control: Control, environment: Environment, folder: &Path) {
        let (folder, lifecycles) = (folder.to_owned(), OnceLock::new());
        let connection = Connection { control, environment, folder, lifecycles };
        let _ = self.0.set(connection);
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_connected = self.0.get().is_some();
        formatter.debug_struct("Pages").field("is_connected", &is_connected).finish()
    }
}
