#if Remote
  import ND2
  import ND2TestSupport
  import Testing

  @testable import ND2Remote

  @Suite struct S3CredentialTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    /// Keys found with these variables. Nothing of this machine is looked at.
    private func keys(
      _ variables: [String: String], _ sender: StubSender = .none,
      change: (inout S3Options) -> Void = { _ in }
    ) async throws -> AWSCredentials? {
      var all = ["HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true"]
      all.merge(variables) { $1 }
      var options = S3Options(environment: RemoteEnvironment(all))
      change(&options)
      return try await AWSCredentialChain(options: options, sender: sender).fetch().value
    }

    private func write(_ text: String, _ name: String) throws -> String {
      try folder.write(Array(text.utf8), as: name)
    }

    private let environmentKeys = ["AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "s"]

    @Test("Options go before the environment")
    func optionsGoBeforeThe() async throws {
      let found = try await keys(environmentKeys) {
        $0.credentials = .init(accessKeyID: "option", secretAccessKey: "s")
      }
      #expect(found?.accessKeyID == "option")
    }

    @Test("The environment has keys and a token")
    func theEnvironmentHasKeys() async throws {
      let found = try await keys(environmentKeys.merging(["AWS_SESSION_TOKEN": "t"]) { $1 })
      #expect(found == AWSCredentials(accessKeyID: "env", secretAccessKey: "s", sessionToken: "t"))
    }

    @Test("Anonymous is anonymous, whatever there is")
    func anonymousIsAnonymousWhatever() async throws {
      #expect(try await keys(environmentKeys) { $0.isAnonymous = true } == nil)
      let refused = environmentKeys.merging(["AWS_NO_SIGN_REQUEST": "true"]) { $1 }
      #expect(try await keys(refused) == nil)
      #expect(try await keys([:]) == nil)
    }

    @Test("A profile is read from both files")
    func aProfileIsRead() async throws {
      let variables = [
        "AWS_SHARED_CREDENTIALS_FILE": try write(
          "[default]\naws_access_key_id = d\naws_secret_access_key = ds\n[lab]\n"
            + "aws_access_key_id=l\naws_secret_access_key=l+/=s # comment\n", "credentials"),
        "AWS_CONFIG_FILE": try write(
          "[default]\nregion = eu-west-1\n[profile lab]\nregion=eu-north-1\n"
            + "s3 =\n  addressing_style = path\n  endpoint_url = http://127.0.0.1:9\n", "config"),
      ]
      #expect(try await keys(variables)?.accessKeyID == "d")
      let lab = try await keys(variables) { $0.profile = "lab" }
      #expect(lab == AWSCredentials(accessKeyID: "l", secretAccessKey: "l+/=s"))
      let named = variables.merging(["AWS_PROFILE": "lab"]) { $1 }
      #expect(try await keys(named)?.accessKeyID == "l")

      let options = S3Options(environment: RemoteEnvironment(named))
      let authorizer = try S3Authorizer(
        .init(bucket: "b", key: "k"), options: options, sender: StubSender.none)
      #expect(try authorizer.url == "http://127.0.0.1:9/b/k")
      #expect(AWSCredentialChain(options: options, sender: StubSender.none).region == "eu-north-1")
    }

    @Test("A profile that is missing is an error")
    func aProfileThatIs() async throws {
      await #expect { try await keys(["AWS_PROFILE": "none"]) } throws: {
        "\($0)".contains("'none'")
      }
    }

    @Test("A profile can name a program")
    func aProfileCanName() async throws {
      let file = try write(
        "[default]\ncredential_process = printf '{\"Version\": 1, \"AccessKeyId\": \"p\", "
          + "\"SecretAccessKey\": \"s\", \"Expiration\": \"2099-01-01T00:00:00Z\"}'\n", "config")
      let found = try await keys(["AWS_CONFIG_FILE": file])
      #expect(found?.accessKeyID == "p")
      #expect(found?.expires == 4_070_908_800)
    }

    private static let role = """
      <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
      <AccessKeyId>temporary</AccessKeyId><SecretAccessKey>a&amp;b</SecretAccessKey>
      <SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
      </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
      """
    private static let temporary = AWSCredentials(
      accessKeyID: "temporary", secretAccessKey: "a&b", sessionToken: "token",
      expires: 4_070_908_800)

    @Test("A web identity is exchanged for keys")
    func aWebIdentityIs() async throws {
      let sender = StubSender { _ in RemoteResponse(200, Self.role) }
      let found = try await keys(
        [
          "AWS_WEB_IDENTITY_TOKEN_FILE": try write("a.b+c\n", "token"),
          "AWS_ROLE_ARN": "arn:aws:iam::1:role/r", "AWS_REGION": "eu-west-3",
        ], sender)
      #expect(found == Self.temporary)
      let request = try #require(sender.requests.first)
      #expect(request.url == "https://sts.eu-west-3.amazonaws.com/")
      #expect(request.bodyText.contains("Action=AssumeRoleWithWebIdentity"))
      #expect(request.bodyText.contains("WebIdentityToken=a.b%2Bc"))
      #expect(request.header("Authorization") == nil)
    }

    @Test("A role is taken by the keys of another profile")
    func aRoleIsTaken() async throws {
      let file = try write(
        "[profile a]\nrole_arn = arn:r\nsource_profile = b\n[profile b]\n"
          + "aws_access_key_id = base\naws_secret_access_key = s\n", "config")
      let sender = StubSender { _ in RemoteResponse(200, Self.role) }
      #expect(
        try await keys(["AWS_CONFIG_FILE": file, "AWS_PROFILE": "a"], sender) == Self.temporary)
      let request = try #require(sender.requests.first)
      #expect(request.bodyText.contains("Action=AssumeRole&"))
      #expect(request.header("Authorization")?.contains("Credential=base/") == true)
      #expect(request.header("Authorization")?.contains("/us-east-1/sts/aws4_request") == true)
    }

    @Test("Profiles that go in a circle are an error")
    func profilesThatGoIn() async throws {
      let file = try write(
        "[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\n"
          + "source_profile = a\n", "config")
      await #expect(throws: ND2Error.self) {
        try await keys(["AWS_CONFIG_FILE": file, "AWS_PROFILE": "a"])
      }
    }

    private static let document =
      #"{"Code": "Success", "AccessKeyId": "temporary", "SecretAccessKey": "a&b", "#
      + #""Token": "token", "Expiration": "2099-01-01T00:00:00Z"}"#

    @Test("The agent of a container gives keys")
    func theAgentOfA() async throws {
      let sender = StubSender { _ in RemoteResponse(200, Self.document) }
      let found = try await keys(
        [
          "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:1/x",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t",
        ], sender)
      #expect(found == Self.temporary)
      #expect(sender.requests.first?.header("Authorization") == "t")
    }

    @Test("No other machine is asked for keys without TLS")
    func noOtherMachineIs() async throws {
      await #expect(throws: ND2Error.self) {
        try await keys(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/x"])
      }
    }

    @Test("The metadata of a machine gives keys, by a token")
    func theMetadataOfA() async throws {
      let sender = StubSender { request in
        if request.url.hasSuffix("/latest/api/token") {
          return RemoteResponse(request.method == .put ? 200 : 405, "session")
        }
        guard request.header("X-aws-ec2-metadata-token") == "session" else {
          return RemoteResponse(status: 401)
        }
        return request.url.hasSuffix("/my-role")
          ? RemoteResponse(200, Self.document) : RemoteResponse(200, "my-role\n")
      }
      let variables = [
        "AWS_EC2_METADATA_DISABLED": "false",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1/",
      ]
      #expect(try await keys(variables, sender) == Self.temporary)
      #expect(sender.requests.count == 3)
    }

    @Test("A machine without metadata is anonymous")
    func aMachineWithoutMetadata() async throws {
      let sender = StubSender { _ in throw ND2Error(.io, "no answer") }
      let variables = [
        "AWS_EC2_METADATA_DISABLED": "false",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1",
      ]
      #expect(try await keys(variables, sender) == nil)
      #expect(sender.requests.count == 1)
    }

    @Test("Secrets do not show")
    func secretsDoNotShow() throws {
      var options = S3Options(environment: ["AWS_SECRET_ACCESS_KEY": "SECRET"])
      options.credentials = .init(
        accessKeyID: "id", secretAccessKey: "SECRET", sessionToken: "SECRET")
      var text = ""
      dump(options, to: &text)
      #expect(!text.contains("SECRET"))
      #expect(!"\(options)".contains("SECRET"))
      #expect(!String(reflecting: options).contains("SECRET"))
    }
  }
#endif
