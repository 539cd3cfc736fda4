//! Colours that colour-blind people can tell apart, in light and dark. No scale runs from red to green.
//!
//! Ramps run from little to much and their lightness runs one way, so that they survive a grey copy; the diverging one
//! runs from orange to purple. Classes take Paul Tol's light scheme (Tol 2021, "Colour schemes", SRON/EPS/TN/09-002).

use crate::measure::Scale;
use serde::Serialize;

/// The colours of one theme.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Palette {
    pub(super) more_is_better: [&'static str; 6],
    pub(super) more_is_worse: [&'static str; 6],
    pub(super) neutral: [&'static str; 6],
    pub(super) diverging: [&'static str; 7],
    pub(super) classes: [&'static str; 10],
    /// For the class of those to whom nothing happened.
    pub(super) quiet: &'static str,
    /// Where there is no value, under a hatching.
    pub(super) missing: &'static str,
    pub(super) hatch: &'static str,
    pub(super) background: &'static str,
    pub(super) park: &'static str,
    pub(super) street: &'static str,
    pub(super) border: &'static str,
    pub(super) ink: &'static str,
}

/// On paper.
pub(super) const LIGHT: Palette = Palette {
    more_is_better: ["#e6f2ef", "#bfe0da", "#8cc5c5", "#55a1ae", "#2d7792", "#184a6b"],
    more_is_worse: ["#fbeedb", "#f6d0a0", "#e9a273", "#c96f62", "#94465f", "#562750"],
    neutral: ["#eeeef6", "#d2d4e8", "#acb1d5", "#8389be", "#5c629e", "#373b72"],
    diverging: ["#a65207", "#dd9340", "#f5d3a2", "#f1efec", "#cfcbe4", "#9389bf", "#512b85"],
    classes: [
        "#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#99ddff", "#bbcc33", "#aaaa00", "#9b7fb8",
        "#c9a27e",
    ],
    quiet: "#dcdfe2",
    missing: "#f1f0ec",
    hatch: "#b9b6ad",
    background: "#f7f5f0",
    park: "#dfe8d6",
    street: "#1c2733",
    border: "#ffffff",
    ink: "#17212b",
};

/// On a dark screen: much is light.
pub(super) const DARK: Palette = Palette {
    more_is_better: ["#163038", "#1d4a55", "#276b76", "#3c9197", "#70bdb5", "#c3ecdc"],
    more_is_worse: ["#38212f", "#5c2f40", "#8c434b", "#bd6250", "#e69662", "#fdd29e"],
    neutral: ["#23264a", "#353a6a", "#4f5690", "#727ab3", "#9fa7d5", "#d6daf5"],
    diverging: ["#f0a355", "#b5722f", "#6b4c2e", "#3a3b3f", "#4b4872", "#8479bd", "#bbb1f2"],
    classes: [
        "#5f97d0", "#e07b57", "#d8c46a", "#36a888", "#e88fa3", "#6fc0e8", "#a3b52a", "#8f8f1a", "#9f85c2",
        "#b88f6a",
    ],
    quiet: "#3c444d",
    missing: "#22272d",
    hatch: "#525b65",
    background: "#12161b",
    park: "#1b261f",
    street: "#eef3f7",
    border: "#12161b",
    ink: "#f2f5f8",
};

impl Palette {
    /// The colours of a scale of numbers, from little to much.
    pub(super) fn of(&self, scale: Scale) -> &[&'static str] {
        match scale {
            Scale::MoreIsBetter => &self.more_is_better,
            Scale::MoreIsWorse => &self.more_is_worse,
            Scale::Neutral => &self.neutral,
            Scale::Diverging { .. } => &self.diverging,
            Scale::Classes => &self.classes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    #[test]
    fn ramps_run_one_way_in_lightness_so_that_a_grey_copy_keeps_their_order() {
        for (palette, rises) in [(&LIGHT, false), (&DARK, true)] {
            for ramp in [&palette.more_is_better, &palette.more_is_worse, &palette.neutral] {
                for pair in ramp.windows(2) {
                    assert_eq!(luminance(pair[1]) > luminance(pair[0]), rises, "{pair:?}");
                }
            }
        }
    }
}
