//! Computes values.

use serde_json::{Map, Value as Json};

use super::arithmetic::Amount;
use super::scope::Scope;
use crate::sandbox::lifecycle::describe::model::{Call, Value};
use crate::sandbox::lifecycle::describe::path::KeyPath;
use crate::sandbox::lifecycle::keep::clock::Moment;

impl Scope<'_> {
    /// Computes a value; `None` if it does not exist.
    pub(in crate::sandbox) fn value(self, value: &Value) -> Option<Json> {
        match value {
            Value::Constant(constant) => Some(constant.clone()),
            Value::Field(field) => self.field(field),
            Value::Generated { prefix, length, digits } => {
                let (numbers, now) = (self.transaction.numbers, self.transaction.now);
                Some(numbers.next(prefix, usize::from(*length), *digits, now).into())
            }
            Value::Now(form) => Some(self.transaction.now.write(*form)),
            Value::First(values) => values.iter().find_map(|value| self.value(value)),
            Value::Sum(values) => self.sum(values).to_json(),
            Value::Difference(values) => self.difference(values),
            Value::Share(values) => {
                let [amount, part, whole] = values.as_ref();
                self.amount(amount)?.share(self.amount(part)?, self.amount(whole)?)?.to_json()
            }
            Value::Count(list) => Some(self.list(list).len().into()),
            Value::SumOf { field, related } => {
                let amounts = self.related(related).into_iter();
                let amounts = amounts.filter_map(|resource| field.get(&resource.object));
                amounts.map(|amount| total(&amount)).fold(Amount::ZERO, Amount::plus).to_json()
            }
            Value::CountOf(related) => Some(self.related(related).len().into()),
            Value::Age(time) => {
                let time = Moment::read(&self.value(time)?)?;
                Some((self.transaction.now.seconds() - time.seconds()).into())
            }
            Value::Each { list, sets } => Some(self.each(list, sets)),
            Value::List(objects) => {
                let object = |sets: &Vec<_>| self.changed(Json::Object(Map::new()), sets);
                Some(objects.iter().map(object).collect())
            }
            Value::Join(lists) => Some(lists.iter().flat_map(|list| self.list(list)).collect()),
            Value::Where { list, condition, take } => {
                let items = self.list(list).into_iter();
                let items = items.filter(|item| self.with_item(item).holds(condition));
                Some(match take {
                    Some(take) => items.filter_map(|item| take.get(&item)).collect(),
                    None => items.collect(),
                })
            }
            Value::Case { condition, then, otherwise } => {
                if self.holds(condition) {
                    return self.value(then);
                }
                self.value(otherwise.as_ref()?)
            }
            Value::Function(call) => self.call(call),
        }
    }

    /// Calls a function. A value that does not exist is `null` for it.
    pub(super) fn call(self, call: &Call) -> Option<Json> {
        let values: Vec<_> =
            call.of.iter().map(|value| self.value(value).unwrap_or_default()).collect();
        self.transaction.functions.call(&call.name, &values)
    }

    /// Returns the elements of a list. One that does not exist is empty; another value is the only element.
    fn list(self, list: &Value) -> Vec<Json> {
        match self.value(list) {
            None => Vec::new(),
            Some(Json::Array(items)) => items,
            Some(value) => vec![value],
        }
    }

    fn amount(self, value: &Value) -> Option<Amount> {
        Amount::read(&self.value(value)?)
    }

    fn sum(self, values: &[Value]) -> Amount {
        let values = values.iter().filter_map(|value| self.value(value));
        values.map(|value| total(&value)).fold(Amount::ZERO, Amount::plus)
    }

    fn difference(self, values: &[Value]) -> Option<Json> {
        let (first, others) = values.split_first()?;
        let first = total(&self.value(first)?);
        first.minus(self.sum(others)).to_json()
    }

    fn each(self, list: &Value, sets: &[(KeyPath, Value)]) -> Json {
        let changed = |item: Json| self.with_item(&item).changed(item.clone(), sets);
        self.list(list).into_iter().map(changed).collect()
    }

    /// Sets members of an object.
    pub(in crate::sandbox) fn changed(self, mut object: Json, sets: &[(KeyPath, Value)]) -> Json {
        for (path, value) in sets {
            if let Some(value) = self.value(value) {
                path.set(&mut object, &value);
            }
        }
        object
    }
}

/// Returns the number, or the sum of the numbers in a list.
fn total(value: &Json) -> Amount {
    match value {
        Json::Array(items) => items.iter().map(total).fold(Amount::ZERO, Amount::plus),
        value => Amount::read(value).unwrap_or(Amount::ZERO),
    }
}
