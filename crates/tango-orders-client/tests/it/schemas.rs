use serde_json::{Value, json};
use tango_orders_client::types::Order;
use utoipa::PartialSchema;

#[test]
fn utoipa_sees_a_response_as_it_is_on_the_wire() {
    let schema = serde_json::to_value(Order::schema()).unwrap();
    assert_eq!(
        schema["required"],
        json!(["referenceOrderID", "amountCharged", "status", "createdAt"])
    );
    for (name, pointer, expected) in [
        ("referenceOrderID", "/type", json!("string")),
        ("createdAt", "/format", json!("date-time")),
        ("amountCharged", "/$ref", json!("#/components/schemas/Charge")),
    ] {
        let property = &schema["properties"][name];
        assert_eq!(property.pointer(pointer), Some(&expected), "{name}: {property}");
    }
    let properties = schema["properties"].as_object().map(serde_json::Map::len);
    assert!(properties.is_some_and(|count| count > 25), "{schema}");
    assert_ne!(schema["properties"]["reward"], Value::Null);
}
