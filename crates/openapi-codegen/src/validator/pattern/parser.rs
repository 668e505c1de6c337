//! From the text of a regular expression to its syntax tree.

use std::iter::Peekable;
use std::str::Chars;

use super::ast::{Assertion, Ast};
use super::property::property;
use super::set::{
    LAST, Set, complement, contains, digits, line_terminators, single, spaces, words,
};
use super::{PatternError, syntax, unsupported};

type Result<T> = std::result::Result<T, PatternError>;

/// By which grammar a pattern is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// With the flag `u`.
    Unicode,
    /// Without it: annex B.1.2, which takes more and means less by it.
    AnnexB,
}

pub(super) fn parse(pattern: &str, mode: Mode) -> Result<Ast> {
    let (groups, has_names) = groups(pattern);
    let mut parser = Parser { rest: pattern.chars().peekable(), mode, groups, has_names };
    let ast = parser.alternation(0)?;
    if parser.rest.next().is_some() {
        return Err(syntax("a `)` without its `(`"));
    }
    Ok(ast)
}

/// How many groups there are that a number refers to, and whether one of them has a name.
fn groups(pattern: &str) -> (usize, bool) {
    let (mut count, mut has_names, mut is_in_class) = (0, false, false);
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        rest = &rest[next.len_utf8()..];
        match next {
            '\\' => rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or(""),
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '(' if !is_in_class => {
                let is_look = rest.starts_with("?<=") || rest.starts_with("?<!");
                let is_named = rest.starts_with("?<") && !is_look;
                has_names |= is_named;
                count += usize::from(is_named || !rest.starts_with('?'));
            }
            _ => {}
        }
    }
    (count, has_names)
}

/// Whether a text without any character can match.
fn is_nullable(ast: &Ast) -> bool {
    match ast {
        Ast::Empty | Ast::Assertion(_) => true,
        Ast::Set(_) => false,
        Ast::Concatenation(items) => items.iter().all(is_nullable),
        Ast::Alternation(branches) => branches.iter().any(is_nullable),
        Ast::Repetition(item, least, _) => *least == 0 || is_nullable(item),
    }
}

struct Parser<'p> {
    rest: Peekable<Chars<'p>>,
    mode: Mode,
    /// How many groups there are that a number can refer to.
    groups: usize,
    /// Whether some group has a name, so that `\k` refers to one.
    has_names: bool,
}

impl Parser<'_> {
    fn is_unicode(&self) -> bool {
        self.mode == Mode::Unicode
    }

    fn alternation(&mut self, depth: usize) -> Result<Ast> {
        const DEEPEST: usize = 50;
        if depth > DEEPEST {
            return Err(unsupported("groups that are nested too deeply"));
        }
        let mut branches = vec![self.concatenation(depth)?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.concatenation(depth)?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Ast::Alternation(branches) })
    }

    fn concatenation(&mut self, depth: usize) -> Result<Ast> {
        let mut items = Vec::new();
        while let Some(next) = self.rest.peek()
            && !matches!(next, '|' | ')')
        {
            let atom = self.atom(depth)?;
            items.push(self.quantified(atom)?);
        }
        Ok(match items.len() {
            0 => Ast::Empty,
            1 => items.remove(0),
            _ => Ast::Concatenation(items),
        })
    }

    fn atom(&mut self, depth: usize) -> Result<Ast> {
        if self.rest.peek() == Some(&'{') && (self.is_unicode() || self.counts().is_some()) {
            return Err(syntax("a `{` with nothing before it"));
        }
        match self.rest.next() {
            Some('^') => Ok(Ast::Assertion(Assertion::Start)),
            Some('$') => Ok(Ast::Assertion(Assertion::End)),
            Some('.') => Ok(Ast::Set(complement(&line_terminators()))),
            Some('[') => self.class().map(Ast::Set),
            Some('(') => self.group(depth),
            Some('\\') => self.escape(),
            Some(other @ ('*' | '+' | '?')) => {
                Err(syntax(format!("a `{other}` with nothing before it")))
            }
            Some(other @ (']' | '}')) if self.is_unicode() => {
                Err(syntax(format!("a `{other}` that closes nothing")))
            }
            Some(other) => Ok(Ast::Set(single(other))),
            None => Ok(Ast::Empty),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Ast> {
        let mut look = None;
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next() {
                Some(':') => {}
                Some('=') => look = Some((false, false)),
                Some('!') => look = Some((false, true)),
                Some('<') if self.rest.next_if_eq(&'=').is_some() => look = Some((true, false)),
                Some('<') if self.rest.next_if_eq(&'!').is_some() => look = Some((true, true)),
                Some('<') => self.name()?,
                _ => return Err(syntax("this kind of group")),
            }
        }
        let ast = self.alternation(depth + 1)?;
        if self.rest.next() != Some(')') {
            return Err(syntax("a `(` without its `)`"));
        }
        let boxed = |ast| Box::new(ast);
        Ok(match look {
            None => ast,
            Some((false, negated)) => Ast::Assertion(Assertion::Ahead { ast: boxed(ast), negated }),
            Some((true, negated)) => Ast::Assertion(Assertion::Behind { ast: boxed(ast), negated }),
        })
    }

    /// The name of a group, with the `>` behind it.
    fn name(&mut self) -> Result<()> {
        let mut is_empty = true;
        loop {
            match self.rest.next() {
                Some('>') if !is_empty => return Ok(()),
                Some(c) if c.is_alphanumeric() || matches!(c, '_' | '$') => is_empty = false,
                _ => return Err(syntax("a group whose name is no name")),
            }
        }
    }

    fn quantified(&mut self, atom: Ast) -> Result<Ast> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts() {
                Some((length, least, most)) => {
                    // Up to the closing brace.
                    for _ in 1..length {
                        self.rest.next();
                    }
                    (least, most)
                }
                None if self.is_unicode() => return Err(syntax("a `{` without its count")),
                None => return Ok(atom),
            },
            _ => return Ok(atom),
        };
        // The quantifier itself, or the closing brace of one.
        self.rest.next();
        let is_assertion = match &atom {
            Ast::Assertion(Assertion::Ahead { .. }) => self.is_unicode(),
            Ast::Assertion(_) => true,
            _ => false,
        };
        if is_assertion {
            return Err(syntax("a quantifier behind an assertion"));
        }
        if most.is_some_and(|most| most < least) {
            return Err(syntax("a quantifier whose bounds are out of order"));
        }
        // Whether a quantifier is greedy makes no difference to whether there is a match.
        self.rest.next_if_eq(&'?');
        if matches!(self.rest.peek(), Some('*' | '+' | '?'))
            || (self.rest.peek() == Some(&'{') && self.counts().is_some())
        {
            return Err(syntax("a quantifier behind a quantifier"));
        }
        // No text is that long.
        let never = u64::from(u32::MAX);
        let most = most.filter(|most| *most < never).and_then(|most| u32::try_from(most).ok());
        match u32::try_from(least) {
            Ok(least) if u64::from(least) < never => {
                Ok(Ast::Repetition(Box::new(atom), least, most))
            }
            _ if is_nullable(&atom) => Ok(Ast::Repetition(Box::new(atom), 1, None)),
            _ => Ok(Ast::Set(Set::new())),
        }
    }

    /// The length and the bounds of `{n}`, `{n,}` or `{n,m}`, which is not read yet; none for what
    /// is no quantifier. Bounds that are beyond all sense saturate.
    fn counts(&self) -> Option<(usize, u64, Option<u64>)> {
        let mut ahead = self.rest.clone();
        ahead.next();
        let text: String = ahead.by_ref().take_while(|next| *next != '}').collect();
        // Without a brace, the text goes on to the end.
        let mut whole = self.rest.clone();
        let length = text.chars().count() + 2;
        if whole.nth(length - 1) != Some('}') {
            return None;
        }
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse().unwrap_or(u64::MAX))
        };
        let (least, most) = match text.split_once(',') {
            None => (number(&text)?, Some(number(&text)?)),
            Some((least, "")) => (number(least)?, None),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        Some((length, least, most))
    }

    fn class(&mut self) -> Result<Set> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let mut set = Set::new();
        loop {
            if self.rest.next_if_eq(&']').is_some() {
                break;
            }
            let first = self.class_atom()?;
            let mut ahead = self.rest.clone();
            let is_range =
                ahead.next() == Some('-') && ahead.next().is_some_and(|next| next != ']');
            if !is_range {
                set.extend(first);
                continue;
            }
            self.rest.next();
            let last = self.class_atom()?;
            match (first.as_slice(), last.as_slice()) {
                ([(low, same)], [(high, also)]) if low == same && high == also => {
                    if low > high {
                        return Err(syntax("a range whose ends are out of order"));
                    }
                    set.push((*low, *high));
                }
                _ if self.is_unicode() => return Err(syntax("a range whose end is a class")),
                _ => {
                    set.extend(first);
                    set.extend(single('-'));
                    set.extend(last);
                }
            }
        }
        Ok(if is_negated { complement(&set) } else { set })
    }

    fn class_atom(&mut self) -> Result<Set> {
        match self.rest.next() {
            None => Err(syntax("a `[` without its `]`")),
            Some('\\') => match self.rest.peek().copied() {
                Some('b') => {
                    self.rest.next();
                    Ok(single('\u{8}'))
                }
                Some('-') if self.is_unicode() => {
                    self.rest.next();
                    Ok(single('-'))
                }
                _ => self.character(true),
            },
            Some(other) => Ok(single(other)),
        }
    }

    fn escape(&mut self) -> Result<Ast> {
        match self.rest.peek() {
            Some('b') => {
                self.rest.next();
                Ok(Ast::Assertion(Assertion::WordBoundary { negated: false }))
            }
            Some('B') => {
                self.rest.next();
                Ok(Ast::Assertion(Assertion::WordBoundary { negated: true }))
            }
            _ => self.character(false).map(Ast::Set),
        }
    }

    /// What stands for characters behind a backslash.
    fn character(&mut self, is_in_class: bool) -> Result<Set> {
        let before = self.rest.clone();
        let Some(escaped) = self.rest.next() else {
            return Err(syntax("a `\\` at the end"));
        };
        Ok(match escaped {
            'd' => digits(),
            'D' => complement(&digits()),
            'w' => words(),
            'W' => complement(&words()),
            's' => spaces(),
            'S' => complement(&spaces()),
            't' => single('\t'),
            'n' => single('\n'),
            'r' => single('\r'),
            'v' => single('\u{b}'),
            'f' => single('\u{c}'),
            'x' => self.code(2).map_or_else(|| self.identity('x'), Ok)?,
            'u' => self.unicode()?,
            'c' => match self.control(is_in_class) {
                Some(code) => vec![(code, code)],
                None if self.is_unicode() => return Err(syntax("`\\c` without a letter")),
                None => {
                    // The backslash stands for itself, and the `c` is still to come.
                    self.rest = before;
                    single('\\')
                }
            },
            'p' | 'P' if self.is_unicode() => {
                let set = self.property()?;
                if escaped == 'P' { complement(&set) } else { set }
            }
            '0'..='9' => self.digit(escaped, is_in_class)?,
            'k' if !is_in_class && self.has_names => {
                return Err(unsupported("a reference to a group"));
            }
            other => self.identity(other)?,
        })
    }

    /// A character that stands for itself behind a backslash.
    fn identity(&self, character: char) -> Result<Set> {
        let is_syntax = "^$\\.*+?()[]{}|/".contains(character);
        if self.is_unicode() && !is_syntax {
            return Err(syntax(format!("the escape `\\{character}`")));
        }
        Ok(single(character))
    }

    fn control(&mut self, is_in_class: bool) -> Option<u32> {
        let has_more = !self.is_unicode() && is_in_class;
        let is_control = |next: &char| {
            next.is_ascii_alphabetic() || (has_more && (next.is_ascii_digit() || *next == '_'))
        };
        self.rest.next_if(is_control).map(|next| u32::from(next) % 32)
    }

    /// `\0`, a reference to a group, or an octal number of annex B.
    fn digit(&mut self, first: char, is_in_class: bool) -> Result<Set> {
        let is_digit_next = self.rest.peek().is_some_and(char::is_ascii_digit);
        if first == '0' && !is_digit_next {
            return Ok(single('\0'));
        }
        if self.is_unicode() {
            return Err(if first == '0' || is_in_class {
                syntax("an octal escape")
            } else if self.groups == 0 {
                syntax("a reference to a group that does not exist")
            } else {
                unsupported("a reference to a group")
            });
        }
        let mut number = first.to_string();
        number.extend(self.rest.clone().take_while(char::is_ascii_digit));
        if !is_in_class && first != '0' && number.parse().is_ok_and(|n: usize| n <= self.groups) {
            return Err(unsupported("a reference to a group"));
        }
        let Some(mut code) = first.to_digit(8) else { return Ok(single(first)) };
        for _ in 0..if first <= '3' { 2 } else { 1 } {
            let Some(digit) = self.rest.peek().and_then(|next| next.to_digit(8)) else { break };
            code = code * 8 + digit;
            self.rest.next();
        }
        Ok(vec![(code, code)])
    }

    /// `\p{Letter}` and the like.
    fn property(&mut self) -> Result<Set> {
        if self.rest.next_if_eq(&'{').is_none() {
            return Err(syntax("a Unicode property without its braces"));
        }
        let mut name = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(next) => name.push(next),
                None => return Err(syntax("a Unicode property without its `}`")),
            }
        }
        property(&name).ok_or_else(|| syntax(format!("the Unicode property `{name}`")))
    }

    /// A number of so many hexadecimal digits, if it is next.
    fn hexadecimal(&mut self, count: usize) -> Option<u32> {
        let mut ahead = self.rest.clone();
        let mut code = 0;
        for _ in 0..count {
            code = code * 16 + ahead.next()?.to_digit(16)?;
        }
        self.rest = ahead;
        Some(code)
    }

    fn code(&mut self, count: usize) -> Option<Set> {
        let code = self.hexadecimal(count)?;
        Some(vec![(code, code)])
    }

    fn unicode(&mut self) -> Result<Set> {
        if self.is_unicode() && self.rest.next_if_eq(&'{').is_some() {
            let mut code = 0_u32;
            let mut is_empty = true;
            loop {
                match self.rest.next() {
                    Some('}') if !is_empty => break,
                    Some(digit) => {
                        let digit = digit.to_digit(16);
                        let digit = digit.ok_or_else(|| syntax("`\\u{` without its digits"))?;
                        code = code.saturating_mul(16).saturating_add(digit);
                        is_empty = false;
                    }
                    None => return Err(syntax("`\\u{` without its `}`")),
                }
            }
            return if code <= LAST {
                Ok(vec![(code, code)])
            } else {
                Err(syntax("a code point beyond U+10FFFF"))
            };
        }
        let Some(high) = self.hexadecimal(4) else {
            return match self.mode {
                Mode::Unicode => Err(syntax("`\\u` without its hexadecimal digits")),
                Mode::AnnexB => Ok(single('u')),
            };
        };
        let mut ahead = self.rest.clone();
        if contains(&vec![(0xD800, 0xDBFF)], high)
            && (ahead.next(), ahead.next()) == (Some('\\'), Some('u'))
        {
            let before = std::mem::replace(&mut self.rest, ahead);
            match self.hexadecimal(4) {
                Some(low @ 0xDC00..=0xDFFF) => {
                    let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    return Ok(vec![(code, code)]);
                }
                _ => self.rest = before,
            }
        }
        Ok(vec![(high, high)])
    }
}
