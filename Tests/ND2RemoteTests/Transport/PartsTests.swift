import ND2
import Testing

@testable import ND2Remote

@Suite("Parts of the transport") struct PartsTests {
  @Test("Content-Range is understood, and nonsense is not") func contentRange() {
    #expect(ContentRange("bytes 0-99/1000")?.bytes == 0..<100)
    #expect(ContentRange("bytes 0-99/1000")?.total == 1000)
    #expect(ContentRange("bytes 5-5/*")?.bytes == 5..<6)
    #expect(ContentRange("bytes */1000")?.total == 1000)
    for text in [
      "", "bytes", "bytes 0-99", "bytes 9-1/100", "bytes 0-100/100", "bytes */*", "items 0-1/2",
      "bytes -1/2", "bytes 0-99999999999999999999/100", "bytes 0-1/2/3", "bytes 0-1-2/3",
      "bytes 0-18446744073709551615/*",
    ] {
      #expect(ContentRange(text) == nil, "\(text)")
    }
  }

  @Test("Dates are counted from 1970") func dates() {
    #expect(HTTPDate.secondsSince1970("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    #expect(HTTPDate.secondsSince1970("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    #expect(HTTPDate.secondsSince1970("Thu, 29 Feb 2024 12:00:00 GMT") == 1_709_208_000)
    #expect(HTTPDate.secondsSince1970("yesterday") == nil)
  }

  private func memory(_ count: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: count, alignment: 1)
  }

  @Test("Large reads are split when few run") func splits() {
    let buffer = memory(40 << 20)
    defer { buffer.deallocate() }
    let coalescer = RangeCoalescer(gap: 0, most: 16 << 20)
    let reads = [PlacedRead(offset: 100, memory: buffer)]
    #expect(coalescer.parts(reads).count == 3)
    let parts = coalescer.parts(reads, connectionCount: 4)
    #expect(parts.count == 4)
    #expect(parts.first?.range.lowerBound == 100)
    #expect(parts.last?.range.upperBound == 100 + (40 << 20))
    for (one, next) in zip(parts, parts.dropFirst()) {
      #expect(one.range.upperBound == next.range.lowerBound)
    }
    let one = [PlacedRead(offset: 0, memory: .init(rebasing: buffer[..<(8 << 20)]))]
    #expect(coalescer.parts(one, connectionCount: 64).count == 1)
  }

  @Test("Kept bytes are found, trimmed and bounded") func cache() {
    var cache = SpanCache(most: 1000)
    let bytes = ServedObject.pattern(4000)
    cache.insert(bytes[100..<300], at: 100)
    cache.insert(bytes[200..<400], at: 200)
    let target = memory(500)
    defer { target.deallocate() }
    func read(_ range: Range<UInt64>) -> Range<UInt64> {
      for index in target.indices { target[index] = 0 }
      return cache.copy(range, into: .init(rebasing: target[..<range.count]))
    }
    #expect(read(100..<400).isEmpty)
    #expect(Array(target[..<300]) == Array(bytes[100..<400]))
    #expect(read(50..<150) == 50..<100)
    #expect(Array(target[50..<100]) == Array(bytes[100..<150]))
    #expect(read(350..<500) == 400..<500)
    #expect(read(0..<500) == 0..<500)
    cache.insert(bytes[50..<450], at: 50)
    #expect(read(50..<450).isEmpty)
    #expect(Array(target[..<400]) == Array(bytes[50..<450]))
    cache.insert(bytes[1000..<1900], at: 1000)
    #expect(read(1000..<1400).isEmpty)
    #expect(!read(50..<450).isEmpty)
    cache.insert(bytes[..<2000], at: 0)
    #expect(!read(0..<100).isEmpty)
  }

  @Test("Local addresses are paths") func localAddresses() throws {
    #expect(try LocalAddress.path("file:///a/b%20c") == "/a/b c")
    #expect(try LocalAddress.path("FILE://localhost/a") == "/a")
    #expect(try LocalAddress.path("http://host/a") == nil)
    for address in ["file://host/a", "file://", "file:///a%2", "file:///a%zz", "file:///a%00"] {
      #expect(throws: ND2Error.self) { try LocalAddress.path(address) }
    }
  }

  @Test("Letters beyond ASCII are escaped, what is escaped stays") func escaping() {
    #expect(
      RemoteTarget.escaped("http://host/a b%20ž?q=1&r=%2F")
        == "http://host/a%20b%20%C5%BE?q=1&r=%2F")
  }

  @Test("Repetitions are bounded, and progress starts them anew") func budget() {
    var options = RemoteOptions()
    options.maxRetries = 2
    let failure = PassingFailure(reason: "")
    var budget = RetryBudget(options)
    #expect(budget.delay(after: failure, received: 0) != nil)
    #expect(budget.delay(after: failure, received: 0) != nil)
    #expect(budget.delay(after: failure, received: 1 << 20) != nil)
    #expect(budget.delay(after: failure, received: 0) != nil)
    #expect(budget.delay(after: failure, received: 0) == nil)
    var patient = RetryBudget(options)
    #expect(patient.delay(after: PassingFailure(reason: "", retryAfter: 7), received: 0) ?? 0 >= 7)
    #expect(patient.delay(after: PassingFailure(reason: "", retryAfter: 1000), received: 0) == nil)
  }

  @Test("A server that serves others meanwhile is asked more often, until the time is up")
  func busyServer() {
    var options = RemoteOptions()
    options.maxRetries = 2
    let failure = PassingFailure(reason: "", isOverload: true)
    var budget = RetryBudget(options)
    for count in 0..<50 {
      #expect(budget.delay(after: failure, received: 0, servedCount: count) != nil)
    }
    #expect(budget.delay(after: failure, received: 0, servedCount: 49) != nil)
    #expect(budget.delay(after: failure, received: 0, servedCount: 49) == nil)
    // Other failures count, whatever happens to others.
    var other = RetryBudget(options)
    let results = (0..<3).map {
      other.delay(after: PassingFailure(reason: ""), received: 0, servedCount: $0) != nil
    }
    #expect(results == [true, true, false])
    options.maxRetries = 0
    var impatient = RetryBudget(options)
    #expect(impatient.delay(after: failure, received: 0, servedCount: 9) == nil)
  }
}
