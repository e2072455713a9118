#if Remote
  import CCrypto
  package import ND2

  /// The few functions of cryptography that signatures take, from libcrypto.
  package enum Cryptography {
    /// SHA-256 of bytes: 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
      var digest = [UInt8](repeating: 0, count: 32)
      var count: UInt32 = 0
      _ = EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha256(), nil)
      return digest
    }

    /// HMAC with SHA-256 (RFC 2104): 32 bytes.
    package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
      var code = [UInt8](repeating: 0, count: 32)
      var count: UInt32 = 0
      // A key of no bytes must still have an address.
      let padded = key.isEmpty ? [0] : key
      _ = HMAC(
        EVP_sha256(), padded, Int32(clamping: key.count), message, message.count, &code, &count)
      return code
    }

    /// Bytes as lower-case hexadecimal digits.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
      let digits = Array("0123456789abcdef".utf8)
      var text: [UInt8] = []
      text.reserveCapacity(bytes.count * 2)
      for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
      return String(decoding: text, as: UTF8.self)
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (`RS256` of RFC 7518) by a private key in PEM.
    ///
    /// - Throws: ``ND2Error`` when the key cannot be used; never with parts of it.
    package static func signRS256(
      _ message: [UInt8], privateKey pem: String
    ) throws(ND2Error) -> [UInt8] {
      let failure = ND2Error.invalidRequest("the private key is no RSA key in PEM that can be used")
      let bytes = Array(pem.utf8)
      // The text is copied: one that only refers to memory of an array could outlive it.
      guard let text = BIO_new(BIO_s_mem()) else { throw failure }
      defer { BIO_free(text) }
      let count = Int32(clamping: bytes.count)
      guard count > 0, BIO_write(text, bytes, count) == count else { throw failure }
      // Without this, libcrypto would ask at the terminal for the password of an encrypted key.
      let refuse:
        @convention(c) (
          UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?
        ) -> Int32 = { _, _, _, _ in -1 }
      guard let key = PEM_read_bio_PrivateKey(text, nil, refuse, nil) else {
        ERR_clear_error()
        throw failure
      }
      defer { EVP_PKEY_free(key) }
      guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, let context = EVP_MD_CTX_new() else {
        throw failure
      }
      defer { EVP_MD_CTX_free(context) }
      var length = 0
      guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
        EVP_DigestSign(context, nil, &length, message, message.count) == 1
      else {
        ERR_clear_error()
        throw failure
      }
      var signature = [UInt8](repeating: 0, count: length)
      guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
        ERR_clear_error()
        throw failure
      }
      return Array(signature.prefix(length))
    }
  }
#endif
