//! The shortest decimal of binary floats that Rust has no type for.

use num_bigint::BigUint;

/// The fewest digits that read back as `mantissa * 2^exponent`, and the power of ten of the first of them. `mantissa` is
/// not 0. `narrow_below` says that the next smaller number is half as far away as the next larger one, as it is below a
/// power of two. (Steele and White, "How to Print Floating-Point Numbers Accurately", with ties to even.)
pub(in crate::lens) fn shortest(mantissa: u64, exponent: i32, narrow_below: bool) -> (String, i32) {
    let two = |power: i32| BigUint::from(1u8) << power.max(0) as u32;
    let ten = |power: i32| BigUint::from(10u8).pow(power.max(0) as u32);
    // All in units of half of the gap below: value = rest / scale.
    let halves = if narrow_below { 2 } else { 1 };
    let mut rest = BigUint::from(mantissa) * two(exponent + halves).max(two(halves));
    let mut scale = two(halves - exponent).max(two(halves));
    let mut below = two(exponent);
    let mut above = &below * two(halves - 1);
    let bits = 63 - mantissa.leading_zeros() as i32;
    let mut first = (f64::from(bits + exponent) * std::f64::consts::LOG10_2).floor() as i32;
    scale *= ten(first);
    for number in [&mut rest, &mut below, &mut above] {
        *number *= ten(-first);
    }
    let even = mantissa.is_multiple_of(2);
    let reaches = |low: &BigUint, high: &BigUint| if even { low >= high } else { low > high };
    let limit = &scale * 10u8;
    if reaches(&(&rest + &above), &limit) {
        first += 1;
        scale = limit;
    }
    let mut digits = Vec::new();
    loop {
        let digit = (&rest / &scale).to_u32_digits().first().copied().unwrap_or(0) as u8;
        rest %= &scale;
        digits.push(digit);
        let (low, high) = (reaches(&below, &rest), reaches(&(&rest + &above), &scale));
        if low || high {
            let twice = &rest * 2u8;
            if high && (!low || twice > scale || (twice == scale && digit % 2 == 1)) {
                first += carry(&mut digits);
            }
            let text = digits.iter().map(|digit| char::from(b'0' + digit)).collect::<String>();
            let trimmed = text.trim_end_matches('0');
            return (if trimmed.is_empty() { text } else { trimmed.to_owned() }, first);
        }
        for number in [&mut rest, &mut below, &mut above] {
            *number *= 10u8;
        }
    }
}

/// Adds one to the last digit; 1 where that makes one digit more in front.
fn carry(digits: &mut Vec<u8>) -> i32 {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return 0;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for value in
            [1.0, 0.1, 0.3, 2.0 / 3.0, 123_456.789, 1e22, 1e23, 9e-300, 5e-324, f64::MAX, f64::MIN_POSITIVE, 1e16]
        {
            let bits = f64::to_bits(value);
            let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
            let mantissa = if exponent == 0 { fraction } else { fraction | 1 << 52 };
            let (digits, first) = shortest(mantissa, exponent.max(1) - 1075, fraction == 0 && exponent > 1);
            let text = format!(
                "{}{}e{first}",
                &digits[..1],
                if digits.len() > 1 { format!(".{}", &digits[1..]) } else { String::new() }
            );
            assert_eq!(text, format!("{value:e}"));
        }
    }
}
