//! The tree of a report: rows as lists in lists, which the reader folds.

use super::text::{icon, parts, text};
use crate::safety::Level;
use crate::view::preview::{plural, size_text};
use crate::view::{RowMark, TreeRow, level_class};

/// Bytes of a tree.
const MOST: usize = 1 << 20;
/// Levels that are open at first.
const OPEN: u32 = 3;

/// Rows of the tree, in the order of a walk.
#[derive(Default)]
pub struct HtmlRows {
    html: String,
    /// Levels of the rows around the next one.
    level: u32,
    /// The last row: what is below it is not known yet.
    last: Option<(u32, String)>,
    is_full: bool,
    left_out: u64,
}

impl HtmlRows {
    /// Adds a row; whether there is room for more. `is_closed` says that what is below it is left out.
    pub fn row(&mut self, row: &TreeRow, is_closed: bool) -> bool {
        let mut line = format!("<span class=\"key\">{}</span>", text(&row.label));
        if row.names_type() {
            line.push_str(&format!(" <span class=\"t-type\">{}</span>", text(&row.type_name)));
        }
        if !row.preview.is_empty() {
            line.push(' ');
            line.push_str(&parts(&row.preview, " "));
        }
        row.marks.iter().for_each(|mark| line.push_str(&chip(mark)));
        if is_closed && row.expanded.is_some() {
            line.push_str(" <span class=\"t-dim\">… more below, not in this report</span>");
        }
        if let Some(size) = row.size {
            line.push_str(&format!(
                " <span class=\"size\" title=\"{}\">{}</span>",
                plural(size, "byte", "bytes"),
                size_text(size)
            ));
        }
        self.line(row.level, line)
    }

    /// Adds a line for rows that are left out.
    pub fn more(&mut self, level: u32, left: u64) -> bool {
        self.left_out += left;
        self.line(level, format!("<span class=\"t-dim\">… {}</span>", plural(left, "more row", "more rows")))
    }

    fn line(&mut self, level: u32, line: String) -> bool {
        self.flush(level);
        if self.html.len() + line.len() > MOST {
            self.is_full = true;
            self.last = Some((level, "<span class=\"t-dim\">…</span>".to_owned()));
            return false;
        }
        self.last = Some((level, line));
        true
    }

    /// Writes the last row, now that the level of the next one is known.
    fn flush(&mut self, next: u32) {
        let Some((level, line)) = self.last.take() else { return };
        if level > self.level {
            self.html.push_str("\n<ul>");
        } else {
            for _ in level..self.level {
                self.html.push_str("</ul></details></li>");
            }
        }
        if next > level {
            let open = if level < OPEN { " open" } else { "" };
            self.html.push_str(&format!("\n<li><details{open}><summary>{line}</summary>"));
        } else {
            self.html.push_str(&format!("\n<li>{line}</li>"));
        }
        self.level = level;
    }

    /// All of it.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.flush(0);
        for _ in 1..self.level {
            self.html.push_str("</ul></details></li>");
        }
        if self.level > 0 {
            self.html.push_str("</ul>\n");
        }
        let rows = plural(self.left_out, "row is", "rows are");
        match (self.is_full, self.left_out) {
            (true, _) => {
                self.html.push_str("<p class=\"more\">The tree goes on: this report holds no more of it.</p>\n")
            }
            (false, 0) => {}
            (false, _) => {
                self.html.push_str(&format!("<p class=\"more\">{rows} left out, where the tree says so.</p>\n"))
            }
        }
        self.html
    }
}

fn chip(mark: &RowMark) -> String {
    let words = text(&mark.words());
    match mark {
        RowMark::Shared { .. } | RowMark::Cycle { .. } => format!(" <span class=\"chip\">{words}</span>"),
        RowMark::Danger { level, .. } => {
            let word = level.word();
            format!(
                " <span class=\"chip {}\">{}<span class=\"unseen\">{word}: </span>{words}</span>",
                level_class(*level),
                icon(*level)
            )
        }
        RowMark::Problem { .. } => {
            format!(" <span class=\"chip {}\"><b>problem</b> {words}</span>", level_class(Level::Suspicious))
        }
    }
}
