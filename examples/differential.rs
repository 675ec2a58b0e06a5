//! Answers streams for `scripts/differential/compare.py`: reads records from standard input (length as four bytes,
//! little-endian; one byte of flags; the stream) and writes a record for each (length as four bytes, text).

#[path = "../tests/differential/answer.rs"]
mod answer;
#[path = "../tests/differential/ascii.rs"]
mod ascii;

use std::io::{self, BufReader, BufWriter, Read, Write};

fn main() -> io::Result<()> {
    let (mut input, mut output) =
        (BufReader::with_capacity(1 << 20, io::stdin().lock()), BufWriter::with_capacity(1 << 20, io::stdout().lock()));
    let mut head = [0; 5];
    loop {
        match input.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        // A batch ends with an empty record that asks for what is still held back.
        if length == u32::MAX {
            output.flush()?;
            continue;
        }
        let mut stream = vec![0; length as usize];
        input.read_exact(&mut stream)?;
        let text = answer::answer(&stream, head[4]).to_text();
        output.write_all(&(text.len() as u32).to_le_bytes())?;
        output.write_all(text.as_bytes())?;
    }
    output.flush()
}
