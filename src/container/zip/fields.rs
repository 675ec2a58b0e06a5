//! Little-endian fields, extra fields and names.

/// The two bytes at `at`; the callers hold fixed records.
pub(super) fn u16_at(record: &[u8], at: usize) -> u16 {
    record.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

/// The four bytes at `at`.
pub(super) fn u32_at(record: &[u8], at: usize) -> u32 {
    record.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// The eight bytes at `at`, when they are there.
pub(super) fn u64_at(record: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*record.get(at..)?.first_chunk()?))
}

/// The extra fields of an entry: kind and content (4.5).
pub(super) fn extras(mut extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (head, rest) = extra.split_first_chunk::<4>()?;
        let length = usize::from(u16_at(head, 2)).min(rest.len());
        let (content, next) = rest.split_at(length);
        extra = next;
        Some((u16_at(head, 0), content))
    })
}

/// Code page 437 from 0x80 on: what names are in without flag 0x800 (appendix D), and what `zipfile` takes them for.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name or comment in code page 437.
pub(super) fn cp437(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes)
        && text.is_ascii()
    {
        return text.to_owned();
    }
    let table: Vec<char> = CP437.chars().collect();
    let character = |byte: &u8| match byte.checked_sub(0x80) {
        None => char::from(*byte),
        Some(index) => table.get(usize::from(index)).copied().unwrap_or('\u{fffd}'),
    };
    bytes.iter().map(character).collect()
}
