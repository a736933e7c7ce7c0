package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may ask what, on every route of the contract. */
class AccessTest extends RestTest {
  private final Contract contract = Contract.load();

  private static String path(Operation operation) {
    return operation.path().replaceAll("\\{[^}]*}", "x");
  }

  @Test
  void withoutAKeyEveryRouteSaysThatOneIsNeeded() throws Exception {
    for (Operation operation : contract.operations()) {
      HttpResponse<String> told = scene().ask(operation.method(), path(operation), null, null);

      assertThat(told.statusCode()).as(operation.id()).isEqualTo(401);
      assertThat(code(told)).isEqualTo("no-key");
      assertThat(told.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }
  }

  @Test
  void aKeyWithoutTheRoleIsRefusedOnEveryRoute() throws Exception {
    for (Operation operation : contract.operations()) {
      Set<AccessRole> others = EnumSet.complementOf(EnumSet.copyOf(operation.roles()));
      for (AccessRole other : others) {
        HttpResponse<String> told =
            scene().ask(operation.method(), path(operation), scene().key(null, other), null);

        assertThat(told.statusCode()).as(operation.id() + " " + other).isEqualTo(403);
        assertThat(code(told)).isEqualTo("missing-role");
      }
    }
  }

  @Test
  void whatConcernsAllProjectsIsRefusedToAKeyOfOne() throws Exception {
    String key = scene().key("apollo", AccessRole.INGEST, AccessRole.READ, AccessRole.MANAGE);
    for (Operation operation : contract.operations()) {
      HttpResponse<String> told = scene().ask(operation.method(), path(operation), key, null);

      if (operation.forProjects()) {
        assertThat(told.statusCode()).as(operation.id()).isNotEqualTo(401);
      } else {
        assertThat(told.statusCode()).as(operation.id()).isEqualTo(403);
        assertThat(code(told)).isEqualTo("other-project");
      }
    }
  }

  @Test
  void revokedAndExpiredAndUnknownKeysAreNone() throws Exception {
    IssuedKey revoked =
        scene().accounting.access().issue(AccessTerms.named("former").withRoles(AccessRole.READ));
    scene().accounting.access().revoke(revoked.key().id());
    IssuedKey expired =
        scene()
            .accounting
            .access()
            .issue(
                AccessTerms.named("short")
                    .withRoles(AccessRole.READ)
                    .withExpiry(scene().clock.instant().plusSeconds(60)));
    scene().clock.advance(Duration.ofMinutes(2));

    for (String secret :
        new String[] {
          revoked.secret(), expired.secret(), "sk-acc-unknown", "x", "x".repeat(5_000)
        }) {
      assertThat(scene().ask("GET", "/v1/meter/health", secret, null).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aKeyInTheAddressOrTwoKeysThatDifferAreNone() throws Exception {
    String key = scene().key(null, AccessRole.READ);

    assertThat(scene().ask("GET", "/v1/meter/health?key=" + key, null, null).statusCode())
        .isEqualTo(401);
    HttpResponse<String> two =
        scene()
            .send(
                HttpRequest.newBuilder(scene().at("/v1/meter/health"))
                    .header("Authorization", "Bearer " + key)
                    .header("x-api-key", "sk-acc-other")
                    .build());
    assertThat(two.statusCode()).isEqualTo(401);
    assertThat(two.body()).contains("two keys");
  }
}
