//! What orders are made of: rewards, prices, people and addresses, all visibly made up.

use std::str::FromStr;

use tango_orders_client::Decimal;
use tango_orders_client::types::{
    Address, Charge, DeliveryMethod, Denomination, Recipient, Sender,
};

use super::random::{Draw, mix};

/// What redeems a reward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Redemption {
    /// A code.
    #[default]
    Code,
    /// A code and a PIN, both needed.
    CodeAndPin,
    /// A link, and a code that the page behind it asks for.
    SecuredLink,
    /// A link.
    Link,
    /// A link that expires.
    PromoLink,
    /// A number with its barcode.
    Barcode,
    /// A card that is shipped.
    Card,
}

/// A reward of the catalogue.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Product {
    /// The number in `utid` and `ptid`.
    pub(super) number: u32,
    pub(super) name: &'static str,
    pub(super) currency: &'static str,
    pub(super) redemption: Redemption,
    /// The fee for one reward in hundredths of the account's currency, if there is one.
    fee: Option<i64>,
}

const PRODUCTS: [Product; 9] = [
    product(1, "Example Gift Card", "USD", Redemption::Code, None),
    product(2, "Sample Coffee Card", "USD", Redemption::CodeAndPin, Some(25)),
    product(3, "Demo Books eGift", "EUR", Redemption::Code, Some(50)),
    product(4, "Pretend Prepaid Card", "USD", Redemption::SecuredLink, Some(195)),
    product(5, "Promo Link", "USD", Redemption::PromoLink, None),
    product(6, "Make-Believe Market", "GBP", Redemption::Barcode, Some(30)),
    product(7, "Placeholder Plastic Card", "USD", Redemption::Card, Some(495)),
    product(8, "Imaginary Travel Voucher", "CAD", Redemption::Link, Some(0)),
    product(9, "Fictional Foods", "JPY", Redemption::Code, Some(50)),
];

const fn product(
    number: u32,
    name: &'static str,
    currency: &'static str,
    redemption: Redemption,
    fee: Option<i64>,
) -> Product {
    Product { number, name, currency, redemption, fee }
}

/// What one US dollar's worth of each currency is, in ten thousandths: `EUR` 1.0840 dollars.
const RATES: [(&str, i64); 5] =
    [("USD", 10_000), ("EUR", 10_840), ("GBP", 12_725), ("CAD", 7_310), ("JPY", 67)];

/// In what turn rewards and deliveries come, every one of them at least once.
const TURNS: [(usize, DeliveryMethod); 16] = [
    (0, DeliveryMethod::Email),
    (1, DeliveryMethod::Email),
    (2, DeliveryMethod::Phone),
    (3, DeliveryMethod::None),
    (4, DeliveryMethod::Email),
    (6, DeliveryMethod::Address),
    (5, DeliveryMethod::Qrcode),
    (7, DeliveryMethod::Embedded),
    (0, DeliveryMethod::Email),
    (8, DeliveryMethod::Email),
    (1, DeliveryMethod::Whatsapp),
    (2, DeliveryMethod::EmbeddedComponent),
    (6, DeliveryMethod::Bulkshipment),
    (0, DeliveryMethod::Bulkdigital),
    (3, DeliveryMethod::Email),
    (4, DeliveryMethod::Email),
];

/// After how many purchases the turns repeat.
pub(super) const TURN_COUNT: u32 = 16;

/// One reward with its price and delivery.
#[derive(Clone, Debug)]
pub(super) struct Purchase {
    pub(super) product: Product,
    pub(super) method: DeliveryMethod,
    /// What the recipient gets, in hundredths of the reward's currency.
    amount: i64,
    /// The rate to the account's currency, in ten thousandths.
    rate: i64,
    account_currency: &'static str,
}

impl Purchase {
    /// The purchase of this turn: what is bought, for how much, and how it is delivered.
    ///
    /// There are [`TURN_COUNT`] of them for one seed, which is why the total of any number of
    /// purchases can be calculated.
    pub(super) fn of_turn(seed: u64, turn: u32, account_currency: &'static str) -> Self {
        let turn = turn % TURN_COUNT;
        let index = usize::try_from(turn).unwrap_or_default();
        let (product, method) = TURNS.get(index).cloned().unwrap_or((0, DeliveryMethod::Email));
        let product = PRODUCTS.get(product).copied().unwrap_or_default();
        let mut draw = Draw::new(mix(seed, u64::from(turn)));
        let steps = i64::try_from(1 + draw.below(20)).unwrap_or(1);
        let step = if product.currency == "JPY" { 50_000 } else { 500 };
        let cents = if product.currency != "JPY" && draw.once_in(4) { 50 } else { 0 };
        let rate = dollars(product.currency) * 10_000 / dollars(account_currency).max(1);
        Self { product, method, amount: steps * step + cents, rate, account_currency }
    }

    /// What the account pays for the reward, in hundredths.
    pub(super) fn value(&self) -> i64 {
        (self.amount * self.rate + 5_000) / 10_000
    }

    /// What the account pays with the fee, in hundredths.
    pub(super) fn total(&self) -> i64 {
        self.value() + self.product.fee.unwrap_or_default()
    }

    pub(super) fn amount(&self) -> Decimal {
        money(self.amount, self.product.currency)
    }

    pub(super) fn charge(&self) -> Charge {
        let currency = self.account_currency;
        let mut charge = Charge::default();
        charge.value = Some(money(self.value(), currency));
        charge.currency_code = Some(currency.to_owned());
        charge.exchange_rate = (self.product.currency != currency).then(|| decimal(self.rate, 4));
        charge.fee = self.product.fee.map(|fee| money(fee, currency));
        charge.total = Some(money(self.total(), currency));
        charge
    }

    /// What the account pays for a reward that failed or was taken back: nothing.
    pub(super) fn no_charge(&self) -> Charge {
        let currency = self.account_currency;
        let mut charge = Charge::default();
        charge.value = Some(money(0, currency));
        charge.currency_code = Some(currency.to_owned());
        charge.total = Some(money(0, currency));
        charge
    }

    /// What the recipient gets; its conversion and fee are told where another currency pays for it.
    pub(super) fn denomination(&self) -> Denomination {
        let currency = self.product.currency;
        let converted = (currency != self.account_currency).then_some(());
        let mut denomination = Denomination::default();
        denomination.value = Some(self.amount());
        denomination.currency_code = Some(currency.to_owned());
        denomination.exchange_rate = converted.map(|()| Decimal::from(1));
        denomination.fee = converted.map(|()| Decimal::from(0));
        denomination.total = converted.map(|()| self.amount());
        denomination
    }
}

fn dollars(currency: &str) -> i64 {
    RATES.iter().find(|(code, _)| *code == currency).map_or(10_000, |(_, rate)| *rate)
}

/// An amount of money, with as many decimals as its currency has.
pub(super) fn money(hundredths: i64, currency: &str) -> Decimal {
    if currency == "JPY" { Decimal::from(hundredths / 100) } else { decimal(hundredths, 2) }
}

fn decimal(digits: i64, scale: u32) -> Decimal {
    let unit = 10_i64.pow(scale);
    let width = usize::try_from(scale).unwrap_or_default();
    let sign = if digits < 0 { "-" } else { "" };
    let (whole, fraction) = (digits.abs() / unit, digits.abs() % unit);
    let text = format!("{sign}{whole}.{fraction:0width$}");
    Decimal::from_str(&text).unwrap_or_else(|_| Decimal::from(digits))
}

const FIRST_NAMES: [&str; 20] = [
    "Ada", "Bob", "Carol", "Dave", "Eve", "Faythe", "Grace", "Heidi", "Ivan", "Judy", "Mallory",
    "Niaj", "Olivia", "Peggy", "Rupert", "Sybil", "Trent", "Victor", "Walter", "Zoë",
];

const LAST_NAMES: [&str; 10] = [
    "Example",
    "Sample",
    "Placeholder",
    "Fictional",
    "Testcase",
    "Mockup",
    "Dummy",
    "O'Specimen",
    "Pretend",
    "Démo",
];

const STREETS: [&str; 5] =
    ["Example Street", "Sample Avenue", "Placeholder Lane", "Fictional Road", "Dummy Square"];

/// Towns, each with its state if it has one, its postal code and its country.
const TOWNS: [(&str, &str, &str, &str); 7] = [
    ("Springfield", "WA", "00000", "US"),
    ("Sampleton", "OR", "00001", "US"),
    ("Exampleville", "CA", "00002", "US"),
    ("Placeholder Bay", "ON", "A0A 0A0", "CA"),
    ("Musterstadt", "", "00000", "DE"),
    ("Exempleville", "", "00000", "FR"),
    ("Little Sampling", "", "ZZ99 9ZZ", "GB"),
];

/// Who places orders.
const SENDERS: [(&str, &str, &str); 4] = [
    ("Acme", "Rewards", "rewards@example.com"),
    ("Pat", "Specimen", "people@example.com"),
    ("Robin", "Placeholder", "events@example.com"),
    ("Noor", "Sample", "research@example.com"),
];

/// What callers call their sets of orders.
const CAMPAIGNS: [&str; 4] =
    ["Winter wellness", "Spring step challenge", "Customer survey", "Referral thanks"];

/// Who placed an order, which follows from a seed of the order's own.
pub(super) fn sender(seed: u64) -> Sender {
    let (first, last, mail) = Draw::new(mix(seed, 2)).pick(&SENDERS);
    let mut sender = Sender::default();
    sender.first_name = Some(text(first));
    sender.last_name = Some(text(last));
    sender.email = Some(text(mail));
    sender
}

/// The set of orders that an order belongs to.
pub(super) fn campaign(seed: u64) -> String {
    Draw::new(mix(seed, 3)).pick(&CAMPAIGNS).to_owned()
}

/// A recipient with what the delivery needs, under a number that makes the mail address unique.
pub(super) fn recipient(draw: &mut Draw, number: u64, method: &DeliveryMethod) -> Recipient {
    let (first, last) = (draw.pick(&FIRST_NAMES), draw.pick(&LAST_NAMES));
    let is_shipped = matches!(method, DeliveryMethod::Address | DeliveryMethod::Bulkshipment);
    let is_called = matches!(method, DeliveryMethod::Phone | DeliveryMethod::Whatsapp);
    let mail = format!("{}.{}.{number}@example.com", mail_part(first), mail_part(last));
    let mut recipient = Recipient::default();
    recipient.first_name = Some(text(first));
    recipient.last_name = Some(text(last));
    recipient.email = Some(text(mail));
    // Numbers from 555-0100 to 555-0199 are reserved for fiction.
    recipient.mobile_number = is_called.then(|| text(format!("+155555501{:02}", draw.below(100))));
    recipient.address = is_shipped.then(|| address(draw));
    recipient
}

/// A name as it stands in a mail address: in small letters, without accents and apostrophes.
fn mail_part(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase).filter_map(|letter| match letter {
        'á' | 'à' | 'â' | 'ä' => Some('a'),
        'é' | 'è' | 'ê' | 'ë' => Some('e'),
        'í' | 'ì' | 'î' | 'ï' => Some('i'),
        'ó' | 'ò' | 'ô' | 'ö' => Some('o'),
        'ú' | 'ù' | 'û' | 'ü' => Some('u'),
        _ => letter.is_ascii_alphabetic().then_some(letter),
    });
    letters.collect()
}

fn address(draw: &mut Draw) -> Address {
    let (city, state, postal_code, country) = draw.pick(&TOWNS);
    let house = 1 + draw.below(99);
    let street = draw.pick(&STREETS);
    let flat = draw.once_in(3).then(|| 1 + draw.below(20));
    let company = draw.once_in(5).then_some("Example Ltd");
    let mut address = Address::default();
    address.street_line1 = Some(text(format!("{house} {street}")));
    address.street_line2 = flat.map(|flat| text(format!("Flat {flat}")));
    address.city = Some(text(city));
    address.state_or_province = Some(state).filter(|it| !it.is_empty()).map(text);
    address.country = Some(text(country));
    address.postal_code = Some(text(postal_code));
    address.company_name = company.map(text);
    address
}

/// Text, in the type that the member has for it.
pub(super) fn text<T: From<String>>(text: impl Into<String>) -> T {
    T::from(text.into())
}
