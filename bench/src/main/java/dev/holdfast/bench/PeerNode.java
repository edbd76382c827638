package dev.holdfast.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * Node with the packages of the systems that run on it, in a folder of the user's cache.
 *
 * @param folder where the scripts and the packages are
 */
record PeerNode(Path folder) {
  private static final int INSTALL_MINUTES_MAX = 10;
  private static final int ASK_SECONDS_MAX = 30;
  private static final int NODE_MAJOR_MIN = 20;
  private static final List<String> FILES =
      List.of(
          "package.json",
          "package-lock.json",
          ".npmrc",
          "life.mjs",
          "langgraph.mjs",
          "restate.mjs");

  /** Says why these systems cannot run. */
  static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing(String reason) {
      super(reason);
    }
  }

  /** Installs what is locked in that folder, unless an earlier call did. */
  static PeerNode install(Path scripts, Shell shell) throws IOException, Missing {
    requireNode();
    Path folder = cache().resolve(fingerprint(scripts));
    Files.createDirectories(folder);
    for (String file : FILES) {
      Files.copy(scripts.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Path installed = folder.resolve("installed");
    if (!Files.exists(installed)) {
      shell.say("Installing the Node packages of the compared systems (once, about a minute).");
      List<String> npm = List.of("npm", "ci", "--no-audit", "--no-fund");
      String said = run(npm, folder, TimeUnit.MINUTES.toSeconds(INSTALL_MINUTES_MAX));
      Files.writeString(installed, said);
    }
    return new PeerNode(folder);
  }

  private static void requireNode() throws IOException, Missing {
    String version = run(List.of("node", "--version"), Path.of("."), ASK_SECONDS_MAX).strip();
    if (Integer.parseInt(version.replaceAll("^v(\\d+)\\..*", "$1")) < NODE_MAJOR_MIN) {
      throw new Missing("Node %s is older than %d".formatted(version, NODE_MAJOR_MIN));
    }
  }

  private static Path cache() {
    String home = System.getProperty("user.home");
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .map(Path::of)
        .orElseGet(() -> Path.of(home, ".cache"))
        .resolve("holdfast-bench-peers");
  }

  private static String fingerprint(Path scripts) throws IOException {
    var sum = new CRC32();
    sum.update(Files.readAllBytes(scripts.resolve("package-lock.json")));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  private static String run(List<String> command, Path folder, long secondsMax)
      throws IOException, Missing {
    Path said = Files.createTempFile("holdfast-bench", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(secondsMax, TimeUnit.SECONDS);
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        throw new Missing(
            "`%s` %s".formatted(String.join(" ", command), ended ? tail(said) : "took too long"));
      }
      return Files.readString(said);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Missing("interrupted");
    } catch (IOException cannotStart) {
      throw new Missing(String.valueOf(cannotStart.getMessage()));
    } finally {
      Files.deleteIfExists(said);
    }
  }

  private static String tail(Path said) throws IOException {
    List<String> lines = Files.readAllLines(said, StandardCharsets.UTF_8);
    return "failed: "
        + String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  /** The command that begins a life by that script. */
  List<String> command(String script, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(folder.resolve(script).toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** The versions of Node and of the packages that are compared. */
  List<String> facts() throws IOException {
    List<String> facts = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("package.json"))) {
      if (line.strip().startsWith("\"@")) {
        facts.add(line.strip().replaceAll("[\",]", ""));
      }
    }
    return List.of("Node: " + String.join(", ", facts));
  }

  Path binary(String name) {
    return folder.resolve("node_modules").resolve(".bin").resolve(name);
  }

  /** The same database in the form that Node's driver reads. */
  static String postgresUrl(String jdbcUrl) {
    int query = jdbcUrl.indexOf('?');
    String place =
        jdbcUrl.substring("jdbc:postgresql://".length(), query < 0 ? jdbcUrl.length() : query);
    List<String> options =
        query < 0 ? List.of() : List.of(jdbcUrl.substring(query + 1).split("&", -1));
    String user = option(options, "user").orElse("postgres");
    String password = option(options, "password").map(given -> ":" + given).orElse("");
    return "postgres://" + user + password + "@" + place;
  }

  private static Optional<String> option(List<String> options, String name) {
    return options.stream()
        .filter(option -> option.startsWith(name + "="))
        .map(option -> option.substring(name.length() + 1))
        .findFirst();
  }
}
