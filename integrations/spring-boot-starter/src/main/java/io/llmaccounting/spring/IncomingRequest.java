package io.llmaccounting.spring;

import java.security.Principal;
import java.util.List;
import java.util.Optional;

/** A request to the application, before it is handled; of a servlet's server or a reactive one. */
public interface IncomingRequest {
  /** Who was authenticated; empty where nobody was. */
  Optional<Principal> principal();

  /** All values of a header, in their order; empty where the request does not have it. */
  List<String> header(String name);

  /** The path of the request, with the application's own. */
  String path();

  /**
   * The request as the server knows it.
   *
   * @param type {@code HttpServletRequest}, or {@code ServerWebExchange}
   * @return empty where it is none of this type
   */
  <T> Optional<T> as(Class<T> type);
}
