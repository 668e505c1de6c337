//! Amounts that know their currency.

mod currency;

use std::collections::BTreeMap;
use std::fmt;

use openapi_client::{Decimal, DecimalError, display_value};

use crate::generated::types::{Charge, Denomination, OrderCharge};

/// An exact amount in a currency.
///
/// Only amounts of one currency are added up; [`Decimal`] says how exact that is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Box<str>,
}

/// Why amounts cannot be added up, or told in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MoneyError {
    /// They are of two currencies.
    Currencies {
        /// The currency of the first amount.
        left: Box<str>,
        /// The currency of the other amount.
        right: Box<str>,
    },
    /// ISO 4217 does not say what the minor unit of this currency is.
    UnknownCurrency(Box<str>),
    /// An amount or the result has too many digits, or is no whole number of minor units.
    Decimal(DecimalError),
}

impl Money {
    /// An amount in a currency, which is told by its ISO 4217 code.
    pub fn new(amount: Decimal, currency: impl Into<Box<str>>) -> Self {
        Self { amount, currency: currency.into() }
    }

    /// How much, in units of the currency.
    pub fn amount(&self) -> &Decimal {
        &self.amount
    }

    /// The ISO 4217 code of the currency, as the response had it.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// The sum of two amounts.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if the currencies differ, or if there are too many digits.
    pub fn checked_add(&self, other: &Self) -> Result<Self, MoneyError> {
        self.combine(other, Decimal::checked_add)
    }

    /// The difference of two amounts.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if the currencies differ, or if there are too many digits.
    pub fn checked_sub(&self, other: &Self) -> Result<Self, MoneyError> {
        self.combine(other, Decimal::checked_sub)
    }

    /// The sum of any number of amounts; none of no amounts, which have no currency.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] if the currencies differ, or if there are too many digits.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Option<Self>, MoneyError> {
        let mut amounts = amounts.into_iter();
        let Some(first) = amounts.next() else { return Ok(None) };
        amounts.try_fold(first, |sum, amount| sum.checked_add(&amount)).map(Some)
    }

    /// The sum of the amounts in each currency, by its code.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Decimal`] if there are too many digits.
    pub fn sums(
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<BTreeMap<Box<str>, Self>, MoneyError> {
        let mut sums = BTreeMap::<_, Self>::new();
        for amount in amounts {
            let sum = match sums.get(&amount.currency) {
                Some(sum) => sum.checked_add(&amount)?,
                None => amount,
            };
            sums.insert(sum.currency.clone(), sum);
        }
        Ok(sums)
    }

    /// The amount in the minor unit of its currency, by ISO 4217: `10.50 USD` is 1050 cents, `105 JPY`
    /// is 105 yen, and `1.050 KWD` is 1050 fils.
    ///
    /// # Errors
    ///
    /// [`MoneyError::UnknownCurrency`] if ISO 4217 does not say;
    /// [`DecimalError::Fraction`] if the amount has a fraction of the minor unit.
    pub fn minor_units(&self) -> Result<i128, MoneyError> {
        self.amount.minor_units(self.minor_digits()?).map_err(MoneyError::Decimal)
    }

    /// An amount that is told in the minor unit of its currency.
    ///
    /// # Errors
    ///
    /// [`MoneyError::UnknownCurrency`] if ISO 4217 does not say what that is;
    /// [`DecimalError::TooManyDigits`] if the amount has more than 38 digits.
    pub fn from_minor_units(
        units: i128,
        currency: impl Into<Box<str>>,
    ) -> Result<Self, MoneyError> {
        let zero = Self::new(Decimal::from(0), currency);
        let amount = Decimal::from_minor_units(units, zero.minor_digits()?);
        Ok(Self { amount: amount.map_err(MoneyError::Decimal)?, ..zero })
    }

    fn minor_digits(&self) -> Result<u32, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency(self.currency.clone());
        currency::minor_digits(&self.currency).ok_or_else(unknown)
    }

    fn combine(
        &self,
        other: &Self,
        operation: fn(&Decimal, &Decimal) -> Result<Decimal, DecimalError>,
    ) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            let (left, right) = (self.currency.clone(), other.currency.clone());
            return Err(MoneyError::Currencies { left, right });
        }
        let amount = operation(&self.amount, &other.amount).map_err(MoneyError::Decimal)?;
        Ok(Self { amount, currency: self.currency.clone() })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.amount, Code(&self.currency))
    }
}

/// A currency as it is shown: the response may have had anything in its place.
struct Code<'c>(&'c str);

impl fmt::Display for Code<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        display_value(self.0, formatter)
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Currencies { left, right } => {
                let (left, right) = (Code(left), Code(right));
                write!(formatter, "amounts in {left} and {right} cannot be added up")
            }
            Self::UnknownCurrency(currency) => {
                write!(formatter, "the minor unit of the currency {} is not known", Code(currency))
            }
            Self::Decimal(_) => formatter.write_str("the amount cannot be told exactly"),
        }
    }
}

impl std::error::Error for MoneyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Currencies { .. } | Self::UnknownCurrency(_) => None,
            Self::Decimal(error) => Some(error),
        }
    }
}

/// Adds views of amounts as money to a type of responses.
macro_rules! amounts {
    ($name:ident: $($view:ident of $member:ident, $what:literal;)*) => {
        impl $name {
            $(
                #[doc = $what]
                ///
                /// None if the response lacks the number or its currency.
                pub fn $view(&self) -> Option<Money> {
                    Some(Money::new(self.$member.clone()?, self.currency_code.as_deref()?))
                }
            )*
        }
    };
}

amounts!(Charge:
    value_money of value, "What was charged before fees, with its currency.";
    fee_money of fee, "The fee, with its currency.";
    total_money of total, "What was charged, with its currency.";
);
amounts!(OrderCharge:
    value_money of value, "What was charged before fees, with its currency.";
    total_money of total, "What was charged, with its currency.";
);
amounts!(Denomination:
    value_money of value, "The value of the reward, with its currency.";
    fee_money of fee, "The fee, with its currency.";
    total_money of total, "The value of the reward with fees, with its currency.";
);
