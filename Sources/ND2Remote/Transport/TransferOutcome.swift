/// Status and headers of an answer, before its body.
package struct ResponseHead: Sendable {
  /// The status, such as 206.
  package var status: Int
  /// The headers in their order.
  package var headers: [(name: String, value: String)]

  /// The first header of a name, in whatever case it is written.
  package func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name.lowercased() == name }?.value
  }
}

/// Takes an answer while it arrives, on the thread of the engine: it must be quick and never wait.
///
/// After the transfer has ended nothing is called any more, and whoever waited for it may look.
package protocol TransferSink: AnyObject, Sendable {
  /// Status and headers are there; false ends the transfer. A request that the engine sends once
  /// gives this once.
  func begin(_ head: ResponseHead) -> Bool
  /// Bytes of the body; false ends the transfer.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool
}

/// How a transfer ended.
package struct TransferOutcome: Sendable {
  /// What was waited for when the time was up.
  package enum Phase: String, Sendable {
    case connection, firstByte, progress
  }

  /// How a transfer ended.
  package enum End: Sendable {
    /// The whole answer has arrived, whatever its status is.
    case complete
    /// The sink did not want it.
    case stopped
    /// The task was cancelled.
    case cancelled
    /// Nothing came for too long.
    case timedOut(Phase)
    /// The connection failed.
    case failed(String, mayPass: Bool)
  }

  /// How it ended.
  package var end: End
  /// Status and headers, when they arrived.
  package var head: ResponseHead?
  /// Bytes of the body that arrived.
  package var byteCount: Int
  /// Whether it was begun at all: a transfer may be cancelled while it waits for its turn.
  package var isBegun = true
}
