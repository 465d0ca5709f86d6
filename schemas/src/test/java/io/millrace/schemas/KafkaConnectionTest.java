package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.Map;

class KafkaConnectionTest {

    @Test
    void shouldGiveEachClientItsOwnSettings() {
        // Given
        KafkaConnection kafka = new KafkaConnection("localhost:9092", Map.of("security.protocol", "SSL"));

        // When
        Map<String, Object> settings = kafka.clientProperties();
        settings.put("group.id", "mine");

        // Then
        assertThat(kafka.clientProperties())
                .containsOnly(Map.entry("bootstrap.servers", "localhost:9092"), Map.entry("security.protocol", "SSL"));
    }

    @Test
    void shouldLetBootstrapServersWinOverProperties() {
        // Given
        KafkaConnection kafka = new KafkaConnection("localhost:9092", Map.of("bootstrap.servers", "elsewhere:9092"));

        // When
        Map<String, Object> settings = kafka.clientProperties();

        // Then
        assertThat(settings).containsEntry("bootstrap.servers", "localhost:9092");
    }

    @Test
    void shouldNeedNoProperties() {
        assertThat(new KafkaConnection("localhost:9092", null).properties()).isEmpty();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = " ")
    void shouldRejectConnectionWithoutBroker(String bootstrapServers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaConnection(bootstrapServers, Map.of()))
                .withMessage("kafka.bootstrapServers must name at least one broker as host:port, got \""
                        + bootstrapServers + "\"");
    }

    @Test
    void shouldRejectPropertyWithoutValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new KafkaConnection("localhost:9092", Collections.singletonMap("security.protocol", null)))
                .withMessage("kafka.properties.security.protocol must have a value, got none");
    }
}
