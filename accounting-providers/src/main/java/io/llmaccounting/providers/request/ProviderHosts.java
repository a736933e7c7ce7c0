package io.llmaccounting.providers.request;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells which provider a host belongs to, by OpenTelemetry's name. */
final class ProviderHosts {
  private static final Map<String, String> BY_DOMAIN =
      Map.ofEntries(
          Map.entry("api.openai.com", "openai"),
          Map.entry("openai.azure.com", "azure.ai.openai"),
          Map.entry("cognitiveservices.azure.com", "azure.ai.openai"),
          Map.entry("services.ai.azure.com", "azure.ai.inference"),
          Map.entry("models.ai.azure.com", "azure.ai.inference"),
          Map.entry("models.inference.ai.azure.com", "azure.ai.inference"),
          Map.entry("api.anthropic.com", "anthropic"),
          Map.entry("generativelanguage.googleapis.com", "gcp.gemini"),
          Map.entry("aiplatform.googleapis.com", "gcp.vertex_ai"),
          Map.entry("api.mistral.ai", "mistral_ai"),
          Map.entry("codestral.mistral.ai", "mistral_ai"),
          Map.entry("api.cohere.com", "cohere"),
          Map.entry("api.cohere.ai", "cohere"),
          Map.entry("api.deepseek.com", "deepseek"),
          Map.entry("api.x.ai", "x_ai"),
          Map.entry("openrouter.ai", "openrouter"),
          Map.entry("api.groq.com", "groq"),
          Map.entry("api.together.xyz", "together_ai"),
          Map.entry("api.together.ai", "together_ai"),
          Map.entry("api.fireworks.ai", "fireworks_ai"),
          Map.entry("api.perplexity.ai", "perplexity"),
          Map.entry("api.moonshot.ai", "moonshot_ai"),
          Map.entry("api.moonshot.cn", "moonshot_ai"),
          Map.entry("dashscope.aliyuncs.com", "alibaba_cloud"),
          Map.entry("dashscope-intl.aliyuncs.com", "alibaba_cloud"),
          Map.entry("dashscope-us.aliyuncs.com", "alibaba_cloud"),
          Map.entry("maas.aliyuncs.com", "alibaba_cloud"),
          Map.entry("open.bigmodel.cn", "zhipu_ai"),
          Map.entry("api.z.ai", "zhipu_ai"),
          Map.entry("api.minimax.io", "minimax"),
          Map.entry("api.voyageai.com", "voyage_ai"),
          Map.entry("api.jina.ai", "jina_ai"),
          Map.entry("router.huggingface.co", "hugging_face"));

  private static final Pattern BEDROCK =
      Pattern.compile("bedrock-runtime(-fips)?\\.[a-z0-9-]+\\.(amazonaws\\.com(\\.cn)?|api\\.aws)");

  private static final Pattern VERTEX = Pattern.compile("[a-z0-9-]+-aiplatform\\.googleapis\\.com");

  private static final int LONGEST = 255;

  private ProviderHosts() {}

  /** The provider that answers at {@code host}; null where none is known. */
  static @Nullable String providerAt(@Nullable String host) {
    if (host == null || host.length() > LONGEST) {
      return null;
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (BEDROCK.matcher(name).matches()) {
      return "aws.bedrock";
    }
    if (VERTEX.matcher(name).matches()) {
      return "gcp.vertex_ai";
    }
    for (String domain = name; !domain.isEmpty(); domain = parentOf(domain)) {
      String provider = BY_DOMAIN.get(domain);
      if (provider != null) {
        return provider;
      }
    }
    return null;
  }

  private static String parentOf(String domain) {
    int dot = domain.indexOf('.');
    return dot < 0 ? "" : domain.substring(dot + 1);
  }
}
