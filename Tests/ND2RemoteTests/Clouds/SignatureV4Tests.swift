#if Remote
  import Testing

  @testable import ND2Remote

  /// The examples of Amazon's document "Authenticating Requests: Using the Authorization Header".
  @Suite struct SignatureV4Tests {
    private let signer = SignatureV4(
      credentials: AWSCredentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1", service: "s3")
    private let host = "https://examplebucket.s3.amazonaws.com"

    private func signature(_ request: RemoteRequest, also: Set<String> = []) throws -> String {
      var request = request
      let time = try #require(UTCTime(httpText: "Fri, 24 May 2013 00:00:00 GMT"))
      try signer.sign(&request, at: time, alsoSigning: also)
      let text = try #require(request.header("Authorization"))
      return String(text.split(separator: "Signature=").last ?? "")
    }

    @Test("Getting a range")
    func gettingARange() throws {
      let request = RemoteRequest(.get, "\(host)/test.txt", range: .span(0..<10))
      #expect(
        try signature(request, also: ["range"])
          == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("Putting with other headers and a sign in the name")
    func puttingWithOtherHeaders() throws {
      let request = RemoteRequest(
        .put, "\(host)/test%24file.text",
        headers: [
          ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ], body: Array("Welcome to Amazon S3.".utf8))
      #expect(
        try signature(request, also: ["date"])
          == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test("A parameter without value")
    func aParameterWithoutValue() throws {
      #expect(
        try signature(RemoteRequest(.get, "\(host)/?lifecycle"))
          == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }

    @Test("Several parameters")
    func severalParameters() throws {
      #expect(
        try signature(RemoteRequest(.get, "\(host)/?prefix=J&max-keys=2"))
          == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test("A session token is sent and signed")
    func aSessionTokenIs() throws {
      var signer = signer
      signer.credentials.sessionToken = "token"
      var request = RemoteRequest(.get, "\(host)/k")
      try signer.sign(&request, at: UTCTime(secondsSince1970: 0))
      #expect(request.header("x-amz-security-token") == "token")
      #expect(
        request.header("Authorization")?.contains(
          "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,") == true)
    }

    @Test("Signing again replaces the signature")
    func signingAgainReplacesThe() throws {
      var request = RemoteRequest(.get, "\(host)/k")
      try signer.sign(&request, at: UTCTime(secondsSince1970: 0))
      let (first, count) = (request.header("Authorization"), request.headers.count)
      try signer.sign(&request, at: UTCTime(secondsSince1970: 0))
      #expect(request.header("Authorization") == first)
      #expect(request.headers.count == count)
    }
  }

  @Suite struct CryptographyTests {
    @Test("Checksums and codes of the standards")
    func checksumsAndCodesOf() {
      #expect(
        Cryptography.hexadecimal(Cryptography.sha256([]))
          == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
      // RFC 4231, test case 2.
      #expect(
        Cryptography.hexadecimal(
          Cryptography.hmacSHA256(
            key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
          == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
      #expect(Cryptography.hmacSHA256(key: [], []).count == 32)
    }

    @Test("A key that is none is refused without being shown")
    func aKeyThatIs() {
      #expect {
        try Cryptography.signRS256([1], privateKey: "-----BEGIN SECRET")
      } throws: {
        !"\($0)".contains("SECRET")
      }
    }
  }

  @Suite struct UTCTimeTests {
    @Test(
      "Moments are written and read",
      arguments: [
        (784_111_777.0, "Sun, 06 Nov 1994 08:49:37 GMT", "19941106T084937Z"),
        (0.0, "Thu, 01 Jan 1970 00:00:00 GMT", "19700101T000000Z"),
        (951_782_400.0, "Tue, 29 Feb 2000 00:00:00 GMT", "20000229T000000Z"),
        (4_107_542_399.0, "Sun, 28 Feb 2100 23:59:59 GMT", "21000228T235959Z"),
      ])
    func roundTrip(seconds: Double, http: String, compact: String) {
      let time = UTCTime(secondsSince1970: seconds)
      #expect(time.httpText == http)
      #expect(time.compactText == compact)
      #expect(UTCTime(httpText: http) == time)
      #expect(UTCTime(compactText: compact) == time)
      #expect(time.secondsSince1970 == seconds)
    }

    @Test("ISO 8601 is read")
    func isoIsRead() {
      #expect(UTCTime(isoText: "1994-11-06T08:49:37Z")?.secondsSince1970 == 784_111_777)
      #expect(UTCTime(isoText: "1994-11-06") == nil)
    }

    @Test("Nonsense gives nothing")
    func nonsenseGivesNothing() {
      #expect(UTCTime(httpText: "Sun, 99 Nov 1994 08:49:37 GMT") == nil)
      #expect(UTCTime(httpText: "") == nil)
      #expect(UTCTime(secondsSince1970: .infinity).year == 1970)
    }
  }
#endif
