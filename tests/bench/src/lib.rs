//! Documents to measure validators with: like the samples, no two alike, the same in every run.

mod json;

pub use json::Json;

/// A source of pseudo-random numbers (xorshift64*), so that documents differ but never change.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(bits).unwrap_or(0) % limit
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick(&mut self, values: &[&str]) -> String {
        values[self.below(values.len())].to_owned()
    }

    /// Decimal digits.
    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0))).collect()
    }
}

/// The text that people write: plain ASCII, or with letters from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// ASCII only, but for one name in 20.
    Mostly,
    /// Names, cities and messages in other scripts.
    Foreign,
}

fn first_name(random: &mut Random, script: Script) -> String {
    const ASCII: &[&str] = &["Ada", "Bob", "Cem", "Dee", "Eve", "Finn", "Katherine", "Maximilian"];
    const FOREIGN: &[&str] = &["Zoë", "Łukasz", "Søren", "Ирина", "さくら", "محمد", "Ξένια"];
    if script == Script::Foreign || random.one_in(20) {
        random.pick(FOREIGN)
    } else {
        random.pick(ASCII)
    }
}

fn last_name(random: &mut Random, script: Script) -> String {
    const ASCII: &[&str] = &["Example", "Sample", "Placeholder", "Test", "Doe", "Roe-Specimen"];
    const FOREIGN: &[&str] = &["Müller", "Kowalczyk-Dąbrowska", "Петрова", "山田", "García"];
    random.pick(if script == Script::Foreign { FOREIGN } else { ASCII })
}

fn city(random: &mut Random, script: Script) -> String {
    const ASCII: &[&str] = &["Springfield", "Shelbyville", "Ogdenville", "North Haverbrook"];
    const FOREIGN: &[&str] = &["Zürich", "Łódź", "Санкт-Петербург", "東京都", "São Paulo"];
    random.pick(if script == Script::Foreign { FOREIGN } else { ASCII })
}

fn timestamp(random: &mut Random) -> Json {
    let fraction = match random.below(4) {
        0 => String::new(),
        1 => format!(".{}", random.digits(1)),
        _ => format!(".{}", random.digits(3)),
    };
    let (month, day) = (1 + random.below(12), 1 + random.below(28));
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    Json::text(format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z"))
}

fn money(random: &mut Random) -> Json {
    let whole = 1 + random.below(400);
    Json::Raw(match random.below(4) {
        0 => whole.to_string(),
        1 => format!("{whole}.{:02}", random.below(100)),
        _ => format!("{whole}.00"),
    })
}

fn charge(random: &mut Random, has_rate: bool) -> Json {
    let mut members = vec![
        ("value", money(random)),
        ("currencyCode", Json::text(random.pick(&["USD", "EUR", "GBP", "CHF", "JPY"]))),
    ];
    if has_rate {
        members.push(("exchangeRate", Json::Raw(format!("1.0{}", random.digits(3)))));
    }
    members.push(("fee", Json::Raw(format!("0.{}", random.digits(2)))));
    members.push(("total", money(random)));
    Json::Object(members)
}

fn email(random: &mut Random) -> Json {
    let user = random.pick(&["ada", "bob.roe", "cem", "katherine.placeholder", "eve+rewards"]);
    let number = random.below(10_000);
    let host = random.pick(&["example.com", "mail.example.org", "example.co.uk"]);
    Json::text(format!("{user}{number}@{host}"))
}

fn street(random: &mut Random) -> Json {
    let name = random.pick(&["Example Street", "Sample Avenue", "Long Placeholder Road"]);
    Json::text(format!("{} {name}", 1 + random.below(400)))
}

/// The response of *get details for a specific order*, about 2.2 kB.
#[expect(clippy::too_many_lines, reason = "one document, member by member")]
pub fn order(random: &mut Random, script: Script) -> Json {
    let id = format!("RA260115-{}-{}", random.digits(4), random.digits(2));
    let code = format!("FAKE-{}-{}", random.digits(4), random.digits(4));
    let pin = random.digits(6);
    let url = format!("https://rewards.example.com/redeem/{code}?locale=en_US");
    let credential = |label: &str, value: &str, kind: &str, credential: &str| {
        Json::Object(vec![
            ("label", Json::text(label)),
            ("value", Json::text(value)),
            ("type", Json::text(kind)),
            ("credentialType", Json::text(credential)),
        ])
    };
    let reward = Json::Object(vec![
        (
            "credentials",
            Json::Object(vec![
                ("claimCode", Json::text(&*code)),
                ("cardCode", Json::text(&*pin)),
                ("redemptionUrl", Json::text(&*url)),
            ]),
        ),
        (
            "credentialList",
            Json::Array(vec![
                credential("Claim code", &code, "text", "claimCode"),
                credential("PIN", &pin, "text", "cardCode"),
                credential("Redemption URL", &url, "url", "redemptionUrl"),
            ]),
        ),
        (
            "redemptionInstructions",
            Json::text(
                "<ol>\n<li><strong>Open</strong> the link.</li>\n<li>Enter the code &amp; the PIN \
                 at checkout.</li>\n<li>The balance is valid for five years.</li>\n</ol>",
            ),
        ),
    ]);
    let recipient = Json::Object(vec![
        ("firstName", Json::text(first_name(random, script))),
        ("lastName", Json::text(last_name(random, script))),
        ("email", email(random)),
        ("mobileNumber", Json::text(format!("+1555555{}", random.digits(4)))),
        (
            "address",
            Json::Object(vec![
                ("companyName", Json::text("Example Ltd")),
                ("streetLine1", street(random)),
                ("streetLine2", Json::text("")),
                ("city", Json::text(city(random, script))),
                ("stateOrProvince", Json::text(random.pick(&["WA", "NY", "CA", "Texas"]))),
                ("postalCode", Json::text(random.digits(5))),
                ("country", Json::text(random.pick(&["US", "DE", "GB"]))),
            ]),
        ),
    ]);
    let message = match script {
        Script::Foreign => "С благодарностью — mit herzlichem Dank für alles.\nAcme Health",
        Script::Mostly => "With our thanks for a wonderful year.\nAcme Health",
    };
    Json::Object(vec![
        ("referenceOrderID", Json::text(&*id)),
        ("referenceLineItemID", Json::text(format!("{id}-1"))),
        ("externalRefID", Json::text(format!("thank-you-{}", random.digits(6)))),
        ("customerIdentifier", Json::text("acme-health")),
        ("accountIdentifier", Json::text("acme-health-rewards")),
        ("accountNumber", Json::text(format!("A{}", random.digits(8)))),
        ("amountCharged", charge(random, true)),
        ("denomination", charge(random, true)),
        ("utid", Json::text(format!("U{}", random.digits(6)))),
        ("ptid", Json::text(format!("P{}", random.digits(6)))),
        ("rewardName", Json::text(random.pick(&["Example Gift Card", "Example Plastic Card"]))),
        (
            "sender",
            Json::Object(vec![
                ("firstName", Json::text("Acme")),
                ("lastName", Json::text("Health")),
                ("email", Json::text("rewards@example.com")),
            ]),
        ),
        ("recipient", recipient),
        ("sendEmail", Json::Raw((!random.one_in(3)).to_string())),
        ("emailSubject", Json::text("Thank you")),
        ("message", Json::text(message)),
        ("deliveryMethod", Json::text(random.pick(&["EMAIL", "PHONE", "ADDRESS", "EMBEDDED"]))),
        ("etid", Json::text(format!("E{}", random.digits(6)))),
        ("status", Json::text("COMPLETE")),
        ("orderStatus", Json::text("COMPLETE")),
        ("lineItemStatus", Json::text("COMPLETE")),
        ("campaign", Json::text("Winter wellness")),
        ("createdAt", timestamp(random)),
        ("notes", Json::text("January round")),
        ("orderClientSource", Json::text("API")),
        ("purchaseOrderNumber", Json::text(format!("PO-{}", random.digits(4)))),
        ("orderExternalRefIdDupe", Json::Raw("false".to_owned())),
        (
            "asyncOrderEntity",
            Json::Object(vec![
                ("externalRefID", Json::text(format!("thank-you-{}", random.digits(4)))),
                ("status", Json::text("VALIDATED")),
                ("totalLineItems", Json::Raw((1 + random.below(500)).to_string())),
                ("createdAt", timestamp(random)),
                ("failedLineItems", Json::Array(Vec::new())),
            ]),
        ),
        ("reward", reward),
    ])
}

/// One line item of a page, about 650 bytes.
pub fn line_item(random: &mut Random, script: Script, number: usize) -> Json {
    let mut recipient = vec![
        ("firstName", Json::text(first_name(random, script))),
        ("lastName", Json::text(last_name(random, script))),
        ("email", email(random)),
    ];
    if !random.one_in(3) {
        let address = Json::Object(vec![
            ("streetLine1", street(random)),
            ("streetLine2", Json::Raw("null".to_owned())),
            ("city", Json::text(city(random, script))),
            ("stateOrProvince", Json::text(random.pick(&["WA", "NY", "CA"]))),
            ("country", Json::text(random.pick(&["US", "DE", "GB"]))),
            ("postalCode", Json::text(random.digits(5))),
            ("companyName", Json::text("Example Ltd")),
        ]);
        recipient.push(("address", address));
    }
    recipient.push(("mobileNumber", Json::text(format!("+1555555{}", random.digits(4)))));
    let errors = if random.one_in(10) {
        vec![Json::Object(vec![
            ("errorCode", Json::text("503.035")),
            ("errorMessage", Json::text("The supplier could not deliver the reward.")),
        ])]
    } else {
        Vec::new()
    };
    let mut members = vec![
        ("referenceLineItemId", Json::text(format!("AA260115-1001-01-{number}"))),
        ("externalRefLineItemID", Json::text(format!("member-{}", random.digits(6)))),
        ("lineItemStatus", Json::text(random.pick(&["COMPLETE", "PENDING", "FAILED", "RETURNED"]))),
    ];
    if !random.one_in(5) {
        let status = random.pick(&["DELIVERED", "DISPATCHED", "PROCESSING", "ENGAGED"]);
        members.push(("deliveryStatus", Json::text(status)));
    }
    members.push(("recipient", Json::Object(recipient)));
    members.push(("deliveryMethod", Json::text(random.pick(&["EMAIL", "PHONE", "ADDRESS"]))));
    members.push(("rewardName", Json::text("Example Gift Card")));
    members.push(("amount", money(random)));
    let has_rate = random.one_in(2);
    members.push(("amountCharged", charge(random, has_rate)));
    if !random.one_in(4) {
        members.push(("scheduledDeliveryDate", timestamp(random)));
    }
    members.push(("lineItemErrors", Json::Array(errors)));
    Json::Object(members)
}

/// The response of *get async orders status*: a page of so many line items.
pub fn page(random: &mut Random, script: Script, items: usize) -> Json {
    let count = || Json::Raw(items.to_string());
    let boolean = |value: bool| Json::Raw(value.to_string());
    let charge = Json::Object(vec![
        ("currencyCode", Json::text("USD")),
        ("value", money(random)),
        ("total", money(random)),
    ]);
    let pagination = Json::Object(vec![
        ("prevCursor", Json::text("NjE=")),
        ("nextCursor", Json::text(format!("{}=", random.digits(3)))),
        ("prevPageAvailable", boolean(false)),
        ("nextPageAvailable", boolean(true)),
        ("maxResults", count()),
        ("numberOfElements", count()),
    ]);
    let items = (1..=items).map(|number| line_item(random, script, number)).collect();
    Json::Object(vec![
        ("referenceOrderID", Json::text(format!("AA260115-{}-01", random.digits(4)))),
        ("externalRefID", Json::text("wellness-2026-01")),
        ("orderStatus", Json::text(random.pick(&["PARTIAL", "COMPLETE", "PENDING"]))),
        ("createdAt", timestamp(random)),
        ("completedAt", timestamp(random)),
        ("customerIdentifier", Json::text("acme-health")),
        ("accountIdentifier", Json::text("acme-health-rewards")),
        (
            "sender",
            Json::Object(vec![
                ("firstName", Json::text("Acme")),
                ("lastName", Json::text("Health")),
                ("email", Json::text("rewards@example.com")),
            ]),
        ),
        ("amountCharged", charge),
        ("campaign", Json::text("Winter wellness")),
        ("purchaseOrderNumber", Json::text(format!("PO-{}", random.digits(4)))),
        ("notes", Json::text("January round")),
        ("totalLineItems", count()),
        ("pagination", pagination),
        ("orderErrors", Json::Array(Vec::new())),
        ("lineItems", Json::Array(items)),
    ])
}

/// A set of documents of one kind.
pub struct Set {
    /// What they are.
    pub name: &'static str,
    /// Whether they are orders; otherwise they are pages of line items.
    pub is_order: bool,
    /// Whether they obey their schema.
    pub is_valid: bool,
    make: Box<dyn Fn() -> Vec<Vec<u8>>>,
}

impl Set {
    /// The schema of the documents.
    pub fn schema(&self) -> tango_orders_validator::Schema {
        if self.is_order {
            tango_orders_validator::Schema::Order
        } else {
            tango_orders_validator::Schema::AsyncOrder
        }
    }

    /// The payloads, no two alike and always the same.
    pub fn documents(&self) -> Vec<Vec<u8>> {
        (self.make)()
    }
}

/// Where a document breaks its schema.
#[derive(Clone, Copy)]
enum Breach {
    Early,
    Late,
    Many,
}

/// How a value is turned into a payload.
type Write = fn(&mut Random, Json) -> Vec<u8>;

/// Every set that is measured.
pub fn sets() -> Vec<Set> {
    use Script::{Foreign, Mostly};
    let compact: Write = |_, json| json.compact();
    let pretty: Write = |_, json| json.pretty();
    let shuffled: Write = |random, mut json| {
        json.shuffle(random);
        json.compact()
    };
    let sorted: Write = |_, mut json| {
        json.sort();
        json.compact()
    };
    let unknown: Write = |_, mut json| {
        json.add_unknown_members();
        json.compact()
    };
    let orders = |name, script, write| Set {
        name,
        is_order: true,
        is_valid: true,
        make: make(100, move |random| order(random, script), write),
    };
    let pages = |name, items: usize, script, write| Set {
        name,
        is_order: false,
        is_valid: true,
        make: make((100 / items).max(3), move |random| page(random, script, items), write),
    };
    let broken = |name, breach| Set {
        name,
        is_order: true,
        is_valid: false,
        make: make(100, move |random| broken_order(random, breach), compact),
    };
    vec![
        orders("order", Mostly, compact),
        pages("page of 1", 1, Mostly, compact),
        pages("page of 100", 100, Mostly, compact),
        pages("page of 500", 500, Mostly, compact),
        orders("order, shuffled", Mostly, shuffled),
        orders("order, sorted", Mostly, sorted),
        pages("page of 100, shuffled", 100, Mostly, shuffled),
        orders("order, whitespace", Mostly, pretty),
        pages("page of 100, whitespace", 100, Mostly, pretty),
        orders("order, non-ASCII", Foreign, compact),
        pages("page of 100, non-ASCII", 100, Foreign, compact),
        pages("page of 100, 4 unknown members an item", 100, Mostly, unknown),
        broken("order, invalid early", Breach::Early),
        broken("order, invalid late", Breach::Late),
        broken("order, invalid in many places", Breach::Many),
    ]
}

fn make(
    count: usize,
    value: impl Fn(&mut Random) -> Json + 'static,
    write: Write,
) -> Box<dyn Fn() -> Vec<Vec<u8>>> {
    Box::new(move || {
        let mut random = Random::new(1);
        let mut document = || {
            let json = value(&mut random);
            write(&mut random, json)
        };
        (0..count).map(|_| document()).collect()
    })
}

/// The lines of an NDJSON archive of orders, each with its line feed.
pub fn archive(count: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut random = Random::new(7);
    (0..count).map(move |_| {
        let mut line = order(&mut random, Script::Mostly).compact();
        line.push(b'\n');
        line
    })
}

fn broken_order(random: &mut Random, breach: Breach) -> Json {
    let mut order = order(random, Script::Mostly);
    match breach {
        Breach::Early => order.replace("referenceOrderID", &Json::Raw("7".to_owned())),
        Breach::Late => order.replace("redemptionInstructions", &Json::Raw("7".to_owned())),
        Breach::Many => {
            for name in ["utid", "ptid", "etid", "createdAt", "email", "currencyCode", "country"] {
                order.replace(name, &Json::text("not one of those"));
            }
            for name in ["value", "sendEmail", "status", "streetLine1"] {
                order.replace(name, &Json::Array(Vec::new()));
            }
        }
    }
    order
}
