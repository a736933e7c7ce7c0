package io.llmaccounting.spring;

import io.llmaccounting.tap.internal.PersonName;
import io.llmaccounting.usage.Attribution;
import java.security.Principal;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Attributes to the principal, and to the headers that the properties name. */
final class ConfiguredAttribution implements RequestAttribution {
  private final LlmAccountingProperties.Web properties;

  ConfiguredAttribution(LlmAccountingProperties.Web properties) {
    this.properties = properties;
  }

  @Override
  public Attribution of(IncomingRequest request) {
    LlmAccountingProperties.Headers headers = properties.headers();
    Attribution said = Attribution.NONE;
    said = add(said, request, headers.project(), Attribution::withProject);
    said = add(said, request, headers.user(), Attribution::withUser);
    said = add(said, request, headers.caller(), Attribution::withCaller);
    said = add(said, request, headers.session(), Attribution::withSession);
    String principal = request.principal().map(Principal::getName).map(PersonName::of).orElse(null);
    // who was authenticated is not overruled by what a client says
    return switch (principal == null
        ? LlmAccountingProperties.PrincipalIs.NOBODY
        : properties.principal()) {
      case USER -> said.withUser(principal);
      case CALLER -> said.withCaller(principal);
      case NOBODY -> said;
    };
  }

  private static Attribution add(
      Attribution said,
      IncomingRequest request,
      @Nullable String header,
      BiFunction<Attribution, String, Attribution> with) {
    if (header == null || header.isBlank()) {
      return said;
    }
    // of several, nobody knows which was said by whom
    Set<String> values = new LinkedHashSet<>(request.header(header));
    if (values.size() > 1) {
      throw new UnusableHeaderException(header, "it was given with several values");
    }
    try {
      return values.isEmpty() ? said : with.apply(said, values.iterator().next().strip());
    } catch (IllegalArgumentException e) {
      throw new UnusableHeaderException(header, String.valueOf(e.getMessage()));
    }
  }
}
