//! Decimal numbers in other forms.

use super::{Decimal, DecimalError, MAX_COEFFICIENT, MAX_DIGITS, Scaled};

impl Decimal {
    /// The number in units of which one has so many digits after the point: with 2, `10.5` is `1050`.
    ///
    /// # Errors
    ///
    /// [`DecimalError::Fraction`] if that is no whole number, such as `0.005` with 2 digits;
    /// [`DecimalError::TooManyDigits`] if the number, or the result, has more than 38 digits.
    pub fn minor_units(&self, digits: u32) -> Result<i128, DecimalError> {
        let Scaled { coefficient, scale } =
            self.parts().scaled().ok_or(DecimalError::TooManyDigits)?;
        // Zeros at the end are no fraction.
        let Some(excess) = scale.checked_sub(digits) else {
            let units = Scaled { coefficient, scale }.at(digits);
            return units.ok_or(DecimalError::TooManyDigits);
        };
        let one = 10_i128.checked_pow(excess).ok_or(DecimalError::TooManyDigits)?;
        match (coefficient.checked_div(one), coefficient.checked_rem(one)) {
            (Some(units), Some(0)) => Ok(units),
            _ => Err(DecimalError::Fraction),
        }
    }

    /// So many units of which one has so many digits after the point: `1050` with 2 is `10.50`.
    ///
    /// # Errors
    ///
    /// [`DecimalError::TooManyDigits`] if the number has more than 38 digits, before or after its point.
    pub fn from_minor_units(units: i128, digits: u32) -> Result<Self, DecimalError> {
        if digits > MAX_DIGITS || units.unsigned_abs() > MAX_COEFFICIENT {
            return Err(DecimalError::TooManyDigits);
        }
        Ok(Scaled { coefficient: units, scale: digits }.into())
    }
}

/// With the same digits: `10.50` stays `10.50`.
///
/// # Errors
///
/// [`DecimalError::TooManyDigits`] if there is no room for all digits: that type has 96 bits, and 28 digits
/// after the point.
#[cfg(feature = "rust_decimal")]
impl TryFrom<&Decimal> for rust_decimal::Decimal {
    type Error = DecimalError;

    fn try_from(number: &Decimal) -> Result<Self, DecimalError> {
        let scaled = number.parts().scaled();
        scaled
            .and_then(|Scaled { coefficient, scale }| {
                Self::try_from_i128_with_scale(coefficient, scale).ok()
            })
            .ok_or(DecimalError::TooManyDigits)
    }
}

/// With the same digits: `10.50` stays `10.50`.
#[cfg(feature = "rust_decimal")]
impl From<rust_decimal::Decimal> for Decimal {
    fn from(number: rust_decimal::Decimal) -> Self {
        Scaled { coefficient: number.mantissa(), scale: number.scale() }.into()
    }
}
