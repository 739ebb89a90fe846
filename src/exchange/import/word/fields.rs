//! Fields (域): what they say to the word processor is no text, what they show is. They may begin in
//! one paragraph and end in another.

/// More fields than anybody puts into each other.
const MOST_DEPTH: usize = 32;

/// The fields that are open, the innermost last.
#[derive(Debug, Default)]
pub struct Fields {
    open: Vec<Field>,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// What follows is what it shows.
    shows: bool,
}

impl Fields {
    /// A mark of a field: `begin`, `separate` or `end`.
    pub fn mark(&mut self, kind: Option<&str>) {
        match kind {
            Some("begin") if self.open.len() < MOST_DEPTH => self.open.push(Field::default()),
            Some("separate") => {
                if let Some(field) = self.open.last_mut() {
                    field.shows = true;
                }
            }
            Some("end") => drop(self.open.pop()),
            _ => {}
        }
    }

    pub fn instruction(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut() {
            field.instruction.push_str(text);
        }
    }

    /// Whether text that stands here is read.
    pub fn shows(&self) -> bool {
        self.open.iter().all(|field| field.shows)
    }

    /// Whether this is inside the 目录.
    pub fn in_contents(&self) -> bool {
        let is_contents =
            |field: &Field| field.instruction.split_whitespace().next() == Some("TOC");
        self.open.iter().any(is_contents)
    }
}
