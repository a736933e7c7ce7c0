package io.llmaccounting.spring;

import io.llmaccounting.springai.MeteredChatModel;
import io.llmaccounting.springai.MeteredEmbeddingModel;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Meters the models of Spring AI among the beans, where accounting-spring-ai is there. */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnClass({MeteredChatModel.class, ChatModel.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.metering.enabled", matchIfMissing = true)
public class LlmAccountingSpringAiAutoConfiguration {
  LlmAccountingSpringAiAutoConfiguration() {}

  @Bean
  static Meterable<ChatModel> llmAccountingSpringAiChatModels() {
    return new Meterable<>(ChatModel.class, MeteredChatModel::of);
  }

  @Bean
  static Meterable<EmbeddingModel> llmAccountingSpringAiEmbeddingModels() {
    return new Meterable<>(EmbeddingModel.class, MeteredEmbeddingModel::of);
  }
}
