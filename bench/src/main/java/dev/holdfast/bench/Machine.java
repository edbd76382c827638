package dev.holdfast.bench;

import java.lang.management.ManagementFactory;
import java.util.List;

/** What figures were measured on. */
final class Machine {
  private Machine() {}

  static List<String> facts() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    long bytes =
        system instanceof com.sun.management.OperatingSystemMXBean told
            ? told.getTotalMemorySize()
            : Runtime.getRuntime().maxMemory();
    return List.of(
        "Machine: %d processors, %,d GiB, %s %s %s, load %.2f before the start"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                bytes >> 30,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                system.getSystemLoadAverage()),
        "JVM: %s %s".formatted(System.getProperty("java.vm.name"), Runtime.version()));
  }
}
