package dev.holdfast.store;

import dev.holdfast.journal.StoreFailed;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A database's JDBC URL, and apart from it what must not be shown.
 *
 * @param shown the URL without passwords
 * @param properties the user and all passwords, for the driver
 */
record ServerUrl(String shown, Properties properties) {
  private static final String JDBC = "jdbc:postgresql:";
  private static final String EXAMPLE = "jdbc:postgresql://host:5432/database";
  private static final String SCHEME = "[A-Za-z][A-Za-z0-9+.-]*://.*";

  static boolean isUrl(String text) {
    return text.regionMatches(true, 0, "jdbc:", 0, 5) || text.strip().matches("(?s)" + SCHEME);
  }

  /**
   * Understands the URL, and takes the user and the password from the environment where it has
   * none.
   *
   * @throws StoreFailed where it cannot be used; its words hold no password
   */
  static ServerUrl parse(String text, Map<String, String> environment) {
    int settings = text.indexOf('?');
    String place = settings < 0 ? text : text.substring(0, settings);
    String without = place.replaceAll("//.*@", "//");
    if (!place.startsWith(JDBC)) {
      throw refused(without, "it is no JDBC URL of PostgreSQL");
    }
    // The driver would take the user's name for a host, and log the password as its port.
    if (!without.equals(place)) {
      throw refused(without, "a user before the host is not understood; set PGUSER and PGPASSWORD");
    }
    var properties = new Properties();
    for (DriverPropertyInfo setting : settings(text, place)) {
      if (setting.value != null && (isSecret(setting.name) || setting.name.equals("user"))) {
        properties.setProperty(setting.name, setting.value);
      }
    }
    supply(properties, "user", environment, "PGUSER");
    supply(properties, "password", environment, "PGPASSWORD");
    return new ServerUrl(
        settings < 0 ? text : shown(place, text.substring(settings + 1)), properties);
  }

  private static DriverPropertyInfo[] settings(String text, String place) {
    try {
      return DriverManager.getDriver(text).getPropertyInfo(text, new Properties());
    } catch (SQLException unreadable) {
      throw refused(place, "host, port, database or settings cannot be read");
    }
  }

  private static void supply(
      Properties properties, String name, Map<String, String> environment, String variable) {
    String value = environment.getOrDefault(variable, "");
    if (!value.isEmpty()) {
      properties.putIfAbsent(name, value);
    }
  }

  private static String shown(String place, String settings) {
    String kept =
        Arrays.stream(settings.split("&"))
            .filter(setting -> !isSecret(setting.replaceAll("=.*", "")))
            .collect(Collectors.joining("&"));
    return kept.isEmpty() ? place : place + "?" + kept;
  }

  private static boolean isSecret(String name) {
    return name.toLowerCase(Locale.ROOT).contains("password");
  }

  private static StoreFailed refused(String shown, String why) {
    return new StoreFailed(
        "The URL %s cannot be used: %s. Write it like %s.".formatted(shown, why, EXAMPLE));
  }

  /** Who connects, where somebody said so. */
  Optional<String> user() {
    return Optional.ofNullable(properties.getProperty("user"));
  }

  @Override
  public String toString() {
    return shown;
  }
}
