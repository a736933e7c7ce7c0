package com.example.start;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Somebody's web application, with a database of its own where one is named, which says what its
 * start took once it is ready, and ends.
 */
@SpringBootApplication
@RestController
public class StartedHost {
  private final ObjectProvider<DataSource> database;

  StartedHost(ObjectProvider<DataSource> database) throws SQLException {
    this.database = database;
    asksItsDatabase();
  }

  public static void main(String[] arguments) {
    try (ConfigurableApplicationContext context =
        SpringApplication.run(StartedHost.class, arguments)) {
      System.out.println("ended");
    }
  }

  @GetMapping("/")
  String greeting() {
    return "hello";
  }

  /**
   * The processor time is that of all threads, those of compilers and collector included, and that
   * of the thread that starts alone, which is what a start takes where there is no other work.
   */
  @EventListener
  void isReady(ApplicationReadyEvent event) {
    long now = System.currentTimeMillis();
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    System.out.printf(
        "ready wall=%d thread=%d processor=%d classes=%d%n",
        now - ManagementFactory.getRuntimeMXBean().getStartTime(),
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000,
        system.getProcessCpuTime() / 1_000_000,
        ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
  }

  private void asksItsDatabase() throws SQLException {
    DataSource source = database.getIfAvailable();
    if (source != null) {
      try (Connection connection = source.getConnection()) {
        connection.createStatement().execute("SELECT 1");
      }
    }
  }
}
