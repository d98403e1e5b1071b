import ArgumentParser
import Foundation
import Merge

/// `demo`: the whole story on one machine.
struct DemoVerb: Verb {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "demo",
      abstract: say("在一台机器上演示全过程。", "Shows the whole story on one machine."),
      discussion: say(
        "一个中心、两台工作站和一台巡回笔记本，各是单独的进程，经本机回环网络交换；另有一个只用 U 盘的法庭，以及全院三年的记录。"
          + "任何一处不符，退出码为 1。",
        "A centre, two workstations and a circuit laptop, each processes of their own, exchange over loopback; with a "
          + "tribunal that has only sticks, and three years of the whole court. Exit code 1 when anything differs."))
  }

  @Argument(
    help: ArgumentHelp(say("演示用的文件夹；不写就用临时文件夹。", "A folder for it; a temporary one by default."), valueName: "DIR"),
    completion: .directory)
  var folder: String?
  @OptionGroup var common: CommonOptions

  func perform(_ session: Session) throws {
    let manager = FileManager.default
    let path = folder ?? NSTemporaryDirectory() + "circuit-demo-\(getpid())"
    if let names = try? manager.contentsOfDirectory(atPath: path), !names.isEmpty {
      throw CommandError.demoFolderInUse(path)
    }
    defer { if folder == nil { try? manager.removeItem(atPath: path) } }
    let stage = try DemoStage(folder: path, session)
    defer { stage.stopCentre() }
    try DemoStory(stage).tell()
  }
}
