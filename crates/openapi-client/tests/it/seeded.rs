//! How many histories a model test plays, and how those of a failure are played again.

use std::env;
use std::hash::{BuildHasher, Hasher, RandomState};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// 10,000 histories, or as many as the environment variable `PROPTEST_CASES` says.
///
/// The seed is printed, which is shown if a history fails: `PROPTEST_RNG_SEED` plays the same ones again.
pub(crate) fn histories() -> ProptestConfig {
    let told = ProptestConfig::default();
    let cases = if env::var_os("PROPTEST_CASES").is_some() { told.cases } else { 10_000 };
    let seed = match told.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().build_hasher().finish(),
    };
    println!("PROPTEST_RNG_SEED={seed}");
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(seed), ..told }
}
