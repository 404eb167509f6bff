/// One of several answers to the same question: the present one if somebody gives it, else the one
/// that most give, else the first.
pub(super) fn choose<T: Clone + PartialEq>(have: Option<&T>, given: &[T]) -> Option<T> {
    if let Some(have) = have.filter(|have| given.is_empty() || given.contains(have)) {
        return Some(have.clone());
    }
    let count = |value: &T| given.iter().filter(|other| *other == value).count();
    let mut best: Option<(&T, usize)> = None;
    for value in given {
        let count = count(value);
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((value, count));
        }
    }
    best.map(|(value, _)| value.clone())
}
