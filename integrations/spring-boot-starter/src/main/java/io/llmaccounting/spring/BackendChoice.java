package io.llmaccounting.spring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.util.ClassUtils;

/** Chooses where usage is kept, by the properties and by what is there. */
final class BackendChoice {
  private static final Logger LOG = LoggerFactory.getLogger(BackendChoice.class);
  private static final String BACKEND = LlmAccountingProperties.PREFIX + "backend";
  private static final String DATA_SOURCE = LlmAccountingProperties.PREFIX + "postgres.data-source";
  private static final String POOL_SIZE = LlmAccountingProperties.PREFIX + "postgres.pool-size";
  private static final String OWN_POOL = "llmAccountingConnections";
  private static final String OPENING = "llmAccountingOpening";
  private static final String PATH = LlmAccountingProperties.PREFIX + "sqlite.path";

  private static final int LEAST_CONNECTIONS = 2;
  private static final int MOST_CONNECTIONS = 256;

  private final LlmAccountingProperties properties;
  private final ConfigurableListableBeanFactory beans;
  private final JdbcUrls urls;
  private final String accounting;

  /**
   * A choice for a bean.
   *
   * @param accounting the name of the bean that uses what is chosen, and is to be closed before it
   */
  BackendChoice(
      LlmAccountingProperties properties,
      ConfigurableListableBeanFactory beans,
      JdbcUrls urls,
      String accounting) {
    this.properties = properties;
    this.beans = beans;
    this.urls = urls;
    this.accounting = accounting;
  }

  /** How to open what is chosen. */
  BackendOpener choose() {
    return switch (properties.backend()) {
      case POSTGRESQL -> postgres(required(primary(named())));
      case SQLITE -> sqlite(requiredPath());
      case MEMORY -> memory();
      case AUTO -> byWhatIsThere();
    };
  }

  private BackendOpener byWhatIsThere() {
    String path = properties.sqlite().path();
    if (isPresent("io.llmaccounting.postgres.PostgresBackend")) {
      // where it cannot be told what a DataSource leads to, a path says more
      List<String> found = named().stream().filter(name -> isPostgres(name, path == null)).toList();
      if (!found.isEmpty()) {
        return postgres(required(primary(found)));
      }
    }
    if (path != null) {
      return sqlite(path);
    }
    if (isPresent("io.llmaccounting.testkit.InMemoryBackend")) {
      return memory();
    }
    throw new SettingException(
        BACKEND,
        null,
        "there is no place to keep usage in: add accounting-postgres and a DataSource that leads to"
            + " PostgreSQL, or accounting-sqlite and "
            + PATH
            + ", or for tests accounting-testkit");
  }

  private boolean isPostgres(String name, boolean ifUnknown) {
    String url = urls.of(beans.getBean(name, DataSource.class));
    return url == null ? ifUnknown : url.contains(":postgresql:");
  }

  private List<String> named() {
    String named = properties.postgres().dataSource();
    if (named != null) {
      requireBean(named);
      return List.of(named);
    }
    List<String> names = new ArrayList<>(Arrays.asList(candidates()));
    names.removeIf(name -> !mayBeInjected(name));
    return names;
  }

  private List<String> primary(List<String> names) {
    List<String> primary = names.stream().filter(this::isPrimary).toList();
    return primary.size() == 1 ? primary : names;
  }

  private String[] candidates() {
    return beans.getBeanNamesForType(DataSource.class);
  }

  private boolean mayBeInjected(String name) {
    BeanDefinition definition = definition(name);
    return definition == null || definition.isAutowireCandidate();
  }

  private boolean isPrimary(String name) {
    BeanDefinition definition = definition(name);
    return definition != null && definition.isPrimary();
  }

  private @Nullable BeanDefinition definition(String name) {
    return beans.containsBeanDefinition(name) ? beans.getMergedBeanDefinition(name) : null;
  }

  private String required(List<String> names) {
    if (names.size() == 1) {
      return names.get(0);
    }
    if (names.isEmpty()) {
      throw new SettingException(
          BACKEND, properties.backend(), "there is no bean of type DataSource to keep usage in");
    }
    throw new SettingException(
        DATA_SOURCE,
        null,
        "several DataSources could keep usage, so it must name one of "
            + String.join(", ", names)
            + "; or make one of them @Primary");
  }

  private void requireBean(String name) {
    if (!beans.containsBean(name)) {
      throw new SettingException(
          DATA_SOURCE,
          name,
          "there is no bean of this name; of type DataSource are there: "
              + String.join(", ", candidates()));
    }
  }

  private String requiredPath() {
    String path = properties.sqlite().path();
    if (path == null || path.isBlank()) {
      throw new SettingException(PATH, path, "must name the file to keep usage in");
    }
    return path;
  }

  private BackendOpener postgres(String name) {
    requirePresent("io.llmaccounting.postgres.PostgresBackend", "accounting-postgres");
    Reach reach = new Reach();
    DataSource service = reach.through(pooled(used(name), reach));
    String ownerName = properties.postgres().ownerDataSource();
    DataSource owner = ownerName == null ? null : reach.through(used(ownerName));
    LOG.info(
        "Usage of models is kept in the schema {} of the DataSource {}",
        properties.postgres().schema(),
        name);
    PatientOpening opening =
        new PatientOpening(PostgresOpening.of(service, owner, properties.postgres()), reach);
    isClosedAfterTheAccounting(OPENING, opening);
    return opening;
  }

  private DataSource pooled(DataSource application, Reach reach) {
    int most = properties.postgres().poolSize();
    if (most == 0 || !isPresent("com.zaxxer.hikari.HikariDataSource")) {
      return application;
    }
    if (most < LEAST_CONNECTIONS || most > MOST_CONNECTIONS) {
      throw new SettingException(
          POOL_SIZE, most, "must be from 2 to 256, or 0 for none of its own");
    }
    Optional<DataSource> own = OwnConnections.beside(application, most, reach);
    own.ifPresent(
        pool -> isClosedAfterTheAccounting(OWN_POOL, () -> OwnConnections.close(pool, reach)));
    return own.orElse(application);
  }

  // no bean: an application that has one DataSource still has one
  private void isClosedAfterTheAccounting(String name, AutoCloseable closed) {
    ((DefaultSingletonBeanRegistry) beans).registerDisposableBean(name, closed::close);
    beans.registerDependentBean(name, accounting);
  }

  private DataSource used(String name) {
    beans.registerDependentBean(name, accounting);
    return beans.getBean(name, DataSource.class);
  }

  private BackendOpener sqlite(String path) {
    requirePresent("io.llmaccounting.sqlite.SqliteBackend", "accounting-sqlite");
    LOG.info("Usage of models is kept in the SQLite file {}", path);
    return SqliteOpening.of(path, properties.sqlite());
  }

  private BackendOpener memory() {
    requirePresent("io.llmaccounting.testkit.InMemoryBackend", "accounting-testkit");
    LOG.warn("Usage of models is kept in memory only, and lost when the process ends");
    return MemoryOpening.OPENER;
  }

  private void requirePresent(String type, String artifact) {
    if (!isPresent(type)) {
      throw new SettingException(
          BACKEND, properties.backend(), "needs " + artifact + " on the class path");
    }
  }

  private boolean isPresent(String type) {
    return ClassUtils.isPresent(type, beans.getBeanClassLoader());
  }
}
