//! Suggestions for a name that is not found.

/// Suggests the nearest name, or else lists all names after `lead`.
pub(super) fn hint<'a>(wanted: &str, names: impl Iterator<Item = &'a str>, lead: &str) -> String {
    let names: Vec<_> = names.collect();
    match nearest(wanted, &names) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.is_empty() => format!("{lead} none"),
        None => format!("{lead} {}", names.join(", ")),
    }
}

/// The most similar name, if it is similar enough.
fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let limit = (wanted.chars().count() + 1) / 3;
    let distances = names.iter().map(|name| (distance(wanted, name), *name));
    let near = distances.filter(|(distance, _)| *distance <= limit);
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How many letters to add, remove or replace, ignoring case. Zero for the same name in another schema.
fn distance(wanted: &str, name: &str) -> usize {
    let (wanted, name) = (wanted.to_lowercase(), name.to_lowercase());
    let is_same = wanted.rsplit('.').next() == name.rsplit('.').next();
    if is_same { 0 } else { strsim::levenshtein(&wanted, &name) }
}
