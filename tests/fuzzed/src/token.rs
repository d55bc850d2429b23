//! The format of tokens and of their digests.

use scopes::tokens::{MAX_TOKEN_LENGTH, MIN_BODY_LENGTH, ParseTokenError, TokenDigest, TokenFormat};

use crate::reached::reach;

const FORMATS: [TokenFormat; 3] = [
    TokenFormat::new("dyn_").accepting(36),
    TokenFormat::new("a-B_9_").issuing(28),
    TokenFormat::new("_").accepting(254),
];

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for format in FORMATS {
        parse(format, &text);
    }
    made(FORMATS[data.len() % 3], data);
    digest(&text);
    let length = data.len();
    let fits = (MIN_BODY_LENGTH..=MAX_TOKEN_LENGTH - 4).contains(&length);
    assert_eq!(FORMATS[0].try_issuing(length).is_ok(), fits, "{length}");
}

fn parse(format: TokenFormat, text: &str) {
    let expected = match text.strip_prefix(format.prefix()) {
        None => Err(ParseTokenError::Prefix),
        Some(body) if !format.accepts_length(body.len()) => Err(ParseTokenError::Length),
        Some(body) if !body.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Err(ParseTokenError::Alphabet),
        Some(body) if checksum(&body.as_bytes()[..body.len() - 6]) != body[body.len() - 6..] => {
            Err(ParseTokenError::Checksum)
        }
        Some(_) => Ok(()),
    };
    let parsed = format.parse(text);
    assert_eq!(parsed.as_ref().map(drop).map_err(|error| *error), expected, "{text:?}");
    assert_eq!(format.recognises(text), expected != Err(ParseTokenError::Prefix));
    match parsed {
        Ok(token) => {
            reach("taken");
            assert_eq!(token.reveal(), text);
            assert!(text.ends_with(token.checksum()));
            assert!(!format!("{token:?}").contains(&text[format.prefix().len()..]));
            assert_eq!(TokenDigest::from_hex(&token.digest().to_hex()), Ok(token.digest()));
        }
        Err(ParseTokenError::Prefix) => reach("prefix"),
        Err(ParseTokenError::Length) => reach("length"),
        Err(ParseTokenError::Alphabet) => reach("alphabet"),
        Err(_) => reach("checksum"),
    }
}

/// Checks that a token made of these bytes is accepted, and refused with one changed character.
fn made(format: TokenFormat, data: &[u8]) {
    let length = (MIN_BODY_LENGTH..256).find(|length| format.accepts_length(*length)).unwrap_or(MIN_BODY_LENGTH);
    let digit = |value: u8| char::from(DIGITS[usize::from(value) % 62]);
    let random: String = data.iter().copied().chain(std::iter::repeat(b'0')).take(length - 6).map(digit).collect();
    let sum = checksum(random.as_bytes());
    assert_eq!(TokenFormat::checksum(&random), sum.as_bytes(), "{random}");
    let text = format!("{}{random}{sum}", format.prefix());
    assert!(format.parse(&text).is_ok(), "{text}");
    let at = format.prefix().len() + data.first().map_or(0, |&first| usize::from(first)) % length;
    let mut changed = text.clone().into_bytes();
    changed[at] = if changed[at] == b'q' { b'r' } else { b'q' };
    let changed = String::from_utf8_lossy(&changed);
    assert_eq!(format.parse(&changed).err(), Some(ParseTokenError::Checksum), "{changed}");
}

fn digest(text: &str) {
    let sound = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let read = TokenDigest::from_hex(text);
    assert_eq!(read.is_ok(), sound, "{text:?}");
    if let Ok(digest) = read {
        reach("digest");
        assert_eq!(digest.to_hex(), text.to_ascii_lowercase());
    }
}

const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Computes CRC-32 as a division of polynomials, most significant bit first, and writes it in base
/// 62.
pub(crate) fn checksum(random: &[u8]) -> String {
    let mut bits: Vec<bool> = random.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).collect();
    bits.extend([false; 32]);
    for bit in bits.iter_mut().take(32) {
        *bit = !*bit;
    }
    let remainder = bits.iter().fold(0_u64, |remainder, &bit| {
        let shifted = remainder << 1 | u64::from(bit);
        if shifted >> 32 == 1 { shifted ^ 0x1_04C1_1DB7 } else { shifted }
    });
    let mut value = !(remainder as u32).reverse_bits();
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(value % 62) as usize];
        value /= 62;
    }
    String::from_utf8_lossy(&digits).into_owned()
}
