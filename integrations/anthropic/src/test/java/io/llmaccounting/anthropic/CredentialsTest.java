package io.llmaccounting.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.config.AuthenticationConfig;
import com.anthropic.config.AuthenticationType;
import com.anthropic.config.IdentityTokenConfig;
import com.anthropic.config.InMemoryProfileConfigProvider;
import com.anthropic.config.ProfileConfig;
import com.anthropic.models.messages.Message;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.tap.fake.SentRequest;
import io.llmaccounting.usage.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that the SDK fetches, and fetches anew when they are refused. */
class CredentialsTest extends Scene {
  @TempDir Path folder;
  private final AtomicInteger tokens = new AtomicInteger();

  @Test
  void aCallWhoseTokenIsRefusedAndFetchedAnewIsOneRecord() throws Exception {
    provider.answeringAll(this::answer);
    AnthropicClient fetching =
        AnthropicOkHttpClient.builder()
            .configurationProvider(InMemoryProfileConfigProvider.of(profile()))
            .baseUrl(provider.uri().toString())
            .maxRetries(0)
            .build();

    Message unused =
        MeteredAnthropic.of(fetching, accounting).messages().create(question().build());

    assertThat(tokens).hasValue(2);
    assertThat(provider.requests())
        .filteredOn(request -> request.path().endsWith("/messages"))
        .extracting(request -> request.headers().get("authorization"))
        .containsExactly("Bearer token-1", "Bearer token-2");
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    fetching.close();
  }

  private FakeAnswer answer(SentRequest request) {
    if (request.path().endsWith("/oauth/token")) {
      return FakeAnswer.json(
          "{\"access_token\":\"token-%d\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
              .formatted(tokens.incrementAndGet()));
    }
    return "Bearer token-1".equals(request.headers().get("authorization"))
        ? FakeAnswer.error(401)
        : ProviderShape.ANTHROPIC_MESSAGES.answer();
  }

  private ProfileConfig profile() throws Exception {
    Path identity = Files.writeString(folder.resolve("identity"), "who.runs.this");
    return ProfileConfig.builder()
        .organizationId("org")
        .authentication(
            AuthenticationConfig.builder()
                .type(AuthenticationType.OIDC_FEDERATION)
                .federationRuleId("fdrl_1")
                .identityToken(
                    IdentityTokenConfig.builder().source("file").path(identity.toString()).build())
                .build())
        .build();
  }
}
