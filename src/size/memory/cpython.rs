//! What objects take in CPython 3.11 on 64 bits, in bytes as its allocators are asked for them.
//!
//! Sources: `Objects/listobject.c` (`list_resize`), `Objects/dictobject.c` (`new_keys_object`, `GROWTH_RATE`,
//! `SHARED_KEYS_MAX_SIZE`), `Objects/setobject.c` (`set_add_entry`), `Objects/unicodeobject.c`, `Objects/longobject.c`,
//! `Modules/_pickle.c` (`_Unpickler_MemoPut`), all of 3.11; the numbers were measured with `tracemalloc`.

/// What an object of the cyclic garbage collector has in front of it.
pub(super) const GC: u64 = 16;
/// Items that CPython's pickler gives to a list, dict or set at once (`BATCHSIZE`).
const BATCH: u64 = 1000;
/// From so many attributes on, instances do not share their names (`SHARED_KEYS_MAX_SIZE`).
const SHARED_KEYS: u64 = 30;
/// The largest and smallest int of which there is one object each.
pub(super) const SMALL_INTS: std::ops::RangeInclusive<i64> = -5..=256;

/// An `int` of up to 64 bits.
pub(super) fn int(value: i64) -> u64 {
    const DIGIT: u32 = 30;
    match value.unsigned_abs() {
        _ if SMALL_INTS.contains(&value) => 0,
        magnitude if magnitude >> DIGIT == 0 => 32,
        magnitude if magnitude >> (2 * DIGIT) == 0 => 32,
        _ => 36,
    }
}

/// An `int` of so many bytes.
pub(super) fn long(bytes: u64) -> u64 {
    24 + 4 * bytes.saturating_mul(8).div_ceil(30).max(1)
}

/// A `str` of so many characters, the highest of which is `highest`.
pub(super) fn text(characters: u64, highest: u32) -> u64 {
    match (characters, highest) {
        (0, _) | (1, ..=0xff) => 0,
        (_, ..=0x7f) => 48 + characters + 1,
        (_, ..=0xff) => 72 + characters + 1,
        (_, ..=0xffff) => 72 + 2 * (characters + 1),
        _ => 72 + 4 * (characters + 1),
    }
}

/// `bytes`.
pub(super) fn bytes(length: u64) -> u64 {
    if length == 0 { 0 } else { 33 + length }
}

/// A `bytearray`.
pub(super) fn bytearray(length: u64) -> u64 {
    if length == 0 { 56 } else { 57 + length }
}

/// A `tuple`.
pub(super) fn tuple(length: u64) -> u64 {
    if length == 0 { 0 } else { GC + 24 + 8 * length }
}

/// A `list` that APPENDS filled.
pub(super) fn list(length: u64) -> u64 {
    GC + 40 + 8 * list_room(length)
}

/// Items that a list has room for after it grew to `length`.
fn list_room(length: u64) -> u64 {
    let (mut size, mut room) = (0_u64, 0_u64);
    while size < length {
        // Beyond some thousands each batch fits into what was reserved before, or makes an eighth more.
        let next = size.saturating_add(BATCH).min(length);
        if next > room {
            let reserved = next.saturating_add(next >> 3).saturating_add(6) & !3;
            room = if next - size > reserved - next { next.saturating_add(3) & !3 } else { reserved };
            size = next;
        } else {
            // Whole batches that need no more room.
            let fitting = ((room - size) / BATCH).max(1).saturating_mul(BATCH);
            size = size.saturating_add(fitting).min(length).min(room);
        }
    }
    room
}

/// A `dict` that was filled key by key.
pub(super) fn dict(length: u64, text_keys: bool) -> u64 {
    GC + 48 + keys(length, text_keys)
}

/// The table of a dict.
pub(super) fn keys(length: u64, text_keys: bool) -> u64 {
    if length == 0 {
        return 0;
    }
    let mut slots = 8_u64;
    while usable(slots) < length {
        // When it is full, it becomes a power of two that has room for three times as many.
        slots = usable(slots).saturating_mul(3).next_power_of_two().max(slots.saturating_mul(2));
    }
    table(slots, text_keys)
}

fn usable(slots: u64) -> u64 {
    slots.saturating_mul(2) / 3
}

fn table(slots: u64, text_keys: bool) -> u64 {
    let index = match slots {
        ..=128 => 1,
        129..=32_768 => 2,
        _ => 4,
    };
    32 + index * slots + usable(slots).saturating_mul(if text_keys { 16 } else { 24 })
}

/// A `set` or `frozenset`.
pub(super) fn set(length: u64) -> u64 {
    let mut slots = 8_u64;
    let mut used = 0;
    loop {
        // The first count at which five times as many are no less than three times the mask.
        let full = ((slots - 1) * 3).div_ceil(5);
        if length < full {
            break;
        }
        used = full.max(used);
        let wanted = if used > 50_000 { used.saturating_mul(2) } else { used * 4 };
        slots = (wanted + 1).next_power_of_two();
    }
    GC + 200 + if slots == 8 { 0 } else { 16 * slots }
}

/// An instance of a class of Python with so many attributes: the object, its dict, and their values.
pub(super) fn instance(attributes: u64) -> u64 {
    const OBJECT: u64 = 56;
    match attributes {
        0 => OBJECT + 32,
        // Names are the class's.
        _ if attributes < SHARED_KEYS => OBJECT + 64 + 32 + 8 * attributes,
        _ => OBJECT + 64 + keys(attributes, true).max(table(128, true)),
    }
}

/// An instance of a class with slots.
pub(super) fn slots(attributes: u64) -> u64 {
    GC + 16 + 8 * attributes
}

/// The unpickler's memo with so many entries.
pub(super) fn memo(entries: u64) -> u64 {
    let mut room = 32_u64;
    while room < entries {
        room = room.saturating_mul(2);
    }
    8 * room
}

/// The unpickler and the buffers of the file: a frame, which pickles of today have of 64 KiB.
pub(super) fn reader(file: u64) -> u64 {
    const OBJECTS: u64 = 16 << 10;
    OBJECTS + file.min(64 << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each as `tracemalloc` of CPython 3.11.7 counted it for one object that was unpickled, without what is in it.
    #[test]
    fn objects_are_as_large_as_measured() {
        assert_eq!([int(256), int(-5), int(257), int(1 << 40), int(i64::MAX)], [0, 0, 32, 32, 36]);
        assert_eq!([long(9), long(126)], [36, 160]);
        let texts = [text(5, 0x6f), text(9, 0xe9), text(9, 0x3b2), text(9, 0x1f600), text(1, 0xe9), text(1, 0x3b2)];
        assert_eq!(texts, [54, 82, 92, 112, 0, 76]);
        assert_eq!([bytes(10), bytes(0), bytearray(0), bytearray(10)], [43, 0, 56, 67]);
        assert_eq!([tuple(0), tuple(1), tuple(21)], [0, 48, 208]);
        let lists = [0, 1, 2, 3, 10, 100, 1000, 1001, 3000, 20_000, 100_000].map(list);
        assert_eq!(lists, [56, 88, 120, 120, 152, 856, 8056, 9112, 24_056, 171_096, 846_104]);
        let dicts = [0, 1, 5, 6, 10, 11, 21, 22, 100].map(|length| dict(length, false));
        assert_eq!(dicts, [64, 224, 224, 352, 352, 632, 632, 1168, 4688]);
        let texts = [1, 6, 100, 1000].map(|length| dict(length, true));
        assert_eq!(texts, [184, 272, 3328, 26_032]);
        assert_eq!([0, 4, 5, 8, 18, 19, 100].map(set), [216, 216, 728, 728, 728, 2264, 8408]);
        assert_eq!([0, 1, 5, 10, 29, 30, 40].map(instance), [88, 160, 192, 232, 384, 1640, 1640]);
        assert_eq!(slots(2), 48);
    }

    #[test]
    fn any_size_has_an_answer_at_once() {
        let size = 1 << 40;
        assert!(list_room(size) >= size && keys(size, true) > size && set(size) > size && memo(size) > size);
    }
}
