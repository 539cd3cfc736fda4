//! Where places join a network, looked for once: scenarios ask for mostly the same places again and again.

use crate::model::GreenSpace;
use crate::network::{Attachment, Entrance};
use geo::Point;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was found of one network, its settings being those of one study.
#[derive(Default)]
pub(super) struct Joined {
    places: Mutex<HashMap<[u64; 2], Option<Attachment>>>,
    parks: Mutex<Parks>,
}

/// Green spaces and their entrances by id, which several may share.
type Parks = HashMap<String, Vec<(GreenSpace, Vec<Entrance>)>>;

impl Joined {
    /// Where a place joins the network; `join` finds it where it is not known yet.
    pub(super) fn place(
        &self,
        place: Point<f64>,
        join: impl FnOnce() -> Option<Attachment>,
    ) -> Option<Attachment> {
        let key = [place.x().to_bits(), place.y().to_bits()];
        if let Some(known) = locked(&self.places).get(&key) {
            return *known;
        }
        let found = join();
        locked(&self.places).insert(key, found);
        found
    }

    /// Where a green space is entered; `enter` finds it where the same one is not known yet.
    pub(super) fn park(&self, park: &GreenSpace, enter: impl FnOnce() -> Vec<Entrance>) -> Vec<Entrance> {
        let known = |parks: &Parks| {
            let (_, entrances) = parks.get(&park.id)?.iter().find(|(known, _)| known == park)?;
            Some(entrances.clone())
        };
        if let Some(entrances) = known(&locked(&self.parks)) {
            return entrances;
        }
        let found = enter();
        locked(&self.parks).entry(park.id.clone()).or_default().push((park.clone(), found.clone()));
        found
    }
}

/// Whoever held it before added a whole entry or none.
fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
