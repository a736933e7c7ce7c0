package io.llmaccounting.spring;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.core.env.Environment;

/** Tells where a DataSource leads without asking it for a connection: its database may be away. */
final class JdbcUrls {
  private static final String[] NAMES = {"jdbcUrl", "url", "URL"};

  private final Environment environment;

  JdbcUrls(Environment environment) {
    this.environment = environment;
  }

  /** The URL; null where nobody says it. */
  @Nullable String of(DataSource source) {
    String own = own(source);
    return own != null ? own : environment.getProperty("spring.datasource.url");
  }

  private static @Nullable String own(Object source) {
    Object target = AopProxyUtils.getSingletonTarget(source);
    BeanWrapper bean =
        PropertyAccessorFactory.forBeanPropertyAccess(target == null ? source : target);
    for (String name : NAMES) {
      if (read(bean, name) instanceof String url) {
        return url;
      }
    }
    return read(bean, "targetDataSource") instanceof DataSource inner ? own(inner) : null;
  }

  private static @Nullable Object read(BeanWrapper bean, String name) {
    try {
      return bean.isReadableProperty(name) ? bean.getPropertyValue(name) : null;
    } catch (BeansException e) {
      return null;
    }
  }
}
