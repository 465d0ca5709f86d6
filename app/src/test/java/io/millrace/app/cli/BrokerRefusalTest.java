package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.app.access.AccessRight;
import io.millrace.app.access.AccessRights;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

class BrokerRefusalTest {

    private static final KafkaConnection KAFKA = new KafkaConnection("localhost:9092", Map.of());
    private static final String TABLE = "; docs/security.md lists all its rights.";

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(
                        "trainer",
                        new TopicAuthorizationException(Set.of("checkpoints")),
                        "The user of trainer needs READ, WRITE, DESCRIBE_CONFIGS on topic checkpoints" + TABLE),
                arguments(
                        "ingest",
                        new TopicAuthorizationException(Set.of("millrace-ingest-seen-examples-changelog")),
                        "The user of ingest needs READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE_CONFIGS on every topic millrace-ingest-*"
                                + TABLE),
                arguments(
                        "evaluator",
                        new GroupAuthorizationException("Group authorization failed."),
                        "The user of evaluator needs READ on group millrace-evaluator" + TABLE),
                arguments(
                        "probes load",
                        new TransactionalIdAuthorizationException("Transactional Id authorization failed."),
                        "The user of probes load needs WRITE on every transactional id millrace-probes-*" + TABLE),
                arguments(
                        "produce",
                        new ClusterAuthorizationException("Cluster authorization failed."),
                        "The user of produce needs WRITE on topic examples; WRITE on topic texts" + TABLE),
                arguments(
                        "produce",
                        new TopicAuthorizationException("Authorization failed."),
                        "docs/security.md lists the rights that every command needs."),
                arguments(
                        "demo",
                        new TopicAuthorizationException(Set.of("checkpoints")),
                        "docs/security.md lists the rights that every command needs."),
                arguments(
                        "produce",
                        new SaslAuthenticationException("invalid credentials"),
                        "Check the user and the password in kafka.properties."),
                arguments(
                        "produce",
                        new SslAuthenticationException("SSL handshake failed"),
                        "The broker's certificate must be trusted and name its host. Check ssl.truststore in"
                                + " kafka.properties."));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldSayWhatToDoAboutARefusal(String command, RuntimeException refusal, String advice) {
        // Given
        Exception failure = new IllegalStateException("cannot go on", new RuntimeException(refusal));

        // When
        var given = BrokerRefusal.advice(
                failure, command, AccessRights.byCommand(KAFKA).getOrDefault(command, List.of()));

        // Then
        assertThat(given).contains(advice);
    }

    @Test
    void shouldNameTheRightWithThePrefixOfTheInstallation() {
        // Given
        List<AccessRight> rights =
                AccessRights.byCommand(KAFKA.withPrefix("ours-")).get("trainer");

        // When
        var given =
                BrokerRefusal.advice(new TopicAuthorizationException(Set.of("ours-checkpoints")), "trainer", rights);

        // Then
        assertThat(given)
                .contains("The user of trainer needs READ, WRITE, DESCRIBE_CONFIGS on topic ours-checkpoints" + TABLE);
    }

    @Test
    void shouldHaveNoAdviceAboutOtherFailures() {
        assertThat(BrokerRefusal.advice(new IllegalStateException("out of luck"), "trainer", List.of()))
                .isEmpty();
    }
}
