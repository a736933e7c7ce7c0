package io.llmaccounting.server.wire;

import static io.llmaccounting.server.wire.JsonText.quoted;

import io.llmaccounting.server.wire.Refusal.Code;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A refusal in each provider's shape of errors. */
final class RefusalShapes {
  private RefusalShapes() {}

  static String body(Refusal refusal, Wire wire) {
    return body(refusal, wire, null);
  }

  static String body(Refusal refusal, Wire wire, @Nullable String requestId) {
    return switch (wire) {
      case OPENAI_CHAT, OPENAI_RESPONSES, OPENAI_OTHER, OTHER -> openAi(refusal);
      case ANTHROPIC -> anthropic(refusal, requestId);
      case GEMINI -> gemini(refusal);
      case BEDROCK, COHERE -> "{\"message\":" + quoted(refusal.message()) + "}";
      case OLLAMA -> "{\"error\":" + quoted(refusal.message()) + "}";
    };
  }

  private static String openAi(Refusal refusal) {
    return "{\"error\":{\"message\":%s,\"type\":\"%s\",\"param\":null,\"code\":\"%s\"}}"
        .formatted(quoted(refusal.message()), openAiType(refusal), refusal.code().word());
  }

  private static String openAiType(Refusal refusal) {
    if (refusal.code() == Code.INSUFFICIENT_QUOTA) {
      return "insufficient_quota";
    }
    return switch (refusal.status()) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> refusal.status() < 500 ? "invalid_request_error" : "server_error";
    };
  }

  private static String anthropic(Refusal refusal, @Nullable String requestId) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":%s},\"request_id\":%s}"
        .formatted(
            anthropicType(refusal),
            quoted(refusal.message()),
            requestId == null ? "null" : quoted(requestId));
  }

  static String anthropicType(Refusal refusal) {
    if (refusal.code() == Code.INSUFFICIENT_QUOTA) {
      return "billing_error";
    }
    return switch (refusal.status()) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> refusal.status() < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /** As Google's RPC errors; an SDK reads code, message and status, Gemini CLI the details. */
  private static String gemini(Refusal refusal) {
    StringBuilder details = new StringBuilder();
    details
        .append("{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"")
        .append(refusal.code().word().toUpperCase(Locale.ROOT))
        .append("\",\"domain\":\"llmaccounting.io\"}");
    if (refusal.retryAfter() != null && !refusal.terminal()) {
      details
          .append(",{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"")
          .append(Refusal.retryAfterSeconds(refusal.retryAfter()))
          .append("s\"}");
    }
    return "{\"error\":{\"code\":%d,\"message\":%s,\"status\":\"%s\",\"details\":[%s]}}"
        .formatted(
            refusal.status(), quoted(refusal.message()), googleStatus(refusal.status()), details);
  }

  private static String googleStatus(int status) {
    return switch (status) {
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 500 -> "INTERNAL";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> status < 500 ? "INVALID_ARGUMENT" : "UNAVAILABLE";
    };
  }

  /**
   * The exception that Amazon's SDKs throw. They ask again after any 429, however it is called, and
   * know of no header that forbids it.
   */
  static String amazonType(Refusal refusal) {
    if (refusal.code() == Code.INSUFFICIENT_QUOTA) {
      return "ServiceQuotaExceededException";
    }
    return switch (refusal.status()) {
      case 401, 403 -> "AccessDeniedException";
      case 404 -> "ResourceNotFoundException";
      case 429 -> "ThrottlingException";
      case 500 -> "InternalServerException";
      case 504 -> "ModelTimeoutException";
      default -> refusal.status() < 500 ? "ValidationException" : "ServiceUnavailableException";
    };
  }
}
