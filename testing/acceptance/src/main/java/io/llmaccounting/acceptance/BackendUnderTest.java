package io.llmaccounting.acceptance;

import java.util.List;
import java.util.ServiceLoader;

/**
 * A backend that the suites run on. A module that runs them has one, or several, among its tests
 * and names them in {@code META-INF/services}.
 */
public interface BackendUnderTest {
  /** The system property that chooses one of several by its name; the first without it. */
  String CHOICE = "llm.accounting.test.backend";

  /** What it is chosen by. */
  String name();

  /** Storage for one test, empty. */
  StorageUnderTest create();

  /** The one that the suites run on; fails where there is none of that name. */
  static BackendUnderTest chosen() {
    List<BackendUnderTest> all =
        ServiceLoader.load(BackendUnderTest.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    String choice = System.getProperty(CHOICE);
    return all.stream()
        .filter(one -> choice == null || one.name().equals(choice))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no backend %s among %s; name one in META-INF/services/%s"
                        .formatted(
                            choice,
                            all.stream().map(BackendUnderTest::name).toList(),
                            BackendUnderTest.class.getName())));
  }
}
