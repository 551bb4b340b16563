//! Names that are not found, and those that may have been meant.

/// The nearest name, else all, after `lead`.
pub(super) fn hint<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, lead: &str) -> String {
    let names: Vec<_> = names.collect();
    match nearest(wanted, &names) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.is_empty() => format!("{lead} none"),
        None => format!("{lead} {}", names.join(", ")),
    }
}

/// The name that differs least, if it differs little.
fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let little = (wanted.chars().count() + 1) / 3;
    let distances = names.iter().map(|name| (distance(wanted, name), *name));
    let near = distances.filter(|(distance, _)| *distance <= little);
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How many letters are to be added, removed or replaced, in any case. None for the same name in another schema.
fn distance(wanted: &str, name: &str) -> usize {
    let (wanted, name) = (wanted.to_lowercase(), name.to_lowercase());
    let is_same = wanted.rsplit('.').next() == name.rsplit('.').next();
    if is_same { 0 } else { strsim::levenshtein(&wanted, &name) }
}
