//! An order that does not depend on how a file happens to be sorted.

/// The positions of some names, sorted by name; names that are the same keep their order.
///
/// What is drawn for places is drawn in this order, so that the rows of a file can be shuffled without any result changing.
pub(crate) fn by_name<T: Ord>(names: &[T]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&position| &names[position]);
    order
}

/// Where each position stands in an order.
pub(crate) fn places_in(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &position)| places[position] = place);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_sorted_by_name() {
        let names = ["c", "a", "d", "b"].map(str::to_owned);
        assert_eq!(by_name(&names), [1, 3, 0, 2]);
        assert_eq!(places_in(&by_name(&names)), [2, 0, 3, 1]);
    }
}
