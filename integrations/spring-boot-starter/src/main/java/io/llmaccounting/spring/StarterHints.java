package io.llmaccounting.spring;

import io.llmaccounting.spring.internal.Metered;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.Advised;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.core.DecoratingProxy;
import org.springframework.util.ClassUtils;

/**
 * What a native image has to keep for the starter: stand-ins of models, and URLs of DataSources.
 */
final class StarterHints implements RuntimeHintsRegistrar {
  private static final List<String> MODELS =
      List.of(
          "dev.langchain4j.model.chat.ChatModel",
          "dev.langchain4j.model.chat.StreamingChatModel",
          "dev.langchain4j.model.embedding.EmbeddingModel",
          "dev.langchain4j.model.image.ImageModel",
          "dev.langchain4j.model.scoring.ScoringModel",
          "org.springframework.ai.chat.model.ChatModel",
          "org.springframework.ai.embedding.EmbeddingModel",
          "org.springframework.ai.image.ImageModel");
  private static final List<String> DATA_SOURCES =
      List.of(
          "com.zaxxer.hikari.HikariConfig",
          "org.postgresql.ds.common.BaseDataSource",
          "org.apache.tomcat.jdbc.pool.DataSourceProxy",
          "org.apache.commons.dbcp2.BasicDataSource",
          "org.springframework.jdbc.datasource.DelegatingDataSource");

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
    for (String model : MODELS) {
      if (ClassUtils.isPresent(model, loader)) {
        hints
            .proxies()
            .registerJdkProxy(
                TypeReference.of(model),
                TypeReference.of(Metered.class),
                TypeReference.of(SpringProxy.class),
                TypeReference.of(Advised.class),
                TypeReference.of(DecoratingProxy.class));
        hints
            .reflection()
            .registerType(TypeReference.of(model), MemberCategory.INVOKE_PUBLIC_METHODS);
      }
    }
    hints.proxies().registerJdkProxy(DataSource.class);
    for (String source : DATA_SOURCES) {
      if (ClassUtils.isPresent(source, loader)) {
        hints
            .reflection()
            .registerType(TypeReference.of(source), MemberCategory.INVOKE_PUBLIC_METHODS);
      }
    }
  }
}
