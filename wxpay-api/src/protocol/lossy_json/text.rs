//! Reads one text of a document, and replaces its broken characters and escapes.

/// Replaces a broken character.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// A text as strict JSON, with its quotation marks.
pub(super) struct Text {
    pub(super) json: Vec<u8>,
    pub(super) is_broken: bool,
}

/// Reads one text of a document that may be broken.
pub(super) struct TextReader<'a> {
    input: &'a [u8],
    pub(super) at: usize,
    /// The positions where a backslash before a quotation mark is the last character of its text.
    cut: &'a [usize],
    /// The last escaped quotation mark of the text. It may be the real end of the text.
    pub(super) escaped_quote: Option<usize>,
}

impl<'a> TextReader<'a> {
    /// Starts at the quotation mark at `at`.
    pub(super) fn new(input: &'a [u8], at: usize, cut: &'a [usize]) -> Self {
        Self { input, at, cut, escaped_quote: None }
    }

    /// Reads a text to its end. `None` where the text has no end.
    pub(super) fn read(&mut self) -> Option<Text> {
        let mut text = Text { json: vec![b'"'], is_broken: false };
        self.at += 1;
        loop {
            match self.input.get(self.at)? {
                b'"' => break,
                b'\\' => self.escape(&mut text)?,
                control @ 0..=0x1f => {
                    // An escape keeps the character.
                    text.is_broken = true;
                    text.json.extend_from_slice(format!("\\u{control:04x}").as_bytes());
                    self.at += 1;
                }
                _ => self.plain(&mut text),
            }
        }
        self.at += 1;
        text.json.push(b'"');
        Some(text)
    }

    /// Reads characters that need no escape. Characters that were cut in their middle are replaced.
    fn plain(&mut self, text: &mut Text) {
        let rest = self.input.get(self.at..).unwrap_or_default();
        let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        for chunk in rest.get(..length).unwrap_or_default().utf8_chunks() {
            text.json.extend_from_slice(chunk.valid().as_bytes());
            if !chunk.invalid().is_empty() {
                text.replace();
            }
        }
        self.at += length;
    }

    /// Reads an escape.
    fn escape(&mut self, text: &mut Text) -> Option<()> {
        let length = match self.input.get(self.at + 1)? {
            b'"' if self.cut.contains(&self.at) => {
                text.replace();
                1
            }
            b'u' => self.unicode(text),
            escaped @ (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                if *escaped == b'"' {
                    self.escaped_quote = Some(self.at);
                }
                text.json.extend_from_slice(&[b'\\', *escaped]);
                2
            }
            _ => {
                // This backslash escapes nothing, so that it is kept as a backslash.
                text.is_broken = true;
                text.json.extend_from_slice(b"\\\\");
                1
            }
        };
        self.at += length;
        Some(())
    }

    /// Reads `\u` with its digits, and returns its length. A cut escape is replaced, and so is half of a surrogate
    /// pair.
    fn unicode(&self, text: &mut Text) -> usize {
        let length = match (self.unit(self.at), self.unit(self.at + 6)) {
            (Ok(0xd800..=0xdbff), Ok(0xdc00..=0xdfff)) => 12,
            (Ok(0xd800..=0xdfff), _) => {
                text.replace();
                return 6;
            }
            (Ok(_), _) => 6,
            (Err(digits), _) => {
                text.replace();
                return 2 + digits;
            }
        };
        text.json.extend_from_slice(self.input.get(self.at..self.at + length).unwrap_or_default());
        length
    }

    /// Reads the UTF-16 unit whose escape begins here. The error is the number of its digits, which must be four.
    fn unit(&self, at: usize) -> Result<u32, usize> {
        let escape = self.input.get(at..).unwrap_or_default();
        let Some(digits) = escape.strip_prefix(b"\\u") else {
            return Err(0);
        };
        let digits = digits.iter().take(4).map(|byte| char::from(*byte).to_digit(16));
        let read: Vec<u32> = digits.map_while(|digit| digit).collect();
        if read.len() < 4 {
            return Err(read.len());
        }
        Ok(read.iter().fold(0, |unit, digit| unit * 16 + digit))
    }
}

impl Text {
    fn replace(&mut self) {
        self.is_broken = true;
        self.json.extend_from_slice(REPLACEMENT);
    }
}
