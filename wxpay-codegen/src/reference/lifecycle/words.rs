//! Writes values and conditions of lifecycles in short.

use wxpay_spec::model::lifecycle::{Call, Condition, Related, TimeForm, Value};

/// Writes a value; nothing for `none`.
pub(super) fn value(given: &Value) -> String {
    match given {
        Value::Constant(constant) => {
            constant.as_str().map_or_else(|| constant.to_string(), str::to_owned)
        }
        Value::Field(path) => path.clone(),
        Value::Generated { prefix, length, digits } => {
            let kind = if *digits { "digits" } else { "letters" };
            format!("{prefix}… ({length} {kind})")
        }
        Value::Now(form) => format!("now ({})", time_form(*form)),
        Value::First(inside) => joined(inside, " or "),
        Value::Sum(inside) => sum(inside),
        Value::Difference(inside) => joined(inside, " − "),
        Value::Share(inside) => {
            let [amount, part, whole] = inside.each_ref().map(value);
            format!("{amount} × {part} ÷ {whole}")
        }
        Value::Count(list) => format!("count({})", value(list)),
        Value::SumOf { field, related } => format!("sum({field} of {})", self::related(related)),
        Value::CountOf(related) => format!("count({})", self::related(related)),
        Value::Age(time) => format!("age({})", value(time)),
        Value::Each { list, .. } => format!("each of {}", value(list)),
        Value::List(_) => "a list".to_owned(),
        Value::Join(lists) => joined(lists, " then "),
        Value::Where { list, condition: given, take } => {
            let taken = take.as_ref().map(|take| format!("{take} of ")).unwrap_or_default();
            format!("{taken}{} where {}", value(list), condition(given))
        }
        Value::Case { condition: given, then, otherwise } => {
            let otherwise = otherwise.as_ref().map(|other| format!(" else {}", value(other)));
            let otherwise = otherwise.unwrap_or_default();
            format!("{} if {}{otherwise}", value(then), condition(given))
        }
        Value::Function(call) => self::call(call),
    }
}

/// A list of numbers stands for each of them.
fn sum(values: &[Value]) -> String {
    let one = |it: &Value| match it {
        Value::Field(path) if path.contains("[]") => format!("sum({path})"),
        Value::Where { .. } => format!("sum({})", value(it)),
        other => value(other),
    };
    values.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn joined(values: &[Value], between: &str) -> String {
    values.iter().map(value).collect::<Vec<_>>().join(between)
}

fn time_form(form: TimeForm) -> &'static str {
    match form {
        TimeForm::DateTime => "date-time",
        TimeForm::CompactTime => "compact-time",
        TimeForm::Date => "date",
        TimeForm::CompactDate => "compact-date",
        TimeForm::Seconds => "seconds",
    }
}

fn related(related: &Related) -> String {
    let states = if related.states.is_empty() {
        String::new()
    } else {
        format!(" in {}", related.states.join(", "))
    };
    let given = related.condition.as_ref();
    let given = given.map(|given| format!(" where {}", condition(given))).unwrap_or_default();
    let of = match related.by.as_str() {
        "own" => "this".to_owned(),
        "caller" => "the merchant".to_owned(),
        by => format!("the same {by}"),
    };
    format!("{} of {of}{states}{given}", related.lifecycle)
}

fn call(call: &Call) -> String {
    format!("{}({})", call.name, joined(&call.of, ", "))
}

/// Writes a condition.
pub(super) fn condition(given: &Condition) -> String {
    let pair = |pair: &[Value; 2], sign: &str| {
        let [one, other] = pair.each_ref().map(value);
        format!("{one} {sign} {other}")
    };
    match given {
        Condition::Present(it) => format!("{} present", value(it)),
        Condition::Absent(it) => format!("{} absent", value(it)),
        Condition::Equal(both) => pair(both, "="),
        Condition::Differ(both) => pair(both, "≠"),
        Condition::Less(both) => pair(both, "<"),
        Condition::AtMost(both) => pair(both, "≤"),
        Condition::Among { value: it, texts } => format!("{} in {}", value(it), texts.join(", ")),
        Condition::ExactlyOne(all) => format!("exactly one of {}", joined(all, ", ")),
        Condition::Distinct(it) => format!("{} distinct", value(it)),
        Condition::All(inside) => group(inside, " and "),
        Condition::Any(inside) => group(inside, " or "),
        Condition::Not(inside) => format!("not ({})", condition(inside)),
        Condition::Function(it) => call(it),
    }
}

fn group(conditions: &[Condition], between: &str) -> String {
    let each = conditions.iter().map(|inside| match inside {
        Condition::All(_) | Condition::Any(_) => format!("({})", condition(inside)),
        simple => condition(simple),
    });
    each.collect::<Vec<_>>().join(between)
}
