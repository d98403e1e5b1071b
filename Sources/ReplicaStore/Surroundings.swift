import ChangeFormat
import Merge

/// The machine's clocks, as a replica sees them.
public protocol MachineClock: Sendable {
  /// The system clock in milliseconds since 1970.
  func wallMilliseconds() -> UInt64
  /// Milliseconds since boot, sleep included; rises only.
  func bootMilliseconds() -> UInt64
  /// Changes with every boot.
  func bootID() -> String
  /// Lets so much time pass before something is tried again; blocks the thread.
  func pause(milliseconds: UInt64)
}

extension MachineClock {
  /// On a clock that is no machine's nobody waits.
  public func pause(milliseconds: UInt64) {}
}

/// Where random bytes come from.
public protocol RandomSource: Sendable {
  func bytes(_ count: Int) -> [UInt8]
}

/// A device's private keys; they never enter the database.
public struct DeviceKeys: Sendable {
  /// 32 bytes, Ed25519.
  public var signingSeed: [UInt8]
  /// 32 bytes, X25519.
  public var agreementSeed: [UInt8]
  public let signing: SigningKey

  public init(signingSeed: [UInt8], agreementSeed: [UInt8]) throws(FormatError) {
    self.signingSeed = signingSeed
    self.agreementSeed = agreementSeed
    signing = try SigningKey(seed: signingSeed)
  }

  public var device: DeviceID { signing.publicKey.device }
}

/// What `generation` says beside the keys (design §4).
public struct GenerationMark: Hashable, Sendable {
  public var incarnation: Identifier
  /// Own commits of the incarnation.
  public var count: UInt64
  /// True once the commit is known to be durable; false: intended.
  public var isDone: Bool
  /// Inode and device of the replica file, and the boot in which they were read.
  public var inode: UInt64
  public var disk: UInt64
  public var bootID: String

  public init(incarnation: Identifier, count: UInt64, isDone: Bool, inode: UInt64, disk: UInt64, bootID: String) {
    self.incarnation = incarnation
    self.count = count
    self.isDone = isDone
    self.inode = inode
    self.disk = disk
    self.bootID = bootID
  }
}

/// What is found where a generation should be.
public enum GenerationReading: Hashable, Sendable {
  case missing
  /// A write was cut: its hash does not fit.
  case torn
  case mark(GenerationMark)
}

/// Where keys and generations are kept: a folder outside the database.
public protocol KeyStore: Sendable {
  /// Named in errors.
  var location: String { get }
  /// Nil when the device's keys are not here.
  func keys(of device: DeviceID) throws(ReplicaError) -> DeviceKeys?
  func save(_ keys: DeviceKeys) throws(ReplicaError)
  func remove(_ device: DeviceID)
  func generation(of device: DeviceID, incarnation: Identifier) -> GenerationReading
  /// Overwrites in place; synced to disk only when `isNew`.
  func setGeneration(_ mark: GenerationMark, of device: DeviceID, isNew: Bool) throws(ReplicaError)
}

/// Turns among the processes that write one replica.
public protocol TurnTaking: Sendable {
  /// Waits up to 5 s for the exclusive turn; throws `inUse` after that.
  func begin() throws(ReplicaError)
  func end()
}

/// All that reaches a replica from outside, passed in so that one seed can replay a fleet.
public struct Surroundings: Sendable {
  public var clock: any MachineClock
  public var randomness: any RandomSource
  public var keys: any KeyStore
  public var scheduling: any Scheduling

  /// - Parameter scheduling: where it is left out, all is done in turn on the caller's thread.
  public init(
    clock: any MachineClock, randomness: any RandomSource, keys: any KeyStore, scheduling: any Scheduling = InTurn()
  ) {
    self.clock = clock
    self.randomness = randomness
    self.keys = keys
    self.scheduling = scheduling
  }
}
