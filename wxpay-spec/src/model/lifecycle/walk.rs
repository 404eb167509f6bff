//! Walks over all values of a lifecycle.

use super::{Act, Change, Condition, Event, Guard, Lifecycle, OperationRule, Target, Value};

impl Lifecycle {
    /// Calls `visit` with every value of the lifecycle, and with the values inside it.
    pub fn each_value<'a>(&'a self, visit: &mut dyn FnMut(&'a Value)) {
        let links = self.links.values().flat_map(|link| &link.by);
        links.for_each(|(_, given)| value(given, visit));
        for (_, rule) in &self.operations {
            operation(rule, visit);
        }
        for (_, given) in &self.events {
            event(given, visit);
        }
        let since = self.timers.iter().filter_map(|timer| timer.since.as_ref());
        since.for_each(|since| value(since, visit));
    }
}

fn operation<'a>(rule: &'a OperationRule, visit: &mut dyn FnMut(&'a Value)) {
    match &rule.act {
        Act::Creates { to, repeat, renews } => {
            let by_state = repeat.by_state.iter().map(|(_, target)| target);
            [to].into_iter()
                .chain(&repeat.differs)
                .chain(by_state)
                .for_each(|it| target(it, visit));
            values(renews, visit);
        }
        Act::Finds { by, from, .. } => {
            values(by, visit);
            from.iter().for_each(|(_, to)| target(to, visit));
        }
        Act::Lists { conditions } => conditions.iter().for_each(|it| condition(it, visit)),
        Act::Answers => {}
    }
    guards(&rule.guards, visit);
    change(&rule.change, visit);
    values(&rule.answers, visit);
}

fn event<'a>(event: &'a Event, visit: &mut dyn FnMut(&'a Value)) {
    values(&event.takes, visit);
    event.from.iter().for_each(|(_, to)| target(to, visit));
    guards(&event.guards, visit);
    change(&event.change, visit);
}

fn guards<'a>(guards: &'a [Guard], visit: &mut dyn FnMut(&'a Value)) {
    guards.iter().for_each(|guard| condition(&guard.condition, visit));
}

fn change<'a>(change: &'a Change, visit: &mut dyn FnMut(&'a Value)) {
    values(&change.sets, visit);
    for effect in &change.effects {
        effect.condition.iter().for_each(|it| condition(it, visit));
        values(&effect.with, visit);
    }
    if let Some(notice) = &change.notifies {
        notice.condition.iter().for_each(|it| condition(it, visit));
        values(&notice.sends, visit);
        notice.account.iter().chain(&notice.to).for_each(|given| value(given, visit));
    }
    let amount = change.records.as_ref().map(|record| &record.amount);
    let url = change.registers.as_ref().and_then(|registration| registration.to.as_ref());
    amount.into_iter().chain(url).for_each(|given| value(given, visit));
}

fn target<'a>(given: &'a Target, visit: &mut dyn FnMut(&'a Value)) {
    match given {
        Target::State(_) | Target::Refuse(_) => {}
        Target::Choice(choices) => choices.iter().for_each(|choice| target(choice, visit)),
        Target::Case { condition: given, then, otherwise } => {
            condition(given, visit);
            target(then, visit);
            target(otherwise, visit);
        }
    }
}

fn values<'a>(members: &'a [(String, Value)], visit: &mut dyn FnMut(&'a Value)) {
    members.iter().for_each(|(_, given)| value(given, visit));
}

fn value<'a>(given: &'a Value, visit: &mut dyn FnMut(&'a Value)) {
    visit(given);
    match given {
        Value::Constant(_) | Value::Field(_) | Value::Generated { .. } | Value::Now(_) => {}
        Value::First(inside)
        | Value::Sum(inside)
        | Value::Difference(inside)
        | Value::Join(inside) => {
            inside.iter().for_each(|it| value(it, visit));
        }
        Value::Share(inside) => inside.iter().for_each(|it| value(it, visit)),
        Value::Count(inside) | Value::Age(inside) => value(inside, visit),
        Value::SumOf { related, .. } | Value::CountOf(related) => {
            related.condition.iter().for_each(|it| condition(it, visit));
        }
        Value::Each { list, sets } => {
            value(list, visit);
            values(sets, visit);
        }
        Value::List(objects) => objects.iter().for_each(|object| values(object, visit)),
        Value::Where { list, condition: given, .. } => {
            value(list, visit);
            condition(given, visit);
        }
        Value::Case { condition: given, then, otherwise } => {
            condition(given, visit);
            value(then, visit);
            otherwise.iter().for_each(|it| value(it, visit));
        }
        Value::Function(call) => call.of.iter().for_each(|it| value(it, visit)),
    }
}

fn condition<'a>(given: &'a Condition, visit: &mut dyn FnMut(&'a Value)) {
    match given {
        Condition::Present(given) | Condition::Absent(given) | Condition::Distinct(given) => {
            value(given, visit);
        }
        Condition::Equal(pair)
        | Condition::Differ(pair)
        | Condition::Less(pair)
        | Condition::AtMost(pair) => pair.iter().for_each(|it| value(it, visit)),
        Condition::Among { value: given, .. } => value(given, visit),
        Condition::ExactlyOne(given) => given.iter().for_each(|it| value(it, visit)),
        Condition::All(inside) | Condition::Any(inside) => {
            inside.iter().for_each(|it| condition(it, visit));
        }
        Condition::Not(inside) => condition(inside, visit),
        Condition::Function(call) => call.of.iter().for_each(|it| value(it, visit)),
    }
}
