#if Remote
  import ND2
  import ND2TestSupport
  import Testing

  @testable import ND2Remote

  /// Reading from all the object stores by ``RemoteSource``.
  @Suite(
    .enabled(
      if: CloudServer.isPresent(.s3) && CloudServer.isPresent(.gcs) && CloudServer.isPresent(.azure)
    ),
    .serialized)
  struct CloudSourceTests {
    private let s3: CloudServer
    private let gcs: CloudServer
    private let azure: CloudServer

    init() async throws {
      s3 = try await CloudServer.shared(.s3)
      gcs = try await CloudServer.shared(.gcs)
      azure = try await CloudServer.shared(.azure)
    }

    /// Variables for all three, and none that would lead elsewhere.
    private func environment() -> RemoteEnvironment {
      [
        "HOME": "/nowhere",
        "AWS_ENDPOINT_URL_S3": s3.url, "AWS_ACCESS_KEY_ID": s3.text("accessKey"),
        "AWS_SECRET_ACCESS_KEY": s3.text("secretKey"), "AWS_EC2_METADATA_DISABLED": "true",
        "STORAGE_EMULATOR_HOST": gcs.url, "NO_GCE_CHECK": "true",
        "AZURE_STORAGE_CONNECTION_STRING": "AccountName=\(azure.text("account"));"
          + "AccountKey=\(azure.text("key"));BlobEndpoint=\(azure.url)/\(azure.text("account"))",
        "AZURE_METADATA_DISABLED": "true",
      ]
    }

    private func options(
      _ change: (inout RemoteOptions) -> Void = { _ in }
    ) -> RemoteOptions {
      var options = RemoteOptions(environment: environment())
      options.proxy = ""
      options.maxRetries = 1
      change(&options)
      return options
    }

    private func names() -> [String] {
      s3.facts["names"]?.elements.compactMap(\.string) ?? []
    }

    @Test("Objects of all names are read by ranges", arguments: ["s3", "gs", "az"])
    func reads(scheme: String) async throws {
      for name in names() {
        let source = try RemoteSource("\(scheme)://images/\(name)", options: options())
        #expect(source.name == "\(scheme)://images/\(name)")
        #expect(try await source.byteCount() == 300_000)
        let ranges: [Range<UInt64>] = [0..<10, 100_000..<150_000, 299_999..<300_000]
        let parts = try await source.read(ranges)
        for (range, part) in zip(ranges, parts) {
          #expect(part == ServerObjects.bytes(Int(range.lowerBound)..<Int(range.upperBound)))
        }
      }
    }

    @Test("Wrong credentials are a clear error without them", arguments: ["s3", "gs", "az"])
    func wrongCredentials(scheme: String) async throws {
      let secret = "V1JPTkdTRUNSRVQ="
      var options = options {
        $0.s3.credentials = .init(
          accessKeyID: s3.text("accessKey"),
          secretAccessKey: Secret(secret))
        $0.azure.accountKey = Secret(secret)
      }
      // The emulator lets everything pass; a file of credentials that is none does not.
      if scheme == "gs" { options.gcs.credentialsFile = "/nowhere/\(scheme).json" }
      let source = try RemoteSource("\(scheme)://images/plain.nd2", options: options)
      do {
        _ = try await source.byteCount()
        Issue.record("it was read")
      } catch {
        let text = "\(error)"
        #expect(!text.contains(secret))
        let expected = ["s3": "SignatureDoesNotMatch", "az": "AuthenticationFailed"]
        #expect(text.contains(expected[scheme] ?? "cannot be read"), "\(text)")
        #expect(text.contains("\(scheme)://images/plain.nd2"), "\(text)")
      }
    }

    @Test("What is not there is an error that names it", arguments: ["s3", "gs", "az"])
    func missing(scheme: String) async throws {
      let source = try RemoteSource("\(scheme)://images/none.nd2", options: options())
      do {
        _ = try await source.byteCount()
        Issue.record("it was read")
      } catch {
        #expect("\(error)".contains("404"), "\(error)")
        #expect("\(error)".contains("\(scheme)://images/none.nd2"), "\(error)")
      }
    }

    @Test("Addresses that were signed beforehand are read, and shown without signature")
    func presigned() async throws {
      // moto cannot check these while it checks the others.
      let lenient = try await CloudServer.start(.s3, arguments: ["--allow-anonymous"])
      let source = try RemoteSource(lenient.text("presigned"), options: options())
      #expect(try await source.read([5..<20]) == [ServerObjects.bytes(5..<20)])
      #expect(!source.name.contains("Signature"))
      #expect(source.name.hasSuffix("?…"))
    }
  }
#endif
