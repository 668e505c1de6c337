use tango_orders_client::types::{Charge, OrderCharge};
use tango_orders_client::{Decimal, Money, MoneyError};

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
    assert!(matches!(error, MoneyError::Overflow(_)));
    let charge: Charge =
        serde_json::from_str(r#"{"value":10.00,"fee":0.25,"currencyCode":"USD"}"#).unwrap();
    let total = charge.value_money().unwrap().checked_add(&charge.fee_money().unwrap()).unwrap();
    assert_eq!((total.amount().as_str(), total.currency()), ("10.25", "USD"));
    assert_eq!(charge.total_money(), None);
    let bare: OrderCharge = serde_json::from_str(r#"{"value":10.00}"#).unwrap();
    assert_eq!(bare.value_money(), None);
}
