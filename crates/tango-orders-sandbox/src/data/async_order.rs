//! Generated async orders.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tango_orders_client::Private;
use tango_orders_client::types::{
    AsyncOrder, DeliveryMethod, DeliveryStatus, ItemError, LineItem, LineItemStatus, OrderCharge,
    OrderStatus, Pagination,
};

use super::catalogue::{Purchase, TURN_COUNT, campaign, money, recipient, sender};
use super::random::{Draw, mix, text_seed};
use crate::clock::START;

/// Of so many line items that follow each other, the last one shares the reference of the one before.
const DUPLICATE_EVERY: u32 = 100;

/// An async order as it is asked for.
///
/// Its line items are generated when they are looked at, so a million of them cost nothing.
///
/// Money: the account is charged for a line item when the order is placed, and no longer once the line
/// item has failed, was cancelled or was deleted; `amountCharged` of such a line item is 0. That of the
/// order is the sum of its line items, at any moment. Single orders follow the same rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsyncOrderPlan {
    pub(crate) customer: String,
    pub(crate) account: String,
    pub(crate) reference: String,
    #[serde(default)]
    pub(crate) line_items: u32,
    #[serde(default)]
    pub(crate) failed: u32,
    #[serde(default)]
    pub(crate) duplicates: bool,
    #[serde(default)]
    pub(crate) held: Option<Hold>,
    /// When it was placed, in seconds after the start of the sandbox's time.
    #[serde(default)]
    pub(crate) placed: i64,
    /// How many seconds it takes.
    #[serde(default)]
    pub(crate) seconds: u64,
}

/// Why an async order makes no progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Hold {
    /// It stays `QUEUED`.
    Queued,
    /// It stays `PENDING_MR`.
    PendingMr,
    /// It stays `ON_HOLD`.
    OnHold,
    /// It stays `PENDING_KYB`.
    PendingKyb,
    /// It stays `PENDING_PAYMENT`.
    PendingPayment,
    /// It was `CANCELLED`, and so were its line items.
    Cancelled,
    /// It was `DELETED`, and so were its line items.
    Deleted,
}

impl Hold {
    fn order_status(self) -> OrderStatus {
        match self {
            Self::Queued => OrderStatus::Queued,
            Self::PendingMr => OrderStatus::PendingMr,
            Self::OnHold => OrderStatus::OnHold,
            Self::PendingKyb => OrderStatus::PendingKyb,
            Self::PendingPayment => OrderStatus::PendingPayment,
            Self::Cancelled => OrderStatus::Cancelled,
            Self::Deleted => OrderStatus::Deleted,
        }
    }

    fn line_item_status(self) -> LineItemStatus {
        match self {
            Self::Cancelled => LineItemStatus::Cancelled,
            Self::Deleted => LineItemStatus::Deleted,
            _ => LineItemStatus::Pending,
        }
    }
}

impl AsyncOrderPlan {
    /// An order without line items, done at once.
    pub fn new(customer: &str, account: &str, reference: &str) -> Self {
        Self {
            customer: customer.to_owned(),
            account: account.to_owned(),
            reference: reference.to_owned(),
            line_items: 0,
            failed: 0,
            duplicates: false,
            held: None,
            placed: 0,
            seconds: 0,
        }
    }

    /// With so many line items, 2,147,483,647 at the most (`totalLineItems` is an int32).
    #[must_use]
    pub fn line_items(self, count: u32) -> Self {
        Self { line_items: count, ..self }
    }

    /// With so many failed line items, spread over the order, ten million at the most; no more than there
    /// are line items.
    #[must_use]
    pub fn failed(self, count: u32) -> Self {
        Self { failed: count, ..self }
    }

    /// With line items that share a reference: each hundredth has that of the one before it.
    #[must_use]
    pub fn with_duplicates(self) -> Self {
        Self { duplicates: true, ..self }
    }

    /// In a state in which it makes no progress.
    #[must_use]
    pub fn held(self, hold: Hold) -> Self {
        Self { held: Some(hold), ..self }
    }

    /// Placed so many seconds after the start of the sandbox's time; before it, if negative.
    #[must_use]
    pub fn placed(self, seconds: i64) -> Self {
        Self { placed: seconds, ..self }
    }

    /// Takes so many seconds of the sandbox's time from being placed until it is done.
    #[must_use]
    pub fn takes(self, seconds: u64) -> Self {
        Self { seconds, ..self }
    }
}

/// How far an async order has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Progress {
    /// How many line items are done; they are done in their order.
    pub(crate) done: u32,
    /// Whether the order is done.
    pub(crate) finished: bool,
}

/// What a number of line items cost, in hundredths.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    count: u32,
    value: i64,
    total: i64,
}

/// A generated async order.
#[derive(Debug)]
pub(crate) struct AsyncOrderData {
    pub(crate) plan: AsyncOrderPlan,
    pub(crate) id: String,
    seed: u64,
    account_currency: &'static str,
    placed: Timestamp,
    /// How many line items were generated.
    generated: AtomicU64,
    /// What the line items would have cost that are known to have failed.
    failed_so_far: Mutex<Cost>,
}

impl AsyncOrderData {
    pub(crate) fn new(seed: u64, number: usize, plan: AsyncOrderPlan) -> Self {
        let AsyncOrderPlan { customer, account, reference, .. } = &plan;
        let seed =
            [customer, account, reference].iter().fold(seed, |seed, key| text_seed(seed, key));
        let placed = START.saturating_add(SignedDuration::from_secs(plan.placed)).unwrap_or(START);
        let id = format!("AA{}-{}-01", placed.strftime("%y%m%d"), 1001 + number);
        // Accounts in euros are for those who convert.
        let account_currency = if account.ends_with("-eur") { "EUR" } else { "USD" };
        Self {
            plan,
            id,
            seed,
            account_currency,
            placed,
            generated: AtomicU64::new(0),
            failed_so_far: Mutex::default(),
        }
    }

    pub(crate) fn total(&self) -> u32 {
        self.plan.line_items
    }

    fn failed(&self) -> u32 {
        self.plan.failed.min(self.total())
    }

    pub(crate) fn progress(&self, now: Timestamp) -> Progress {
        if self.plan.held.is_some() {
            return Progress { done: 0, finished: false };
        }
        let elapsed = now.duration_since(self.placed).as_millis();
        let duration = i128::from(self.plan.seconds) * 1000;
        if elapsed >= duration {
            return Progress { done: self.total(), finished: true };
        }
        let done = elapsed.max(0) * i128::from(self.total()) / duration;
        Progress { done: u32::try_from(done).unwrap_or_default(), finished: false }
    }

    /// Where the failed line item of this rank is.
    ///
    /// The line items fall into as many stretches as there are failed ones, and each stretch has one
    /// of them, at a place that follows from the seed. So rank and place are arithmetic.
    pub(crate) fn place_of_failed(&self, rank: u32) -> u32 {
        let (start, end) = (self.stretch(rank), self.stretch(rank + 1));
        let offset = Draw::new(mix(self.seed, u64::from(rank) << 32)).below(end - start);
        u32::try_from(start + offset).unwrap_or(u32::MAX)
    }

    /// Where a stretch starts.
    fn stretch(&self, rank: u32) -> u64 {
        u64::from(rank) * u64::from(self.total()) / u64::from(self.failed().max(1))
    }

    /// How many of the first line items, up to this many, fail.
    pub(crate) fn failed_among(&self, count: u32) -> u32 {
        let (total, failed) = (u64::from(self.total()), u64::from(self.failed()));
        let Some(last) = u64::from(count).checked_sub(1).filter(|_| failed > 0) else { return 0 };
        // The stretch that holds the last of them: the largest rank whose start is not after it.
        let rank = ((last + 1) * failed - 1) / total.max(1);
        let rank = u32::try_from(rank).unwrap_or_default();
        rank + u32::from(u64::from(self.place_of_failed(rank)) <= last)
    }

    fn fails(&self, index: u32) -> bool {
        self.failed_among(index + 1) > self.failed_among(index)
    }

    /// Whether the line item has failed by now.
    pub(crate) fn has_failed(&self, index: u32, progress: Progress) -> bool {
        index < progress.done && self.fails(index)
    }

    fn is_duplicate(&self, index: u32) -> bool {
        self.plan.duplicates && index % DUPLICATE_EVERY == DUPLICATE_EVERY - 1
    }

    /// The references that line items share.
    pub(super) fn duplicates(&self) -> impl Iterator<Item = String> {
        let every = usize::try_from(DUPLICATE_EVERY).unwrap_or(1);
        let places = (0..self.total()).skip(every - 1).step_by(every);
        places.filter(|index| self.is_duplicate(*index)).map(|index| self.external_reference(index))
    }

    fn external_reference(&self, index: u32) -> String {
        let index = if self.is_duplicate(index) { index - 1 } else { index };
        format!("member-{:04}", u64::from(index) + 1)
    }

    fn reference(&self, index: u32) -> String {
        format!("{}-{}", self.id, u64::from(index) + 1)
    }

    /// The line item with this identifier of Tango's.
    pub(crate) fn find(&self, reference: &str) -> Option<u32> {
        let number = reference.strip_prefix(&self.id)?.strip_prefix('-')?;
        self.index(number).filter(|index| self.reference(*index) == reference)
    }

    /// The line items with this reference of the caller's; several if they share it.
    pub(crate) fn find_external(&self, reference: &str) -> impl Iterator<Item = u32> {
        let first = reference.strip_prefix("member-").and_then(|number| self.index(number));
        let both =
            first.into_iter().flat_map(|first| [Some(first), first.checked_add(1)]).flatten();
        both.filter(move |index| {
            *index < self.total() && self.external_reference(*index) == reference
        })
    }

    fn index(&self, number: &str) -> Option<u32> {
        number.parse::<u32>().ok()?.checked_sub(1).filter(|index| *index < self.total())
    }

    /// The order without line items.
    pub(crate) fn order(&self, progress: Progress, pagination: Pagination) -> AsyncOrder {
        let AsyncOrderPlan { customer, account, reference, seconds, .. } = &self.plan;
        let duration = SignedDuration::from_secs(i64::try_from(*seconds).unwrap_or(i64::MAX));
        let completed = self.placed.saturating_add(duration).unwrap_or(Timestamp::MAX);
        let failed = self.failed_among(progress.done);
        let errors = (progress.finished && failed > 0).then(|| {
            let message =
                format!("{failed} of {} line items could not be processed.", self.total());
            item_error("PARTIAL_FAILURE", message.into())
        });
        let mut order = AsyncOrder::new(
            reference.clone(),
            self.status(progress),
            self.placed.into(),
            i64::from(self.total()).into(),
            pagination,
        );
        order.reference_order_id = Some(self.id.clone());
        order.completed_at = progress.finished.then(|| completed.into());
        order.customer_identifier = Some(customer.clone());
        order.account_identifier = Some(account.clone());
        order.sender = Some(sender(self.seed));
        order.amount_charged = Some(self.charge(progress));
        order.campaign = Some(campaign(self.seed));
        order.purchase_order_number = Some(format!("PO-{:04}", self.seed % 10_000));
        order.notes = Some("Made up by the sandbox".into());
        order.order_errors = errors.into_iter().collect();
        order.line_items = Vec::new().into();
        order
    }

    pub(crate) fn status(&self, progress: Progress) -> OrderStatus {
        match self.plan.held {
            Some(hold) => hold.order_status(),
            None if !progress.finished && progress.done == 0 => OrderStatus::Queued,
            None if !progress.finished => OrderStatus::Pending,
            None if self.failed() == 0 => OrderStatus::Complete,
            None if self.failed() == self.total() => OrderStatus::Failed,
            None => OrderStatus::Partial,
        }
    }

    /// What the line items cost that have neither failed nor been taken back.
    ///
    /// Prices repeat, so that no line item is looked at but those that failed, and these once.
    fn charge(&self, progress: Progress) -> OrderCharge {
        let (mut value, mut total) = (0, 0);
        if !self.is_taken_back() {
            for turn in 0..TURN_COUNT {
                let count = self.total() / TURN_COUNT + u32::from(turn < self.total() % TURN_COUNT);
                let purchase = self.purchase(turn);
                value += purchase.value() * i64::from(count);
                total += purchase.total() * i64::from(count);
            }
            let failed = self.cost_of_failed(self.failed_among(progress.done));
            value -= failed.value;
            total -= failed.total;
        }
        let currency = self.account_currency;
        let mut charge = OrderCharge::default();
        charge.currency_code = Some(currency.to_owned());
        charge.value = Some(money(value, currency));
        charge.total = Some(money(total, currency));
        charge
    }

    /// What so many failed line items, the first ones, would have cost.
    fn cost_of_failed(&self, count: u32) -> Cost {
        let mut cost = self.failed_so_far.lock().unwrap_or_else(PoisonError::into_inner);
        // Time goes on, and so does the sum; only a response that was late starts again.
        if count < cost.count {
            *cost = Cost::default();
        }
        for rank in cost.count..count {
            let purchase = self.purchase(self.place_of_failed(rank));
            cost.value += purchase.value();
            cost.total += purchase.total();
        }
        cost.count = count;
        *cost
    }

    fn is_taken_back(&self) -> bool {
        matches!(self.plan.held, Some(Hold::Cancelled | Hold::Deleted))
    }

    pub(super) fn purchase(&self, index: u32) -> Purchase {
        Purchase::of_turn(self.seed, index, self.account_currency)
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// How many line items were generated so far.
    pub(crate) fn generated(&self) -> u64 {
        self.generated.load(Ordering::Relaxed)
    }

    pub(crate) fn line_item(&self, index: u32, progress: Progress) -> LineItem {
        self.generated.fetch_add(1, Ordering::Relaxed);
        let purchase = self.purchase(index);
        let mut draw = Draw::new(mix(self.seed, u64::from(index)));
        let recipient = recipient(&mut draw, u64::from(index) + 1, &purchase.method);
        let has_failed = self.has_failed(index, progress);
        let is_done = index < progress.done;
        let scheduled = draw.once_in(6).then(|| {
            let days = i64::try_from(7 + draw.below(14)).unwrap_or(7);
            self.placed.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(self.placed)
        });
        let (status, delivery) = match self.plan.held {
            Some(hold) => (hold.line_item_status(), DeliveryStatus::Pending),
            None if has_failed => (LineItemStatus::Failed, DeliveryStatus::Failed),
            None if !is_done => (LineItemStatus::Pending, DeliveryStatus::Pending),
            None => delivered(&mut draw, &purchase.method),
        };
        let errors = has_failed.then(|| failure(&mut draw));
        let mut item = LineItem::new(self.reference(index), status);
        item.external_ref_line_item_id = Some(self.external_reference(index));
        item.delivery_status = Some(delivery);
        item.recipient = Some(recipient);
        item.amount = Some(purchase.amount());
        let is_free = has_failed || self.is_taken_back();
        item.amount_charged = Some(if is_free { purchase.no_charge() } else { purchase.charge() });
        item.reward_name = Some(purchase.product.name.to_owned());
        item.delivery_method = Some(purchase.method);
        item.scheduled_delivery_date = scheduled.map(Into::into);
        item.line_item_errors = errors.into_iter().collect();
        item
    }
}

/// How a reward that was sent fared.
pub(super) fn delivered(
    draw: &mut Draw,
    method: &DeliveryMethod,
) -> (LineItemStatus, DeliveryStatus) {
    let is_shipped = matches!(method, DeliveryMethod::Address | DeliveryMethod::Bulkshipment);
    match draw.below(10) {
        0 if is_shipped => (LineItemStatus::Returned, DeliveryStatus::Failed),
        1 | 2 if is_shipped => (LineItemStatus::Complete, DeliveryStatus::Dispatched),
        1 => (LineItemStatus::Complete, DeliveryStatus::Processing),
        2..5 => (LineItemStatus::Complete, DeliveryStatus::Engaged),
        _ => (LineItemStatus::Complete, DeliveryStatus::Delivered),
    }
}

/// Why a line item failed.
fn failure(draw: &mut Draw) -> ItemError {
    const FAILURES: [(&str, &str); 4] = [
        ("503.035", "The supplier could not deliver the reward."),
        ("422.009", "The recipient's mail address is malformed."),
        ("404.033", "There is no such item in the catalogue."),
        ("402.001", "There are not enough funds in the account."),
    ];
    let (code, message) = draw.pick(&FAILURES);
    item_error(code, message.into())
}

fn item_error(code: &str, message: Private) -> ItemError {
    let mut error = ItemError::default();
    error.error_code = Some(code.to_owned());
    error.error_message = Some(message);
    error
}
