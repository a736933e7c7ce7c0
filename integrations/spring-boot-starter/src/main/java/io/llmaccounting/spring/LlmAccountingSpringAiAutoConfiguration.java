package io.llmaccounting.spring;

import io.llmaccounting.springai.MeteredChatModel;
import io.llmaccounting.springai.MeteredEmbeddingModel;
import io.llmaccounting.springai.MeteredImageModel;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.image.ImageModel;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** Meters the models of Spring AI among the beans, where accounting-spring-ai is there. */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnClass({MeteredChatModel.class, ChatModel.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.metering.enabled", matchIfMissing = true)
public class LlmAccountingSpringAiAutoConfiguration {
  LlmAccountingSpringAiAutoConfiguration() {}

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<ChatModel> llmAccountingSpringAiChatModels() {
    return Meterable.telling(ChatModel.class, MeteredChatModel::of);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<EmbeddingModel> llmAccountingSpringAiEmbeddingModels() {
    return Meterable.telling(EmbeddingModel.class, MeteredEmbeddingModel::of);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<ImageModel> llmAccountingSpringAiImageModels() {
    return Meterable.telling(ImageModel.class, MeteredImageModel::of);
  }
}
