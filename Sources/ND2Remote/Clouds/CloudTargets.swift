/// What addresses of object stores stand for.
package enum CloudTargets {
  /// The target of an address of an object store; nil when its scheme is none of theirs.
  package static func target(
    _ address: String, scheme: String, options: RemoteOptions
  ) throws -> RemoteTarget? {
    nil
  }
}
