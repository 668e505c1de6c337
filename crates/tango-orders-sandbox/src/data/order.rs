//! Generated orders with their rewards.

use jiff::{SignedDuration, Timestamp};
use tango_orders_client::Map;
use tango_orders_client::types::{
    AsyncOrderEntity, Credential, CredentialDisplayType, CredentialType, DeliveryMethod,
    FailedLineItem, FailedLineItemError, LineItemStatus, Order, OrderStatus, Pagination, Reward,
};

use super::async_order::{AsyncOrderData, Progress, delivered};
use super::catalogue::{Product, Purchase, Redemption, campaign, recipient, sender, text};
use super::random::{Draw, mix};
use crate::async_view::order_of;
use crate::clock::START;

/// How many orders were placed on one day.
const PER_DAY: u32 = 100;

/// In what turn the states of orders come.
const STATES: [OrderStatus; 20] = [
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Complete,
    OrderStatus::Pending,
    OrderStatus::Queued,
    OrderStatus::PendingMr,
    OrderStatus::OnHold,
    OrderStatus::Cancelled,
    OrderStatus::Failed,
    OrderStatus::Partial,
    OrderStatus::Deleted,
    OrderStatus::PendingKyb,
    OrderStatus::PendingPayment,
    OrderStatus::Complete,
];

/// Generated orders; each follows from the seed and its number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OrderData {
    pub(crate) seed: u64,
    pub(crate) count: u32,
}

impl OrderData {
    /// The identifier of an order.
    pub(crate) fn id(number: u32) -> String {
        let date = placed(number).strftime("%y%m%d");
        format!("RA{date}-{}-{:02}", 1001 + number / PER_DAY, 1 + number % PER_DAY)
    }

    /// The number of the order with this identifier.
    pub(crate) fn find(self, id: &str) -> Option<u32> {
        let (_, numbers) = id.split_once('-')?;
        let (day, rest) = numbers.split_once('-')?;
        let day = day.parse::<u32>().ok()?.checked_sub(1001)?;
        let number =
            day.checked_mul(PER_DAY)?.checked_add(rest.parse::<u32>().ok()?.checked_sub(1)?)?;
        (number < self.count && Self::id(number) == id).then_some(number)
    }

    /// What is worth knowing about an order before looking at it: its state and its reward.
    pub(crate) fn summary(self, number: u32) -> (OrderStatus, String) {
        let product = self.purchase(number).product;
        let kind = if is_version_1(number) { ", of version 1 of the API" } else { "" };
        (state(number), format!("{}{kind}", product.name))
    }

    fn purchase(self, number: u32) -> Purchase {
        // The next round of turns starts one later, so that every state meets every reward.
        Purchase::of_turn(self.seed, number + number / 20, "USD")
    }

    pub(crate) fn order(self, number: u32) -> Order {
        let mut draw = Draw::new(mix(mix(self.seed, u64::MAX), u64::from(number)));
        let purchase = self.purchase(number);
        let seed = mix(self.seed, u64::from(number / 3));
        let mut order = place(Self::id(number), &purchase, state(number), placed(number), seed);
        order.external_ref_id = Some(format!("thank-you-{:04}", number + 1));
        order.customer_identifier = Some("acme-health".to_owned());
        order.account_identifier = Some("acme-health-rewards".to_owned());
        order.order_external_ref_id_dupe = Some(number % 20 == 3);
        if number % 20 == 15 {
            order.async_order_entity = Some(entity(&order, number));
        }
        complete(&mut order, &mut draw, u64::from(number) + 1, &purchase);
        if is_version_1(number) {
            order = of_version_1(order);
        }
        order
    }
}

/// An order as it is placed: what is bought, for how much, and from whom.
pub(super) fn place(
    id: String,
    purchase: &Purchase,
    status: OrderStatus,
    placed: Timestamp,
    seed: u64,
) -> Order {
    // What fails or is taken back costs nothing.
    let is_free =
        matches!(status, OrderStatus::Failed | OrderStatus::Cancelled | OrderStatus::Deleted);
    let charge = if is_free { purchase.no_charge() } else { purchase.charge() };
    let mut order = Order::new(id, charge, status, placed.into());
    show(&mut order, purchase);
    order.sender = Some(sender(seed));
    order.campaign = Some(campaign(seed));
    order
}

/// Adds for whom the order is, how its delivery fared, and its reward.
pub(super) fn complete(order: &mut Order, draw: &mut Draw, person: u64, purchase: &Purchase) {
    order.reference_line_item_id = Some(format!("{}-1", order.reference_order_id));
    order.recipient = Some(recipient(draw, person, &purchase.method));
    order.send_email = Some(purchase.method == DeliveryMethod::Email);
    order.line_item_status = Some(line_item_status(&order.status, draw, &purchase.method));
    order.purchase_order_number = Some(format!("PO-{:04}", draw.below(10_000)));
    if matches!(order.status, OrderStatus::Complete | OrderStatus::Partial) {
        order.reward = Some(reward(draw, &purchase.product));
    }
}

fn state(number: u32) -> OrderStatus {
    let turn = usize::try_from(number % 20).unwrap_or_default();
    STATES.get(turn).cloned().unwrap_or(OrderStatus::Complete)
}

fn is_version_1(number: u32) -> bool {
    number % 20 == 19
}

/// When an order was placed; those of version 1 of the API are years older.
fn placed(number: u32) -> Timestamp {
    let days = i64::from(number / PER_DAY) + if is_version_1(number) { 2822 } else { 0 };
    let back = SignedDuration::from_hours(24 * days)
        + SignedDuration::from_millis(i64::from(number % PER_DAY) * 60_040);
    START.saturating_sub(back).unwrap_or(START)
}

/// What version 1 of the API knew of an order.
fn of_version_1(order: Order) -> Order {
    let Order { reference_order_id, amount_charged, status, created_at, .. } = order;
    let mut old = Order::new(reference_order_id, amount_charged, status, created_at);
    old.customer_identifier = order.customer_identifier;
    old.account_identifier = order.account_identifier;
    old.utid = order.utid;
    old.reward_name = order.reward_name;
    old.sender = order.sender;
    old.recipient = order.recipient;
    old.send_email = order.send_email;
    old.message = order.message;
    old.notes = order.notes;
    old.async_order_entity = order.async_order_entity;
    old.reward = order.reward;
    old
}

fn line_item_status(
    status: &OrderStatus,
    draw: &mut Draw,
    method: &DeliveryMethod,
) -> LineItemStatus {
    match status {
        OrderStatus::Complete | OrderStatus::Partial => delivered(draw, method).0,
        OrderStatus::Failed => LineItemStatus::Failed,
        OrderStatus::Cancelled => LineItemStatus::Cancelled,
        OrderStatus::Deleted => LineItemStatus::Deleted,
        _ => LineItemStatus::Pending,
    }
}

/// An asynchronous request of which one line item failed and two share a reference.
fn entity(order: &Order, number: u32) -> AsyncOrderEntity {
    let mut error = FailedLineItemError::default();
    error.field = Some("recipient.email".to_owned());
    error.error_code_value = Some(422_009.into());
    error.error_code_name = Some("INVALID_EMAIL".to_owned());
    error.message = Some("The mail address is malformed.".into());
    let mut failed = FailedLineItem::default();
    failed.line_item_id = Some(format!("{}-2", order.reference_order_id));
    failed.external_ref_line_item_id = Some(format!("member-{:04}", number + 2));
    failed.utid.clone_from(&order.utid);
    failed.errors = vec![error].into();
    let mut entity = AsyncOrderEntity::default();
    entity.external_ref_id.clone_from(&order.external_ref_id);
    entity.status = Some("PARTIALFAILED".to_owned());
    entity.total_line_items = Some(4.into());
    entity.created_at = Some(order.created_at);
    entity.failed_line_items = vec![failed].into();
    entity.duplicate_line_item_ref_ids =
        [(format!("member-{:04}", number + 1), 2.into())].into_iter().collect();
    entity
}

/// The order that `get_order` shows for an async order: its first line item, if that is done.
pub(crate) fn async_order_as_order(data: &AsyncOrderData, progress: Progress) -> Option<Order> {
    let mut draw = Draw::new(mix(data.seed(), u64::MAX));
    let purchase = data.purchase(0);
    let first = (data.total() > 0).then(|| data.line_item(0, progress));
    let is_done =
        first.as_ref().is_some_and(|item| item.line_item_status == LineItemStatus::Complete);
    let failed = (0..data.failed_among(progress.done)).map(|rank| {
        let index = data.place_of_failed(rank);
        let product = data.purchase(index).product;
        (data.line_item(index, progress), Some(format!("U{:06}", product.number)))
    });
    let shared = data.duplicates().map(|reference| (reference, 2));
    // A page of its own tells where it stands; here there is none.
    let head = data.order(progress, Pagination::new(false, false, 1.into(), 0.into()));
    let mut order = order_of(head, first, failed, shared)?;
    show(&mut order, &purchase);
    order.order_external_ref_id_dupe = Some(false);
    order.reward = is_done.then(|| reward(&mut draw, &purchase.product));
    Some(order)
}

/// Adds what every order of today's API shows.
fn show(order: &mut Order, purchase: &Purchase) {
    order.account_number = Some("A00000001".to_owned());
    order.denomination = Some(purchase.denomination());
    order.utid = Some(format!("U{:06}", purchase.product.number));
    order.ptid = Some(format!("P{:06}", purchase.product.number));
    order.reward_name = Some(purchase.product.name.to_owned());
    order.email_subject = Some(text("Thank you"));
    order.message = Some(text("With our thanks.\nThe sandbox"));
    order.delivery_method = Some(purchase.method.clone());
    order.etid = Some("E000000".to_owned());
    order.order_status = Some(order.status.clone());
    order.notes = Some(text("Made up by the sandbox"));
    order.order_client_source = Some("API".to_owned());
}

/// What redeems a reward: codes that start with `FAKE`, links under `example.com`.
fn reward(draw: &mut Draw, product: &Product) -> Reward {
    use CredentialDisplayType::{Barcode, Date, Text, Url};
    let code = format!("FAKE-{}", draw.code(10));
    let link = format!("https://rewards.example.com/r/FAKE-{}", draw.code(24));
    let number = format!("60000000{:08}", draw.below(100_000_000));
    let pin = format!("{:04}", draw.below(10_000));
    let days = i64::try_from(30 + draw.below(700)).unwrap_or(30);
    let expiry = START.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(START);
    let (credentials, instructions) = match product.redemption {
        Redemption::Code => (
            vec![("Claim code", code, Text, CredentialType::ClaimCode)],
            "<p>Enter the code at the till.</p>",
        ),
        Redemption::CodeAndPin => (
            vec![
                ("Card number", number, Text, CredentialType::CardNumber),
                ("PIN", pin, Text, CredentialType::CardCode),
            ],
            "<ol><li>Show the number.</li><li>Give the PIN when you are asked for it.</li></ol>",
        ),
        Redemption::SecuredLink => (
            vec![
                ("rewardSecurityCode", code, Text, CredentialType::RewardSecurityCode),
                ("rewardSecurityUrl", link, Url, CredentialType::RewardSecurityUrl),
            ],
            "<ol><li><strong>Copy</strong> the security code.</li>\
             <li><strong>Open</strong> the link and paste the code.</li></ol>",
        ),
        Redemption::Link => (
            vec![("Redemption Link", link, Url, CredentialType::RedemptionUrl)],
            "<p>Open the link.</p>",
        ),
        Redemption::PromoLink => (
            vec![
                ("redemptionUrl", link, Url, CredentialType::RedemptionUrl),
                ("expirationDate", expiry.to_string(), Date, CredentialType::ExpirationDate),
            ],
            "Open the link before it expires.",
        ),
        Redemption::Barcode => (
            vec![
                ("Barcode number", number, Text, CredentialType::BarcodeNumber),
                ("Barcode", link, Barcode, CredentialType::BarcodeUrl),
            ],
            "<p>Show the barcode at the till.</p>",
        ),
        Redemption::Card => (
            vec![
                ("Card number", number, Text, CredentialType::CardNumber),
                ("Security code", pin, Text, CredentialType::Cvc2),
            ],
            "<p>The card comes by mail.</p>",
        ),
    };
    let mut reward = Reward::default();
    reward.credentials = named(&credentials);
    let list = credentials.into_iter().map(|(label, value, type_, credential_type)| {
        let mut credential = Credential::new(label.into(), value.into(), type_);
        credential.credential_type = Some(credential_type);
        credential
    });
    reward.credential_list = list.collect();
    reward.redemption_instructions = Some(instructions.to_owned().into());
    reward
}

/// The credentials in their deprecated form.
fn named(
    credentials: &[(&str, String, CredentialDisplayType, CredentialType)],
) -> Map<String, tango_orders_client::Secret> {
    let entries = credentials.iter();
    entries.map(|(_, value, _, name)| (name.to_string(), value.clone().into())).collect()
}
