package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.context.ApplicationListener;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

class HeadStartTest {
  private static final String LIBRARY = "org.sqlite.SQLiteJDBCLoader";

  @Test
  void isFoundByTheApplication() {
    assertThat(
            SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
                .load(ApplicationListener.class))
        .anyMatch(HeadStart.class::isInstance);
  }

  @Test
  void loadsTheLibraryAndOpensNoFile() {
    Asked asked = new Asked(getClass().getClassLoader());

    HeadStart.load(withSqlite(), asked);

    assertThat(asked.names).contains(LIBRARY);
    assertThat(Path.of("nowhere.db")).doesNotExist();
  }

  @Test
  void leavesTheLibraryWhereItIsNotUsed() {
    Asked asked = new Asked(getClass().getClassLoader());

    HeadStart.load(new MockEnvironment(), asked);

    assertThat(asked.names).doesNotContain(LIBRARY);
  }

  @Test
  void leavesOutWhatIsNotThere() {
    Asked asked = new Asked(new FilteredClassLoader("org.sqlite"));

    HeadStart.load(withSqlite(), asked);

    assertThat(asked.names).contains(LIBRARY);
  }

  private static MockEnvironment withSqlite() {
    return new MockEnvironment().withProperty("llm.accounting.sqlite.path", "nowhere.db");
  }

  /** Remembers which classes it was asked for. */
  private static final class Asked extends ClassLoader {
    private final List<String> names = new ArrayList<>();

    Asked(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      names.add(name);
      return super.loadClass(name, resolve);
    }
  }
}
