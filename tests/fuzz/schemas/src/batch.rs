//! The schemas of one generated crate, made anew from their seed by whoever needs them.

use fastrand::Rng;

use crate::random::schemas;
use crate::schema::Components;

/// How many schemas share a crate: more take longer to compile than to link.
pub const SIZE: usize = 200;

/// What a run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub seed: u64,
    /// How many schemas.
    pub schemas: usize,
    /// How many payloads for each of them.
    pub payloads: usize,
}

impl Settings {
    /// The batches, by number.
    pub fn batches(&self) -> std::ops::Range<usize> {
        0..self.schemas.div_ceil(SIZE)
    }

    /// The source of chance of a batch, for one purpose.
    pub fn random(&self, batch: usize, purpose: &str) -> Rng {
        let mut random = Rng::with_seed(self.seed);
        for byte in purpose.bytes() {
            random = Rng::with_seed(random.u64(..) ^ u64::from(byte));
        }
        // A batch does not depend on those before it.
        Rng::with_seed(random.u64(..).wrapping_add(batch as u64))
    }

    /// The schemas of a batch.
    pub fn components(&self, batch: usize) -> Components {
        let mut random = self.random(batch, "schemas");
        let size = SIZE.min(self.schemas - batch * SIZE);
        let mut components = Components::new();
        for number in 0.. {
            let most = size - components.len();
            if most == 0 {
                break;
            }
            components.extend(schemas::group(&mut random, number, most));
        }
        components
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_schemas() {
        let settings = |seed| Settings { seed, schemas: SIZE + 50, payloads: 0 };
        let text = |seed, batch| crate::schema::document(&settings(seed).components(batch)).plain();
        assert_eq!(settings(1).batches(), 0..2);
        assert_eq!(settings(1).components(0).len(), SIZE);
        assert_eq!(settings(1).components(1).len(), 50);
        assert_eq!(text(1, 1), text(1, 1));
        assert_ne!(text(1, 1), text(2, 1));
        assert_ne!(text(1, 1), text(1, 0));
    }
}
