package io.llmaccounting.springai;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Accessors;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.usage.ModelAnswer;
import java.util.Objects;
import java.util.Optional;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImageOptions;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;

/**
 * An image model whose calls are metered, as {@link MeteredChatModel} does it. Few modules tell the
 * tokens of images: without them the record has an estimate. Safe for use by many threads if the
 * model that it decorates is.
 */
public final class MeteredImageModel implements ImageModel {
  private final ImageModel model;
  private final Asking asking;
  private final String module;

  private MeteredImageModel(ImageModel model, Tap tap) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.asking = new Asking(tap);
    this.module = Seller.module(model);
  }

  /** Meters {@code model} by {@code meter}. */
  public static ImageModel of(ImageModel model, CallMeter meter) {
    return of(model, Tap.of(meter));
  }

  /** Meters {@code model} as {@code tap} says, which can name the provider. */
  public static ImageModel of(ImageModel model, Tap tap) {
    return new MeteredImageModel(model, tap);
  }

  @Override
  public ImageResponse call(ImagePrompt prompt) {
    Optional<MeteredRequest> request = asking.request(() -> asked(prompt), false);
    return request.isEmpty()
        ? model.call(prompt)
        : asking.ask(
            request.get(),
            () -> model.call(prompt),
            (answer, isRead) -> ToldAnswer.whole(told(answer), null));
  }

  private CallRequest asked(ImagePrompt prompt) {
    ImageOptions options = prompt.getOptions();
    String named = options == null ? null : options.getModel();
    long characters =
        prompt.getInstructions().stream().map(ImageMessage::getText).mapToLong(Asked::length).sum();
    return Asked.of(
        named == null ? Models.named(model, ImageOptions.class) : named,
        module,
        "image_generation",
        characters);
  }

  private ModelAnswer told(ImageResponse response) {
    return Accessors.ask(response.getMetadata(), "getUsage") instanceof Usage usage
        ? new Figures(null, null, null).answer(usage, module)
        : ModelAnswer.withoutUsage();
  }

  @Override
  public String toString() {
    return "MeteredImageModel[" + model + "]";
  }
}
