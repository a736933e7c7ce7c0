package io.llmaccounting.server.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.llmaccounting.server.config.LogSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A line of the log, for people or as JSON; whoever logs, secrets are masked here. Safe for use by
 * many threads.
 */
final class LineFormatter extends Formatter {
  private static final JsonFactory JSON = new JsonFactory();

  private final LogSettings.Format form;

  LineFormatter(LogSettings.Format form) {
    this.form = form;
  }

  @Override
  public String format(LogRecord line) {
    String message = Masks.of(formatMessage(line));
    String thrown = line.getThrown() == null ? null : Masks.of(trace(line.getThrown()));
    return switch (form) {
      case TEXT -> text(line, message, thrown);
      case JSON -> json(line, message, thrown);
    };
  }

  private static String text(LogRecord line, String message, @Nullable String thrown) {
    // a message that came from outside must not look like a line of its own
    String once = message.replace("\r", "\\r").replace("\n", "\\n");
    return "%s %-5s %s: %s%n%s"
        .formatted(
            line.getInstant(),
            word(line.getLevel()),
            line.getLoggerName(),
            once,
            thrown == null ? "" : thrown);
  }

  private static String json(LogRecord line, String message, @Nullable String thrown) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("at", line.getInstant().toString());
      json.writeStringField("level", word(line.getLevel()));
      json.writeStringField("logger", line.getLoggerName());
      json.writeNumberField("thread", line.getLongThreadID());
      json.writeStringField("message", message);
      if (thrown != null) {
        json.writeStringField("error", thrown);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private static String word(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
