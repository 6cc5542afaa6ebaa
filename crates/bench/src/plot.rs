//! Pictures, as text: SVG that needs nothing else, on light and on dark ground.

use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 200.0;
const RIGHT: f64 = 90.0;
const BAR: f64 = 22.0;
const GAP: f64 = 10.0;
const TOP: f64 = 44.0;
const HEIGHT: f64 = 320.0;

/// A picture.
#[derive(Clone, Debug)]
pub(crate) struct Plot {
    pub(crate) title: String,
    /// What is measured, and in what.
    pub(crate) unit: String,
    pub(crate) data: Data,
}

/// What it shows.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    /// Amounts, by name.
    Bars(Vec<(String, f64)>),
    /// Lines, by name, of points from left to right; and what is to the right.
    Lines(String, Vec<(String, Vec<(f64, f64)>)>),
}

impl Plot {
    /// It as SVG.
    pub(crate) fn svg(&self) -> String {
        match &self.data {
            Data::Bars(bars) => self.bars(bars),
            Data::Lines(along, lines) => self.lines(along, lines),
        }
    }

    fn frame(&self, height: f64, content: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
             font-size=\"13\" role=\"img\">\n<style>text {{ fill: #444 }} .axis {{ stroke: #999 }} \
             @media (prefers-color-scheme: dark) {{ text {{ fill: #bbb }} }}</style>\n\
             <title>{0}</title>\n<text x=\"8\" y=\"20\" font-size=\"15\">{0}, {1}</text>\n{content}</svg>\n",
            escaped(&self.title),
            escaped(&self.unit),
        )
    }

    fn bars(&self, bars: &[(String, f64)]) -> String {
        let most = bars.iter().map(|(_, amount)| *amount).fold(f64::MIN_POSITIVE, f64::max);
        let mut content = String::new();
        let mut y = TOP;
        for (index, (name, amount)) in bars.iter().enumerate() {
            let length = (amount / most * (WIDTH - LEFT - RIGHT)).max(0.0);
            let _ = writeln!(
                content,
                "<text x=\"{:.0}\" y=\"{2:.0}\" text-anchor=\"end\">{1}</text>\
                 <rect x=\"{LEFT}\" y=\"{y:.0}\" width=\"{length:.1}\" height=\"{BAR}\" fill=\"{3}\"/>\
                 <text x=\"{4:.1}\" y=\"{2:.0}\">{5}</text>",
                LEFT - 8.0,
                escaped(name),
                y + 16.0,
                COLOURS[index % COLOURS.len()],
                LEFT + length + 6.0,
                shown(*amount),
            );
            y += BAR + GAP;
        }
        self.frame(y + 4.0, &content)
    }

    fn lines(&self, along: &str, lines: &[(String, Vec<(f64, f64)>)]) -> String {
        let points = || lines.iter().flat_map(|(_, points)| points);
        let bounds = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)))
        };
        let (first, last) = bounds(&mut points().map(|point| point.0));
        let (_, most) = bounds(&mut points().map(|point| point.1));
        let (left, right, bottom) = (70.0, WIDTH - 150.0, HEIGHT - 46.0);
        let x = |value: f64| left + (value - first) / (last - first).max(f64::MIN_POSITIVE) * (right - left);
        let y = |value: f64| bottom - value / most.max(f64::MIN_POSITIVE) * (bottom - TOP);
        let mut content = format!("<path class=\"axis\" fill=\"none\" d=\"M{left},{TOP}V{bottom}H{right}\"/>\n");
        for step in 0..=4 {
            let (value, at) = (most * f64::from(step) / 4.0, first + (last - first) * f64::from(step) / 4.0);
            let _ = writeln!(
                content,
                "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>\
                 <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
                left - 8.0,
                y(value) + 4.0,
                shown(value),
                x(at),
                bottom + 18.0,
                shown(at),
            );
        }
        let _ = writeln!(
            content,
            "<text x=\"{right:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            bottom + 38.0,
            escaped(along)
        );
        for (index, (name, points)) in lines.iter().enumerate() {
            let colour = COLOURS[index % COLOURS.len()];
            let path: Vec<_> = points.iter().map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1))).collect();
            let _ = writeln!(
                content,
                "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>",
                path.join(" ")
            );
            let _ = writeln!(
                content,
                "<text x=\"{:.0}\" y=\"{:.0}\" style=\"fill:{colour}\">{}</text>",
                right + 10.0,
                TOP + 14.0 + 18.0 * index as f64,
                escaped(name),
            );
        }
        self.frame(HEIGHT, &content)
    }
}

/// Colours that are told apart on any ground, by those who see few colours, too.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

fn shown(amount: f64) -> String {
    match amount {
        _ if amount >= 100.0 => format!("{amount:.0}"),
        _ if amount >= 1.0 || amount == 0.0 => format!("{amount:.1}"),
        _ => format!("{amount:.2}"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_amount_has_the_longest_bar() {
        let bars = vec![("a < b".to_owned(), 50.0), ("c".to_owned(), 100.0)];
        let plot = Plot { title: "Rates".to_owned(), unit: "per second".to_owned(), data: Data::Bars(bars) };
        let svg = plot.svg();
        assert!(
            svg.contains("a &lt; b") && svg.contains("width=\"430.0\"") && svg.contains("width=\"215.0\""),
            "{svg}"
        );
        assert!(svg.starts_with("<svg xmlns") && svg.ends_with("</svg>\n"));
    }

    #[test]
    fn lines_go_from_the_first_point_to_the_last() {
        let line = ("p50".to_owned(), vec![(0.0, 0.0), (5.0, 2.0), (10.0, 4.0)]);
        let data = Data::Lines("seconds".to_owned(), vec![line]);
        let svg = Plot { title: "T".to_owned(), unit: "ms".to_owned(), data }.svg();
        assert!(svg.contains("points=\"70.0,274.0 320.0,159.0 570.0,44.0\""), "{svg}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        for data in [Data::Bars(vec![]), Data::Lines("x".to_owned(), vec![])] {
            let svg = Plot { title: "T".to_owned(), unit: "ms".to_owned(), data }.svg();
            assert!(svg.ends_with("</svg>\n"), "{svg}");
        }
    }
}
