//! Amounts that know their currency.

use std::fmt;

use openapi_client::{Decimal, DecimalOverflow};

use crate::generated::types::{Charge, Denomination, OrderCharge};

/// An exact amount in a currency.
///
/// Only amounts of one currency are added up; [`Decimal`] says how exact that is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Box<str>,
}

/// Why amounts cannot be added up.
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
    /// An amount or the result has too many digits.
    Overflow(DecimalOverflow),
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

    fn combine(
        &self,
        other: &Self,
        operation: fn(&Decimal, &Decimal) -> Result<Decimal, DecimalOverflow>,
    ) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            let (left, right) = (self.currency.clone(), other.currency.clone());
            return Err(MoneyError::Currencies { left, right });
        }
        let amount = operation(&self.amount, &other.amount).map_err(MoneyError::Overflow)?;
        Ok(Self { amount, currency: self.currency.clone() })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.amount, self.currency)
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Currencies { left, right } => {
                write!(formatter, "amounts in {left} and {right} cannot be added up")
            }
            Self::Overflow(_) => formatter.write_str("the amounts cannot be added up exactly"),
        }
    }
}

impl std::error::Error for MoneyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Currencies { .. } => None,
            Self::Overflow(overflow) => Some(overflow),
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
