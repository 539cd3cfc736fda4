//! Homes and the places that they use, as a graph: its cycles are cancelled, its trees are balanced at once.
//!
//! Home by home people settle slowly, because neighbours wait for each other. Where the used choices form trees, the crowding
//! of all places of a tree follows from one number, and so do the people of each choice: one step for the whole tree.

use super::assignment::Assignment;

/// Used choices from both sides: homes first, then places.
struct Used {
    /// Where the neighbours of each node begin; one more than nodes.
    first: Vec<usize>,
    /// Node at the other end, and the choice between.
    next: Vec<(usize, usize)>,
}

impl Used {
    fn of(assignment: &Assignment) -> Self {
        let (homes, places) = (assignment.homes(), assignment.usable.len());
        let ends = || {
            (0..homes).flat_map(|home| {
                let choices = assignment.first[home]..assignment.first[home + 1];
                let used = choices.filter(|&choice| assignment.people[choice] > 0.0);
                used.map(move |choice| (home, homes + assignment.place[choice] as usize, choice))
            })
        };
        let mut first = vec![0; homes + places + 1];
        for (home, place, _) in ends() {
            first[home + 1] += 1;
            first[place + 1] += 1;
        }
        for node in 0..homes + places {
            first[node + 1] += first[node];
        }
        let mut free = first.clone();
        let mut next = vec![(0, 0); first[homes + places]];
        for (home, place, choice) in ends() {
            for (from, to) in [(home, place), (place, home)] {
                next[free[from]] = (to, choice);
                free[from] += 1;
            }
        }
        Self { first, next }
    }
}

/// A node of a tree, its parent and the choice between; the root has none.
type Member = (usize, Option<(usize, usize)>);

impl Assignment {
    /// Moves people around each cycle of used choices, in the direction that shortens travel, until one choice is empty; no
    /// crowding changes. Used choices form trees afterwards.
    pub fn cancel_cycles(&mut self) {
        let used = Used::of(self);
        let nodes = used.first.len() - 1;
        let mut from = used.first[..nodes].to_vec();
        let (mut is_done, mut position) = (vec![false; nodes], vec![usize::MAX; nodes]);
        // Nodes of a walk, and the choice by which each was reached.
        let mut path: Vec<(usize, usize)> = Vec::new();
        for root in 0..self.homes() {
            if is_done[root] {
                continue;
            }
            path.push((root, usize::MAX));
            position[root] = 0;
            while let Some(&(node, came)) = path.last() {
                let end = used.first[node + 1];
                let is_open =
                    |&(other, choice): &(usize, usize)| self.people[choice] > 0.0 && !is_done[other];
                while from[node] < end && !is_open(&used.next[from[node]]) {
                    from[node] += 1;
                }
                let ahead = used.next[from[node]..end].iter();
                match ahead.copied().find(|step| step.1 != came && is_open(step)) {
                    None => {
                        is_done[node] = true;
                        path.pop();
                    }
                    Some((other, choice)) if position[other] == usize::MAX => {
                        position[other] = path.len();
                        path.push((other, choice));
                    }
                    Some((other, choice)) => {
                        let start = position[other] + 1;
                        let cycle: Vec<usize> =
                            path[start..].iter().map(|step| step.1).chain([choice]).collect();
                        self.cancel(&cycle);
                        if let Some(cut) = (start..path.len()).find(|&at| self.people[path[at].1] == 0.0) {
                            path[cut..].iter().for_each(|step| position[step.0] = usize::MAX);
                            path.truncate(cut);
                        }
                    }
                }
            }
        }
    }

    /// Choices of a cycle take and give people by turns.
    fn cancel(&mut self, cycle: &[usize]) {
        let saved: f64 = cycle
            .iter()
            .enumerate()
            .map(|(at, &choice)| if at % 2 == 0 { self.travel[choice] } else { -self.travel[choice] })
            .sum();
        let giving = usize::from(saved < 0.0);
        let given = cycle.iter().skip(giving).step_by(2).map(|&choice| self.people[choice]);
        let given = given.fold(f64::INFINITY, f64::min);
        for (at, &choice) in cycle.iter().enumerate() {
            self.people[choice] += if at % 2 == giving { -given } else { given };
        }
    }

    /// Brings each tree of used choices to the equilibrium that it would have alone. Where this would need fewer than no
    /// people on a choice, all go as far as that choice is empty, which parts the tree, and its parts go on.
    pub fn balance_trees(&mut self) {
        let used = Used::of(self);
        let nodes = used.first.len() - 1;
        let mut is_settled = vec![false; nodes];
        let (mut level, mut due) = (vec![0.0; nodes], vec![0.0; nodes]);
        let mut roots: Vec<usize> = (0..self.homes()).rev().collect();
        while let Some(root) = roots.pop() {
            if is_settled[root] {
                continue;
            }
            let tree = self.tree(&used, root, &mut level);
            let share = self.balance(&tree, &level, &mut due);
            if share < 1.0 {
                roots.extend(tree.iter().map(|member| member.0).filter(|node| *node < self.homes()));
            } else {
                tree.iter().for_each(|member| is_settled[member.0] = true);
            }
        }
        self.load.fill(0.0);
        for (choice, &place) in self.place.iter().enumerate() {
            self.load[place as usize] += self.people[choice];
        }
    }

    /// Nodes of the tree, parents first; fills in how much less crowded each place must be than a place at the root.
    fn tree(&self, used: &Used, root: usize, level: &mut [f64]) -> Vec<Member> {
        let mut tree: Vec<Member> = vec![(root, None)];
        level[root] = 0.0;
        let mut at = 0;
        while let Some(&(node, parent)) = tree.get(at) {
            at += 1;
            for &(other, choice) in &used.next[used.first[node]..used.first[node + 1]] {
                if self.people[choice] == 0.0 || parent.is_some_and(|(_, came)| came == choice) {
                    continue;
                }
                let travel = self.travel[choice];
                level[other] = level[node] + if other < self.homes() { travel } else { -travel };
                tree.push((other, Some((node, choice))));
            }
        }
        tree
    }

    /// Goes to the balance of a tree, or the share of the way on which no choice has fewer than no people; returns the share.
    fn balance(&mut self, tree: &[Member], level: &[f64], due: &mut [f64]) -> f64 {
        let homes = self.homes();
        let (mut people, mut usable, mut lifted) = (0.0, 0.0, 0.0);
        for &(node, _) in tree {
            if node < homes {
                people += self.demand[node];
            } else {
                usable += self.usable[node - homes];
                lifted += self.usable[node - homes] * level[node];
            }
        }
        // All places of the tree are used as much as all its people need.
        let ground = (people - lifted) / usable;
        for &(node, _) in tree {
            due[node] = if node < homes {
                self.demand[node]
            } else {
                self.usable[node - homes] * (ground + level[node])
            };
        }
        // From the leaves: what a node still needs comes from its parent.
        let mut share: f64 = 1.0;
        for &(node, parent) in tree.iter().rev() {
            let Some((above, choice)) = parent else { continue };
            due[above] -= due[node];
            if due[node] < 0.0 {
                share = share.min(self.people[choice] / (self.people[choice] - due[node]));
            }
        }
        for &(node, parent) in tree {
            let Some((_, choice)) = parent else { continue };
            let (now, then) = (self.people[choice], due[node]);
            let is_emptied = then < 0.0 && now / (now - then) <= share;
            self.people[choice] = if is_emptied { 0.0 } else { (now + share * (then - now)).max(0.0) };
        }
        share
    }
}
