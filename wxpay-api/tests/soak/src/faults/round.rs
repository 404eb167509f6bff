//! One round: every place lives its stories, then all is quiet, and what happened is compared.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::task::JoinSet;
use wxpay_api::sandbox::ReceivedRequest;
use wxpay_api::{Outcome, Transport};

use super::attack::{Attack, Forgery};
use super::call::{CallRecord, Ended, Sort};
use super::judge::{Evidence, Verdict};
use super::lane::{Lane, Place, reset};
use super::proxy::{CALL, Passage};
use crate::report::Failure;

/// What the rounds came to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) calls: usize,
    pub(crate) ended: BTreeMap<&'static str, usize>,
    pub(crate) attacks: BTreeMap<&'static str, usize>,
    pub(crate) replays: usize,
    pub(crate) replays_noticed: usize,
    pub(crate) stale_replays: usize,
    pub(crate) unsigned_sign_errors: usize,
    /// Calls without a known outcome that the sandbox executed.
    pub(crate) executed_unnoticed: usize,
    pub(crate) lies: Vec<String>,
    pub(crate) things: usize,
    pub(crate) unsure: usize,
    pub(crate) undecided: Vec<String>,
    pub(crate) unmet: Vec<String>,
}

/// Plays a round at all places at once.
pub(crate) async fn play(
    places: &[Arc<Place>],
    seed: u64,
    round: usize,
    stories: usize,
) -> Result<Tally, Failure> {
    // Its connections end with the round.
    let transport = Transport::builder().no_proxy().build()?;
    let mut tasks = JoinSet::new();
    for (number, place) in places.iter().enumerate() {
        let (place, transport) = (Arc::clone(place), transport.clone());
        let name = format!("{round}-{number}");
        let own = seed.wrapping_add(u64::try_from(round * places.len() + number)?);
        tasks.spawn(async move {
            reset(&place.sandbox);
            let mut lane = Lane::new(place, &transport, name, own)?;
            lane.live(stories).await?;
            lane.place.proxy.quiet().await;
            compare(&lane).await
        });
    }
    let mut tally = Tally::default();
    while let Some(finished) = tasks.join_next().await {
        tally.add(finished??);
    }
    Ok(tally)
}

/// Compares the calls of a lane with the log of its proxy and the book of its sandbox.
async fn compare(lane: &Lane) -> Result<Tally, Failure> {
    let log = lane.place.proxy.take_log();
    let received = lane.place.sandbox.received();
    let journal = by_call(&received);
    let mut tally = Tally { calls: lane.calls.len(), ..Tally::default() };
    for passage in log.values().flatten() {
        *tally.attacks.entry(attack_name(&passage.attack)).or_default() += 1;
        tally.stale_replays += usize::from(passage.is_stale());
    }
    for call in &lane.calls {
        let evidence = evidence(call, &log, &journal);
        *tally.ended.entry(ended_name(&call.ended)).or_default() += 1;
        let unnoticed = call.is_unsure() && evidence.executed();
        tally.executed_unnoticed += usize::from(unnoticed);
        match evidence.verdict() {
            Verdict::Honest => {}
            Verdict::Replayed { noticed_by_comparison } => {
                tally.replays += 1;
                tally.replays_noticed += usize::from(noticed_by_comparison);
            }
            Verdict::UnsignedSignError => tally.unsigned_sign_errors += 1,
            Verdict::Broken(why) => tally.lies.push(format!("{why}: {}", evidence.history())),
        }
    }
    decide(lane, &log, &journal, &mut tally).await;
    tally.unmet = lane.place.sandbox.unfetched();
    Ok(tally)
}

/// Queries everything that may exist, and compares with what the sandbox has and executed.
async fn decide(
    lane: &Lane,
    log: &HashMap<String, Vec<Passage>>,
    journal: &HashMap<&str, Vec<&ReceivedRequest>>,
    tally: &mut Tally,
) {
    for thing in &lane.things {
        let creating: Vec<_> = lane
            .calls
            .iter()
            .filter(|call| call.sort == Sort::Creates && call.number == thing.number)
            .map(|call| evidence(call, log, journal))
            .collect();
        let executed = creating.iter().any(Evidence::executed);
        let exists = lane.state(thing.lifecycle, &thing.number).is_some();
        let asked = lane.ask(thing.lifecycle, &thing.number, &thing.transaction).await;
        tally.things += 1;
        tally.unsure += usize::from(creating.iter().any(|one| one.call.is_unsure()));
        if exists != executed || asked != Ok(exists) {
            let histories: Vec<_> = creating.iter().map(Evidence::history).collect();
            tally.undecided.push(format!(
                "{thing:?}: executed {executed}, exists {exists}, the query says {asked:?}\n{}",
                histories.join("\n")
            ));
        }
    }
}

fn evidence<'a>(
    call: &'a CallRecord,
    log: &'a HashMap<String, Vec<Passage>>,
    journal: &HashMap<&str, Vec<&'a ReceivedRequest>>,
) -> Evidence<'a> {
    let passages = log.get(&call.name).map(Vec::as_slice).unwrap_or_default();
    let received = journal.get(call.name.as_str()).cloned().unwrap_or_default();
    Evidence { call, passages, received }
}

fn by_call(received: &[ReceivedRequest]) -> HashMap<&str, Vec<&ReceivedRequest>> {
    let mut journal: HashMap<_, Vec<_>> = HashMap::new();
    for request in received {
        if let Some(call) = request.headers.get(CALL).and_then(|value| value.to_str().ok()) {
            journal.entry(call).or_default().push(request);
        }
    }
    journal
}

fn ended_name(ended: &Ended) -> &'static str {
    match ended {
        Ended::Ok(_) => "ended: ok",
        Ended::Cancelled(_) => "ended: cancelled",
        Ended::Failed { outcome, .. } => match outcome {
            Outcome::NotSent => "ended: not sent",
            Outcome::Refused => "ended: refused",
            Outcome::Accepted => "ended: accepted, unreadable",
            _ => "ended: unknown",
        },
    }
}

fn attack_name(attack: &Attack) -> &'static str {
    match attack {
        Attack::Pass => "attempts: undisturbed",
        Attack::Fault(_) => "attempts: with a fault of the sandbox",
        Attack::SpoilRequest => "attempts: request changed",
        Attack::Withhold => "attempts: request withheld",
        Attack::Swallow => "attempts: response swallowed",
        Attack::Truncate(_) => "attempts: response cut",
        Attack::Slow { .. } | Attack::Late(_) => "attempts: slow or late",
        Attack::Duplicate { .. } => "attempts: request duplicated",
        Attack::Replay { .. } => "attempts: earlier response replayed",
        Attack::Forge(Forgery::Status(_)) => "attempts: status changed",
        Attack::Forge(Forgery::Strip(_)) => "attempts: headers stripped",
        Attack::Forge(_) => "attempts: body, signature or both replaced",
    }
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.calls += other.calls;
        for (name, count) in other.ended {
            *self.ended.entry(name).or_default() += count;
        }
        for (name, count) in other.attacks {
            *self.attacks.entry(name).or_default() += count;
        }
        self.replays += other.replays;
        self.replays_noticed += other.replays_noticed;
        self.stale_replays += other.stale_replays;
        self.unsigned_sign_errors += other.unsigned_sign_errors;
        self.executed_unnoticed += other.executed_unnoticed;
        self.lies.extend(other.lies);
        self.things += other.things;
        self.unsure += other.unsure;
        self.undecided.extend(other.undecided);
        self.unmet.extend(other.unmet);
    }
}
