package io.llmaccounting.examples.shop;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers questions by a model. Nothing here knows LLM Accounting: the starter and {@code
 * application.yaml} do the rest.
 */
@SpringBootApplication
public class Shop {
  /** Starts the application. */
  public static void main(String[] arguments) {
    SpringApplication.run(Shop.class, arguments);
  }

  /** The model that is asked. */
  @Bean
  OpenAiChatModel model(
      @Value("${provider}") String provider, @Value("${OPENAI_API_KEY:none}") String key) {
    return OpenAiChatModel.builder()
        .baseUrl(provider)
        .apiKey(key)
        .modelName("gpt-5-mini")
        .build();
  }

  /** What clients may ask. */
  @RestController
  static class Questions {
    private final ChatModel model;

    Questions(ChatModel model) {
      this.model = model;
    }

    @GetMapping("/ask")
    String ask(@RequestParam("question") String question) {
      return model.chat(question);
    }
  }
}
