package io.llmaccounting.server.log;

import io.llmaccounting.server.config.LogSettings;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Where log lines of the whole process go. */
public final class Logs {
  static {
    // Java asks for it once, when the first logger is made
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
  }

  // held here, because Java forgets the levels of loggers that nobody holds
  private static final List<Logger> TALKATIVE =
      List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.vertx"), Logger.getLogger("jdk"));

  private Logs() {}

  /** To be called before anything logs, so that the log outlasts the beginning of the end. */
  public static void prepare() {
    none();
  }

  /** Logs nothing from now on: a command says on standard error what is wrong. */
  public static void none() {
    clear();
    root().setLevel(Level.OFF);
  }

  /** Logs as these settings say from now on, to {@code out}. */
  public static void to(PrintStream out, LogSettings settings) {
    clear();
    Handler handler = new Lines(out);
    handler.setFormatter(new LineFormatter(settings.format()));
    handler.setLevel(Level.ALL);
    root().addHandler(handler);
    Level level = level(settings.level());
    root().setLevel(level);
    Level atLeast = level.intValue() < Level.INFO.intValue() ? Level.INFO : level;
    TALKATIVE.forEach(logger -> logger.setLevel(atLeast));
  }

  private static void clear() {
    for (Handler handler : root().getHandlers()) {
      root().removeHandler(handler);
    }
  }

  private static Logger root() {
    return Logger.getLogger("");
  }

  private static Level level(LogSettings.Level level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  private static final class Lines extends Handler {
    private final PrintStream out;

    Lines(PrintStream out) {
      this.out = out;
    }

    @Override
    public void publish(LogRecord line) {
      if (isLoggable(line)) {
        out.print(getFormatter().format(line));
        out.flush();
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    @Override
    public void close() {
      out.flush();
    }
  }
}
