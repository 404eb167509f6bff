//! Fires timers in real time.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::sandbox::state::Shared;

/// How long the task sleeps without a timer.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

/// Fires the timers of a sandbox when they are due, until the task is aborted.
pub(in crate::sandbox) async fn serve(shared: Arc<Shared>) {
    loop {
        let lifecycles = &shared.lifecycles;
        let pause = {
            let memory = lifecycles.memory();
            let now = memory.clock.now();
            let next = memory.store.next_timer().map(|(due, ..)| due.after(now));
            next.unwrap_or(LONGEST_SLEEP).clamp(Duration::from_millis(1), LONGEST_SLEEP)
        };
        // Either the timer is due, or another one came before it.
        let _ = timeout(pause, lifecycles.timers_changed.notified()).await;
    }
}
