use tango_orders_client::types::{Charge, OrderCharge};
use tango_orders_client::{Decimal, DecimalError, Money, MoneyError};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn amounts_are_added_up_within_one_currency() {
    let money = |amount, currency: &str| Money::new(decimal(amount), currency);
    let sum = Money::sum(["10.00", "0.5", "2"].map(|amount| money(amount, "USD"))).unwrap();
    assert_eq!(sum.unwrap().to_string(), "12.50 USD");
    assert_eq!(Money::sum([]), Ok(None));
    let error = money("1", "USD").checked_add(&money("1", "EUR")).unwrap_err();
    assert_eq!(error.to_string(), "amounts in USD and EUR cannot be added up");
    assert!(matches!(error, MoneyError::Currencies { .. }));
    let error = money("1", "USD").checked_sub(&money("1e99", "USD")).unwrap_err();
    assert!(matches!(error, MoneyError::Decimal(DecimalError::TooManyDigits)));
    let charge: Charge =
        serde_json::from_str(r#"{"value":10.00,"fee":0.25,"currencyCode":"USD"}"#).unwrap();
    let total = charge.value_money().unwrap().checked_add(&charge.fee_money().unwrap()).unwrap();
    assert_eq!((total.amount().as_str(), total.currency()), ("10.25", "USD"));
    assert_eq!(charge.total_money(), None);
    let bare: OrderCharge = serde_json::from_str(r#"{"value":10.00}"#).unwrap();
    assert_eq!(bare.value_money(), None);
}

#[test]
fn amounts_of_several_currencies_have_several_sums() {
    let money = |amount, currency: &str| Money::new(decimal(amount), currency);
    let sums = Money::sums([
        money("1.50", "USD"),
        money("2", "EUR"),
        money("0.5", "USD"),
        money("-2.00", "EUR"),
    ]);
    let sums: Vec<_> = sums.unwrap().into_values().map(|sum| sum.to_string()).collect();
    assert_eq!(sums, ["0.00 EUR", "2.00 USD"]);
    assert!(Money::sums([]).unwrap().is_empty());
    assert!(Money::sums([money("1e99", "USD"), money("1", "USD")]).is_err());
}

#[test]
fn minor_units_are_those_of_the_currency() {
    for (amount, currency, units, written) in [
        ("10.5", "USD", 1050, "10.50"),
        ("-0.01", "EUR", -1, "-0.01"),
        ("10.500", "USD", 1050, "10.50"),
        ("105", "JPY", 105, "105"),
        ("1.05e2", "JPY", 105, "105"),
        ("1.05", "KWD", 1050, "1.050"),
        ("1", "CLF", 10_000, "1.0000"),
        ("-0", "USD", 0, "0.00"),
    ] {
        let money = Money::new(decimal(amount), currency);
        assert_eq!(money.minor_units(), Ok(units), "{money}");
        let back = Money::from_minor_units(units, currency).unwrap();
        assert_eq!((back.amount().as_str(), back == money), (written, true));
    }
    for (amount, currency, told) in [
        ("0.005", "USD", "a decimal number is no whole number of minor units"),
        ("0.5", "JPY", "a decimal number is no whole number of minor units"),
        ("1e99", "USD", "a decimal number has too many digits"),
        ("1e-99", "USD", "a decimal number has too many digits"),
    ] {
        let error = Money::new(decimal(amount), currency).minor_units().unwrap_err();
        assert_eq!(error.to_string(), "the amount cannot be told exactly");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), told);
    }
    for currency in ["", "usd", "XAU", "XXX", "USD EUR", "points"] {
        let unknown = MoneyError::UnknownCurrency(currency.into());
        assert_eq!(Money::new(decimal("1"), currency).minor_units(), Err(unknown.clone()));
        assert_eq!(Money::from_minor_units(1, currency), Err(unknown));
    }
    assert!(Money::from_minor_units(i128::MAX, "USD").is_err());
}

#[test]
fn a_currency_is_shown_without_control_characters() {
    let money = Money::new(decimal("1"), "U\u{1b}[31mD");
    assert_eq!(money.to_string(), "1 U\\u{1b}[31mD");
    let others = [
        money.minor_units().unwrap_err(),
        money.checked_add(&Money::new(decimal("1"), "\n")).unwrap_err(),
    ];
    for error in others {
        assert!(!error.to_string().contains(char::is_control), "{error:?}");
    }
}
