package io.llmaccounting.jakarta;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an annotation and the parameters of one invocation say of a call. */
final class AnnotatedCall {
  private final TrackLlmUsage annotation;
  private final Map<LlmParam.Part, String> told = new EnumMap<>(LlmParam.Part.class);

  private AnnotatedCall(TrackLlmUsage annotation) {
    this.annotation = annotation;
  }

  /** Reads {@code parameters}, with which {@code method} is about to be called. */
  static AnnotatedCall of(
      TrackLlmUsage annotation, Method method, @Nullable Object @Nullable [] parameters) {
    AnnotatedCall call = new AnnotatedCall(annotation);
    if (parameters != null) {
      Annotation[][] annotations = method.getParameterAnnotations();
      for (int i = 0; i < annotations.length && i < parameters.length; i++) {
        call.tell(annotations[i], parameters[i]);
      }
    }
    return call;
  }

  private void tell(Annotation[] annotations, @Nullable Object value) {
    for (Annotation one : annotations) {
      if (one instanceof LlmParam param && value != null) {
        told.put(param.value(), value.toString());
      }
    }
  }

  private @Nullable String text(LlmParam.Part part, String otherwise) {
    String text = told.getOrDefault(part, "");
    String said = text.isBlank() ? otherwise : text;
    return said.isBlank() ? null : said.strip();
  }

  /** Who calls, as far as it is said here. */
  Attribution attribution() {
    return Attribution.NONE
        .withProject(text(LlmParam.Part.PROJECT, annotation.project()))
        .withUser(text(LlmParam.Part.USER, annotation.user()))
        .withCaller(text(LlmParam.Part.CALLER, annotation.caller()))
        .withSession(text(LlmParam.Part.SESSION, annotation.session()));
  }

  /** The call that {@code who} makes; empty if no model is named. */
  Optional<CallRequest> request(Attribution who) {
    String model = text(LlmParam.Part.MODEL, annotation.model());
    if (model == null) {
      return Optional.empty();
    }
    CallRequest request = CallRequest.to(model).attribution(who);
    String provider = text(LlmParam.Part.PROVIDER, annotation.provider());
    if (provider != null) {
      request = request.provider(provider);
    }
    if (!annotation.operation().isBlank()) {
      request = request.operation(annotation.operation());
    }
    if (annotation.inputTokens() >= 0) {
      request = request.inputTokens(annotation.inputTokens());
    }
    if (annotation.maxOutputTokens() >= 0) {
      request = request.maxOutputTokens(annotation.maxOutputTokens());
    }
    return Optional.of(request);
  }
}
