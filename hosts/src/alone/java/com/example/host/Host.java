package com.example.host;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Somebody's application: it has a database and a cache of its own, and was written without LLM
 * Accounting. It prints its beans and its tables, and once more its tables after the class that is
 * named by its first argument did its work.
 */
@SpringBootApplication
@EnableCaching
public class Host {
  public static void main(String[] arguments) throws Exception {
    try (ConfigurableApplicationContext context = SpringApplication.run(Host.class, arguments)) {
      for (String name : new TreeSet<>(Arrays.asList(context.getBeanDefinitionNames()))) {
        System.out.println("bean " + name + " " + type(context, name));
      }
      DataSource source = context.getBean(DataSource.class);
      tables("table", source);
      if (!arguments[0].equals("alone")) {
        Class.forName(arguments[0])
            .getMethod("use", DataSource.class, String.class)
            .invoke(null, source, arguments[1]);
        tables("afterwards", source);
      }
    }
    System.out.println("ended");
  }

  private static String type(ConfigurableApplicationContext context, String name) {
    Class<?> type = context.getType(name);
    return type == null ? "none" : type.getName().replaceAll("\\$\\$.*|/0x.*", "");
  }

  private static void tables(String word, DataSource source) throws SQLException {
    TreeSet<String> found = new TreeSet<>();
    try (Connection connection = source.getConnection();
        ResultSet rows =
            connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
      while (rows.next()) {
        found.add(rows.getString("TABLE_SCHEM") + "." + rows.getString("TABLE_NAME"));
      }
    }
    found.forEach(table -> System.out.println(word + " " + table));
  }
}
