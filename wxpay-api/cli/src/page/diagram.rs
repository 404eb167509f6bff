//! The diagram of a lifecycle: states in layers from the left to the right, arrows between them, the present state marked.

mod layers;
mod text;

use super::control_data::{Arrow, Lifecycle};
use super::kinds::cause_name;
use super::language::PageLanguage;
use layers::{Layers, Place};
use text::{Area, shortened, width};

/// The size of a state, in pixels.
const WIDTH: f64 = 132.0;
const HEIGHT: f64 = 46.0;
/// The distance of two layers.
const GAP: f64 = 128.0;
/// The space around everything.
const MARGIN: f64 = 14.0;
/// The radius of the dot from which new resources come.
const DOT: f64 = 7.0;
/// The height of a label.
const LABEL: f64 = 15.0;

/// A diagram in SVG.
#[derive(Debug)]
pub(super) struct Diagram {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    /// The same in words: what leads from the present state where.
    pub(super) ways: Vec<Way>,
}

/// A state; the dot if it has no name.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) is_now: bool,
}

/// An arrow.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) path: String,
    /// The whole label, which a pointer shows.
    pub(super) title: String,
    pub(super) label: Option<Label>,
    /// Whether it leaves the present state.
    pub(super) leaves: bool,
}

/// The label of an arrow, where nothing else is.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) text: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
}

/// A way from the present state.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) by: String,
    pub(super) to: String,
}

impl Diagram {
    pub(super) fn new(language: PageLanguage, lifecycle: &Lifecycle, now: &str) -> Self {
        let names: Vec<&str> = lifecycle.states.iter().map(|state| state.name.as_str()).collect();
        let layers = Layers::new(&names, &lifecycle.arrows);
        let (width, height) = layers.size();
        let nodes = nodes(language, lifecycle, &layers, now);
        let mut taken: Vec<Area> = nodes.iter().map(Node::area).collect();
        let drawn = lifecycle.arrows.iter().filter_map(|arrow| Some((arrow, layers.route(arrow)?)));
        let edges = drawn.map(|(arrow, route)| {
            let title = labels(language, arrow);
            let label = place(&shortened(&title), &route, &mut taken);
            let leaves = arrow.from.as_deref() == Some(now);
            Edge { path: curve(&route), title, label, leaves }
        });
        Self { width, height, edges: edges.collect(), nodes, ways: ways(language, lifecycle, now) }
    }
}

impl Node {
    fn area(&self) -> Area {
        let (width, height) =
            if self.name.is_empty() { (2.0 * DOT, 2.0 * DOT) } else { (WIDTH, HEIGHT) };
        Area { x: self.x, y: self.y, width, height }
    }

    /// Returns the middle, for the text.
    pub(super) fn middle(&self) -> (f64, f64) {
        let Area { x, y, width, height } = self.area();
        (x + width / 2.0, y + height / 2.0)
    }
}

fn nodes(language: PageLanguage, lifecycle: &Lifecycle, layers: &Layers, now: &str) -> Vec<Node> {
    let dot = layers.place(None).map(|Place { x, y }| Node {
        x,
        y: y - DOT,
        name: String::new(),
        title: String::new(),
        is_now: false,
    });
    let states = lifecycle.states.iter().filter_map(|state| {
        let Place { x, y } = layers.place(Some(&state.name))?;
        let title = language.say(&state.title, "");
        Some(Node {
            x,
            y: y - HEIGHT / 2.0,
            name: state.name.clone(),
            title: shortened(title),
            is_now: state.name == now,
        })
    });
    dot.into_iter().chain(states).collect()
}

/// Names what leads along an arrow.
fn labels(language: PageLanguage, arrow: &Arrow) -> String {
    let names = arrow.by.iter().map(|cause| cause_name(language, &cause.name, &cause.title));
    names.collect::<Vec<_>>().join(" / ")
}

fn ways(language: PageLanguage, lifecycle: &Lifecycle, now: &str) -> Vec<Way> {
    let leaving = lifecycle.arrows.iter().filter(|arrow| arrow.from.as_deref() == Some(now));
    let ways = leaving.flat_map(|arrow| {
        arrow.by.iter().map(|cause| {
            let who = match cause.kind.as_str() {
                "operation" => language.say("商户调用", "your call"),
                "internal" => language.say("由其他单触发", "follows from another one"),
                _ => language.say("外部事件", "event"),
            };
            let name = cause_name(language, &cause.name, &cause.title);
            Way { by: format!("{name} ({who})"), to: arrow.to.clone() }
        })
    });
    ways.collect()
}

/// Draws a curve through points. It leaves and reaches each of them horizontally.
fn curve(route: &[Place]) -> String {
    let Some(first) = route.first() else { return String::new() };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    for pair in route.windows(2) {
        if let [from, to] = pair {
            let (one, other) = controls(from, to);
            path.push_str(&format!(
                " C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
                one.x, one.y, other.x, other.y, to.x, to.y
            ));
        }
    }
    path
}

/// Returns the control points between two points. Points of one layer are joined by a bow on their right.
fn controls(from: &Place, to: &Place) -> (Place, Place) {
    let distance = to.x - from.x;
    let (one, other) = match distance.abs() < 1.0 {
        true => (GAP / 2.0, GAP / 2.0),
        false => (distance / 2.0, -distance / 2.0),
    };
    (Place { x: from.x + one, y: from.y }, Place { x: to.x + other, y: to.y })
}

/// Finds a place for a label on a route, clear of everything else.
fn place(text: &str, route: &[Place], taken: &mut Vec<Area>) -> Option<Label> {
    const TRIES: [f64; 9] = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8];
    if text.is_empty() {
        return None;
    }
    let size = (width(text) + 6.0, LABEL);
    let segments: Vec<_> = route.windows(2).collect();
    let candidates = TRIES.iter().flat_map(|at| segments.iter().map(move |pair| (pair, *at)));
    for (pair, at) in candidates {
        let [from, to] = pair else { continue };
        let middle = point(from, to, at);
        let area = Area {
            x: middle.x - size.0 / 2.0,
            y: middle.y - size.1 / 2.0,
            width: size.0,
            height: size.1,
        };
        if area.x >= 0.0 && area.y >= 0.0 && !taken.iter().any(|other| other.meets(&area)) {
            taken.push(area);
            let (text, width) = (text.to_owned(), size.0);
            return Some(Label { text, x: middle.x, y: middle.y, width });
        }
    }
    None
}

/// Returns a point of a cubic curve.
fn point(from: &Place, to: &Place, at: f64) -> Place {
    let (one, other) = controls(from, to);
    let rest = 1.0 - at;
    let mix = |a: f64, b: f64, c: f64, d: f64| {
        rest.powi(3) * a
            + 3.0 * rest.powi(2) * at * b
            + 3.0 * rest * at.powi(2) * c
            + at.powi(3) * d
    };
    Place { x: mix(from.x, one.x, other.x, to.x), y: mix(from.y, one.y, other.y, to.y) }
}
