//! The account holders. All are made up: `example.org` is reserved (RFC 2606), and France reserves the phone
//! numbers that begin with 01 99 00 and 06 39 98 for films.

use crate::models::NewAccount;

/// Enough for the help desk's truncated index to find some by chance.
pub(crate) const MEMBERS: usize = 400;
/// Pairs of members with different numbers that end in the same four digits.
const ENDING_ALIKE: usize = 8;

pub(crate) const ADA: Person = Person { email: "Ada@Example.org", phone: "+33 1 99 00 12 34" };
/// Has Ada's phone number.
pub(crate) const THEO: Person = Person { email: "theo@example.org", phone: "+33 199-001-234" };
pub(crate) const MINA: Person = Person { email: "Mina@Example.org", phone: "+33 1 99 00 56 78" };
pub(crate) const NOUR: Person = Person { email: "nour@example.org", phone: "+33 1 99 00 90 12" };

#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub email: &'static str,
    pub phone: &'static str,
}

impl Person {
    pub(crate) fn account(self) -> NewAccount {
        NewAccount::new(self.email, self.phone)
    }

    /// Somebody else who signs up with the same address, in capitals.
    pub(crate) fn again(self) -> NewAccount {
        NewAccount::new(&self.email.to_uppercase(), self.phone)
    }
}

/// The members, the same in every run, with different addresses and numbers.
pub(crate) fn members() -> Vec<NewAccount> {
    (0..MEMBERS).map(|n| NewAccount::new(&email(n), &phone(n))).collect()
}

fn email(n: usize) -> String {
    format!("Member.{n:03}@Example.org")
}

/// Half of them are landlines, half are mobile.
fn phone(n: usize) -> String {
    let (network, n) = if n < MEMBERS / 2 { ("1 99 00", n) } else { ("6 39 98", n - ENDING_ALIKE) };
    // Every ending once, in an order that looks random: 7,919 is coprime to 10,000.
    let ending = n * 7_919 % 10_000;
    format!("+33 {network} {:02} {:02}", ending / 100, ending % 100)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn all_addresses_and_numbers_differ() {
        let emails: HashSet<_> = (0..MEMBERS).map(email).collect();
        let mut phones: HashSet<_> = (0..MEMBERS).map(phone).collect();
        assert_eq!(emails.len(), MEMBERS);
        assert!([ADA, MINA, NOUR].into_iter().all(|person| phones.insert(person.phone.to_owned())));
        assert_eq!(phones.len(), MEMBERS + 3);
    }

    #[test]
    fn some_numbers_end_alike() {
        let endings: HashSet<_> = (0..MEMBERS).map(|n| phone(n)[12..].to_owned()).collect();
        assert_eq!(endings.len(), MEMBERS - ENDING_ALIKE);
        assert!([ADA, MINA, NOUR].iter().all(|person| !endings.contains(&person.phone[12..])));
    }
}
