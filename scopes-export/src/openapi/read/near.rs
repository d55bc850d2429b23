//! Names of scopes that are nearly the same, and so may be one scope in two spellings.

use std::collections::{HashMap, HashSet};

/// Shorter names differ by one letter without being a misspelling of one another.
const SHORTEST: usize = 8;

/// The most pairs that are reported.
const MOST: usize = 100;

/// Pairs of indexes of names that differ only in case, separators or a plural, or by one letter
/// that was left out or written twice.
pub(super) fn pairs(names: &[&str]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut known: HashSet<(usize, usize)> = HashSet::new();
    let mut buckets: HashMap<String, usize> = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        match buckets.get(&folded(name)) {
            Some(&first) => {
                if known.insert((first, index)) {
                    found.push((first, index));
                }
            }
            None => {
                buckets.insert(folded(name), index);
            }
        }
    }
    // Without one letter, a misspelt name is the other name.
    let by_name: HashMap<&str, usize> = names.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| name.len() >= SHORTEST && name.is_ascii()) {
        for at in 0..name.len() {
            let (Some(before), Some(after)) = (name.get(..at), name.get(at + 1..)) else { continue };
            let is_letter = name.as_bytes().get(at).is_some_and(u8::is_ascii_alphabetic);
            let Some(&other) = by_name.get(format!("{before}{after}").as_str()).filter(|_| is_letter) else { continue };
            let pair = (index.min(other), index.max(other));
            if known.insert(pair) {
                found.push(pair);
            }
        }
    }
    found.sort_unstable();
    found.truncate(MOST);
    found
}

/// The letters and digits in lower case, each word without a plural's `s`.
fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split(|character: char| !character.is_alphanumeric()) {
        let word = word.to_lowercase();
        let single = word.strip_suffix('s').filter(|single| single.len() > 2 && !single.ends_with('s'));
        folded.push_str(single.unwrap_or(&word));
    }
    // Names without a letter or digit are all different.
    if folded.is_empty() { name.to_owned() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn spellings_of_one_name() {
        let names = [
            "users.read",
            "users:read",
            "user.read",
            "Users.Read",
            "users.write",
            "payroll.employees",
            "payroll.employes",
            "v1.read",
            "v2.read",
            "address.read",
            "addres.read",
            "im:read",
            "mpim:read",
            "*",
            "+",
        ];
        let found: Vec<[&str; 2]> = pairs(&names).into_iter().map(|(a, b)| [names[a], names[b]]).collect();
        assert_eq!(
            found,
            [
                ["users.read", "users:read"],
                ["users.read", "user.read"],
                ["users.read", "Users.Read"],
                ["payroll.employees", "payroll.employes"],
                ["address.read", "addres.read"],
            ]
        );
    }
}
