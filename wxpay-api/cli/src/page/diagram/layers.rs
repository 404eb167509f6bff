//! Where the states of a diagram are: in layers from the first to the last, and where long arrows pass.

use std::collections::BTreeMap;

use super::super::control_data::Arrow;
use super::{DOT, GAP, HEIGHT, MARGIN, WIDTH};

/// The distance of two states of a layer.
const ROW: f64 = HEIGHT + 26.0;
/// The height that a passing arrow takes.
const PASS: f64 = 24.0;
/// How often the layers are put in order.
const ROUNDS: usize = 6;

/// A point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// What takes a place in a layer.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Slot {
    /// A state; `None` is the dot that new resources come from.
    State(Option<String>),
    /// An arrow on its way to another layer.
    Pass { from: Option<String>, to: String },
}

/// States in their layers.
#[derive(Debug)]
pub(super) struct Layers {
    layers: Vec<Vec<Slot>>,
    /// The layer, and the place: the left end and the middle of the height.
    places: BTreeMap<(usize, Slot), Place>,
    depths: BTreeMap<Option<String>, usize>,
    size: (f64, f64),
}

impl Layers {
    pub(super) fn new(states: &[&str], arrows: &[Arrow]) -> Self {
        let depths = depths(states, arrows);
        let count = depths.values().max().map_or(1, |deepest| deepest + 1);
        let mut layers = vec![Vec::new(); count];
        let mut put = |depth: usize, slot: Slot| {
            if let Some(layer) = layers.get_mut(depth)
                && !layer.contains(&slot)
            {
                layer.push(slot);
            }
        };
        put(0, Slot::State(None));
        for state in states {
            let state = Some((*state).to_owned());
            put(depths.get(&state).copied().unwrap_or_default(), Slot::State(state));
        }
        for Arrow { from, to, .. } in arrows {
            let (start, end) = (depths.get(from), depths.get(&Some(to.clone())));
            let (Some(start), Some(end)) = (start, end) else { continue };
            for depth in start.min(end) + 1..*start.max(end) {
                put(depth, Slot::Pass { from: from.clone(), to: to.clone() });
            }
        }
        let mut layers = Self { layers, places: BTreeMap::new(), depths, size: (0.0, 0.0) };
        layers.order(arrows);
        layers.settle();
        layers
    }

    pub(super) fn size(&self) -> (f64, f64) {
        self.size
    }

    /// Returns the left end of a state and the middle of its height.
    pub(super) fn place(&self, state: Option<&str>) -> Option<Place> {
        let state = state.map(str::to_owned);
        let depth = *self.depths.get(&state)?;
        self.places.get(&(depth, Slot::State(state))).copied()
    }

    /// Returns the points through which an arrow goes; `None` if it stays where it is.
    pub(super) fn route(&self, arrow: &Arrow) -> Option<Vec<Place>> {
        let to = Some(arrow.to.clone());
        if arrow.from == to {
            return None;
        }
        let (start, end) = (*self.depths.get(&arrow.from)?, *self.depths.get(&to)?);
        let width = if arrow.from.is_some() { WIDTH } else { 2.0 * DOT };
        let from = self.place(arrow.from.as_deref())?;
        let into = self.place(Some(&arrow.to))?;
        // An arrow leaves on the side where it goes. Arrows in one layer bow out on the right.
        let (leaves, arrives) = match start.cmp(&end) {
            std::cmp::Ordering::Less => (width, 0.0),
            std::cmp::Ordering::Equal => (width, WIDTH),
            std::cmp::Ordering::Greater => (0.0, WIDTH),
        };
        // The arrows of both directions between two states do not cover each other.
        let shift = if start > end { 9.0 } else { -4.0 };
        let shift = if arrow.from.is_some() { shift } else { 0.0 };
        let mut route = vec![Place { x: from.x + leaves, y: from.y + shift }];
        let slot = Slot::Pass { from: arrow.from.clone(), to: arrow.to.clone() };
        let between: Vec<usize> = match start < end {
            true => (start + 1..end).collect(),
            false => (end + 1..start).rev().collect(),
        };
        for depth in between {
            let passed = *self.places.get(&(depth, slot.clone()))?;
            let ends = [Place { x: passed.x, ..passed }, Place { x: passed.x + WIDTH, ..passed }];
            if start < end { route.extend(ends) } else { route.extend(ends.into_iter().rev()) }
        }
        route.push(Place { x: into.x + arrives, y: into.y + shift });
        Some(route)
    }

    /// Puts each layer in the order of what its slots are joined with, so that fewer arrows cross.
    fn order(&mut self, arrows: &[Arrow]) {
        for round in 0..ROUNDS {
            let is_forward = round % 2 == 0;
            let count = self.layers.len();
            for step in 1..count {
                let depth = if is_forward { step } else { count - 1 - step };
                let near = if is_forward { depth.wrapping_sub(1) } else { depth + 1 };
                let neighbours = self.layers.get(near).cloned().unwrap_or_default();
                let Some(layer) = self.layers.get_mut(depth) else { continue };
                let mut ranked: Vec<_> = layer
                    .iter()
                    .enumerate()
                    .map(|(index, slot)| (rank(slot, index, &neighbours, arrows), slot.clone()))
                    .collect();
                ranked.sort_by(|one, other| one.0.total_cmp(&other.0));
                *layer = ranked.into_iter().map(|(_, slot)| slot).collect();
            }
        }
    }

    /// Gives each slot its place. Layers are centred.
    fn settle(&mut self) {
        let height = |slot: &Slot| if matches!(slot, Slot::Pass { .. }) { PASS } else { ROW };
        let heights = self.layers.iter().map(|layer| layer.iter().map(height).sum::<f64>());
        let highest = heights.clone().fold(ROW, f64::max);
        let mut x = MARGIN;
        for (depth, (layer, own)) in self.layers.iter().zip(heights).enumerate() {
            let mut y = MARGIN + (highest - own) / 2.0;
            for slot in layer {
                let place = Place { x, y: y + height(slot) / 2.0 };
                self.places.insert((depth, slot.clone()), place);
                y += height(slot);
            }
            // The dot alone makes a narrow layer.
            let is_narrow = layer.len() == 1 && layer.first() == Some(&Slot::State(None));
            x += if is_narrow { 2.0 * DOT + GAP } else { WIDTH + GAP };
        }
        // Arrows within the last layer bow out on its right.
        self.size = (x - GAP / 2.0 + MARGIN, highest + 2.0 * MARGIN);
    }
}

/// Returns the layer of each state: as many arrows as possible lead to it, without those that lead back in the order of
/// the descriptor. The dot is before all.
fn depths(states: &[&str], arrows: &[Arrow]) -> BTreeMap<Option<String>, usize> {
    let mut depths = BTreeMap::from([(None, 0)]);
    for state in states {
        let rank = |name: &str| states.iter().position(|known| *known == name);
        let leads_on = |arrow: &&Arrow| {
            arrow.to == *state && arrow.from.as_deref().map(rank) < Some(rank(state))
        };
        let before = arrows.iter().filter(leads_on).filter_map(|arrow| depths.get(&arrow.from));
        let depth = before.max().map_or(1, |depth| depth + 1);
        depths.insert(Some((*state).to_owned()), depth);
    }
    depths
}

/// Returns the mean position of what a slot is joined with in the next layer; its own one if there is nothing.
fn rank(slot: &Slot, index: usize, neighbours: &[Slot], arrows: &[Arrow]) -> f64 {
    let ends = |slot: &Slot, from: &Option<String>, to: &str| match slot {
        Slot::State(state) => state == from || state.as_deref() == Some(to),
        Slot::Pass { from: passing, to: target } => passing == from && target == to,
    };
    let mut sum = 0.0;
    let mut count = 0.0;
    for Arrow { from, to, .. } in arrows.iter().filter(|it| ends(slot, &it.from, &it.to)) {
        let met = neighbours.iter().enumerate().filter(|(_, other)| ends(other, from, to));
        for (position, _) in met {
            sum += position as f64;
            count += 1.0;
        }
    }
    if count > 0.0 { sum / count } else { index as f64 }
}
