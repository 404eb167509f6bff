//! What the shop does by itself: each morning the reconciliation, and closing orders that nobody pays.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::payment;
use crate::reconciliation::{Report, reconcile};
use crate::reports;
use crate::shop::{Shop, ShopError, log};

/// How long a customer may take to pay.
const TIME_TO_PAY: Duration = Duration::from_secs(30 * 60);

/// Runs until the process ends. What fails is tried again, also after a restart.
pub(crate) async fn run(shop: Shop) {
    let mut timer = interval(shop.clock.tick());
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        match reconcile_due_days(&shop).await {
            Ok(outcomes) => outcomes.iter().for_each(show),
            Err(error) => log(&error),
        }
        match payment::close_expired(&shop, TIME_TO_PAY).await {
            Ok(orders) => {
                orders.iter().filter_map(|(_, outcome)| outcome.as_ref().err()).for_each(log);
            }
            Err(error) => log(&error),
        }
    }
}

/// Reconciles the days that are due: usually yesterday, after 10:00 in Beijing. Days that were missed are made up for.
///
/// A day that is compared is done. After a failure, for example while WeChat Pay is still making the bill, it is due
/// again in half an hour. One day's failure does not hold up the others.
pub(crate) async fn reconcile_due_days(
    shop: &Shop,
) -> Result<Vec<(String, Result<Report, ShopError>)>, ShopError> {
    let now = shop.clock.now().await?;
    let at = now.clone();
    let due = shop.database.transaction(move |db| reports::due(db, &at)).await?;
    let mut outcomes = Vec::new();
    for day in due {
        let outcome = reconcile(shop, &day).await;
        if let Err(error) = &outcome {
            let (day, now, why) = (day.clone(), now.clone(), error.to_string());
            let store = move |db: &_| reports::store_failure(db, &day, &now, &why);
            shop.database.transaction(store).await?;
        }
        outcomes.push((day, outcome));
    }
    Ok(outcomes)
}

/// A real shop sends the differences to a person.
fn show((day, outcome): &(String, Result<Report, ShopError>)) {
    match outcome {
        Ok(Report { rows, findings }) => {
            println!("reconciled {day}: {rows} rows in the bill, {} differences", findings.len());
            findings.iter().for_each(|finding| println!("- {finding}"));
        }
        Err(error) => log(error),
    }
}
