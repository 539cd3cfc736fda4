//! Who goes where, and the best answer of one home to all others.

/// Inhabitants of one origin and the places that they may choose.
pub(super) struct Home {
    /// Number of the origin.
    pub origin: usize,
    /// Its people, above 0.
    pub demand: f64,
    /// Place and travel in units of tau; at least one.
    pub choices: Vec<(u32, f64)>,
}

/// The people of each home over its choices.
///
/// The equilibrium is the least of a convex program, ½ Σ_j load_j² / usable_j + Σ_ij people_ij · travel_ij: its derivative by
/// the people of a choice is what that choice costs. Every step here lowers it.
pub(super) struct Assignment {
    /// Number of the origin of each home.
    origins: Vec<usize>,
    pub demand: Vec<f64>,
    /// Where the choices of each home begin, the least travel first; one more than homes.
    pub first: Vec<usize>,
    pub place: Vec<u32>,
    pub travel: Vec<f64>,
    pub people: Vec<f64>,
    /// Demand that each place is meant for.
    pub usable: Vec<f64>,
    /// Demand at each place.
    pub load: Vec<f64>,
}

/// A home whose dearest and cheapest used places differ by less is left alone: rounding.
const ROUNDING: f64 = 1e-13;

impl Assignment {
    /// Everybody at the nearest place.
    pub fn new(homes: Vec<Home>, usable: Vec<f64>) -> Self {
        let mut of = Self {
            origins: Vec::with_capacity(homes.len()),
            demand: Vec::with_capacity(homes.len()),
            first: vec![0],
            place: Vec::new(),
            travel: Vec::new(),
            people: Vec::new(),
            load: vec![0.0; usable.len()],
            usable,
        };
        for mut home in homes {
            home.choices.sort_by(|one, other| one.1.total_cmp(&other.1));
            of.load[home.choices[0].0 as usize] += home.demand;
            of.people.push(home.demand);
            of.people.resize(of.people.len() + home.choices.len() - 1, 0.0);
            of.place.extend(home.choices.iter().map(|choice| choice.0));
            of.travel.extend(home.choices.iter().map(|choice| choice.1));
            of.first.push(of.place.len());
            of.demand.push(home.demand);
            of.origins.push(home.origin);
        }
        of
    }

    pub fn homes(&self) -> usize {
        self.demand.len()
    }

    fn cost(&self, choice: usize) -> f64 {
        let place = self.place[choice] as usize;
        self.travel[choice] + self.load[place] / self.usable[place]
    }

    /// What the cheapest choice of a home costs, and the dearest that is used.
    fn extremes(&self, home: usize) -> (f64, f64) {
        let (mut cheapest, mut dearest) = (f64::INFINITY, f64::NEG_INFINITY);
        for choice in self.first[home]..self.first[home + 1] {
            let cost = self.cost(choice);
            cheapest = cheapest.min(cost);
            if self.people[choice] > 0.0 {
                dearest = dearest.max(cost);
            }
        }
        (cheapest, dearest)
    }

    /// The most that anybody can save by moving.
    pub fn residual(&self) -> f64 {
        let excess = |home| {
            let (cheapest, dearest) = self.extremes(home);
            dearest - cheapest
        };
        (0..self.homes()).map(excess).fold(0.0, f64::max)
    }

    pub fn highest_cost(&self) -> f64 {
        (0..self.homes()).map(|home| self.extremes(home).1).fold(0.0, f64::max)
    }

    /// Number of the origin and mean cost of its people, for each home.
    pub fn mean_costs(&self) -> impl Iterator<Item = (usize, f64)> {
        self.origins.iter().enumerate().map(|(home, &origin)| {
            let used = (self.first[home]..self.first[home + 1]).filter(|&choice| self.people[choice] > 0.0);
            let (people, sum) = used.fold((0.0, 0.0), |(people, sum), choice| {
                (people + self.people[choice], sum + self.people[choice] * self.cost(choice))
            });
            (origin, sum / people)
        })
    }

    /// Each home in turn parts in the best way while all others stay: water that fills its places up to one level.
    pub fn fill(&mut self) {
        for home in 0..self.homes() {
            let (cheapest, dearest) = self.extremes(home);
            if dearest - cheapest <= ROUNDING * dearest {
                continue;
            }
            // Without this home a choice costs its travel and the crowd of the others; the level falls to its place from
            // above, as choices that are not worth it drop out.
            let mut level = f64::INFINITY;
            loop {
                let (mut width, mut volume) = (0.0, self.demand[home]);
                for choice in self.first[home]..self.first[home + 1] {
                    if self.travel[choice] >= level {
                        break;
                    }
                    let (ground, usable) = self.without_home(choice);
                    if ground < level {
                        width += usable;
                        volume += usable * ground;
                    }
                }
                let lower = volume / width;
                if lower.is_nan() || lower >= level {
                    break;
                }
                level = lower;
            }
            for choice in self.first[home]..self.first[home + 1] {
                let (ground, usable) = self.without_home(choice);
                let people = if ground < level { usable * (level - ground) } else { 0.0 };
                self.load[self.place[choice] as usize] += people - self.people[choice];
                self.people[choice] = people;
            }
        }
    }

    /// Cost of a choice if nobody of its home took it, and the demand that its place is meant for.
    fn without_home(&self, choice: usize) -> (f64, f64) {
        let place = self.place[choice] as usize;
        let usable = self.usable[place];
        (self.travel[choice] + (self.load[place] - self.people[choice]) / usable, usable)
    }
}
