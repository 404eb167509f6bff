use super::{Claim, ReplayGuard, ReplayKeys, Ticket};
use crate::acknowledgement::Acknowledgement;

/// Does the work unless it was done before, and gives the answer to the notification.
///
/// `work` starts only if the claim is new; for a copy of what was handled the answer is
/// [`Acknowledgement::handled`], and for one of what is being handled, or when the guard fails, it is 5xx,
/// so that it comes again. Work that answers [`failed`](Acknowledgement::failed) gives its keys back; work
/// that never ends, or is dropped, keeps them until the end of the lease.
///
/// What the guard fails with is a warning of `tracing`. It never makes a failure of work that was done.
pub async fn once(
    guard: &dyn ReplayGuard,
    keys: &ReplayKeys,
    work: impl Future<Output = Acknowledgement>,
) -> Acknowledgement {
    match guard.claim(keys).await {
        Ok(Claim::New(ticket)) => {
            let answer = work.await;
            settle(guard, ticket, &answer).await;
            answer
        }
        Ok(Claim::InProgress) => Acknowledgement::failed("the event is being handled"),
        Ok(Claim::Done) => Acknowledgement::handled(),
        Err(error) => {
            tracing::warn!(%error, key = keys.iter().next(), "a notification cannot be claimed");
            Acknowledgement::failed("the event cannot be handled now")
        }
    }
}

async fn settle(guard: &dyn ReplayGuard, ticket: Ticket, answer: &Acknowledgement) {
    let key = ticket.keys().iter().next().map(str::to_owned);
    let settled = match answer.is_handled() {
        true => guard.complete(ticket).await,
        false => guard.release(ticket).await,
    };
    if let Err(error) = settled {
        tracing::warn!(%error, key, "a notification's claim cannot be settled");
    }
}
