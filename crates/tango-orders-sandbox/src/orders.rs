//! Where orders are found: by whom they belong to, and by their identifiers.

use std::collections::{BTreeMap, HashMap};

use axum::body::Bytes;
use axum::http::StatusCode;
use jiff::Timestamp;
use tango_orders_client::types::Order;

use crate::async_order::AnyAsyncOrder;
use crate::data::{AsyncOrderData, OrderData, async_order_as_order};
use crate::error_response::ErrorResponse;
use crate::loaded::Loaded;
use crate::state::Setup;

/// All orders of a sandbox.
#[derive(Debug)]
pub(crate) struct Orders {
    pub(crate) generated: OrderData,
    pub(crate) asynchronous: Vec<AnyAsyncOrder>,
    customers: BTreeMap<String, Customer>,
    by_id: HashMap<String, ById>,
    loaded: Vec<Order>,
}

#[derive(Debug, Default)]
struct Customer {
    /// Whether the caller may see it.
    is_foreign: bool,
    /// Indexes of async orders, by account and reference.
    accounts: BTreeMap<String, HashMap<String, usize>>,
}

#[derive(Clone, Debug)]
enum ById {
    Async(usize),
    Loaded(Bytes),
}

/// What `get_order` has to show.
#[derive(Debug)]
pub(crate) enum Found<'o> {
    Generated(u32),
    Async(&'o AnyAsyncOrder),
    Loaded(Bytes),
}

/// Two orders have the same key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ambiguous(pub(crate) String);

impl Orders {
    pub(crate) fn new(setup: &Setup) -> Result<Self, Ambiguous> {
        let generated = OrderData { seed: setup.seed, count: setup.orders };
        let mut orders = Self {
            generated,
            asynchronous: Vec::new(),
            customers: BTreeMap::new(),
            by_id: HashMap::new(),
            loaded: Vec::new(),
        };
        for (number, plan) in setup.plans.iter().enumerate() {
            let data = AsyncOrderData::new(generated.seed, number, plan.clone());
            let id = data.id.clone();
            let (customer, account) = (plan.customer.clone(), plan.account.clone());
            orders.add(&customer, &account, &plan.reference, AnyAsyncOrder::Generated(data), id)?;
        }
        for loaded in &setup.loaded {
            match &**loaded {
                Loaded::Order { id, body, order } => {
                    orders.loaded.push((**order).clone());
                    let previous = orders.by_id.insert(id.clone(), ById::Loaded(body.clone()));
                    if previous.is_some() {
                        return Err(Ambiguous(id.clone()));
                    }
                }
                Loaded::AsyncOrder(order) => {
                    let (key, id) = (order.key.clone(), order.id.clone());
                    let order = AnyAsyncOrder::Loaded(order.clone());
                    orders.add(&key.customer, &key.account, &key.reference, order, id)?;
                }
            }
        }
        for name in &setup.foreign {
            orders.customers.entry(name.clone()).or_default().is_foreign = true;
        }
        Ok(orders)
    }

    fn add(
        &mut self,
        customer: &str,
        account: &str,
        reference: &str,
        order: AnyAsyncOrder,
        id: String,
    ) -> Result<(), Ambiguous> {
        let index = self.asynchronous.len();
        let accounts = &mut self.customers.entry(customer.to_owned()).or_default().accounts;
        let references = accounts.entry(account.to_owned()).or_default();
        if references.insert(reference.to_owned(), index).is_some() {
            return Err(Ambiguous(format!("{customer}/{account}/{reference}")));
        }
        // A loaded order need not have an identifier.
        if !id.is_empty() && self.by_id.insert(id.clone(), ById::Async(index)).is_some() {
            return Err(Ambiguous(id));
        }
        self.asynchronous.push(order);
        Ok(())
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
        if let Some(number) = self.generated.find(id) {
            return Ok(Found::Generated(number));
        }
        let found = match self.by_id.get(id) {
            Some(ById::Loaded(body)) => Some(Found::Loaded(body.clone())),
            Some(ById::Async(index)) => {
                self.asynchronous.get(*index).filter(|order| self.is_own(order)).map(Found::Async)
            }
            None => None,
        };
        found.ok_or_else(|| ErrorResponse::no_such_order(id))
    }

    /// All orders of the caller's, as they are at a moment; the generated ones from the newest on, then
    /// the async orders, then those that were loaded.
    pub(crate) fn all(&self, now: Timestamp) -> impl Iterator<Item = Order> {
        let generated = (0..self.generated.count).map(|number| self.generated.order(number));
        let own = self.asynchronous.iter().filter(|order| self.is_own(order));
        let asynchronous = own.filter_map(move |order| match order {
            AnyAsyncOrder::Generated(data) => Some(async_order_as_order(data, data.progress(now))),
            // Its payload does not say what `get_order` shows.
            AnyAsyncOrder::Loaded(_) => None,
        });
        generated.chain(asynchronous).chain(self.loaded.iter().cloned())
    }

    /// How many line items were generated so far.
    pub(crate) fn generated_line_items(&self) -> u64 {
        let of = |order: &AnyAsyncOrder| match order {
            AnyAsyncOrder::Generated(data) => data.generated(),
            AnyAsyncOrder::Loaded(_) => 0,
        };
        self.asynchronous.iter().map(of).sum()
    }

    fn is_own(&self, order: &AnyAsyncOrder) -> bool {
        let customer = order.key().0;
        self.customers.get(customer).is_some_and(|customer| !customer.is_foreign)
    }
}
