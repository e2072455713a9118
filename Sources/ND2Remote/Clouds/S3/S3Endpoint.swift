#if Remote
  package import ND2

  /// Where requests for a bucket go.
  package struct S3Endpoint: Sendable {
    /// Another store than Amazon's.
    package var custom: WebLocation?
    package var style: S3Options.AddressingStyle

    /// Takes what the options, the environment and the profile say, in this order.
    package init(options: S3Options, profiles: AWSProfiles, profileName: String) throws {
      let profile = profiles[profileName] ?? [:]
      let environment = options.environment
      var endpoint = options.endpoint
      if endpoint == nil, !environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
        endpoint =
          environment.first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
          ?? profile["services"].flatMap { profiles.services($0)?["s3.endpoint_url"] }
          ?? profile["s3.endpoint_url"] ?? profile["endpoint_url"]
      }
      if let endpoint {
        let text = RemoteAddress.isAddress(endpoint) ? endpoint : "https://\(endpoint)"
        do {
          custom = try WebLocation(parsing: text)
        } catch {
          throw ND2Error.invalidRequest("the endpoint of S3 is no address: \(error.message)")
        }
        custom?.query = nil
      }
      style =
        options.addressingStyle
        ?? profile["s3.addressing_style"].flatMap {
          S3Options.AddressingStyle(rawValue: $0.lowercased())
        } ?? .automatic
    }

    /// The region that is set somewhere; nil when none is.
    static func configuredRegion(_ options: S3Options, _ profile: [String: String]?) -> String? {
      let region =
        options.region ?? options.environment.first("AWS_REGION", "AWS_DEFAULT_REGION")
        ?? profile?["region"]
      return region.flatMap { isRegion($0) ? $0 : nil }
    }

    /// Whether a text can be the name of a region: it becomes part of a host.
    static func isRegion(_ text: String) -> Bool {
      !text.isEmpty && text.utf8.count <= 64
        && text.utf8.allSatisfy {
          97...122 ~= $0 || 65...90 ~= $0 || 48...57 ~= $0 || $0 == 45 || $0 == 95
        }
    }

    /// The address of an object.
    package func address(
      of object: RemoteAddress.S3Object, region: String
    ) throws(ND2Error) -> WebLocation {
      let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
      var web: WebLocation
      if let custom {
        web = custom
      } else {
        web = try WebLocation(parsing: "https://s3.\(region).\(suffix)/")
      }
      web.user = nil
      web.password = nil
      let key = PercentEncoding.encode(object.key, keepingSlashes: true)
      let isInHost =
        switch style {
        case .path: false
        case .virtualHost: !web.hasNumericHost
        case .automatic:
          custom == nil && Self.fitsIntoHost(object.bucket)
            && !(web.scheme == "https" && object.bucket.contains("."))
        }
      while web.path.hasSuffix("/") { web.path.removeLast() }
      if isInHost {
        web.host = "\(object.bucket).\(web.host)"
        web.path += "/\(key)"
      } else {
        web.path += "/\(PercentEncoding.encode(object.bucket))/\(key)"
      }
      if let version = object.version {
        web.append(encodedQuery: "versionId=\(PercentEncoding.encode(version))")
      }
      return web
    }

    /// Whether the bucket's name is a valid part of a host.
    private static func fitsIntoHost(_ bucket: String) -> Bool {
      bucket.utf8.count <= 63 && bucket.first != "-" && bucket.last != "-"
        && bucket.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 45 || $0 == 46 }
    }
  }
#endif
