package io.llmaccounting.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what figures were found on. */
final class Machine {
  private Machine() {}

  static String description() {
    return "%s, %d processors, Java %s, %s %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  private static String processor() {
    Path told = Path.of("/proc/cpuinfo");
    try {
      return Files.readAllLines(told).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown processor");
    } catch (IOException e) {
      return "unknown processor"; // Other systems tell elsewhere.
    }
  }
}
