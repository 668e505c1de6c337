//! The async orders that every sandbox has, and who may see them.

use crate::data::{AsyncOrderPlan, Hold};

/// A customer who exists and is not the caller's.
pub(crate) const FOREIGN_CUSTOMER: &str = "other-company";

/// Whether an async order is one of those that every sandbox has.
pub(crate) fn has(plan: &AsyncOrderPlan) -> bool {
    async_orders().iter().any(|(known, _)| known == plan)
}

/// The async orders, each with what it is good for.
pub(crate) fn async_orders() -> Vec<(AsyncOrderPlan, &'static str)> {
    let order = |reference| {
        let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", reference);
        plan.placed(-3600).takes(250)
    };
    let held = |reference, hold| order(reference).line_items(8).held(hold);
    vec![
        (
            order("wellness-2026-01").line_items(250).failed(12).with_duplicates(),
            "three pages; 12 of them failed, some share a reference",
        ),
        (order("wellness-2026-02").line_items(40), "one page; nothing failed"),
        (order("wellness-empty"), "an empty list"),
        (order("wellness-failed").line_items(12).failed(12), "all of them failed"),
        (
            order("wellness-million").line_items(1_000_000).failed(10_000).with_duplicates(),
            "10,000 of them failed",
        ),
        (
            order("wellness-running").line_items(600).failed(30).placed(0).takes(600),
            "placed when the sandbox started, done ten minutes later",
        ),
        (held("held-queued", Hold::Queued), "waits"),
        (held("held-on-hold", Hold::OnHold), "waits"),
        (held("held-review", Hold::PendingMr), "waits"),
        (held("held-business-check", Hold::PendingKyb), "waits"),
        (held("held-payment", Hold::PendingPayment), "waits for money"),
        (held("held-cancelled", Hold::Cancelled), "taken back"),
        (held("held-deleted", Hold::Deleted), "removed"),
        (
            AsyncOrderPlan::new("acme-health", "acme-health-eur", "bienvenue")
                .line_items(30)
                .failed(1)
                .placed(-7200)
                .takes(30),
            "an account in euros, under a reference like many",
        ),
        (
            AsyncOrderPlan::new("globex-sample", "globex-sample-rewards", "Été 2026/½ & more")
                .line_items(5)
                .placed(-60),
            "a reference that has to be percent-encoded",
        ),
        (
            AsyncOrderPlan::new(FOREIGN_CUSTOMER, "other-company-rewards", "not-yours")
                .line_items(3)
                .placed(-60),
            "not the caller's: 403",
        ),
    ]
}
