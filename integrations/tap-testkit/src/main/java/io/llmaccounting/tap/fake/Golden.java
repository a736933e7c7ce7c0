package io.llmaccounting.tap.fake;

import io.llmaccounting.providers.UsageReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The answers that the readers are tested with, as text. */
final class Golden {
  private Golden() {}

  static String text(String file) {
    try (InputStream in =
        Objects.requireNonNull(UsageReader.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
