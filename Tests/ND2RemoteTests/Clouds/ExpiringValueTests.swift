import ND2
import Testing

@testable import ND2Remote

@Suite struct ExpiringValueTests {
  private final class Source: Sendable {
    let now = Lock(1000.0)
    let count = Lock(0)
    let fails = Lock(false)

    func value(lifetime: Double?) -> ExpiringValue<Int> {
      ExpiringValue(clock: { self.now.withLock { $0 } }) {
        try await Task.sleep(for: .milliseconds(20))
        if self.fails.withLock({ $0 }) { throw ND2Error(.io, "no") }
        let number = self.count.withLock { count in
          count += 1
          return count
        }
        return (number, lifetime.map { life in self.now.withLock { $0 + life } })
      }
    }
  }

  @Test("However many ask, it is fetched once")
  func howeverManyAskIt() async throws {
    let source = Source()
    let value = source.value(lifetime: nil)
    let answers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 { group.addTask { try await value.get().value } }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(answers == [1])
  }

  @Test("It is fetched anew before it expires")
  func itIsFetchedAnew() async throws {
    let source = Source()
    let value = source.value(lifetime: 3600)
    #expect(try await value.get().value == 1)
    source.now.withLock { $0 += 3000 }
    #expect(try await value.get().value == 1)
    source.now.withLock { $0 += 400 }
    #expect(try await value.get().value == 2)
  }

  @Test("The old one is used when no new one can be had, until it expires")
  func theOldOneIs() async throws {
    let source = Source()
    let value = source.value(lifetime: 3600)
    _ = try await value.get()
    source.fails.withLock { $0 = true }
    source.now.withLock { $0 += 3400 }
    #expect(try await value.get().value == 1)
    source.now.withLock { $0 += 400 }
    await #expect(throws: ND2Error.self) { try await value.get() }
  }

  @Test("One that was refused is forgotten, but not the one in its place")
  func oneThatWasRefused() async throws {
    let source = Source()
    let value = source.value(lifetime: nil)
    let first = try await value.get()
    await value.invalidate(serial: first.serial)
    let second = try await value.get()
    #expect(second.value == 2)
    await value.invalidate(serial: first.serial)
    #expect(try await value.get().value == 2)
  }
}
