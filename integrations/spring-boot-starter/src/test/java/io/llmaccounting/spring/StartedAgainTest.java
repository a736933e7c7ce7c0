package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.TokenUsage;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Applications that start again, or beside each other, in one process. */
class StartedAgainTest {
  @TempDir Path folder;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  /** What a restart runs, in a class loader of its own. */
  static final class Once implements Callable<Integer> {
    private final String file;

    Once(String file) {
      this.file = file;
    }

    @Override
    public Integer call() {
      try (ConfigurableApplicationContext application = started(file, "again").run()) {
        return asked(application);
      }
    }
  }

  private static SpringApplicationBuilder started(String file, String name) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties(
            "spring.application.name=" + name,
            "spring.datasource.url=jdbc:h2:mem:" + name,
            "llm.accounting.sqlite.path=" + file,
            "llm.accounting.limits[0].name=" + name,
            "llm.accounting.limits[0].metric=requests",
            "llm.accounting.limits[0].max=9",
            "llm.accounting.limits[0].lifetime=true");
  }

  private static int asked(ConfigurableApplicationContext application) {
    LlmAccounting accounting = application.getBean(LlmAccounting.class);
    accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(1, 1));
    return accounting.tail().size();
  }

  /**
   * As of Spring Boot's developer tools: classes of the application anew, libraries as they are.
   */
  @Test
  void goesOnInAnotherClassLoader() throws Exception {
    String file = folder.resolve("usage.db").toString();
    List<URL> own = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith("classes")) {
        own.add(Path.of(entry).toUri().toURL());
      }
    }

    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      try (Restarted loader = new Restarted(own.toArray(URL[]::new), before)) {
        thread.setContextClassLoader(loader);
        Class<?> once = loader.loadClass(Once.class.getName());
        assertThat(once).isNotEqualTo(Once.class);
        var constructor = once.getDeclaredConstructor(String.class);
        constructor.setAccessible(true);
        seen.add((Integer) ((Callable<?>) constructor.newInstance(file)).call());
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    assertThat(seen).containsExactly(1, 2);
  }

  @Test
  void standsBesideAnother() {
    String file = folder.resolve("usage.db").toString();
    try (ConfigurableApplicationContext one = started(file, "one").run();
        ConfigurableApplicationContext two = started(file, "two").run()) {
      asked(one);

      assertThat(asked(two)).isEqualTo(2);
      assertThat(two.getBean(LlmAccounting.class).limits().list())
          .extracting(limit -> limit.name())
          .containsExactlyInAnyOrder("one", "two");
    }
  }

  @Test
  void isThatOfTheParentInAChild() {
    String file = folder.resolve("usage.db").toString();
    SpringApplicationBuilder parent = started(file, "parent");
    try (ConfigurableApplicationContext child =
        parent.child(Configuration.class).web(WebApplicationType.NONE).run()) {
      assertThat(asked(child)).isEqualTo(1);
      assertThat(child.getBean(LlmAccounting.class))
          .isSameAs(child.getParent().getBean(LlmAccounting.class));
    }
  }

  /** A loader that looks into its own classes first. */
  private static final class Restarted extends URLClassLoader {
    Restarted(URL[] own, ClassLoader parent) {
      super(own, parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known == null && isOwn(name)) {
          known = findClass(name);
        }
        return known == null ? super.loadClass(name, resolve) : known;
      }
    }

    // the starter itself is a library where its tests are repeated
    private boolean isOwn(String name) {
      return name.startsWith("io.llmaccounting.spring.")
          && findResource(name.replace('.', '/') + ".class") != null;
    }
  }
}
