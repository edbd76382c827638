package dev.holdfast.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The child's end of a {@link PeerProcess}: orders come on standard input, answers go out. */
final class LifeOrders {
  /** Does what one order asks for and returns its facts, such as {@code done_ms=3.5 runs=4}. */
  @FunctionalInterface
  interface Order {
    String obey(String name, int number) throws Exception;
  }

  private LifeOrders() {}

  /** Serves orders of a name and a number until {@code end}; its parent's death ends this one. */
  static void serve(Order order) throws Exception {
    answer("ready=1");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("end")) {
        return;
      }
      int space = line.indexOf(' ');
      answer(order.obey(line.substring(0, space), Integer.parseInt(line.substring(space + 1))));
    }
    Runtime.getRuntime().halt(1);
  }

  static void answer(String facts) {
    System.out.println(PeerProcess.ANSWER + facts);
    System.out.flush();
  }

  /** Begins such a life in that folder, with these JVM options first. */
  static PeerProcess start(Class<?> life, Path folder, List<String> options, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(life.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return PeerProcess.start(life.getSimpleName(), command, folder);
  }
}
