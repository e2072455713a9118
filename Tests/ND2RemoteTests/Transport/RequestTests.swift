import Testing

@testable import ND2Remote

@Suite("Requests") struct RequestTests {
  @Test("A range is written with its last byte") func ranges() {
    #expect(RemoteRequest.ByteRange.span(10..<20).headerValue == "bytes=10-19")
    #expect(RemoteRequest.ByteRange.suffix(256).headerValue == "bytes=-256")
  }

  @Test("Headers are found in whatever case and replaced") func headers() {
    var request = RemoteRequest(.get, "http://host/", headers: [("Accept", "a"), ("X-B", "b")])
    request.setHeader("accept", "c")
    #expect(request.header("ACCEPT") == "c")
    #expect(request.headers.count == 2)
  }
}
