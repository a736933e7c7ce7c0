package io.llmaccounting.cli.command;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * A secret that audit entries are sealed with: {@code NAME=FILE}, never the secret itself.
 *
 * @param name the name of the key in entries
 * @param secret the bytes of the file without the line end that editors leave
 */
@SuppressWarnings("ArrayRecordComponent")
record AuditKey(String name, byte[] secret) {
  static AuditKey read(String given, Console console) {
    int equals = given.indexOf('=');
    if (equals < 1) {
      throw Failure.usage(
          "the key of the audit log is not NAME=FILE, was \"" + given + "\"",
          "Give the key's name and the file with its secret.");
    }
    String name = given.substring(0, equals);
    try {
      return new AuditKey(
          name, trimmed(Files.readAllBytes(console.file(given.substring(equals + 1)))));
    } catch (IOException e) {
      throw Failure.usage(
          "the secret of key \"" + name + "\" cannot be read: " + FileProblems.text(e),
          "Check the file's name.");
    }
  }

  private static byte[] trimmed(byte[] bytes) {
    int end = bytes.length;
    if (end > 0 && bytes[end - 1] == '\n') {
      end--;
    }
    if (end > 0 && bytes[end - 1] == '\r') {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
