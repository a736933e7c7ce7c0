package io.llmaccounting.spring;

import io.llmaccounting.providers.prices.PriceCatalog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NativeDetector;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Loads what takes long to be loaded while the application starts: the library of SQLite and the
 * bundled prices. It opens nothing and decides nothing. Whoever needs one of them earlier waits for
 * it, and one that fails here fails again where it is needed, and is told there.
 */
final class HeadStart implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(HeadStart.class);
  private static final String PREFIX = LlmAccountingProperties.PREFIX;
  private static final String SQLITE_LIBRARY = "org.sqlite.SQLiteJDBCLoader";

  HeadStart() {}

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    Environment environment = event.getEnvironment();
    if (isWorthIt() && environment.getProperty(PREFIX + "enabled", Boolean.class, true)) {
      begin(environment, event.getSpringApplication().getClassLoader());
    }
  }

  // with one processor it would only be in the way of the start
  private static boolean isWorthIt() {
    return Runtime.getRuntime().availableProcessors() > 1 && !NativeDetector.inNativeImage();
  }

  private static void begin(Environment environment, @Nullable ClassLoader loader) {
    Thread thread = new Thread(() -> load(environment, loader), "llm-accounting-head-start");
    thread.setDaemon(true);
    thread.start();
  }

  static void load(Environment environment, @Nullable ClassLoader loader) {
    try {
      if (environment.getProperty(PREFIX + "sqlite.path") != null
          && ClassUtils.isPresent(SQLITE_LIBRARY, loader)) {
        Object unused =
            Class.forName(SQLITE_LIBRARY, true, loader).getMethod("initialize").invoke(null);
      }
      if (environment.getProperty(PREFIX + "prices.bundled", Boolean.class, true)) {
        PriceCatalog.bundled();
      }
    } catch (RuntimeException | LinkageError | ReflectiveOperationException e) {
      LOG.debug("What failed ahead of its use is tried again there", e);
    }
  }
}
