import CVectors
import FoundationEssentials
import Kernel
import KernelInterface

#if arch(x86_64)
  import KernelV3
  import KernelV4
#endif

/// The kernel that fits the processor, chosen when it is first asked for.
///
/// All kernels give the same bits; they differ in speed alone. `LOGITREE_KERNEL` asks for another one than the best,
/// for tests and measurements: `baseline`, `v3`, `v4`. What the processor can't do is not chosen, whatever is asked for.
enum ProcessorKernel {
  static let best: any KernelImplementation.Type = choose(
    ProcessInfo.processInfo.environment["LOGITREE_KERNEL"], level: Int(cvectors_x86_level()))

  static func choose(_ name: String?, level: Int) -> any KernelImplementation.Type {
    #if arch(x86_64)
      let wanted =
        switch name {
        case "baseline": 1
        case "v3": 3
        default: 4
        }
      let usable = min(level, wanted)
      if usable >= 4 { return KernelV4.Implementation.self }
      if usable >= 3 { return KernelV3.Implementation.self }
    #endif
    return Kernel.Implementation.self
  }
}
