import ND2
import Testing

@testable import ND2Remote

@Suite struct RemoteAddressTests {
  private func place(_ text: String) throws -> RemoteAddress.Place { try RemoteAddress(text).place }

  private func message(_ text: String) -> String? {
    do {
      _ = try RemoteAddress(text)
      return nil
    } catch {
      return error.message
    }
  }

  @Test("A scheme of two letters and more makes an address", arguments: ["s3://b/k", "HTTPS://h/"])
  func isAddress(_ text: String) { #expect(RemoteAddress.isAddress(text)) }

  @Test(
    "Paths are no addresses",
    arguments: ["/a/b.nd2", "c://disk", "a b://c", "b.nd2", "://x", "é3://b/k", "C:\\x"])
  func isPath(_ text: String) { #expect(!RemoteAddress.isAddress(text)) }

  @Test("Names in S3 are literal")
  func namesInSAre() throws {
    let key = "a folder/üñ %20+#?&.nd2"
    #expect(try place("s3://my.bucket/\(key)") == .s3(.init(bucket: "my.bucket", key: key)))
    #expect(try place("s3://b//k") == .s3(.init(bucket: "b", key: "/k")))
  }

  @Test("A version can stand behind a name in S3")
  func aVersionCanStand() throws {
    #expect(
      try place("s3://b/k?versionId=x.y") == .s3(.init(bucket: "b", key: "k", version: "x.y")))
  }

  @Test("A generation can stand behind a name in Google's store")
  func aGenerationCanStand() throws {
    #expect(
      try place("gs://b/k#2.nd2#123")
        == .gcs(.init(bucket: "b", name: "k#2.nd2", generation: "123")))
    #expect(try place("gs://b/k#x") == .gcs(.init(bucket: "b", name: "k#x")))
  }

  @Test("An address of Azure names the account, or leaves it to the options")
  func anAddressOfAzure() throws {
    #expect(try place("az://c/d/e f.nd2") == .azure(.init(container: "c", name: "d/e f.nd2")))
    let host = "acc.blob.core.windows.net"
    let full = RemoteAddress.AzureBlob(account: "acc", host: host, container: "c", name: "d/e")
    #expect(try place("az://\(host)/c/d/e") == .azure(full))
    #expect(try place("abfss://c@acc.dfs.core.windows.net/d/e") == .azure(full))
    #expect(try place("abfs://c@acc.dfs.core.windows.net/d/e") == .azure(full))
    #expect(
      try place("abfs://c@acc/d")
        == .azure(.init(account: "acc", container: "c", name: "d")))
  }

  @Test("A signature can stand behind a name in Azure, a question mark else belongs to it")
  func aSignatureCanStand()
    throws
  {
    #expect(
      try place("az://c/d?e?sv=1&sig=a%2Bb")
        == .azure(.init(container: "c", name: "d?e", signature: "sv=1&sig=a%2Bb")))
    #expect(try place("az://c/d?e") == .azure(.init(container: "c", name: "d?e")))
  }

  @Test("No host but Azure's gets its keys")
  func noHostButAzures() {
    #expect(message("az://acc.blob.example.com/c/d") != nil)
    #expect(message("abfs://c@evil.example.com/d") != nil)
    #expect(message("az://core.windows.net/c/d") != nil)
    #expect(message("az://acc.blob.core.windows.net.evil.org/c/d") != nil)
  }

  @Test("A file's path is decoded")
  func aFilesPathIs() throws {
    #expect(try place("file:///a%20b/c d%25.nd2") == .file(path: "/a b/c d%.nd2"))
    #expect(try place("file://localhost/x") == .file(path: "/x"))
    #expect(message("file://server/x") != nil)
    #expect(message("file:///a%00b") != nil)
  }

  @Test(
    "Addresses without an object are refused",
    arguments: [
      "s3://", "s3://b", "s3://b/", "s3:///k", "gs://b/", "az://c", "az://c/", "ftp://h/x",
    ])
  func incomplete(_ text: String) { #expect(message(text) != nil) }

  @Test("What is shown holds no secret")
  func whatIsShownHolds() throws {
    let texts = [
      "https://user:SECRET@host/a?X-Amz-Signature=SECRET&b=1", "az://c/d?sv=1&sig=SECRET",
      "http://SECRET@host:8080/a#SECRET",
    ]
    for text in texts {
      let shown = try RemoteAddress(text).redacted
      #expect(!shown.contains("SECRET"), "\(shown)")
    }
    #expect(try RemoteAddress(texts[0]).redacted == "https://host/a?…")
    #expect(try RemoteAddress("s3://b/k ü").redacted == "s3://b/k ü")
  }
}

@Suite struct WebLocationTests {
  @Test("What may not stand in an address is encoded, what is encoded stays")
  func whatMayNotStand() throws {
    let web = try WebLocation(parsing: "HTTP://Host:8080/a b/ü%20%zz+?q=\"x\"&r#part")
    #expect(web.url == "http://host:8080/a%20b/%C3%BC%20%25zz+?q=%22x%22&r")
  }

  @Test("User and password are taken out")
  func userAndPasswordAre() throws {
    let web = try WebLocation(parsing: "https://me:p%40ss@host:443/x")
    #expect(web.user == "me")
    #expect(web.password == "p@ss")
    #expect(web.url == "https://host/x")
  }

  @Test("Hosts can be numbers")
  func hostsCanBeNumbers() throws {
    let web = try WebLocation(parsing: "http://[::1]:99/x")
    #expect(web.authority == "[::1]:99")
    #expect(web.isLoopback)
    #expect(web.hasNumericHost)
    #expect(try WebLocation(parsing: "http://127.0.0.1").url == "http://127.0.0.1/")
    #expect(try !WebLocation(parsing: "http://127.evil.org").isLoopback)
  }

  @Test(
    "Hosts that are none are refused",
    arguments: [
      "http://", "http:///x", "http://[::1/x", "http://h:99999/", "http://h:x/", "http://a b/",
      "http://h\r\nX: y/", "http://:80/",
    ])
  func invalid(_ text: String) {
    #expect(throws: ND2Error.self) { try WebLocation(parsing: text) }
  }
}

@Suite struct PercentEncodingTests {
  @Test("All but the unreserved is encoded")
  func allButTheUnreserved() {
    #expect(PercentEncoding.encode("a/b c+ü~") == "a%2Fb%20c%2B%C3%BC~")
    #expect(PercentEncoding.encode("a/b*", keepingSlashes: true) == "a/b%2A")
  }

  @Test("Decoding undoes it, and refuses what is none")
  func decodingUndoesItAnd() {
    let text = "a/b c+ü~%\u{1F52C}"
    #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
    #expect(PercentEncoding.decode("%4") == nil)
    #expect(PercentEncoding.decode("%zz") == nil)
    #expect(PercentEncoding.decode("%FF") == nil)
  }
}
