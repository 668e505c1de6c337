//! What chance makes: schemas, and payloads that are near them.

pub mod payloads;
pub mod schemas;
pub mod texts;

use fastrand::Rng;

/// Whether something happens that happens so many times in a hundred.
fn happens(random: &mut Rng, percent: u8) -> bool {
    random.u8(..100) < percent
}

/// One of several.
fn choose<'a, T>(random: &mut Rng, choices: &'a [T]) -> &'a T {
    &choices[random.usize(..choices.len())]
}
