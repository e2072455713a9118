import Testing

@testable import ND2Codecs

@Suite("SHA-256")
struct SHA256Tests {
  @Test(
    "The vectors of FIPS 180-4 give their checksums",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func vectors(text: String, checksum: String) {
    #expect(SHA256.hexadecimal(of: Array(text.utf8)) == checksum)
  }

  @Test("A long message gives its checksum")
  func longMessage() {
    // FIPS 180-4: one million times the letter a; here fed in uneven pieces.
    var hash = SHA256()
    var left = 1_000_000
    var piece = 1
    while left > 0 {
      let count = min(piece, left)
      hash.update([UInt8](repeating: 0x61, count: count))
      left -= count
      piece = piece % 4093 + 61
    }
    #expect(
      hash.hexadecimal() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("Pieces of any length give the checksum of the whole")
  func pieces() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
    let whole = SHA256.hexadecimal(of: bytes)
    for cut in 0...bytes.count {
      var hash = SHA256()
      hash.update(Array(bytes[..<cut]))
      hash.update(Array(bytes[cut...]))
      #expect(hash.hexadecimal() == whole)
    }
  }

  @Test("Asking for the checksum does not end the feeding")
  func intermediate() {
    var hash = SHA256()
    hash.update(Array("ab".utf8))
    _ = hash.hexadecimal()
    hash.update(Array("c".utf8))
    #expect(hash.hexadecimal().hasPrefix("ba7816bf"))
  }
}
