package io.llmaccounting.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Asking;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An image model whose calls are metered, as {@link MeteredChatModel} does it. Its type does not
 * tell the name of the model, so that is given here. Few modules tell the tokens of images: below
 * the others, let {@link TellingHttp} read the answer, or the record has an estimate. Safe for use
 * by many threads if the model that it decorates is.
 */
public final class MeteredImageModel implements ImageModel {
  private final ImageModel model;
  private final String name;
  private final Asking asking;

  private MeteredImageModel(ImageModel model, String name, Tap tap) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.name = CallRequest.to(name).model();
    this.asking = new Asking(tap);
  }

  /**
   * Meters {@code model}.
   *
   * @param name the name of the model, for instance {@code gpt-image-1}
   * @throws IllegalArgumentException if it is blank, has blanks around it, or exceeds 255 bytes
   */
  public static ImageModel of(ImageModel model, String name, CallMeter meter) {
    return of(model, name, Tap.of(meter));
  }

  /**
   * Meters {@code model} as {@code tap} says, which can name the provider.
   *
   * @throws IllegalArgumentException if the name is blank, has blanks around it, or exceeds 255
   *     bytes
   */
  public static ImageModel of(ImageModel model, String name, Tap tap) {
    return new MeteredImageModel(model, name, tap);
  }

  @Override
  public Response<Image> generate(String prompt) {
    return metered(prompt, () -> model.generate(prompt));
  }

  @Override
  public Response<List<Image>> generate(String prompt, int n) {
    return metered(prompt, () -> model.generate(prompt, n));
  }

  @Override
  public Response<Image> edit(Image image, String prompt) {
    return metered(prompt, () -> model.edit(image, prompt));
  }

  @Override
  public Response<Image> edit(Image image, Image mask, String prompt) {
    return metered(prompt, () -> model.edit(image, mask, prompt));
  }

  private <T> Response<T> metered(String prompt, Supplier<Response<T>> ask) {
    long characters = prompt == null ? 0 : prompt.length();
    Optional<MeteredRequest> metered =
        asking.request(() -> Asked.of(name, null, "image_generation", characters), false);
    return metered.isEmpty()
        ? ask.get()
        : asking.ask(
            metered.get(), ask, (answer, isRead) -> Texts.summed(answer.tokenUsage(), null));
  }
}
