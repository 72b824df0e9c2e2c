// SHA-256 (FIPS 180-4) and HMAC (RFC 2104).

/// The first 32 bits behind the point of roots of the first primes: cube roots of 64, square roots of 8.
const CUBES: [u32; 64] = fractions(3);
const SQUARES: [u32; 64] = fractions(2);

const fn fractions(degree: u32) -> [u32; 64] {
    let mut fractions = [0; 64];
    let mut count = 0;
    let mut candidate = 2;
    while count < 64 {
        if is_prime(candidate) {
            fractions[count] = fraction(candidate, degree);
            count += 1;
        }
        candidate += 1;
    }
    fractions
}

const fn is_prime(number: u128) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= number {
        if number % divisor == 0 {
            return false;
        }
        divisor += 1;
    }
    true
}

/// Finds a root bit by bit.
const fn fraction(number: u128, degree: u32) -> u32 {
    let wanted = number << (32 * degree);
    let mut root = 0u128;
    let mut bit = 1u128 << 37;
    while bit > 0 {
        let larger = root | bit;
        let power = if degree == 3 { larger * larger * larger } else { larger * larger };
        if power <= wanted {
            root = larger;
        }
        bit >>= 1;
    }
    root as u32
}

pub fn digest(message: &[u8]) -> [u8; 32] {
    let mut state = [0; 8];
    state.copy_from_slice(&SQUARES[..8]);
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend(((message.len() as u64) * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut w = [0u32; 64];
        for (i, word) in block.chunks(4).enumerate() {
            w[i] = u32::from_be_bytes([word[0], word[1], word[2], word[3]]);
        }
        for i in 16..64 {
            let s0 = w[i - 15].rotate_right(7) ^ w[i - 15].rotate_right(18) ^ w[i - 15] >> 3;
            let s1 = w[i - 2].rotate_right(17) ^ w[i - 2].rotate_right(19) ^ w[i - 2] >> 10;
            w[i] = w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h]: [u32; 8] = state;
        for i in 0..64 {
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let t1 = h.wrapping_add(s1).wrapping_add(e & f ^ !e & g).wrapping_add(CUBES[i]).wrapping_add(w[i]);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let t2 = s0.wrapping_add(a & b ^ a & c ^ b & c);
            h = g;
            g = f;
            f = e;
            e = d.wrapping_add(t1);
            d = c;
            c = b;
            b = a;
            a = t1.wrapping_add(t2);
        }
        for (word, more) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(more);
        }
    }
    let mut result = [0; 32];
    for (octets, word) in result.chunks_mut(4).zip(state) {
        octets.copy_from_slice(&word.to_be_bytes());
    }
    result
}

pub fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > 64 {
        block[..32].copy_from_slice(&digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner: Vec<u8> = block.iter().map(|each| each ^ 0x36).chain(message.iter().copied()).collect();
    let outer: Vec<u8> = block.iter().map(|each| each ^ 0x5c).chain(digest(&inner)).collect();
    digest(&outer)
}

/// Compares in a time that says nothing of where the difference is.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}
