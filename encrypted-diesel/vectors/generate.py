#!/usr/bin/env python3
"""Generate test vectors for encrypted-diesel's format, version 1, from a second implementation.

This script shares no code with the Rust implementation. It needs only Python's `cryptography`
(`pip install cryptography==48.0.0`). From the root of the repository:

    regenerate: python3 encrypted-diesel/vectors/generate.py > encrypted-diesel/vectors/v1.json
    check:      python3 encrypted-diesel/vectors/generate.py | diff - encrypted-diesel/vectors/v1.json

All keys, nonces and plaintexts are fixed, so every run prints the same output. Hex stands for bytes;
`context` is text, encoded as UTF-8.
"""

import base64
import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = b"encrypted-diesel/1"
MODES = {
    # name: (text prefix, last byte of the byte prefix, mode byte of the associated data)
    "randomized": (b"ed1:", b"\x01", b"r"),
    "deterministic": (b"ed1d:", b"\x02", b"d"),
}


def derive(key: bytes, info: bytes, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt=FORMAT, info=info).derive(key)


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def seal(key: bytes, mode: str, nonce: bytes | None, context: str, plaintext: bytes) -> tuple[bytes, bytes]:
    """Return the text and byte forms of one envelope. Deterministic envelopes have no nonce."""
    text_prefix, version, mode_byte = MODES[mode]
    key_id = derive(key, b"key id", 4)
    context_bytes = context.encode()
    associated_data = FORMAT + mode_byte + key_id + u32(len(context_bytes)) + context_bytes

    aead = AESGCMSIV(derive(key, mode.encode()))
    payload = (nonce or b"") + aead.encrypt(nonce or bytes(12), plaintext, associated_data)

    text = text_prefix + key_id.hex().encode() + b":" + base64.urlsafe_b64encode(payload).rstrip(b"=")
    return text, b"\xed\x65\x64" + version + key_id + payload


def blind_index(key: bytes, context: str, parts: list[bytes], bits: int = 128) -> bytes:
    """Return a digest of normalized plaintext: one part as it is, several with their lengths.

    The digest is truncated to `bits`, and padded with zero bits to whole bytes."""
    message = parts[0] if len(parts) == 1 else b"".join(u32(len(part)) + part for part in parts)
    hmac = HMAC(derive(key, b"blind index" + context.encode()), SHA256())
    hmac.update(message)
    digest = int.from_bytes(hmac.finalize(), "big") >> (256 - bits)
    length = (bits + 7) // 8
    return (digest << (8 * length - bits)).to_bytes(length, "big")


KEY_A = bytes(range(0x00, 0x20))
KEY_B = bytes(range(0xE0, 0x100))
INDEX_KEY_A = bytes(range(0x20, 0x40))
INDEX_KEY_B = bytes(range(0xC0, 0xE0))
NONCE_A = bytes(range(12))
NONCE_B = b"\xff" * 12
SSN = b"123-45-6789"


def letters(length: int) -> str:
    return ("abcdefghijklmnopqrstuvwxyz" * length)[:length]


ENVELOPES = [
    # name, key, nonce (of the randomized form), context, plaintext
    ("eleven bytes", KEY_A, NONCE_A, "", SSN),
    ("eleven bytes in a context", KEY_A, NONCE_A, "patients.ssn", SSN),
    ("another key", KEY_B, NONCE_A, "", SSN),
    ("another key in a context", KEY_B, NONCE_A, "patients.ssn", SSN),
    ("another nonce", KEY_A, NONCE_B, "", SSN),
    ("empty", KEY_A, NONCE_A, "", b""),
    ("empty in a context", KEY_A, NONCE_A, "patients.ssn", b""),
    ("1 byte", KEY_A, NONCE_A, "", b"\x00"),
    ("15 bytes", KEY_A, NONCE_A, "", letters(15).encode()),
    ("16 bytes", KEY_A, NONCE_A, "", letters(16).encode()),
    ("17 bytes", KEY_A, NONCE_A, "", letters(17).encode()),
    ("1000 bytes", KEY_A, NONCE_A, "", letters(1000).encode()),
    ("every byte", KEY_A, NONCE_A, "", bytes(range(256))),
    ("non-ASCII plaintext", KEY_A, NONCE_A, "", "Zoë Müller 東京 🦊".encode()),
    ("non-ASCII context", KEY_A, NONCE_A, "größe", SSN),
    ("context of 101 bytes", KEY_A, NONCE_A, letters(101), SSN),
    ("context of 102 bytes", KEY_A, NONCE_A, letters(102), SSN),
    ("context of 300 bytes", KEY_A, NONCE_A, letters(300), SSN),
]

BLIND_INDEXES = [
    # name, key, context, parts, bits (128 if omitted)
    ("single", INDEX_KEY_A, "patients.ssn", [b"123456789"]),
    ("another key", INDEX_KEY_B, "patients.ssn", [b"123456789"]),
    ("another context", INDEX_KEY_A, "staff.ssn", [b"123456789"]),
    ("empty context", INDEX_KEY_A, "", [b"123456789"]),
    ("empty plaintext", INDEX_KEY_A, "patients.ssn", [b""]),
    ("non-ASCII", INDEX_KEY_A, "größe", ["zoë müller".encode()]),
    ("longer than a block", INDEX_KEY_A, "patients.ssn", [letters(1000).encode()]),
    ("compound", INDEX_KEY_A, "patients.name", [b"ada", b"lovelace"]),
    ("compound, cut elsewhere", INDEX_KEY_A, "patients.name", [b"adal", b"ovelace"]),
    ("compound, first part empty", INDEX_KEY_A, "patients.name", [b"", b"adalovelace"]),
    ("compound, last part empty", INDEX_KEY_A, "patients.name", [b"adalovelace", b""]),
    ("compound of three", INDEX_KEY_A, "patients.name", [b"ada", b"king", b"lovelace"]),
    ("8 bits", INDEX_KEY_A, "patients.ssn", [b"123456789"], 8),
    ("12 bits", INDEX_KEY_A, "patients.ssn", [b"123456789"], 12),
    ("127 bits", INDEX_KEY_A, "patients.ssn", [b"123456789"], 127),
    ("256 bits", INDEX_KEY_A, "patients.ssn", [b"123456789"], 256),
]


def envelope_vectors():
    for name, key, nonce, context, plaintext in ENVELOPES:
        for mode in MODES:
            used = nonce if mode == "randomized" else None
            text, in_bytes = seal(key, mode, used, context, plaintext)
            yield {
                "name": f"{name}, {mode}",
                "key": key.hex(),
                "key_id": derive(key, b"key id", 4).hex(),
                "mode": mode,
                "nonce": used and used.hex(),
                "context": context,
                "plaintext": plaintext.hex(),
                "text": text.decode(),
                "bytes": in_bytes.hex(),
            }


def blind_index_vectors():
    for name, key, context, parts, *bits in BLIND_INDEXES:
        bits = bits[0] if bits else 128
        yield {
            "name": name,
            "key": key.hex(),
            "key_id": derive(key, b"key id", 4).hex(),
            "context": context,
            "parts": [part.hex() for part in parts],
            "bits": bits,
            "digest": blind_index(key, context, parts, bits).hex(),
        }


def check():
    """Check the library against RFC 8452, and this script against the vectors in the format page."""
    # The first two vectors of RFC 8452 appendix C.2.
    aead, nonce = AESGCMSIV(b"\x01" + bytes(31)), b"\x03" + bytes(11)
    assert aead.encrypt(nonce, b"", b"").hex() == "07f5f4169bbf55a8400cd47ea6fd400f"
    eight = bytes.fromhex("0100000000000000")
    assert aead.encrypt(nonce, eight, b"").hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"

    for mode, context, text in [
        ("randomized", "", b"ed1:f26f38f7:AAECAwQFBgcICQoLVi0VMR6V93ZmxFNfk-hY9_-Cc8VnadXLYV0E"),
        ("randomized", "patients.ssn", b"ed1:f26f38f7:AAECAwQFBgcICQoLvU0pJxFRiiSrJ5mWiHwtcn_wgroGKpAh0V9X"),
        ("deterministic", "", b"ed1d:f26f38f7:3QFGH2SwVDnJR7yvR_MKZav5OzHDX6eDfCrJ"),
        ("deterministic", "patients.ssn", b"ed1d:f26f38f7:Lhj8FUfO2xu7NTAiPaGri5VGZraQaa3RZv3V"),
    ]:
        nonce = NONCE_A if mode == "randomized" else None
        assert seal(KEY_A, mode, nonce, context, SSN)[0] == text
    digest = blind_index(INDEX_KEY_A, "patients.ssn", [b"123456789"])
    assert digest.hex() == "de26aa12650bd465c157eb034ae43d1c"


if __name__ == "__main__":
    check()
    vectors = {"envelopes": list(envelope_vectors()), "blind_indexes": list(blind_index_vectors())}
    print(json.dumps(vectors, indent=2))
