package dev.holdfast.console;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What a worker is called that nobody gave a name. */
final class WorkerName {
  private WorkerName() {}

  /** Host and process id: many workers have the same process id in containers. */
  static String ofThisProcess() {
    return host() + "-" + ProcessHandle.current().pid();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException withoutName) {
      return "localhost";
    }
  }
}
