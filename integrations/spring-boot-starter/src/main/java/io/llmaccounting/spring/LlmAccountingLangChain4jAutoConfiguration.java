package io.llmaccounting.spring;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.scoring.ScoringModel;
import io.llmaccounting.langchain4j.MeteredChatModel;
import io.llmaccounting.langchain4j.MeteredEmbeddingModel;
import io.llmaccounting.langchain4j.MeteredImageModel;
import io.llmaccounting.langchain4j.MeteredScoringModel;
import io.llmaccounting.langchain4j.MeteredStreamingChatModel;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Meters the models of LangChain4j among the beans, where accounting-langchain4j is there. */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnClass({MeteredChatModel.class, ChatModel.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.metering.enabled", matchIfMissing = true)
public class LlmAccountingLangChain4jAutoConfiguration {
  LlmAccountingLangChain4jAutoConfiguration() {}

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<ChatModel> llmAccountingChatModels() {
    return Meterable.telling(ChatModel.class, MeteredChatModel::of);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<StreamingChatModel> llmAccountingStreamingChatModels() {
    return Meterable.telling(StreamingChatModel.class, MeteredStreamingChatModel::of);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<EmbeddingModel> llmAccountingEmbeddingModels() {
    return Meterable.telling(EmbeddingModel.class, MeteredEmbeddingModel::of);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<ImageModel> llmAccountingImageModels() {
    return Meterable.named(ImageModel.class, MeteredImageModel::of);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static Meterable<ScoringModel> llmAccountingScoringModels() {
    return Meterable.named(ScoringModel.class, MeteredScoringModel::of);
  }

  /**
   * Where LangChain4j is older than what is built on: its models would fail when they are asked.
   */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("dev.langchain4j.model.chat.ChatRequestOptions")
  static class TooOld {
    TooOld() {
      throw new SettingException(
          LlmAccountingProperties.PREFIX + "metering.enabled",
          true,
          "needs LangChain4j 1.13 or newer, and an older one is on the class path: raise it, for"
              + " instance by importing dev.langchain4j:langchain4j-bom, or say false");
    }
  }
}
