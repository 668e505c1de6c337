//! Where orders are found: by whom they belong to, and by their identifiers.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::StatusCode;
use jiff::Timestamp;
use tango_orders_client::types::Order;

use crate::async_order::AnyAsyncOrder;
use crate::data::{AsyncOrderData, OrderData, OrderPlan};
use crate::error_response::ErrorResponse;
use crate::loaded::{Key, Loaded, View};
use crate::ready_made;
use crate::state::Setup;

/// All orders of a sandbox.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    pub(crate) generated: OrderData,
    pub(crate) asynchronous: Vec<AnyAsyncOrder>,
    /// Orders that were planned one by one.
    pub(crate) planned: Vec<OrderPlan>,
    /// Orders that were loaded, as they were written and as they are searched.
    pub(crate) loaded: Vec<(Bytes, Order)>,
    customers: BTreeMap<String, Customer>,
    by_id: HashMap<String, ById>,
    /// What loaded orders have taken the place of, in words.
    pub(crate) replaced: Vec<String>,
}

#[derive(Debug, Default)]
struct Customer {
    /// Whether the caller may see it.
    is_foreign: bool,
    /// Indexes of async orders, by account and reference.
    accounts: BTreeMap<String, HashMap<String, usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ById {
    Async(usize),
    Planned(usize),
    Loaded(usize),
}

/// What `get_order` has to show.
#[derive(Debug)]
pub(crate) enum Found<'o> {
    Generated(u32),
    Planned(&'o OrderPlan),
    Async(&'o AnyAsyncOrder),
    Loaded(Bytes),
}

/// Two orders have the same key, of those that somebody wants to have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ambiguous {
    pub(crate) key: String,
    /// Where the loaded ones of them come from.
    pub(crate) sources: Vec<PathBuf>,
}

impl Orders {
    pub(crate) fn new(setup: &Setup) -> Result<Self, Ambiguous> {
        let generated = OrderData { seed: setup.seed, count: setup.orders };
        let mut orders = Self { generated, ..Self::default() };
        orders.add_loaded(&setup.loaded)?;
        for (number, plan) in setup.plans.iter().enumerate() {
            let data = AsyncOrderData::new(generated.seed, number, plan.clone());
            let order = AnyAsyncOrder::Generated(data);
            let key = key_of(&order);
            if let Some(loaded) = setup.loaded.iter().find(|loaded| has_key(loaded, &key)) {
                if !ready_made::has(plan) {
                    let sources = vec![loaded.source.clone()];
                    return Err(Ambiguous { key: key.to_string(), sources });
                }
                orders.replace(loaded, format_args!("the ready-made async order {key}"));
                continue;
            }
            let loaded = setup.loaded.iter().find(|loaded| id_of(loaded) == order.id());
            if let (Some(loaded), Some(id)) = (loaded, order.id()) {
                orders.replace(loaded, format_args!("{id}, by which get_order shows {key}"));
            }
            orders.add_async(order, None)?;
        }
        for plan in &setup.order_plans {
            if orders.by_id.contains_key(&plan.id) {
                let loaded = setup.loaded.iter().filter(|it| id_of(it) == Some(&plan.id));
                let sources = loaded.map(|loaded| loaded.source.clone()).collect();
                return Err(Ambiguous { key: plan.id.clone(), sources });
            }
            orders.by_id.insert(plan.id.clone(), ById::Planned(orders.planned.len()));
            orders.planned.push(plan.clone());
            orders.add_account(plan.customer(), Some(plan.account_name()));
        }
        for loaded in &setup.loaded {
            let id = id_of(loaded).filter(|id| generated.find(id).is_some());
            if let Some(id) = id {
                orders.replace(loaded, format_args!("the generated order {id}"));
            }
        }
        for name in &setup.foreign {
            orders.customers.entry(name.clone()).or_default().is_foreign = true;
        }
        Ok(orders)
    }

    /// Takes in what was loaded, before anything that it may take the place of.
    fn add_loaded(&mut self, all: &[Arc<Loaded>]) -> Result<(), Ambiguous> {
        for (index, loaded) in all.iter().enumerate() {
            if let Some(other) = all.iter().take(index).find(|other| other.is_same(loaded)) {
                let key = match &loaded.view {
                    View::Order(order) => order.reference_order_id.clone(),
                    View::AsyncOrder(order) => order.key.to_string(),
                };
                let sources = vec![other.source.clone(), loaded.source.clone()];
                return Err(Ambiguous { key, sources });
            }
        }
        // What was loaded for `get_order` is what it shows, also of an async order.
        for loaded in all {
            if let View::Order(order) = &loaded.view {
                let index = self.loaded.len();
                self.by_id.insert(order.reference_order_id.clone(), ById::Loaded(index));
                self.loaded.push((loaded.text.clone(), (**order).clone()));
                if let Some(customer) = &order.customer_identifier {
                    self.add_account(customer, order.account_identifier.as_deref());
                }
            }
        }
        for loaded in all {
            if let View::AsyncOrder(order) = &loaded.view {
                let order = AnyAsyncOrder::Loaded(Arc::clone(order));
                self.add_async(order, Some(loaded))?;
            }
        }
        Ok(())
    }

    fn add_account(&mut self, customer: &str, account: Option<&str>) {
        let accounts = &mut self.customers.entry(customer.to_owned()).or_default().accounts;
        if let Some(account) = account {
            accounts.entry(account.to_owned()).or_default();
        }
    }

    fn add_async(
        &mut self,
        order: AnyAsyncOrder,
        loaded: Option<&Loaded>,
    ) -> Result<(), Ambiguous> {
        let index = self.asynchronous.len();
        let fail = |key: &str| {
            let sources = loaded.map(|loaded| loaded.source.clone());
            Err(Ambiguous { key: key.to_owned(), sources: Vec::from_iter(sources) })
        };
        let key = key_of(&order);
        self.add_account(&key.customer, Some(&key.account));
        let customer = self.customers.get_mut(&key.customer);
        let references = customer.and_then(|customer| customer.accounts.get_mut(&key.account));
        let previous = references.and_then(|it| it.insert(key.reference.clone(), index));
        if previous.is_some() {
            return fail(&key.to_string());
        }
        if let Some(id) = order.id() {
            match self.by_id.get(id) {
                None => drop(self.by_id.insert(id.to_owned(), ById::Async(index))),
                // The view of the other operation, or an order that takes its place, is loaded; plans of
                // single orders come later.
                Some(ById::Loaded(_) | ById::Planned(_)) => {}
                Some(ById::Async(other)) => {
                    let other = self.asynchronous.get(*other);
                    if loaded.is_some() || !matches!(other, Some(AnyAsyncOrder::Loaded(_))) {
                        return fail(id);
                    }
                }
            }
        }
        self.asynchronous.push(order);
        Ok(())
    }

    fn replace(&mut self, loaded: &Loaded, what: fmt::Arguments<'_>) {
        self.replaced.push(format!("{} takes the place of {what}", loaded.source.display()));
    }

    /// The async order with this reference, for a caller who is allowed to see it.
    pub(crate) fn async_order(
        &self,
        customer: &str,
        account: &str,
        reference: &str,
    ) -> Result<&AnyAsyncOrder, ErrorResponse> {
        let missing = StatusCode::NOT_FOUND;
        let Some(known) = self.customers.get(customer) else {
            let message = "There is no such customer.";
            return Err(ErrorResponse::field(
                missing,
                "customerIdentifier",
                "404.002",
                message,
                customer,
            ));
        };
        if known.is_foreign {
            let message = "The customer is not one of yours.";
            let status = StatusCode::FORBIDDEN;
            return Err(ErrorResponse::field(
                status,
                "customerIdentifier",
                "403.007",
                message,
                customer,
            ));
        }
        let Some(references) = known.accounts.get(account) else {
            let message = "The customer has no such account.";
            return Err(ErrorResponse::field(
                missing,
                "accountIdentifier",
                "404.003",
                message,
                account,
            ));
        };
        let found = references.get(reference).and_then(|index| self.asynchronous.get(*index));
        found.ok_or_else(|| {
            let message = "There is no order with this external reference.";
            ErrorResponse::whole_request(missing, "404.110", message, vec![reference.into()])
        })
    }

    /// The order with this identifier; one of a foreign customer is reported as missing.
    pub(crate) fn order(&self, id: &str) -> Result<Found<'_>, ErrorResponse> {
        let found = match self.by_id.get(id) {
            Some(ById::Loaded(index)) => {
                let loaded = self.loaded.get(*index).filter(|(_, order)| self.is_own(order));
                loaded.map(|(body, _)| Found::Loaded(body.clone()))
            }
            Some(ById::Planned(index)) => {
                let plan = self.planned.get(*index);
                plan.filter(|plan| self.is_customer_own(plan.customer())).map(Found::Planned)
            }
            Some(ById::Async(index)) => {
                let order = self.asynchronous.get(*index);
                order.filter(|order| self.is_customer_own(order.key().0)).map(Found::Async)
            }
            None => self.generated.find(id).map(Found::Generated),
        };
        found.ok_or_else(|| ErrorResponse::no_such_order(id))
    }

    /// All orders of the caller's, as they are at a moment, each once; the generated ones from the
    /// newest on, then those that were planned, the async orders, and those that were loaded.
    pub(crate) fn all(&self, now: Timestamp) -> impl Iterator<Item = Order> {
        let numbers = (0..self.generated.count)
            .filter(|number| !self.by_id.contains_key(&OrderData::id(*number)));
        let generated = numbers.map(|number| self.generated.order(number));
        let planned = self.planned.iter().map(move |plan| plan.order(self.generated.seed, now));
        let asynchronous =
            self.asynchronous.iter().enumerate().filter_map(move |(index, order)| {
                let is_shown = self.by_id.get(order.id()?) == Some(&ById::Async(index));
                is_shown.then(|| order.order(now)).flatten()
            });
        let loaded = self.loaded.iter().map(|(_, order)| order.clone());
        let all = generated.chain(planned).chain(asynchronous).chain(loaded);
        all.filter(|order| self.is_own(order))
    }

    /// How many line items were generated so far.
    pub(crate) fn generated_line_items(&self) -> u64 {
        let of = |order: &AnyAsyncOrder| match order {
            AnyAsyncOrder::Generated(data) => data.generated(),
            AnyAsyncOrder::Loaded(_) => 0,
        };
        self.asynchronous.iter().map(of).sum()
    }

    fn is_own(&self, order: &Order) -> bool {
        order.customer_identifier.as_ref().is_none_or(|customer| self.is_customer_own(customer))
    }

    fn is_customer_own(&self, customer: &str) -> bool {
        !self.customers.get(customer).is_some_and(|customer| customer.is_foreign)
    }
}

fn key_of(order: &AnyAsyncOrder) -> Key {
    let (customer, account, reference) = order.key();
    let [customer, account, reference] = [customer, account, reference].map(str::to_owned);
    Key { customer, account, reference }
}

fn has_key(loaded: &Loaded, key: &Key) -> bool {
    matches!(&loaded.view, View::AsyncOrder(order) if order.key == *key)
}

/// The identifier that `get_order` finds it by.
fn id_of(loaded: &Loaded) -> Option<&str> {
    match &loaded.view {
        View::Order(order) => Some(&order.reference_order_id),
        View::AsyncOrder(order) => Some(&order.order.as_ref()?.reference_order_id),
    }
}
