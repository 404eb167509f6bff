//! Finds the subjects of the reference: the operations and notifications that get a page.

use wxpay_spec::model::{self, Endpoint, Method, Spec};

use super::page;
use crate::ir::{self, Api};
use crate::print;
use crate::samples::{self, Calls};

/// The subject of a page.
pub(super) struct Subject<'a> {
    /// The page's path.
    pub(super) path: String,
    /// The official name.
    pub(super) title: &'a str,
    pub(super) family: &'a str,
    pub(super) what: PageKind<'a>,
}

pub(super) enum PageKind<'a> {
    Operation(OperationPage<'a>),
    Notification(NotificationPage<'a>),
}

/// An operation: its descriptor and its lowered form.
pub(super) struct OperationPage<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) method: Method,
    pub(super) described: &'a model::Operation,
    pub(super) lowered: &'a ir::Operation,
}

/// A notification: its descriptor and its lowered form.
pub(super) struct NotificationPage<'a> {
    pub(super) place: &'a str,
    pub(super) described: &'a model::Notification,
    pub(super) lowered: &'a ir::Event,
}

/// All subjects: the operations by URL, then the notifications by path.
pub(super) fn all<'a>(spec: &'a Spec, api: &'a Api) -> Vec<Subject<'a>> {
    let mut operations: Vec<_> =
        api.operations().filter_map(|operation| of_operation(spec, operation)).collect();
    operations.sort_by_cached_key(Subject::address);
    // Lowering keeps the order of the descriptors and loses none without an error.
    let notifications = spec.notifications.iter().zip(api.events());
    let notifications = notifications.map(|((place, described), lowered)| Subject {
        path: page::of_notification(place),
        title: &described.title,
        family: &described.family,
        what: PageKind::Notification(NotificationPage { place, described, lowered }),
    });
    operations.into_iter().chain(notifications).collect()
}

fn of_operation<'a>(spec: &'a Spec, lowered: &'a ir::Operation) -> Option<Subject<'a>> {
    let (endpoint, method, described) = samples::described(spec, lowered)?;
    Some(Subject {
        path: page::of_operation(endpoint, method),
        title: &described.title,
        family: &endpoint.family,
        what: PageKind::Operation(OperationPage { endpoint, method, described, lowered }),
    })
}

impl<'a> Subject<'a> {
    /// Its name on the wire, such as `GET /v3/certificates` or `pay/transaction`.
    pub(super) fn wire(&self) -> String {
        match &self.what {
            PageKind::Operation(operation) => operation.wire(),
            PageKind::Notification(notification) => notification.place.to_owned(),
        }
    }

    pub(super) fn is_deprecated(&self) -> bool {
        match &self.what {
            PageKind::Operation(operation) => operation.described.deprecated.is_some(),
            PageKind::Notification(_) => false,
        }
    }

    pub(super) fn is_operation(&self) -> bool {
        matches!(self.what, PageKind::Operation(_))
    }

    /// The statements that make the call or read the notification.
    pub(super) fn sample(&self, calls: &Calls<'a>) -> Result<String, syn::Error> {
        match &self.what {
            PageKind::Operation(operation) => Ok(operation.lowered.sample.clone()),
            PageKind::Notification(notification) => {
                print::statements(&calls.notification(notification.lowered))
            }
        }
    }

    /// The key that sorts operations by URL.
    fn address(&self) -> (String, Option<Method>) {
        match &self.what {
            PageKind::Operation(operation) => {
                (operation.endpoint.path.clone(), Some(operation.method))
            }
            PageKind::Notification(notification) => (notification.place.to_owned(), None),
        }
    }
}

impl OperationPage<'_> {
    /// `GET /v3/certificates`.
    pub(super) fn wire(&self) -> String {
        format!("{} {}", self.method.wire(), self.endpoint.path)
    }
}
