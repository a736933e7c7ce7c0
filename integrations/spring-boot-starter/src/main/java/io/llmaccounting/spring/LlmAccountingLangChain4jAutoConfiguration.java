package io.llmaccounting.spring;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.llmaccounting.langchain4j.MeteredChatModel;
import io.llmaccounting.langchain4j.MeteredEmbeddingModel;
import io.llmaccounting.langchain4j.MeteredStreamingChatModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Meters the models of LangChain4j among the beans, where accounting-langchain4j is there. */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnClass({MeteredChatModel.class, ChatModel.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.metering.enabled", matchIfMissing = true)
public class LlmAccountingLangChain4jAutoConfiguration {
  LlmAccountingLangChain4jAutoConfiguration() {}

  @Bean
  static Meterable<ChatModel> llmAccountingChatModels() {
    return new Meterable<>(ChatModel.class, MeteredChatModel::of);
  }

  @Bean
  static Meterable<StreamingChatModel> llmAccountingStreamingChatModels() {
    return new Meterable<>(StreamingChatModel.class, MeteredStreamingChatModel::of);
  }

  @Bean
  static Meterable<EmbeddingModel> llmAccountingEmbeddingModels() {
    return new Meterable<>(EmbeddingModel.class, MeteredEmbeddingModel::of);
  }
}
