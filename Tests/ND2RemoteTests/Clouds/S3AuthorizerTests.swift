#if Remote
  import ND2
  import Testing

  @testable import ND2Remote

  @Suite struct S3AuthorizerTests {
    private func authorizer(
      bucket: String = "bucket", key: String = "a b/ü.nd2", now: Double = 1_000_000,
      _ change: (inout S3Options) -> Void = { _ in }
    ) throws -> S3Authorizer {
      var options = S3Options(environment: ["AWS_EC2_METADATA_DISABLED": "true"])
      options.credentials = .init(
        accessKeyID: "id", secretAccessKey: "SECRETKEY", sessionToken: "SECRETTOKEN")
      change(&options)
      return try S3Authorizer(
        .init(bucket: bucket, key: key), options: options, sender: StubSender.none, clock: { now })
    }

    private func signed(_ authorizer: S3Authorizer) async throws -> RemoteRequest {
      var request = RemoteRequest(.get, try authorizer.url)
      try await authorizer.authorize(&request)
      return request
    }

    @Test("The bucket stands in the host at Amazon")
    func theBucketStandsIn() throws {
      #expect(
        try authorizer().url == "https://bucket.s3.us-east-1.amazonaws.com/a%20b/%C3%BC.nd2")
      #expect(
        try authorizer { $0.region = "cn-north-1" }.url
          .hasPrefix("https://bucket.s3.cn-north-1.amazonaws.com.cn/"))
    }

    @Test("The bucket stands in the path where it does not fit into the host")
    func theBucketStandsInThe() throws {
      for bucket in ["with.dots", "Upper", "under_score"] {
        #expect(
          try authorizer(bucket: bucket, key: "k").url
            == "https://s3.us-east-1.amazonaws.com/\(bucket)/k")
      }
    }

    @Test("The bucket stands in the path at other endpoints, unless asked for")
    func theBucketStandsInThePath() throws {
      #expect(
        try authorizer(key: "k") { $0.endpoint = "http://store:9000/base/" }.url
          == "http://store:9000/base/bucket/k")
      #expect(
        try authorizer(key: "k") {
          $0.endpoint = "https://store"
          $0.addressingStyle = .virtualHost
        }.url == "https://bucket.store/k")
      #expect(
        try authorizer(key: "k") {
          $0.endpoint = "http://127.0.0.1:9"
          $0.addressingStyle = .virtualHost
        }.url == "http://127.0.0.1:9/bucket/k")
    }

    @Test("An endpoint that is no address is an error without its password")
    func anEndpointThatIs() throws {
      #expect {
        try authorizer { $0.endpoint = "http://u:SECRET@/" }
      } throws: {
        !"\($0)".contains("SECRET")
      }
    }

    @Test("A region that is told is used from then on")
    func aRegionThatIs() async throws {
      let authorizer = try authorizer()
      let request = try await signed(authorizer)
      let answer = RemoteResponse(
        status: 301, headers: [("X-Amz-Bucket-Region", "eu-central-1")])
      #expect(try await authorizer.shouldRetry(request, after: answer))
      let second = try await signed(authorizer)
      #expect(second.url.hasPrefix("https://bucket.s3.eu-central-1.amazonaws.com/"))
      #expect(second.header("Authorization")?.contains("/eu-central-1/s3/") == true)
      // Requests that were under way with the old region are repeated, those with the new are not.
      #expect(try await authorizer.shouldRetry(request, after: answer))
      #expect(try await !authorizer.shouldRetry(second, after: answer))
    }

    @Test("A region that is told in the body is used as well")
    func aRegionThatIsTold() async throws {
      let authorizer = try authorizer()
      let answer = RemoteResponse(
        400,
        "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong</Message>"
          + "<Region>eu-west-1</Region></Error>")
      #expect(try await authorizer.shouldRetry(try await signed(authorizer), after: answer))
      #expect(try authorizer.url.contains("eu-west-1"))
    }

    @Test("A region that would lead to another host is not used")
    func aRegionThatWould() async throws {
      let authorizer = try authorizer()
      let answer = RemoteResponse(
        status: 301, headers: [("x-amz-bucket-region", "evil.example.com/")])
      #expect(try await !authorizer.shouldRetry(try await signed(authorizer), after: answer))
    }

    @Test("A clock that is wrong is corrected")
    func aClockThatIs() async throws {
      let authorizer = try authorizer()
      let request = try await signed(authorizer)
      let server = UTCTime(secondsSince1970: 1_005_000)
      let answer = RemoteResponse(
        403, "<Error><Code>RequestTimeTooSkewed</Code></Error>",
        headers: [("Date", server.httpText)])
      #expect(try await authorizer.shouldRetry(request, after: answer))
      let second = try await signed(authorizer)
      #expect(second.header("x-amz-date") == server.compactText)
      #expect(try await !authorizer.shouldRetry(second, after: answer))
    }

    @Test("A wrong signature is not tried again, and explained without secrets")
    func aWrongSignatureIs() async throws {
      let authorizer = try authorizer()
      let request = try await signed(authorizer)
      let answer = RemoteResponse(
        403,
        "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code><Message>It does not "
          + "match SECRETTOKEN.</Message><StringToSign>SECRETKEY</StringToSign></Error>",
        headers: [("Date", UTCTime(secondsSince1970: 1_000_001).httpText)])
      #expect(try await !authorizer.shouldRetry(request, after: answer))
      #expect(
        authorizer.explanation(of: answer) == "SignatureDoesNotMatch: It does not match ….")
    }

    @Test("Keys that expired are fetched anew once")
    func keysThatExpiredAre() async throws {
      let authorizer = try authorizer()
      let answer = RemoteResponse(400, "<Error><Code>ExpiredToken</Code></Error>")
      #expect(try await authorizer.shouldRetry(try await signed(authorizer), after: answer))
    }

    @Test("Anonymous requests carry no signature, and say so when refused")
    func anonymousRequestsCarryNo() async throws {
      let authorizer = try authorizer { $0.isAnonymous = true }
      let request = try await signed(authorizer)
      #expect(request.header("Authorization") == nil)
      #expect(
        authorizer.explanation(of: RemoteResponse(status: 403))?.contains("anonymous") == true)
    }

    @Test("Who pays is said and signed")
    func whoPaysIsSaid() async throws {
      let request = try await signed(try authorizer { $0.requesterPays = true })
      #expect(request.header("x-amz-request-payer") == "requester")
      #expect(request.header("Authorization")?.contains(";x-amz-request-payer;") == true)
    }
  }
#endif
