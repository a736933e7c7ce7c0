package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import io.llmaccounting.LlmAccounting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Models of LangChain4j whose answers do not tell which model it was. */
class NamedModelsTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  LlmAccountingAutoConfiguration.class,
                  LlmAccountingLangChain4jAutoConfiguration.class));

  /** Scores everything alike. */
  static class Reranker implements ScoringModel {
    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
      return Response.from(List.of(0.5), new TokenUsage(9));
    }
  }

  /** Says what it is called, as that of OpenAI does. */
  public static class Painter implements ImageModel {
    public String modelName() {
      return "painter-1";
    }

    @Override
    public Response<Image> generate(String prompt) {
      return Response.from(Image.builder().url("http://localhost/1").build());
    }
  }

  @Test
  void areMeteredUnderTheNameOfTheProperty() {
    runner
        .withBean("reranker", Reranker.class)
        .withPropertyValues("llm.accounting.metering.model-names.reranker=rerank-v3.5")
        .run(
            context -> {
              Response<Double> unused = context.getBean(ScoringModel.class).score("text", "query");

              assertThat(context.getBean(LlmAccounting.class).tail())
                  .singleElement()
                  .satisfies(
                      call -> {
                        assertThat(call.usage().model()).isEqualTo("rerank-v3.5");
                        assertThat(call.usage().tokens().input()).isEqualTo(9);
                      });
            });
  }

  @Test
  void areMeteredUnderTheNameThatTheyTellThemselves() {
    runner
        .withBean("painter", Painter.class)
        .run(
            context -> {
              Response<Image> unused = context.getBean(Painter.class).generate("a cat");

              assertThat(context.getBean(LlmAccounting.class).tail())
                  .singleElement()
                  .satisfies(call -> assertThat(call.usage().model()).isEqualTo("painter-1"));
            });
  }

  @Test
  void ofOpenAiTellTheirName() {
    OpenAiImageModel model =
        OpenAiImageModel.builder().apiKey("none").modelName("gpt-image-1").build();

    assertThat(new ModelNames(java.util.Map.of()).of(model, "image")).isEqualTo("gpt-image-1");
  }

  @Test
  void areLeftAloneWhereNobodySaysTheirName() {
    runner
        .withBean("reranker", Reranker.class)
        .run(
            context ->
                assertThat(AopUtils.isAopProxy(context.getBean(ScoringModel.class))).isFalse());
  }
}
